"""How hard the pages are to read, roughly: the length of their sentences, the share of their passives."""

import re
from dataclasses import dataclass

import pytest

from guide.content.readability import count_words, passives, sentences
from tests.web.addresses import ALL_PAGES
from tests.web.pages import Visitor, plain

MOST_WORDS_ON_AVERAGE = 16
MOST_PASSIVES = 0.25  # of the sentences
LONGEST = 50  # words
LEGAL = {"/mentions-legales", "/accessibilite"}  # their words are those of the law, passive included
PROSE = "main p, main li, main dd, main td, main blockquote"
ENOUGH = 8  # sentences: below, a share says nothing


@dataclass(frozen=True)
class Level:
    """What a page is worth."""

    address: str
    average: float
    passive: float
    longest: int

    def __str__(self) -> str:
        return f"{self.average:5.1f} words, {self.passive:4.0%} passive, longest {self.longest:2} : {self.address}"


def prose(page: Visitor, address: str) -> list[str]:
    """The sentences of a page, those of lists of links aside."""
    shown = page(address)
    texts = [tag for tag in shown.soup.select(PROSE) if not tag.find(["p", "li", "dd", "blockquote"])]
    found = [sentence for tag in texts for sentence in sentences(plain(tag.get_text()))]
    return [sentence for sentence in found if count_words(sentence) > 2 and re.search(r"[.!?…]$", sentence)]


def level_of(page: Visitor, address: str) -> Level:
    said = prose(page, address)
    lengths = [count_words(sentence) for sentence in said]
    return Level(address, sum(lengths) / len(said), len(passives(said)) / len(said), max(lengths))


@pytest.fixture(scope="module")
def levels(page: Visitor) -> list[Level]:
    return [level_of(page, address) for address in ALL_PAGES if len(prose(page, address)) >= ENOUGH]


def worst(levels: list[Level]) -> str:
    return "\n".join(map(str, sorted(levels, key=lambda level: -level.average)[:10]))


def test_sentences_are_short_on_every_page(levels: list[Level]) -> None:
    assert len(levels) > 20
    assert all(level.average <= MOST_WORDS_ON_AVERAGE and level.longest <= LONGEST for level in levels), worst(levels)


def test_somebody_does_something_in_most_sentences(levels: list[Level]) -> None:
    assert all(level.passive <= MOST_PASSIVES or level.address in LEGAL for level in levels), worst(levels)


@pytest.mark.parametrize("address", ["/facile-a-lire", "/facile-a-lire/comment-ca-marche"])
def test_the_easy_pages_are_easier_than_any_other(address: str, page: Visitor) -> None:
    lines = [plain(str(line)) for tag in page(address).soup.select(".easy :is(p, li)") for line in tag.stripped_strings]
    said = [sentence for line in lines for sentence in sentences(line)]
    assert max(map(count_words, said)) <= 16, max(said, key=count_words)
    assert sum(map(count_words, said)) / len(said) <= 7
    assert passives(said) == []
