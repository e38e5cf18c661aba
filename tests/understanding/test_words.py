"""How messages are cut into words, however they are written."""

import pytest

from guide.understanding.understand import Understanding
from guide.understanding.words import clean, stem


def words(message: str, understanding: Understanding) -> str:
    return " ".join(word.word for word in understanding.reader.read(message))


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("jsuis tte seule", "je suis toute seul"),
        ("c koi le DLA ?", "c est quoi le dla"),
        ("C’est quoi le D.L.A. ?", "c est quoi le dla"),
        ("c koi le d l a", "c est quoi le dla"),
        ("jcherche largent", "je cherche l argent"),
        ("dassociation", "d association"),
        ("rdv ac qqn", "rendez vous ac quelqu un"),
        ("ŒUVRE", "oeuvre"),
        ("bonjouuuur", "bonjour"),
        ("budgetcitoyen", "budget citoyen"),
    ],
)
def test_what_people_write_is_read_as_they_mean_it(typed: str, read: str, understanding: Understanding) -> None:
    assert words(typed, understanding) == read


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("finencement", "financement"),
        ("subvansion", "subvention"),
        ("recyclrie", "recyclerie"),
        ("assosiation", "association"),
        ("benevolle", "benevole"),
        ("bethunne", "bethune"),
        ("coperative", "cooperative"),
        ("asociatif", "associatif"),
        ("trezorerie", "tresorerie"),
    ],
)
def test_a_misspelt_word_is_brought_back(typed: str, read: str, understanding: Understanding) -> None:
    assert words(typed, understanding) == read


@pytest.mark.parametrize("word", ["poisson", "passion", "mission", "cheval", "prairie", "bateau", "après", "grand"])
def test_a_good_french_word_is_left_alone(word: str, understanding: Understanding) -> None:
    assert words(word, understanding) == "".join(sign for sign in clean(word).lower().replace("è", "e"))


def test_only_the_first_unknown_words_are_mended_so_that_noise_costs_little(understanding: Understanding) -> None:
    noise = " ".join(f"zqx{index}wvk" for index in range(150))
    read = understanding.read(noise[:900])
    assert read.needs == {}
    assert read.named == ()


def test_what_nobody_sees_is_dropped() -> None:
    assert clean("as\u200dso\u202e\u0000cia\ufeffs") == "asso cias"


def test_words_of_one_family_meet() -> None:
    assert stem("recycleries") == stem("recyclerie")
    assert stem("adaptee") == stem("adapte")
    assert stem("caf") != stem("cafe")
    assert stem("3") == stem("douze")
