"""Signing in: two factors, each code once, patience with mistakes, and nothing that says who has an account."""

import base64
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import quote

import pytest
from argon2 import PasswordHasher, extract_parameters
from sqlalchemy import text
from sqlmodel import select

from guide.accounts import second_factor
from guide.accounts.passwords import Hasher
from guide.models import StaffSession
from guide.settings import Settings
from guide.store import accounts
from guide.web.shared.house import get_database
from tests.web.conftest import MakeApp
from tests.web.pages import Page
from tests.web.team import ADVISER, OTHER_PASSWORD, PASSWORD, Colleague, Team

SECRET = "un-secret-de-plus-de-32-signes-tire-au-hasard"  # noqa: S105 - of no use to anybody


def refused(page: Page) -> bool:
    return page.title.startswith("Erreur") and "incorrect" in page.summary.get_text()


def test_a_password_then_a_code_open_the_desk(team: Team) -> None:
    camille = team.colleague()
    page = camille.give_password()
    assert page.h1 == "Le code de votre téléphone"
    assert not camille.is_in
    assert camille.give_code().h1 == "Bonjour Camille"
    assert camille.is_in


def test_spaces_in_a_code_and_capitals_in_an_address_are_welcome(team: Team) -> None:
    camille = team.colleague()
    camille.email = f" {camille.email.upper()} "
    camille.give_password()
    code = camille.code
    assert camille.give_code(f" {code[:3]} {code[3:]} ").h1 == "Bonjour Camille"


def test_a_password_keeps_its_accents_and_its_spaces_exactly(team: Team) -> None:
    camille = team.colleague()
    team.change(camille, lambda account: setattr(account, "password_hash", team.hasher.hash(OTHER_PASSWORD)))
    assert refused(camille.give_password(OTHER_PASSWORD.replace("é", "e"), 422))
    assert refused(camille.give_password(f"{OTHER_PASSWORD} ", 422))
    assert camille.give_password(OTHER_PASSWORD.replace("é", "e\u0301")).path == "/equipe/connexion/code"


@pytest.mark.parametrize("drift", [-30, 0, 30])
def test_a_code_of_the_step_before_or_after_is_accepted(team: Team, drift: int) -> None:
    camille = team.colleague()
    camille.give_password()
    team.later(seconds=drift)
    code = camille.code
    team.later(seconds=-drift)
    assert camille.give_code(code).h1 == "Bonjour Camille"


@pytest.mark.parametrize("drift", [-60, 60])
def test_a_code_two_steps_away_is_refused(team: Team, drift: int) -> None:
    camille = team.colleague()
    camille.give_password()
    team.later(seconds=drift)
    code = camille.code
    team.later(seconds=-drift)
    assert camille.give_code(code, 422).title.startswith("Erreur")


@pytest.mark.parametrize("wrong", ["", "000000", "abcdef", "12345", "٠٠٠٠٠٠", "1" * 300])
def test_a_wrong_code_is_refused_kindly(team: Team, wrong: str) -> None:
    camille = team.colleague()
    camille.give_password()
    form = camille.form("/equipe/connexion/code").write("code", wrong)
    page = camille.send(form, 422)
    assert page.summary.select_one("a[href='#code']")
    assert not camille.is_in


def test_a_code_serves_once_even_written_with_spaces(team: Team) -> None:
    camille = team.colleague()
    code = camille.code
    camille.give_password()
    assert camille.give_code(code).h1 == "Bonjour Camille"
    for again in (code, f"{code[:3]} {code[3:]}", f" {code}"):
        camille.client = team.app.test_client()
        camille.visit.client = camille.client
        camille.give_password()
        assert camille.give_code(again, 422).title.startswith("Erreur")


def test_a_code_that_was_right_but_came_during_a_wait_never_serves_again(team: Team) -> None:
    camille = team.colleague()
    camille.give_password()
    for _ in range(5):
        camille.give_code("000000", 422)
    code = camille.code
    camille.give_code(code, 422)  # right, and refused: there were too many tries
    team.later(seconds=25)  # still valid for a telephone that is late
    camille.give_password()
    team.change(camille, lambda _: None)
    assert team.account(camille).totp_last_step is not None
    assert camille.give_code(code, 422).title.startswith("Erreur")


def test_an_earlier_code_is_refused_after_a_later_one(team: Team) -> None:
    camille = team.colleague()
    before = camille.code
    team.later(seconds=30)
    camille.sign_in()
    camille.send(camille.form("/equipe/deconnexion"))
    camille.give_password()
    assert camille.give_code(before, 422).title.startswith("Erreur")


def test_ten_recovery_codes_serve_once_each(team: Team) -> None:
    camille = team.colleague()
    assert len(set(camille.codes)) == 10
    for code in (camille.codes[0], camille.codes[1].lower().replace("-", " ")):
        camille.give_password()
        camille.open("/equipe/connexion/secours")
        page = camille.send(camille.form("/equipe/connexion/secours").write("code", code))
        assert page.h1 == "Bonjour Camille"
        camille.send(camille.form("/equipe/deconnexion"))
        camille.give_password()
        camille.open("/equipe/connexion/secours")
        page = camille.send(camille.form("/equipe/connexion/secours").write("code", code), 422)
        assert "a déjà servi" in page.summary.get_text()


def test_the_recovery_code_of_a_colleague_opens_nothing(team: Team) -> None:
    camille, dominique = team.colleague(), team.colleague(ADVISER, "Dominique Petit")
    camille.give_password()
    camille.open("/equipe/connexion/secours")
    camille.send(camille.form("/equipe/connexion/secours").write("code", dominique.codes[0]), 422)
    assert not camille.is_in


def test_neither_the_seed_nor_a_recovery_code_nor_a_key_is_stored_in_clear(team: Team) -> None:
    camille = team.signed_in()
    with team.database.engine.connect() as connection:
        tables = ("staff_account", "recovery_code", "staff_session", "one_time_link", "tally")
        stored = "".join(str(connection.execute(text(f"SELECT * FROM {table}")).all()) for table in tables)  # noqa: S608
    raw = base64.b32decode(camille.seed)
    hidden = [camille.seed, raw.hex(), base64.b64encode(raw).decode(), camille.key, PASSWORD]
    hidden += [variant for code in camille.codes for variant in (code, code.replace("-", ""))]
    assert not [secret for secret in hidden if secret and secret in stored]
    assert "$argon2id$" in stored
    if team.database.path:
        files = b"".join(path.read_bytes() for path in team.database.path.parent.glob("guide.db*"))
        assert not [secret for secret in hidden if secret and secret.encode() in files]


def test_passwords_are_kept_by_argon2id_with_the_least_cost_that_is_safe() -> None:
    parameters = extract_parameters(Hasher(Settings().argon2_memory).hash(PASSWORD))
    assert (parameters.type.name, parameters.version) == ("ID", 19)
    assert parameters.memory_cost >= 46 * 1024
    assert (parameters.time_cost, parameters.parallelism) == (1, 1)


def test_a_hash_made_with_other_parameters_is_renewed_at_sign_in(team: Team) -> None:
    camille = team.colleague()
    old = PasswordHasher(time_cost=1, memory_cost=16, parallelism=1).hash(PASSWORD)
    team.change(camille, lambda account: setattr(account, "password_hash", old))
    camille.sign_in()
    renewed = team.account(camille).password_hash
    assert renewed is not None
    assert "m=8," in renewed
    team.later(minutes=1)
    camille.send(camille.form("/equipe/deconnexion"))
    camille.sign_in()
    assert team.account(camille).password_hash == renewed


def lock(team: Team, camille: Colleague) -> None:
    for _ in range(10):
        camille.give_password("pas le bon du tout", 422)
        team.later(minutes=5)
    team.later(minutes=-5)


def disable(team: Team, camille: Colleague) -> None:
    team.change(camille, lambda account: setattr(account, "disabled_at", team.now()))


def only_invited(team: Team, camille: Colleague) -> None:
    team.change(camille, lambda account: setattr(account, "password_hash", None))


REFUSALS: dict[str, Callable[[Team, Colleague], object]] = {
    "wrong password": lambda _, camille: setattr(camille, "password", "pas le bon du tout"),
    "unknown address": lambda _, camille: setattr(camille, "email", "personne@exemple.fr"),
    "locked": lock,
    "disabled": disable,
    "only invited": only_invited,
}


def test_every_refusal_has_the_same_status_and_body_and_costs_one_verification(team: Team) -> None:
    bodies = set()
    for number, prepare in enumerate(REFUSALS.values()):
        camille = team.colleague(name=f"Camille N{number}")
        prepare(team, camille)
        camille.open("/equipe/connexion")
        before = team.hasher.verifications
        form = camille.form("/equipe/connexion").write("email", camille.email).write("password", camille.password)
        response = camille.post(form)
        assert team.hasher.verifications == before + 1
        token = dict(form.pairs)["csrf_token"]
        again = Page("", 422, response.text).form("/equipe/connexion").pairs
        body = response.text.replace(camille.email, "").replace(dict(again)["csrf_token"], "").replace(token, "")
        bodies.add((response.status_code, body, tuple(sorted(set(response.headers.keys())))))
        team.later(minutes=2)
    assert len(bodies) == 1
    assert bodies.pop()[0] == 422


def test_asking_for_a_reset_answers_the_same_whoever_asks(team: Team) -> None:
    camille, gone = team.colleague(), team.colleague(ADVISER, "Dominique Petit")
    disable(team, gone)
    answers = set()
    for email in (camille.email, gone.email, "personne@exemple.fr", "pas une adresse"):
        browser = team.somebody()
        browser.open("/equipe/mot-de-passe-oublie")
        response = browser.post(browser.form("/equipe/mot-de-passe-oublie").write("email", email))
        answers.add((response.status_code, response.headers["Location"]))
        assert team.hasher.verifications == 0
    assert answers == {(303, "/equipe/mot-de-passe-oublie?envoye=1")}


def test_after_eleven_wrong_tries_the_right_password_waits_and_nobody_else_does(team: Team) -> None:
    camille, dominique = team.colleague(), team.colleague(ADVISER, "Dominique Petit")
    for _ in range(11):
        assert refused(camille.give_password("pas le bon du tout", 422))
    assert refused(camille.give_password(status=422))
    assert dominique.sign_in().h1 == "Bonjour Dominique"
    team.later(minutes=14, seconds=58)
    assert refused(camille.give_password(status=422))
    team.later(seconds=5)
    assert camille.sign_in().h1 == "Bonjour Camille"


def test_five_wrong_tries_in_a_minute_make_the_sixth_wait_and_the_wait_grows(team: Team) -> None:
    camille = team.colleague()
    for _ in range(5):
        camille.give_password("pas le bon du tout", 422)
    team.later(seconds=59)
    assert refused(camille.give_password(status=422))  # the sixth, counted too
    team.later(seconds=61)
    assert refused(camille.give_password(status=422))  # the wait has grown to 90 seconds, and grows again
    team.later(seconds=125)
    assert camille.give_password().path == "/equipe/connexion/code"


def test_a_good_password_forgives_the_bad_ones(team: Team) -> None:
    camille = team.colleague()
    for _ in range(3):
        for _ in range(4):
            camille.give_password("pas le bon du tout", 422)
        camille.sign_in()
        camille.send(camille.form("/equipe/deconnexion"))
        team.later(minutes=1)


def test_an_unknown_address_is_slowed_down_like_a_known_one(team: Team) -> None:
    camille = team.colleague()
    camille.email = "personne@exemple.fr"
    for _ in range(12):
        camille.give_password(status=422)
    team.later(minutes=1)
    assert team.hasher.verifications == 12


def test_the_second_factor_is_limited_too(team: Team) -> None:
    camille = team.colleague()
    camille.give_password()
    for _ in range(10):
        camille.give_code("000000", 422)
    team.later(minutes=14)
    camille.give_password()
    camille.give_code(status=422)
    team.later(minutes=2)
    assert camille.give_code().h1 == "Bonjour Camille"


def test_an_address_tries_twenty_times_a_minute_and_another_address_is_not_slowed_down(team: Team) -> None:
    camille = team.colleague()
    browser = team.somebody()
    browser.open("/equipe/connexion")
    for number in range(20):
        form = browser.form("/equipe/connexion").write("email", f"a{number}@exemple.fr").write("password", PASSWORD)
        browser.send(form, 422)
    response = browser.post(form)
    assert response.status_code == 429
    assert response.headers["Retry-After"] == "60"
    page = browser.send(browser.form("/equipe/connexion"), 422)  # empty: nothing is counted
    assert page.path == "/equipe/connexion"
    elsewhere = {"REMOTE_ADDR": "192.0.2.7"}
    camille.client.environ_base.update(elsewhere)
    assert camille.sign_in().h1 == "Bonjour Camille"
    team.later(seconds=61)
    browser.send(form, 422)


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


@pytest.mark.parametrize(
    "evil",
    [
        "//pirate.example",
        "/\\pirate.example",
        "https:pirate.example",
        "https://pirate.example/equipe",
        "\t//pirate.example",
        "/equipe//pirate.example",
        "/equipe/../..//pirate.example",
        "/equipe\n/agents",
        "/equipemalin",
        "javascript:alert(1)",
        "/annuaire",
        "/equipe/deconnexion",
    ],
)
def test_after_a_sign_in_one_stays_on_the_pages_of_the_team(team: Team, evil: str) -> None:
    camille = team.colleague()
    camille.give_password(at=f"/equipe/connexion?next={quote(evil)}")
    form = camille.form("/equipe/connexion/code").write("code", camille.code)
    [field] = form.named("next")
    field.value = evil
    response = camille.post(form)
    assert (response.status_code, response.headers["Location"]) == (303, "/equipe")


def test_a_sign_in_leads_to_the_page_that_was_asked_for(team: Team) -> None:
    camille = team.colleague()
    assert camille.sign_in(at="/equipe/mon-compte?fait=telephone").address == "/equipe/mon-compte?fait=telephone"


def test_tokens_of_forms_change_when_somebody_signs_in_or_out(team: Team) -> None:
    camille = team.colleague()
    camille.open("/equipe/connexion")
    before = camille.form("/equipe/connexion").write("email", camille.email).write("password", PASSWORD)
    camille.sign_in()
    leave = camille.form("/equipe/deconnexion")
    [token] = leave.named("csrf_token")
    token.value = dict(before.pairs)["csrf_token"]
    assert camille.post(leave).status_code == 400
    assert camille.is_in


def test_an_old_sign_in_page_is_shown_again_with_a_good_token(team: Team) -> None:
    camille = team.colleague()
    camille.open("/equipe/connexion")
    form = camille.form("/equipe/connexion").write("email", camille.email).write("password", PASSWORD)
    camille.client.delete_cookie("guide")
    page = camille.send(form, 400)
    assert "dans une autre fenêtre" in page.text
    assert camille.email not in page.html
    camille.send(camille.form("/equipe/connexion").write("email", camille.email).write("password", PASSWORD))
    assert camille.give_code().h1 == "Bonjour Camille"
