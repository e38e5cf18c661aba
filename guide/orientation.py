"""Orientation: a profile becomes a short path of proposals, each with its reasons.

Pure: no clock, no database, no Flask. The rule fits on one page: docs/orientation.md.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Literal, NamedTuple

from guide.content.base import KnowledgeBase
from guide.content.models import Door, Entry, RuleCriterion
from guide.eligibility import Check, Refusal, Verdict, in_scope, is_premature, judge
from guide.profile import Profile
from guide.territory import Epci
from guide.text import capitalise

When = Literal["first", "next", "later"]

FEWEST, MOST, MOST_LATER = 3, 8, 3

# Weights of the rule (docs/orientation.md says each in words).
_WORTH: dict[Door, float] = {"main": 3.0, "relay": 2.0, "extra": 1.0}
_FIELD_WORTH = 1.5  # a specialist of the person's own field, who also answers a need
_FIELD_ALONE = 0.7  # a specialist of the field, who answers none of the needs
_PLACE_WORTH = 0.4  # somebody whose ground is here, and not the whole département
_RESERVED_WORTH = 0.8  # a door that few people may push, and this person may
_NEAR = 1.1  # local and here
_FIELD_UNKNOWN = 0.4  # a specialist, and the field is not said
_PLACE_UNKNOWN = 0.4  # a local structure, and the commune is not said
_OTHER_STAGE = 0.5  # made for another stage
_UNSURE = {"confirmed": 1.0, "to_check": 0.95, "mention": 0.6}
_OPENNESS = {"open": 1.0, "between_sessions": 0.9, "unconfirmed": 0.85, "full": 0.7}
_ALREADY_SERVED = 0.5  # each main door already chosen for a need halves what the next one adds (a relay, less)
_SAME_FAMILY = 0.75  # each card of a family already chosen makes the next one of it weaker
_LATER = 0.6
_WORTH_A_CARD = 0.55  # below this gain a card would be padding


_SINGLE_ANSWERS = ("stage", "holder", "legal_form", "employees", "budget_citoyen", "support")
_STATUSES: tuple[RuleCriterion, ...] = ("budget_citoyen", "legal_form")
_RESERVED = "cette aide est réservée aux projets comme le vôtre"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an entry is proposed: the answer it meets, said back to the person, and what the entry does about it."""

    criterion: str
    value: str | None
    said: str
    because: str

    @property
    def text(self) -> str:
        """The whole sentence."""
        return f"{self.said}\u00a0: {self.because}."


@dataclass(frozen=True, slots=True)
class Proposal:
    """One card of the path."""

    rank: int
    entry: Entry
    when: When
    score: float
    reasons: tuple[Reason, ...]
    checks: tuple[Check, ...]
    after: str | None


@dataclass(frozen=True, slots=True)
class NotAvailable:
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


class _Merit(NamedTuple):
    """One answer that an entry meets, and what meeting it is worth before the other cards are known."""

    criterion: str
    value: str | None
    because: str
    worth: float

    @property
    def answer(self) -> tuple[str, str | None]:
        """The answer that is met."""
        return self.criterion, self.value


class _Candidate(NamedTuple):
    entry: Entry
    verdict: Verdict
    merits: tuple[_Merit, ...]
    draw: str

    @property
    def worth(self) -> float:
        return sum(merit.worth for merit in self.merits)


def propose(profile: Profile, knowledge: KnowledgeBase, on: date) -> Path:
    """Orient a profile: three to eight proposals, in the order in which to call, and what is ruled out.

    The same profile on the same day gives the same path; ties are drawn from a hash of both.
    """
    epcis = profile.epcis(knowledge)
    seed = f"{profile.model_dump_json()}|{on.isoformat()}"
    candidates, refused = [], []
    for entry, met in _relevant(profile, knowledge).values():
        if entry.id in profile.supported_by or not in_scope(entry, profile, epcis):
            continue
        merits = _weigh(entry, met, profile, epcis, knowledge)
        verdict = judge(entry, profile, knowledge, epcis)
        if verdict.refusal:
            refused.append((sum(merit.worth for merit in merits), _not_available(entry, verdict.refusal)))
        else:
            draw = hashlib.sha256(f"{seed}|{entry.id}".encode()).hexdigest()
            candidates.append(_Candidate(entry, verdict, merits, draw))
    chosen = _choose(candidates, profile.needs)
    to_do_now = any(not item.verdict.after for item in chosen)
    missing = max(FEWEST - len(chosen), 0 if to_do_now else 1)
    chosen += _open_doors(missing, {item.entry.id for item in chosen}, profile, knowledge, epcis)
    refused.sort(key=lambda pair: -pair[0])
    return Path(on, profile, tuple(epcis.values()), _rank(chosen, knowledge), tuple(item for _, item in refused))


def _not_available(entry: Entry, refusal: Refusal) -> NotAvailable:
    return NotAvailable(entry, refusal.criterion, refusal.reason, refusal.unlock)


@lru_cache(maxsize=4)
def _entries_by_answer(knowledge: KnowledgeBase) -> dict[tuple[str, str], list[tuple[Entry, _Merit]]]:
    """Index the base by answer met, once: a profile then walks its own answers and not every entry."""
    index: dict[tuple[str, str], list[tuple[Entry, _Merit]]] = defaultdict(list)
    for entry in knowledge.entries.values():
        for criterion, fits in [("needs", entry.needs), *entry.fits.items()]:
            for value, fit in fits.items():
                index[criterion, value].append((entry, _Merit(criterion, value, fit.because, _WORTH[fit.door])))
        for theme, because in entry.themes.items():
            index["field", theme].append((entry, _Merit("themes", theme, because, _FIELD_WORTH)))
    return dict(index)


def _relevant(profile: Profile, knowledge: KnowledgeBase) -> dict[str, tuple[Entry, list[_Merit]]]:
    """Gather the entries that meet an answer: a need or a fit, or the field of a specialist."""
    index = _entries_by_answer(knowledge)
    answers: list[tuple[str, str]] = [("needs", need) for need in profile.needs]
    answers += [("themes", theme) for theme in profile.themes]
    answers += [(name, answer) for name in _SINGLE_ANSWERS if (answer := profile.answer(name)) is not None]
    found: dict[str, tuple[Entry, list[_Merit]]] = {}
    for given in answers:
        for entry, merit in index.get(given, ()):
            found.setdefault(entry.id, (entry, []))[1].append(merit)
    fields = [found_in for theme in reversed(profile.themes) for found_in in index.get(("field", theme), ())]
    specialists = {entry.id: (entry, merit) for entry, merit in fields}  # one field is reason enough: the first said
    for entry, merit in specialists.values():
        worth = _FIELD_WORTH if entry.id in found else _FIELD_ALONE
        found.setdefault(entry.id, (entry, []))[1].append(merit._replace(worth=worth))
    return found


def _weigh(
    entry: Entry, met: list[_Merit], profile: Profile, epcis: dict[str, Epci], knowledge: KnowledgeBase
) -> tuple[_Merit, ...]:
    """Add what makes a relevant entry better still, then weigh all by how sure, open and timely it is."""
    factor = _factor(entry, profile, epcis)
    merits = [*met, *_advantages(entry, profile, epcis, knowledge)]
    return tuple([_Merit(criterion, value, because, worth * factor) for criterion, value, because, worth in merits])


def _advantages(entry: Entry, profile: Profile, epcis: dict[str, Epci], knowledge: KnowledgeBase) -> Iterator[_Merit]:
    """What makes a relevant entry better still: a door reserved to this person's status, a structure from here."""
    for criterion in _STATUSES:
        rule, answer = entry.requires.get(criterion), profile.answer(criterion)
        if rule is not None and answer is not None and rule.values == (answer,):
            yield _Merit(criterion, answer, _RESERVED, _RESERVED_WORTH)
    if here := next((epci for epci in entry.territory.epcis if epci in epcis), None):
        codes = [code for code in (profile.commune, *profile.other_communes) if code]
        code = next(code for code in codes if knowledge.territory.communes[code].epci.id == here)
        criterion_met = "commune" if code == profile.commune else "other_communes"
        yield _Merit(criterion_met, code, f"{entry.short_name} agit sur ce secteur", _PLACE_WORTH)


def _reason(merit: _Merit, knowledge: KnowledgeBase) -> Reason:
    """Say an answer back, then what the entry does about it."""
    if merit.value is None:
        said = "Cette porte est ouverte à tout le monde"
    elif merit.criterion in ("commune", "other_communes"):
        said = f"Votre projet est {knowledge.territory.communes[merit.value].at}"
    else:
        said = capitalise(knowledge.said(merit.criterion, merit.value))
    return Reason(merit.criterion, merit.value, said, merit.because)


def _factor(entry: Entry, profile: Profile, epcis: dict[str, Epci]) -> float:
    factor = _UNSURE[entry.confidence] * _OPENNESS[entry.availability.status]
    if profile.stage is not None and profile.stage not in entry.stages and not is_premature(entry, profile):
        factor *= _OTHER_STAGE
    if entry.themes and not profile.themes:
        factor *= _FIELD_UNKNOWN
    if entry.territory.epcis:
        factor *= _NEAR if epcis else _PLACE_UNKNOWN
    return factor


def _choose(candidates: list[_Candidate], needs: tuple[str, ...]) -> list[_Candidate]:
    """Choose what can be done now, then what comes later; the best door of each need has a seat kept."""
    kept = _best_doors(candidates, needs)
    now = [candidate for candidate in candidates if not candidate.verdict.after]
    later = [candidate for candidate in candidates if candidate.verdict.after]
    kept_later = sum(1 for candidate in later if candidate.entry.id in kept)
    table = _Table()
    table.seat(now, kept, MOST - kept_later)
    seats = MOST - max(len(table.chosen), 1)  # when nothing can be done now, a seat is left to an open door
    table.seat(later, kept, min(seats, max(MOST_LATER, kept_later)))
    return table.chosen


@dataclass(slots=True)
class _Table:
    """The cards chosen so far, and what meeting each answer once more would still be worth (1: not met yet)."""

    chosen: list[_Candidate] = field(default_factory=list)
    left_to_serve: dict[tuple[str, str | None], float] = field(default_factory=dict)
    families: Counter[str] = field(default_factory=Counter)

    def seat(self, candidates: list[_Candidate], kept: set[str], seats: int) -> None:
        """Seat greedily whoever adds most, until the seats or what is worth a card run out."""
        left = {candidate.entry.id: candidate for candidate in candidates}
        for free in range(seats, 0, -1):
            waiting = [candidate for identifier, candidate in left.items() if identifier in kept]
            pool = waiting if len(waiting) >= free else list(left.values())
            if not pool:
                return
            best = self._best(pool)
            if waiting and self.gain(best) < _WORTH_A_CARD:
                best = self._best(waiting)
            elif self.gain(best) < _WORTH_A_CARD:
                return
            self._take(left.pop(best.entry.id))

    def gain(self, candidate: _Candidate) -> float:
        """What one more card would add: answers already served count for less, and so does a family already there."""
        fresh = sum([merit.worth * self.left_to_serve.get(merit.answer, 1.0) for merit in candidate.merits])
        later = _LATER if candidate.verdict.after else 1.0
        return fresh * later * float(_SAME_FAMILY ** self.families[candidate.entry.family])

    def _best(self, pool: list[_Candidate]) -> _Candidate:
        return min(pool, key=lambda candidate: (-self.gain(candidate), candidate.draw))

    def _take(self, candidate: _Candidate) -> None:
        self.chosen.append(candidate)
        self.families[candidate.entry.family] += 1
        for merit in candidate.merits:
            served = float(_ALREADY_SERVED ** (merit.worth / _WORTH["main"]))
            self.left_to_serve[merit.answer] = self.left_to_serve.get(merit.answer, 1.0) * served


def _best_doors(candidates: list[_Candidate], needs: tuple[str, ...]) -> set[str]:
    """The best door of each need, in the order of the needs, as many as there are seats.

    It is judged on that need alone, whatever the others: adding a need never changes the best door of another.
    """
    best: dict[str | None, tuple[float, str, str]] = {}
    for candidate in candidates:
        later = _LATER if candidate.verdict.after else 1.0
        for merit in candidate.merits:
            if merit.criterion == "needs":
                door = (-merit.worth * later, candidate.draw, candidate.entry.id)
                best[merit.value] = min(best.get(merit.value, door), door)
    doors = dict.fromkeys(best[need][2] for need in needs if need in best)
    return set(list(doors)[:MOST])


def _open_doors(
    missing: int, known: set[str], profile: Profile, knowledge: KnowledgeBase, epcis: dict[str, Epci]
) -> list[_Candidate]:
    """Doors open to everybody, for a profile that says too little to be matched."""
    found: list[_Candidate] = []
    for identifier, because in knowledge.order.open_doors.items():
        entry = knowledge.entries[identifier]
        if len(found) >= missing:
            break
        if identifier in known or identifier in profile.supported_by or not in_scope(entry, profile, epcis):
            continue
        verdict = judge(entry, profile, knowledge, epcis)
        if verdict.refusal:
            continue
        found.append(_Candidate(entry, verdict, (_Merit("open_door", None, because, _WORTH_A_CARD),), ""))
    return found


def _rank(chosen: Iterable[_Candidate], knowledge: KnowledgeBase) -> tuple[Proposal, ...]:
    """Order the cards: what can be done now before what comes later, each in the order in which it was chosen."""
    ordered = sorted(chosen, key=lambda item: item.verdict.after is not None)
    highest = max((item.worth for item in ordered), default=1.0)
    proposals = []
    for rank, item in enumerate(ordered, start=1):
        when: When = "later" if item.verdict.after else "first" if rank == 1 else "next"
        reasons = tuple(_reason(merit, knowledge) for merit in sorted(item.merits, key=lambda merit: -merit.worth))
        score = round(item.worth / highest, 2)
        proposals.append(Proposal(rank, item.entry, when, score, reasons, item.verdict.checks, item.verdict.after))
    return tuple(proposals)
