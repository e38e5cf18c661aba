"""Plain words: what is a long sentence, and when an acronym has been spelled out."""

import pytest

from guide.content.readability import MOST_WORDS, count_words, long_sentences, passives, sentences, unexplained_acronyms
from guide.text import typeset


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("Vous appelez. On vous répond.", 2),
        ("Vous appelez M. le maire à 10 h 30.", 1),
        ("Attention : le dossier est long ; commencez tôt.", 3),
        ("« Un café ? » On vous l'offre.", 2),
        ("Un seul mot", 1),
        ("", 0),
    ],
)
def test_a_text_is_cut_where_one_takes_a_breath(text: str, pieces: int) -> None:
    assert len(sentences(typeset(text))) == pieces


def test_words_are_counted_as_they_are_said() -> None:
    assert count_words("L'eau n'est pas là") == 6


def test_a_sentence_over_the_limit_is_told_with_its_length() -> None:
    short, long = " ".join(["mot"] * MOST_WORDS), " ".join(["mot"] * (MOST_WORDS + 1))
    assert long_sentences([short]) == []
    [found] = long_sentences([short, long])
    assert found.words == MOST_WORDS + 1


@pytest.mark.parametrize(
    "text",
    [
        "Le dispositif local d'accompagnement (DLA) est gratuit. Le DLA dure un an.",
        "DLA : dispositif local d'accompagnement.",
        "Une société coopérative d'intérêt collectif, ou SCIC.",
        "Une entreprise solidaire d'utilité sociale (ESUS).",
        "L'économie sociale et solidaire (ESS).",
        "Les Acteurs pour une économie solidaire (APES).",
        "Appelez-nous.",
    ],
)
def test_an_acronym_whose_words_stand_in_the_text_is_explained(text: str) -> None:
    assert unexplained_acronyms([text], []) == []


def test_the_words_of_an_acronym_may_stand_in_the_name() -> None:
    assert unexplained_acronyms(["Le DLA est gratuit."], ["Dispositif local d'accompagnement"]) == []


def test_an_acronym_without_its_words_is_told_once() -> None:
    assert unexplained_acronyms(["Le DLA aide. Demandez le DLA ou l'ADIE."], ["Un appui"]) == ["DLA", "ADIE"]


def test_a_word_in_capitals_inside_another_is_no_acronym() -> None:
    assert unexplained_acronyms(["Un CV et des mots. LaSCIC, Wi-FI."], ["curriculum vitae"]) == []


@pytest.mark.parametrize(
    "text", ["Votre demande est lue.", "Les fiches sont vérifiées chaque année.", "Rien n’a été transmis."]
)
def test_a_passive_is_told(text: str) -> None:
    assert passives([text]) == [text]


@pytest.mark.parametrize(
    "text", ["Une personne lit votre demande.", "Elle est arrivée.", "Vous êtes là.", "C’est une idée."]
)
def test_an_active_sentence_is_not(text: str) -> None:
    assert passives([text]) == []
