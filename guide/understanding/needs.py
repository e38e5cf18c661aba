"""Needs: how much each word, and each pair of neighbours, speaks for each need and against the others.

The weight of a word for a need is its weight of evidence (log-odds, I. J. Good): how much oftener the lexicon of this
need says it than all the other needs together. A curated expression found whole then counts in full.
"""

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from guide.understanding.evidence import Evidence
from guide.understanding.lexicon import Origin, Owner, Said
from guide.understanding.meaning import Strength
from guide.understanding.words import FUNCTION, Word

# Tuned on tests/golden_questions (make bench prints what they give).
_COUNTS: dict[Origin, float] = {"name": 2.0, "lexicon": 1.5, "heard": 1.0, "text": 1.0}
_NEVER_SAID = 0.1
_AGAINST, _FOR = -0.5, 2.5  # the most that one word may say
_EXPRESSION = 4.0
ENOUGH = 4.5  # from which a need is understood
_BEHIND, _BEHIND_A_WORD, _MOST_BEHIND = 1.0, 0.15, 4.0  # that another need may be: more in a long message
_TO_BEGIN_WITH = 2.5  # asked of a message, before its words
_SLOPE = 1.5
_MOST = 4


class Weighed(NamedTuple):
    """A need, what is said for it, and what says it best."""

    need: str
    weight: float
    text: str


@dataclass(frozen=True)
class NeedScale:
    """Weighs words for each need."""

    needs: tuple[str, ...]
    counts: dict[str, dict[str, float]] = field(repr=False)  # of each feature, by need
    sizes: dict[str, float] = field(repr=False)
    everywhere: frozenset[str]
    kept: dict[str, tuple[float, ...]] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, said: Sequence[Said], everywhere: frozenset[str]) -> "NeedScale":
        """Count what the lexicon of each need says; the words of every project count for none."""
        counts: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
        sizes: dict[str, float] = defaultdict(float)
        for each in said:
            if each.owner.kind == "need":
                for feature in set(_features(each.words)):
                    counts[feature][each.owner.id] += _COUNTS[each.origin]
                    sizes[each.owner.id] += _COUNTS[each.origin]
        return cls(tuple(sizes), {each: dict(owners) for each, owners in counts.items()}, dict(sizes), everywhere)

    def _weights(self, feature: str) -> tuple[float, ...]:
        """What a feature says for each need, worked out the first time that somebody writes it."""
        if feature not in self.kept:
            self.kept[feature] = tuple([self._weight(self.counts[feature], need) for need in self.needs])
        return self.kept[feature]

    def _weight(self, owners: Mapping[str, float], need: str) -> float:
        here = owners.get(need, 0.0)
        elsewhere = sum(owners.values()) - here
        unseen = _NEVER_SAID * len(self.counts)
        odds = (here + _NEVER_SAID) / (self.sizes[need] + unseen)
        against = (elsewhere + _NEVER_SAID) / (sum(self.sizes.values()) - self.sizes[need] + unseen)
        return max(_AGAINST, min(_FOR, math.log(odds / against)))

    def weigh(self, words: Sequence[Word], evidence: Mapping[Owner, Evidence]) -> list[Weighed]:
        """Weigh every need, the best first."""
        totals = [0.0] * len(self.needs)
        best: list[tuple[float, str]] = [(0.0, "")] * len(self.needs)
        for feature in dict.fromkeys(_features(words)):
            if feature not in self.counts or feature in self.everywhere:
                continue
            for place, weight in enumerate(self._weights(feature)):
                totals[place] += weight
                if weight > best[place][0]:
                    best[place] = (weight, feature)
        weighed = []
        for place, need in enumerate(self.needs):
            proof = evidence.get(Owner("need", need))
            weight = totals[place] + (_EXPRESSION * proof.weight if proof else 0.0)
            weighed.append(Weighed(need, weight, proof.best.text if proof else best[place][1].replace(" ", "\u00a0")))
        return sorted(weighed, key=lambda each: -each.weight)


def choose(weighed: Sequence[Weighed], words: Sequence[Word]) -> dict[str, Strength]:
    """Keep the needs that enough is said for, and that are not too far behind the best.

    Two words say less than twenty: less is asked of them.
    """
    told = len({word.stem for word in words if word.content})
    enough = min(ENOUGH, _TO_BEGIN_WITH + told)
    behind = min(_MOST_BEHIND, _BEHIND + _BEHIND_A_WORD * told)
    least = max(enough, weighed[0].weight - behind) if weighed else 0.0
    return {
        need: Strength(1 / (1 + math.exp((ENOUGH - weight) / _SLOPE)), text)
        for need, weight, text in weighed[:_MOST]
        if weight >= least
    }


def _features(words: Sequence[Word]) -> Iterator[str]:
    """The stems that may lead somewhere, and the pairs of neighbours."""
    stems = [word.stem for word in words if not word.silent]
    yield from (stem for stem in stems if stem not in FUNCTION)
    yield from (
        f"{first} {second}" for first, second in pairwise(stems) if not (first in FUNCTION and second in FUNCTION)
    )
