"""The list of French words: what protects a right word from being taken for a misspelt one."""

import re

import pytest

from guide.settings import ROOT
from guide.text import normalise

LANGUAGE = ROOT / "knowledge" / "language"
LINES = (LANGUAGE / "french_words.txt").read_text(encoding="utf-8").splitlines()
WORDS = frozenset(LINES)


def test_each_line_is_one_plain_word_written_as_texts_are_compared() -> None:
    assert [line for line in LINES if not re.fullmatch("[a-z]{2,20}", line) or normalise(line) != line] == []


def test_no_word_is_there_twice() -> None:
    assert len(WORDS) == len(LINES)


def test_the_most_frequent_words_come_first() -> None:
    places = [LINES.index(word) for word in ("de", "avec", "argent", "association", "epicerie", "serpilliere")]
    assert places == sorted(places)
    assert places[0] == 0


def test_the_notice_says_how_many_words_there_are() -> None:
    assert f"{len(LINES)} mots" in (LANGUAGE / "LICENCE.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "text",
    [
        "association cherche argent pour une épicerie",
        "aujourd'hui le week-end",
        "mon cœur, ma sœur, une œuvre",
        "nous cherchions des bénévoles motivées",
        "sa voisine vend des légumes",
    ],
)
def test_right_words_are_there(text: str) -> None:
    assert set(normalise(text).split()) <= WORDS


@pytest.mark.parametrize("word", ["koi", "jsuis", "bcp", "pk", "chuis", "ki", "slt", "mdr", "apparement", "discution"])
def test_misspelt_and_shortened_words_are_not(word: str) -> None:
    assert word not in WORDS


@pytest.mark.parametrize("word", ["facebook", "google", "renault", "philippe", "marseille", "with", "your"])
def test_brands_names_and_english_words_are_not(word: str) -> None:
    assert word not in WORDS
