"""French text: two spellings of one name compare equal, and what is read is well set."""

import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from guide.text import (
    NARROW_NO_BREAK_SPACE,
    NO_BREAK_SPACE,
    capitalise,
    join_words,
    normalise,
    stems,
    typeset,
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Béthune", "BETHUNE"),
        ("Œuf-en-Ternois", "oeuf en ternois"),
        ("Nœux-les-Mines", "NOEUX LES MINES"),
        ("l'Écopôle", "L’ecopole"),
        ("A.P.E.S.", "a p e s"),
        ("  Hénin   Beaumont ", "henin-beaumont"),
        ("ægo", "aego"),
        ("« Bou'Sol »", "bou sol"),
    ],
)
def test_two_spellings_of_a_name_compare_equal(one: str, other: str) -> None:
    assert normalise(one) == normalise(other)


@pytest.mark.parametrize(("one", "other"), [("Lille", "Lillers"), ("Estrée", "Estréelles"), ("DLA", "DLAC")])
def test_two_names_stay_two_names(one: str, other: str) -> None:
    assert normalise(one) != normalise(other)


@pytest.mark.parametrize("text", ["", "   ", "?!…", "’", "🙂", "\x00"])
def test_a_text_without_a_word_is_folded_to_nothing(text: str) -> None:
    assert normalise(text) == ""
    assert stems(text) == []


@given(st.text(max_size=200))
def test_a_folded_text_is_plain_words_one_space_apart_and_folds_to_itself(text: str) -> None:
    folded = normalise(text)
    assert re.fullmatch(r"([a-z0-9]+( [a-z0-9]+)*)?", folded)
    assert normalise(folded) == folded


@given(st.text(max_size=200))
def test_accents_sent_apart_from_their_letters_change_nothing(text: str) -> None:
    # A Mac and some phones send « é » as two characters.
    assert normalise(unicodedata.normalize("NFD", text)) == normalise(text)


@given(st.text(max_size=200))
@example("№ 5")
@example("𝐀𝐑𝐑𝐀𝐒")
def test_letters_in_fancy_dress_count_as_letters(text: str) -> None:
    # Text pasted from a word processor or a social network: « № », bold or wide letters.
    assert normalise(unicodedata.normalize("NFKD", text)) == normalise(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("recycleries", "recyclerie"),
        ("Financer", "financement"),
        ("des bénévoles", "bénévole"),
        ("l'accompagnement", "accompagnements"),
    ],
)
def test_words_of_one_family_share_their_stem(one: str, other: str) -> None:
    assert stems(one) == stems(other)


def test_stems_keep_the_order_and_leave_out_the_empty_words() -> None:
    assert stems("Trouver de l'argent pour la recyclerie") == stems("trouver argent recyclerie")
    assert len(stems("trouver argent recyclerie")) == 3
    assert stems("le la les de du") == []


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("l'APES", "l’APES"),
        ("aujourd'hui, c'est d'accord", "aujourd’hui, c’est d’accord"),
        ("Un local ?", f"Un local{NARROW_NO_BREAK_SPACE}?"),
        ("Oui ; non !", f"Oui{NARROW_NO_BREAK_SPACE}; non{NARROW_NO_BREAK_SPACE}!"),
        ("À vérifier : le statut", f"À vérifier{NO_BREAK_SPACE}: le statut"),
        ("le « comptoir » du mardi", f"le «{NO_BREAK_SPACE}comptoir{NO_BREAK_SPACE}» du mardi"),
        ("le «comptoir» du mardi", f"le «{NO_BREAK_SPACE}comptoir{NO_BREAK_SPACE}» du mardi"),
        ("4 500 € et 10 %", f"4{NARROW_NO_BREAK_SPACE}500{NO_BREAK_SPACE}€ et 10{NO_BREAK_SPACE}%"),
        ("Parcours - Usagers", f"Parcours{NO_BREAK_SPACE}– Usagers"),
        ("et ainsi de suite...", "et ainsi de suite…"),
    ],
)
def test_plain_typing_is_set_in_french_typography(typed: str, read: str) -> None:
    assert typeset(typed) == read


@pytest.mark.parametrize("text", ["10:30", "https://exemple.fr", "porte-à-porte", "62000 Arras", "le 22 novembre 2026"])
def test_hours_addresses_and_dates_are_left_alone(text: str) -> None:
    assert typeset(text) == text


def test_an_apostrophe_before_guillemets_is_curly_too() -> None:
    assert typeset("l'« école »").startswith("l’«")


@given(st.text(alphabet="aé1 '’«»:;!?.%€\u00a0\u202f", max_size=40))
@example("le « comptoir »")
def test_a_text_already_set_is_left_as_it_is(text: str) -> None:
    # Curators paste from word processors, which already put the no-break spaces.
    assert typeset(typeset(text)) == typeset(text)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("l’APES", "L’APES"), ("école", "École"), ("", ""), ("Galilée", "Galilée"), ("œuvrer", "Œuvrer")],
)
def test_a_sentence_gets_its_capital_and_nothing_else_changes(text: str, sentence: str) -> None:
    assert capitalise(text) == sentence


@pytest.mark.parametrize(
    ("items", "said"),
    [([], ""), (["a"], "a"), (["a", "b"], "a et b"), (["a", "b", "c"], "a, b et c")],
)
def test_names_are_joined_as_one_says_them(items: list[str], said: str) -> None:
    assert join_words(items) == said


def test_a_choice_is_joined_with_ou() -> None:
    assert join_words(["Arras", "Lens"], "ou") == "Arras ou Lens"
