"""How well messages are answered, on three sets whose right answers are known (scores: tests/gold/README.md)."""

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from guide.assistant.dialogue import reply
from guide.assistant.models import Context, Match, Reply
from guide.content.base import KnowledgeBase
from guide.profile import Profile
from guide.settings import ROOT

ON = date(2026, 11, 24)
GOLD = ROOT / "tests" / "gold" / "utterances.jsonl"
QUESTIONS = ROOT / "tests" / "golden_questions"
_SHORT_BY = 3  # lines that a style misses more than the mean predicts


class Line(NamedTuple):
    """One message, and what a competent adviser understands and answers."""

    id: str
    text: str
    kind: str
    style: str
    expected: tuple[frozenset[str], ...]
    needs: frozenset[str]
    commune: str | None
    term: str | None


class Answered(NamedTuple):
    """One message and its answer."""

    line: Line
    reply: Reply

    @property
    def entries(self) -> list[Match]:
        """The entries that answer, best first."""
        return [match for match in self.reply.matches if match.kind != "term"]

    @property
    def ids(self) -> list[str]:
        return [match.id for match in self.entries]


class Tally(NamedTuple):
    """What was won, of how much."""

    won: float
    of: int

    @property
    def rate(self) -> float:
        return self.won / self.of if self.of else 0.0

    def __str__(self) -> str:
        return f"{self.rate:.3f} ({self.won:.4g}/{self.of})"


def read_sets() -> dict[str, list[Line]]:
    """Read the three sets, by name."""
    sets = {"gold": [json.loads(line) for line in GOLD.read_text(encoding="utf-8").splitlines()]}
    sets |= {path.stem: _read_yaml(path) for path in sorted(QUESTIONS.glob("*.yaml"))}
    return {name: [_read_line(line) for line in lines] for name, lines in sets.items()}


def _read_yaml(path: Path) -> list[dict[str, Any]]:
    lines: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return lines


def _read_line(line: dict[str, Any]) -> Line:
    commune = line.get("commune")
    return Line(
        id=line["id"],
        text=line["text"],
        kind=line["kind"],
        style=line["style"],
        expected=tuple(frozenset(group) for group in line["expected"]),
        needs=frozenset(line.get("needs") or ()),
        commune=str(commune) if commune else None,
        term=line.get("term"),
    )


def answer_all(lines: Iterable[Line], knowledge: KnowledgeBase) -> list[Answered]:
    """Answer each message, as the first of a conversation."""
    return [Answered(line, reply(line.text, Profile(), Context(), knowledge, ON)) for line in lines]


def is_hit(ids: Sequence[str], line: Line, most: int) -> float:
    """Whether one of the first ids is in the first group."""
    return float(bool(line.expected[0].intersection(ids[:most])))


def recall(ids: Sequence[str], line: Line, most: int = 5) -> float:
    """The share of the groups that have an id among the first."""
    return sum(bool(group.intersection(ids[:most])) for group in line.expected) / len(line.expected)


def _hit(most: int) -> Callable[[Answered], Tally]:
    return lambda each: Tally(is_hit(each.ids, each.line, most), 1) if each.line.expected else Tally(0, 0)


def _recall(each: Answered) -> Tally:
    return Tally(recall(each.ids, each.line), 1) if each.line.expected else Tally(0, 0)


def _false_abstention(each: Answered) -> Tally:
    return Tally(not each.reply.matches, 1) if each.line.expected else Tally(0, 0)


def _abstention(each: Answered) -> Tally:
    return Tally(not each.reply.matches, 1) if each.line.kind in ("off_topic", "hostile") else Tally(0, 0)


def _needs(each: Answered) -> tuple[set[str], frozenset[str]]:
    """The needs understood, and those to understand."""
    told = each.line.kind in ("need", "story")
    return (set(each.reply.profile.needs), each.line.needs) if told else (set(), frozenset())


def _needs_precision(each: Answered) -> Tally:
    understood, right = _needs(each)
    return Tally(len(understood & right), len(understood))


def _needs_recall(each: Answered) -> Tally:
    understood, right = _needs(each)
    return Tally(len(understood & right), len(right))


def _commune(each: Answered) -> Tally:
    told = each.line.kind in ("need", "story", "territory")
    return Tally(each.reply.profile.commune == each.line.commune, 1) if told else Tally(0, 0)


def _glossary(each: Answered) -> Tally:
    defined = any(match.kind == "term" and match.id == each.line.term for match in each.reply.matches)
    return Tally(defined, 1) if each.line.kind == "glossary" else Tally(0, 0)


def _distress(each: Answered) -> Tally:
    return Tally(each.reply.kind == "handoff", 1) if each.line.kind == "distress" else Tally(0, 0)


RANKING: dict[str, Callable[[Answered], Tally]] = {"hit@1": _hit(1), "hit@3": _hit(3), "recall@5": _recall}
MEASURES: dict[str, Callable[[Answered], Tally]] = {
    **RANKING,
    "fausse abstention": _false_abstention,
    "abstention": _abstention,
    "besoins, précision": _needs_precision,
    "besoins, rappel": _needs_recall,
    "commune": _commune,
    "glossaire": _glossary,
    "détresse": _distress,
}


def tally(measure: str, answered: Iterable[Answered]) -> Tally:
    """Add up one measure over some answers."""
    each = [MEASURES[measure](one) for one in answered]
    return Tally(sum(one.won for one in each), sum(one.of for one in each))


def list_short_styles(answered: Sequence[Answered]) -> list[tuple[str, str, float]]:
    """List the styles that miss at least three lines more than the mean predicts: measure, style, lines too many."""
    short = []
    for measure in RANKING:
        everybody = tally(measure, answered)
        for style in sorted({each.line.style for each in answered}):
            own = tally(measure, [each for each in answered if each.line.style == style])
            too_many = own.of * everybody.rate - own.won
            if too_many >= _SHORT_BY:
                short.append((measure, style, too_many))
    return short
