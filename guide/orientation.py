"""Orientation: a profile becomes a short path of proposals, each with its reasons.

Pure: no clock, no database, no Flask. The rule fits on one page: docs/orientation.md.
"""

import hashlib
from collections.abc import Set
from dataclasses import dataclass, field
from datetime import date
from operator import attrgetter
from typing import Literal, NamedTuple

from guide.content.base import KnowledgeBase
from guide.content.models import Entry
from guide.eligibility import Check
from guide.profile import Profile
from guide.relevance import WORTH, Answer, Card, Merit, Reason, find_matches, open_to_all, read_cards
from guide.territory import Epci

When = Literal["first", "next", "later"]

FEWEST, MOST, MOST_LATER = 3, 8, 3

_ALREADY_SERVED = 0.5  # each main door already chosen for a need halves what the next one adds (a relay, less)
_SAME_FAMILY = 0.75  # each card of a family already chosen makes the next one of it weaker
_LATER = 0.6
_WORTH_A_CARD = 0.55  # below this gain a card would be padding
_ROUNDING = 1e-9


class Proposal(NamedTuple):
    """One card of the path."""

    rank: int
    entry: Entry
    when: When
    score: float
    reasons: tuple[Reason, ...]
    checks: tuple[Check, ...]
    after: str | None


class NotAvailable(NamedTuple):
    """An entry that meets a need but that a known answer rules out, and what would unlock it."""

    entry: Entry
    criterion: str
    reason: str
    unlock: str | None


@dataclass(frozen=True, slots=True)
class Path:
    """An orientation: what to do first, next and later; what is not open to this person, and why."""

    on: date
    profile: Profile
    epcis: tuple[Epci, ...]
    proposals: tuple[Proposal, ...]
    not_available: tuple[NotAvailable, ...]


class _Candidate(NamedTuple):
    """A card that could be proposed: what it answers, what weighs it, and after which step it is open."""

    card: Card
    merits: list[Merit]
    factor: float
    after: str | None

    @property
    def worth(self) -> float:
        return sum([merit.worth * self.factor for merit in self.merits])


def propose(profile: Profile, knowledge: KnowledgeBase, on: date) -> Path:
    """Orient a profile: three to eight proposals, in the order in which to call, and what is ruled out.

    The same profile on the same day gives the same path; ties are drawn from a hash of both.
    """
    epcis, known, themes, met = profile.epcis(knowledge), profile.known, profile.themes, profile.supported_by
    candidates, refused = [], []
    for card, merits in find_matches(profile, known, epcis, knowledge):
        if card.identifier in met or not card.conditions.in_scope(themes, epcis):
            continue
        candidate = _Candidate(card, merits, card.weigh(themes, epcis), card.conditions.find_wait(known))
        if refusal := card.conditions.find_refusal(known):
            refused.append((candidate.worth, NotAvailable(card.entry, *refusal)))
        else:
            candidates.append(candidate)
    chosen = _choose(candidates, profile.needs, seed=f"{profile.model_dump_json()}|{on.isoformat()}")
    to_do_now = any(not item.after for item in chosen)
    missing = max(FEWEST - len(chosen), 0 if to_do_now else 1)
    if missing > 0:
        chosen += _open_doors(missing, {item.card.identifier for item in chosen}, profile, knowledge)
    refused.sort(key=lambda pair: -pair[0])
    answered = {*known, *(("commune",) if epcis else ()), *(("themes",) if themes else ())}
    return Path(on, profile, tuple(epcis.values()), _rank(chosen, answered), tuple([item for _, item in refused]))


def _choose(candidates: list[_Candidate], needs: tuple[str, ...], seed: str) -> list[_Candidate]:
    """Choose what can be done now, then what comes later; the best door of each need has a seat kept."""
    kept = _best_doors(candidates, needs, seed)
    now = [candidate for candidate in candidates if not candidate.after]
    later = [candidate for candidate in candidates if candidate.after]
    kept_later = sum(1 for candidate in later if candidate.card.identifier in kept)
    table = _Table(seed)
    table.seat(now, kept, MOST - kept_later)
    seats = MOST - max(len(table.chosen), 1)  # when nothing can be done now, a seat is left to an open door
    table.seat(later, kept, min(seats, max(MOST_LATER, kept_later)))
    return table.chosen


@dataclass(slots=True)
class _Table:
    """The cards chosen so far, and what each answer, or family, met once more would still be worth (1: not met yet)."""

    seed: str
    chosen: list[_Candidate] = field(default_factory=list)
    left_to_serve: dict[Answer, float] = field(default_factory=dict)
    left_to_family: dict[str, float] = field(default_factory=dict)

    def seat(self, candidates: list[_Candidate], kept: set[str], seats: int) -> None:
        """Seat greedily whoever adds most, until the seats or what is worth a card run out."""
        left = sorted(candidates, key=attrgetter("worth"), reverse=True)
        for free in range(seats, 0, -1):
            waiting = [candidate for candidate in left if candidate.card.identifier in kept]
            pool = waiting if len(waiting) >= free else left
            if not pool:
                return
            gain, best = self._best(pool)
            if gain < _WORTH_A_CARD and not waiting:
                return
            if gain < _WORTH_A_CARD:
                _, best = self._best(waiting)
            left = [candidate for candidate in left if candidate is not best]
            self._take(best)

    def gain(self, candidate: _Candidate) -> float:
        """What one more card would add: answers already served count for less, and so does a family already there."""
        card, merits, factor, after = candidate
        fresh = 0.0
        for answer, worth, _ in merits:
            fresh += worth * factor * self.left_to_serve.get(answer, 1.0)
        return fresh * (_LATER if after else 1.0) * self.left_to_family.get(card.family, 1.0)

    def _best(self, pool: list[_Candidate]) -> tuple[float, _Candidate]:
        """Find who adds most, of candidates in the order of their worth: nobody adds more than she is worth."""
        rated: list[tuple[float, _Candidate]] = []
        highest = 0.0
        for candidate in pool:
            if candidate.worth < highest - _ROUNDING:
                break
            gain = self.gain(candidate)
            rated.append((gain, candidate))
            highest = max(highest, gain)
        return _highest(rated, self.seed)

    def _take(self, candidate: _Candidate) -> None:
        self.chosen.append(candidate)
        family = candidate.card.family
        self.left_to_family[family] = self.left_to_family.get(family, 1.0) * _SAME_FAMILY
        for merit in candidate.merits:
            served = float(_ALREADY_SERVED ** (merit.worth * candidate.factor / WORTH["main"]))
            self.left_to_serve[merit.answer] = self.left_to_serve.get(merit.answer, 1.0) * served


def _highest(rated: list[tuple[float, _Candidate]], seed: str) -> tuple[float, _Candidate]:
    """Pick whoever is rated highest; equals are drawn, from a hash of the answers and of the day."""
    highest = max([rate for rate, _ in rated])
    equals = [pair for pair in rated if pair[0] == highest]
    if len(equals) == 1:
        return equals[0]
    return min(equals, key=lambda pair: hashlib.sha256(f"{seed}|{pair[1].card.identifier}".encode()).digest())


def _best_doors(candidates: list[_Candidate], needs: tuple[str, ...], seed: str) -> set[str]:
    """The best door of each need, in the order of the needs, as many as there are seats.

    It is judged on that need alone, whatever the others: adding a need never changes the best door of another.
    """
    doors: dict[Answer, list[tuple[float, _Candidate]]] = {("needs", need): [] for need in needs}
    for candidate in candidates:
        later = _LATER if candidate.after else 1.0
        for merit in candidate.merits:
            if merit.answer in doors:
                doors[merit.answer].append((merit.worth * candidate.factor * later, candidate))
    best = dict.fromkeys(_highest(rated, seed)[1].card.identifier for rated in doors.values() if rated)
    return set(list(best)[:MOST])


def _open_doors(missing: int, shown: set[str], profile: Profile, knowledge: KnowledgeBase) -> list[_Candidate]:
    """Doors open to everybody, for a profile that says too little to be matched."""
    found: list[_Candidate] = []
    epcis, known, cards = profile.epcis(knowledge), profile.known, read_cards(knowledge, profile.stage)
    for identifier, because in knowledge.order.open_doors.items():
        conditions = cards[identifier].conditions
        if len(found) >= missing:
            break
        if identifier in shown or identifier in profile.supported_by:
            continue
        if conditions.in_scope(profile.themes, epcis) and not conditions.find_refusal(known):
            merit = open_to_all(because, _WORTH_A_CARD)
            found.append(_Candidate(cards[identifier], [merit], 1.0, conditions.find_wait(known)))
    return found


def _rank(chosen: list[_Candidate], answered: Set[str]) -> tuple[Proposal, ...]:
    """Order the cards: what can be done now before what comes later, each in the order in which it was chosen."""
    ordered = sorted(chosen, key=lambda item: item.after is not None)
    worths = [item.worth for item in ordered]
    highest = max(worths, default=1.0)
    proposals = []
    for rank, (item, worth) in enumerate(zip(ordered, worths, strict=True), start=1):
        when: When = "later" if item.after else "first" if rank == 1 else "next"
        merits = sorted(item.merits, key=attrgetter("worth"), reverse=True)
        reasons, checks = tuple([merit.reason for merit in merits]), item.card.conditions.list_checks(answered)
        proposals.append(Proposal(rank, item.card.entry, when, round(worth / highest, 2), reasons, checks, item.after))
    return tuple(proposals)
