"""Deny by default among the pages of the team: every endpoint, every role, and nobody."""

import pytest

from guide.models.staff import Role
from guide.web.staff.guard import ACCESS, CONFIRMED, OPEN
from tests.web.addresses import SOME_ID, STAFF, STAFF_OFFICERS, STAFF_OPEN, STAFF_WORKING, methods_of
from tests.web.pages import Page
from tests.web.team import ADVISER, READER, Browser, Team

ROLES = [None, *Role]  # a visitor first


def methods(endpoint: str) -> list[str]:
    return sorted(methods_of(endpoint) & {"GET", "POST"})


def allowed(endpoint: str, role: Role | None) -> bool:
    if endpoint in STAFF_OPEN:
        return True
    if endpoint in STAFF_WORKING:
        return role in (Role.OFFICER, Role.ADVISER)
    return role is not None and (endpoint not in STAFF_OFFICERS or role is Role.OFFICER)


def test_the_table_of_access_names_every_page_of_the_team_and_says_what_the_walk_expects(team: Team) -> None:
    rules = {rule.endpoint for rule in team.app.url_map.iter_rules() if rule.rule.startswith("/equipe")}
    assert rules == set(ACCESS) == set(STAFF)
    assert {endpoint for endpoint, roles in ACCESS.items() if roles == OPEN} == STAFF_OPEN
    assert {endpoint for endpoint, roles in ACCESS.items() if roles == {Role.OFFICER}} == STAFF_OFFICERS
    assert set(ACCESS) >= CONFIRMED


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.value if role else "visitor")
def test_each_page_is_open_to_its_roles_and_to_nobody_else(team: Team, role: Role | None) -> None:
    browser = team.signed_in(role) if role else team.somebody()
    for endpoint in sorted(STAFF, key=lambda name: name == "staff.sign_out"):  # last
        for method in methods(endpoint):
            data = {"csrf_token": token_of(browser)} if method == "POST" else None
            response = browser.client.open(STAFF[endpoint][0], method=method, data=data, buffered=True)
            said = f"{method} {endpoint}: {response.status_code}"
            assert response.headers["Cache-Control"] == "no-store", said
            assert "noindex" in response.headers["X-Robots-Tag"], said
            if allowed(endpoint, role):
                assert response.status_code in (200, 303, 404, 422) or "Confirmez que" in response.text, said
                turned_away = response.headers.get("Location", "").startswith("/equipe/connexion")
                assert not turned_away or endpoint in STAFF_OPEN | {"staff.sign_out"}, said
            elif role is None:
                assert response.status_code == 303, said
                assert response.headers["Location"].startswith("/equipe/connexion"), said
            else:
                assert response.status_code == 403, said
                browser.visit.check(Page(STAFF[endpoint][0], 403, response.text))
                assert "Accès réservé" in response.text, said


def token_of(browser: Browser) -> str:
    html = browser.client.get("/equipe/mon-compte", follow_redirects=True, buffered=True).text
    soup = Page("", 200, html).soup
    found = soup.find("input", attrs={"name": "csrf_token"})
    assert found is not None
    return str(found["value"])


def test_an_endpoint_that_the_table_does_not_name_is_refused_to_everybody(team: Team) -> None:
    camille = team.signed_in()
    saved = ACCESS.pop("staff.account")
    try:
        assert camille.client.get("/equipe/mon-compte").status_code == 403
        assert team.somebody().client.get("/equipe/mon-compte").status_code == 303
    finally:
        ACCESS["staff.account"] = saved


def test_a_role_that_is_taken_away_is_gone_at_the_next_page(team: Team) -> None:
    camille = team.signed_in()
    camille.open("/equipe/agents")
    camille.confirm()
    assert camille.client.get("/equipe/agents").status_code == 200
    team.change(camille, lambda account: setattr(account, "role", READER))
    assert camille.client.get("/equipe/agents").status_code == 403


def test_fields_that_a_form_does_not_offer_are_not_written(team: Team) -> None:
    dominique = team.signed_in(ADVISER, "Dominique Petit")
    dominique.open("/equipe/mon-compte/mot-de-passe")
    form = dominique.form("/equipe/mon-compte/mot-de-passe")
    pairs = [*form.pairs, ("role", "officer"), ("email", "autre@exemple.fr"), ("disabled_at", ""), ("name", "X")]
    dominique.client.post(form.action, data=dict(pairs))
    account = team.account(dominique)
    assert (account.role, account.name) == (ADVISER, "Dominique Petit")


@pytest.mark.parametrize("gesture", ["lien", "desactivation"])
def test_a_gesture_on_nobody_is_not_found(team: Team, gesture: str) -> None:
    camille = team.signed_in()
    camille.open("/equipe/agents")
    camille.confirm()
    token = dict(camille.form("/equipe/deconnexion").pairs)["csrf_token"]
    data = {"csrf_token": token, "purpose": "invitation"}
    assert camille.client.post(f"/equipe/agents/{SOME_ID}/{gesture}", data=data).status_code == 404
    assert camille.client.post(f"/equipe/agents/pas-un-numero/{gesture}", data=data).status_code == 404
    assert camille.client.post(f"/equipe/agents/{SOME_ID}/lien", data={"csrf_token": token}).status_code == 400


def test_what_is_sensitive_asks_for_the_password_again_after_ten_minutes(team: Team) -> None:
    camille = team.signed_in()
    for address in ("/equipe/agents", "/equipe/mon-compte/telephone", "/equipe/mon-compte/codes"):
        assert camille.open(address).h1 == "Confirmez que c’est vous"
    camille.send(camille.form("/equipe/confirmation").write("password", "pas le bon du tout"), 422)
    assert camille.confirm().h1 == "Nouveaux codes de secours"
    team.later(minutes=9)
    assert camille.open("/equipe/agents").h1 == "L’équipe"
    team.later(minutes=2)
    assert camille.open("/equipe/agents").h1 == "Confirmez que c’est vous"


def test_reading_the_pages_of_the_team_changes_no_account(team: Team) -> None:
    camille = team.signed_in()
    before = team.account(camille)
    for endpoint, addresses in STAFF.items():
        if "GET" in methods_of(endpoint):
            for address in addresses:
                assert camille.client.get(address).status_code in (200, 303, 404)
    after = team.account(camille)
    kept = {"password_hash", "totp_sealed", "totp_last_step", "role", "email", "name", "disabled_at"}
    assert before.model_dump(include=kept) == after.model_dump(include=kept)


def test_every_piece_of_the_pages_is_shown_in_its_states(team: Team) -> None:
    browser = team.signed_in(READER)
    shown = browser.visit("/equipe/composants")
    written = {"a-corriger", "progression"}
    assert written <= {str(tag["id"]) for tag in shown.soup.select("[id]")}
    for piece in (".card", ".path", ".way", ".timeline", ".results", ".steps", ".empty", ".notice.good", ".with-error"):
        assert shown.soup.select_one(f"main {piece}"), piece
