"""The messages whose right answers are known: well written, and answered as well as when they were last measured.

The bars stand slightly below the counts that ``make bench`` prints (docs/assistant.md): raise them when those rise.
"""

import pytest

from benchmarks.scoring import Answered, Line, answer_all, read_sets, tally
from guide.content.base import KnowledgeBase

SETS = read_sets()
SIZES = {"gold": 94, "collines": 200, "dunes": 194}
FEWEST = {
    "gold": {
        "hit@1": 68,
        "hit@3": 75,
        "recall@5": 75,
        "abstention": 8,
        "besoins, rappel": 38,
        "commune": 49,
        "glossaire": 4,
        "détresse": 2,
    },
    "collines": {
        "hit@1": 141,
        "hit@3": 161,
        "recall@5": 161,
        "abstention": 15,
        "besoins, rappel": 89,
        "commune": 109,
        "glossaire": 7,
        "détresse": 7,
    },
    "dunes": {
        "hit@1": 140,
        "hit@3": 152,
        "recall@5": 156,
        "abstention": 13,
        "besoins, rappel": 72,
        "commune": 103,
        "glossaire": 8,
        "détresse": 9,
    },
}
PRECISION = {"gold": 0.86, "collines": 0.84, "dunes": 0.78}  # of the needs understood
MOST_LEFT_UNANSWERED = 2

each_set = pytest.mark.parametrize("name", SIZES)


@pytest.fixture(scope="module")
def answered(knowledge: KnowledgeBase) -> dict[str, list[Answered]]:
    return {name: answer_all(lines, knowledge) for name, lines in SETS.items()}


def list_lines() -> list[Line]:
    return [line for lines in SETS.values() for line in lines]


def test_the_three_sets_are_whole() -> None:
    assert {name: len(lines) for name, lines in SETS.items()} == SIZES


def test_no_identifier_and_no_message_is_there_twice() -> None:
    lines = list_lines()
    assert len({line.id for line in lines}) == len(lines)
    assert len({line.text for line in lines}) == len(lines)


def test_everything_that_is_expected_exists(knowledge: KnowledgeBase) -> None:
    lines = list_lines()
    expected = {name for line in lines for group in line.expected for name in group}
    assert expected - set(knowledge.entries) == set()
    assert {need for line in lines for need in line.needs} - set(knowledge.needs) == set()
    assert {line.commune for line in lines if line.commune} - set(knowledge.territory.communes) == set()
    assert {line.term for line in lines if line.term} - set(knowledge.terms) == set()


def test_what_is_expected_fits_the_kind_of_message() -> None:
    for line in list_lines():
        assert bool(line.expected) == (line.kind not in ("off_topic", "hostile", "glossary")), line.id
        assert bool(line.term) == (line.kind == "glossary"), line.id
        assert all(line.expected), line.id


@each_set
def test_messages_are_answered_as_well_as_they_were(name: str, answered: dict[str, list[Answered]]) -> None:
    won = {measure: tally(measure, answered[name]).won for measure in FEWEST[name]}
    assert {measure: won[measure] for measure, fewest in FEWEST[name].items() if won[measure] < fewest} == {}


@each_set
def test_few_needs_are_imagined(name: str, answered: dict[str, list[Answered]]) -> None:
    assert tally("besoins, précision", answered[name]).rate >= PRECISION[name]


@each_set
def test_what_can_be_answered_is(name: str, answered: dict[str, list[Answered]]) -> None:
    assert tally("fausse abstention", answered[name]).won <= MOST_LEFT_UNANSWERED
