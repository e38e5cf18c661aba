"""Sessions of the team: a new key at each step, ended at once, never for long; cookies that no script reads."""

import base64
from datetime import timedelta

import pytest
from sqlmodel import select

from guide.accounts import second_factor
from guide.models import StaffSession
from guide.store import accounts
from guide.web.shared.house import get_database
from tests.web.conftest import MakeApp
from tests.web.pages import Page
from tests.web.team import OTHER_PASSWORD, PASSWORD, Colleague, Team

SECRET = "un-secret-de-plus-de-32-signes-tire-au-hasard"  # noqa: S105 - of no use to anybody


def disable(team: Team, camille: Colleague) -> None:
    team.change(camille, lambda account: setattr(account, "disabled_at", team.now()))


def test_a_key_changes_at_each_step_and_the_old_one_opens_nothing(team: Team) -> None:
    camille, thief = team.colleague(), team.somebody()
    keys = []
    camille.give_password()
    keys.append(camille.key)
    camille.give_code()
    keys.append(camille.key)
    camille.open("/equipe/mon-compte/mot-de-passe")
    form = camille.form("/equipe/mon-compte/mot-de-passe").write("password", OTHER_PASSWORD)
    camille.send(form.write("password_again", OTHER_PASSWORD).write("current_password", PASSWORD))
    keys.append(camille.key)
    assert len(set(keys)) == 3
    assert all(len(base64.urlsafe_b64decode(key + "==")) * 8 >= 128 for key in keys if key)
    for key in keys[:-1]:
        thief.give_key(key or "")
        response = thief.client.get("/equipe")
        assert (response.status_code, response.headers["Location"]) == (303, "/equipe/connexion?next=/equipe")
    assert camille.is_in


def test_signing_out_ends_the_session_at_once(team: Team) -> None:
    camille = team.signed_in()
    key = camille.key
    page = camille.send(camille.form("/equipe/deconnexion"))
    assert "déconnecté" in page.text
    camille.give_key(key or "")
    assert not camille.is_in


def test_disabling_an_account_ends_its_sessions_on_all_devices_at_once(team: Team) -> None:
    camille = team.signed_in()
    disable(team, camille)
    assert not camille.is_in


@pytest.mark.parametrize(("minutes", "alive"), [(29, True), (31, False)])
def test_thirty_idle_minutes_end_a_session(team: Team, minutes: int, alive: bool) -> None:
    camille = team.signed_in()
    assert camille.is_in
    team.later(minutes=minutes)
    assert camille.is_in is alive


@pytest.mark.parametrize(("seconds", "alive"), [(-60, True), (60, False)])
def test_a_session_never_lasts_more_than_eight_hours(team: Team, seconds: int, alive: bool) -> None:
    camille = team.colleague()
    camille.sign_in()
    start = team.now()
    while team.now() < start + timedelta(hours=7, minutes=40):
        team.later(minutes=20)
        assert camille.is_in
    team.later(seconds=(start + timedelta(hours=8) - team.now()).total_seconds() + seconds)
    assert camille.is_in is alive


def test_changing_a_password_makes_no_session_longer(team: Team) -> None:
    camille = team.signed_in()
    team.later(minutes=10)
    camille.open("/equipe/mon-compte/mot-de-passe")
    form = camille.form("/equipe/mon-compte/mot-de-passe").write("password", OTHER_PASSWORD)
    camille.send(form.write("password_again", OTHER_PASSWORD).write("current_password", PASSWORD))
    with team.database.reading() as session:
        live = session.exec(select(StaffSession).where(StaffSession.ended_at == None)).all()  # noqa: E711 - SQL
    assert len(live) == 1
    assert team.now() - live[0].created_at > timedelta(minutes=10)


def test_reading_ten_pages_writes_the_visit_once(team: Team) -> None:
    camille = team.signed_in()
    moments = set()
    for _ in range(10):
        team.later(seconds=2)
        assert camille.is_in
        with team.database.reading() as session:
            moments.add(max(each.last_seen_at for each in session.exec(select(StaffSession))))
    assert len(moments) <= 2


def test_the_cookie_lives_as_long_as_the_browser_and_no_script_reads_it(team: Team) -> None:
    camille = team.signed_in()
    cookie = camille.client.get_cookie("equipe")
    assert cookie is not None
    assert cookie.http_only
    assert (cookie.same_site, cookie.expires, cookie.path) == ("Lax", None, "/")


def test_behind_https_both_cookies_are_bound_to_the_host(team: Team, make_app: MakeApp) -> None:
    settings = {"public_url": "https://guide.example", "secret_key": SECRET, "rate_limits": "on"}
    app = make_app(**settings, database_url=team.settings.database_url)
    camille, client = team.colleague(), app.test_client()
    with team.database.writing() as session:  # sealed by another key: the password is enough here
        account = accounts.get_account(session, team.account(camille).id)
        second_factor.seal_seed(app.extensions["guide-settings"], account, camille.seed)
        session.add(account)
    page = Page("", 200, client.get("/equipe/connexion", base_url="https://guide.example").text)
    form = page.form("/equipe/connexion").write("email", camille.email).write("password", PASSWORD)
    response = client.post("/equipe/connexion", data=dict(form.pairs), base_url="https://guide.example")
    assert response.status_code == 303
    cookies = response.headers.getlist("Set-Cookie")
    assert [cookie for cookie in cookies if cookie.startswith("__Host-equipe=")]
    for cookie in cookies:
        assert cookie.startswith("__Host-")
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
        assert "Domain" not in cookie
    with app.app_context():
        get_database().close()
