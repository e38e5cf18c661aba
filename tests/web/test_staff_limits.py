"""Patience with mistakes, and nothing that says who has an account."""

from collections.abc import Callable

import pytest

from tests.web.pages import Page
from tests.web.team import ADVISER, PASSWORD, Colleague, Team, refused


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


@pytest.mark.parametrize("address", ["/equipe/connexion", "/equipe/mot-de-passe-oublie"])
@pytest.mark.parametrize("typed", ["\0", "camille\0@exemple.fr", "\x01\x7f", "\u202e"])
def test_a_control_character_in_an_address_is_an_unknown_address(team: Team, address: str, typed: str) -> None:
    browser = team.somebody()
    form = dict(browser.open(address).form(address).pairs) | {"email": typed}
    if "password" in form:
        form["password"] = PASSWORD
    assert browser.client.post(address, data=form).status_code in (303, 422)


def test_a_caller_who_owns_a_whole_ipv6_network_is_one_address(team: Team) -> None:
    browser = team.somebody()
    browser.open("/equipe/connexion")
    form = browser.form("/equipe/connexion").write("password", PASSWORD)
    answers = []
    for number in range(21):
        browser.client.environ_base["REMOTE_ADDR"] = f"2001:db8::{number:x}"
        answers.append(browser.post(form.write("email", f"a{number}@exemple.fr")).status_code)
    assert answers == [422] * 20 + [429]
