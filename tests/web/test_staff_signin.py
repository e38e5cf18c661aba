"""Signing in: two factors, each code once, what is stored of them, and where one goes after."""

import base64
from urllib.parse import quote

import pytest
from argon2 import PasswordHasher, extract_parameters
from sqlalchemy import text

from guide.accounts.passwords import Hasher
from guide.settings import Settings
from tests.web.team import ADVISER, OTHER_PASSWORD, PASSWORD, Team, refused


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
