"""Passwords: which ones are refused, and how many are weighed at a time."""

import threading

import pytest

from guide.accounts.passwords import AT_A_TIME, Hasher, common_passwords, refusal

GOOD = [
    "quatre chaises sous la pluie",
    "douze-signes",
    "motus vivendi et orge perlé",
    "guide ess 62 recyclerie et bocaux",
    "é" * 2 + "à l’heure d’été, demain",
    "x7" + "une très longue phrase de soixante-quatre signes, " * 3,
]
BAD = [
    "onze signes",
    "",
    "motdepasse2026",
    "Mot de passe 2026",
    "azerty123456",
    "AzertyAzerty",
    "123456789012",
    "bonjourbonjour",
    "aaaaaaaaaaaaaaaa",
    "marseille-2026!!",
    "missioness2026",
    "Guide ESS 62 !!",
    "Pas-de-Calais62",
    "camille.martin62",
    "MartinCamille2026",
    "password1234",
    "qwertyuiop123",
]


@pytest.mark.parametrize("password", GOOD)
def test_a_long_password_without_any_recipe_is_accepted(password: str) -> None:
    assert refusal(password, email="camille.martin@exemple.fr", name="Camille Martin") is None


@pytest.mark.parametrize("password", BAD)
def test_a_short_common_or_obvious_password_is_refused_with_what_to_do(password: str) -> None:
    said = refusal(password, email="camille.martin@exemple.fr", name="Camille Martin")
    assert said is not None
    assert "quatre mots" in said


def test_the_list_holds_the_passwords_that_everybody_tries_first() -> None:
    assert len(common_passwords()) > 3000
    assert {"motdepasse", "azerty", "password", "123456", "soleil"} <= common_passwords()


def test_a_hash_verifies_its_password_alone_and_never_twice_alike() -> None:
    hasher = Hasher(8)
    hashes = {hasher.hash("quatre chaises sous la pluie") for _ in range(3)}
    assert len(hashes) == 3
    for each in hashes:
        assert hasher.verify(each, "quatre chaises sous la pluie")
        assert not hasher.verify(each, "quatre chaises sous la pluie ")
    assert not hasher.verify(None, "quatre chaises sous la pluie")
    assert not hasher.verify("pas une empreinte", "quatre chaises sous la pluie")
    assert hasher.verifications == 8


def test_no_account_costs_the_same_parameters_as_an_account() -> None:
    hasher = Hasher(64)
    assert not hasher.is_outdated(hasher.decoy)
    assert hasher.is_outdated(Hasher(8).decoy)


def test_at_most_two_passwords_are_weighed_at_a_time() -> None:
    hasher, done = Hasher(8), threading.Event()

    def weigh() -> None:
        hasher.verify(None, "quatre chaises sous la pluie")
        done.set()

    assert AT_A_TIME.acquire(blocking=False)
    assert AT_A_TIME.acquire(blocking=False)
    assert not AT_A_TIME.acquire(blocking=False)
    third = threading.Thread(target=weigh)
    third.start()
    assert not done.wait(0.1)
    assert hasher.verifications == 0
    AT_A_TIME.release()
    assert done.wait(10)
    AT_A_TIME.release()
    third.join()
