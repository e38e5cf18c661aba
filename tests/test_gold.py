"""The gold set: what competent advisers would propose, and what they never would."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from guide.content.base import KnowledgeBase
from guide.orientation import propose
from guide.profile import read_profile

GOLD = Path(__file__).parent / "gold"
ON = date(2026, 11, 22)


def read(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (GOLD / name).read_text(encoding="utf-8").splitlines()]


PROFILES = read("profiles.jsonl")
UTTERANCES = read("utterances.jsonl")


def ranked(line: dict[str, Any], knowledge: KnowledgeBase, on: date = ON) -> list[str]:
    path = propose(read_profile(line["profile"], knowledge), knowledge, on)
    return [proposal.entry.id for proposal in path.proposals]


def test_the_whole_gold_set_is_here() -> None:
    assert len(PROFILES) == 40
    assert len(UTTERANCES) == 94


@pytest.mark.parametrize("line", PROFILES, ids=lambda line: line["id"])
def test_nothing_forbidden_is_proposed(line: dict[str, Any], knowledge: KnowledgeBase) -> None:
    assert set(ranked(line, knowledge)) & set(line["forbidden"]) == set()


def test_every_identifier_of_the_gold_set_exists(knowledge: KnowledgeBase) -> None:
    named = {name for line in PROFILES + UTTERANCES for group in line["expected"] for name in group}
    named |= {name for line in PROFILES for name in line["forbidden"]}
    assert named - set(knowledge.entries) - set(knowledge.terms) == set()
    assert {need for line in UTTERANCES for need in line.get("needs", ())} - set(knowledge.needs) == set()
    assert {line["term"] for line in UTTERANCES if line.get("term")} - set(knowledge.terms) == set()


@pytest.mark.parametrize("days", [0, 1, 30, 200])
def test_at_least_nine_tenths_of_what_advisers_expect_is_among_the_first_five(
    days: int, knowledge: KnowledgeBase
) -> None:
    # Several days, because ties are drawn each day: the figure must not hang on one draw.
    recalls = []
    for line in PROFILES:
        first_five = set(ranked(line, knowledge, ON + timedelta(days=days))[:5])
        met = [group for group in line["expected"] if first_five & set(group)]
        recalls.append(len(met) / len(line["expected"]))
    assert sum(recalls) / len(recalls) >= 0.90
