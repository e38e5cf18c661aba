"""Relevance: which entries meet the answers of a profile, why, and what each is worth alone. Pure.

What only the stage and the place change is prepared once a base: a profile then walks its own answers, and neither
every entry nor those of another intercommunality.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from guide.content.base import KnowledgeBase
from guide.content.models import Door, Entry, RuleCriterion
from guide.eligibility import Conditions, read_conditions
from guide.profile import Profile
from guide.territory import Epci
from guide.text import capitalise

Answer = tuple[str, str | None]

# Weights of the rule (docs/orientation.md says each in words).
WORTH: dict[Door, float] = {"main": 3.0, "relay": 2.0, "extra": 1.0}
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

_STATUSES: tuple[RuleCriterion, ...] = ("budget_citoyen", "legal_form")
_RESERVED = "cette aide est réservée aux projets comme le vôtre"
_OPEN_TO_ALL = "Cette porte est ouverte à tout le monde"
_INDEXES = 28  # kept at once: seven for a base, six stages and the one not said


class Reason(NamedTuple):
    """Why an entry is proposed: the answer it meets, said back to the person, and what the entry does about it."""

    criterion: str
    value: str | None
    said: str
    because: str

    @property
    def text(self) -> str:
        """The whole sentence."""
        return f"{self.said}\u00a0: {self.because}."


class Merit(NamedTuple):
    """One answer that an entry meets, and what meeting it is worth in itself."""

    answer: Answer
    worth: float
    reason: Reason


class Card(NamedTuple):
    """What a stage, and no other answer, makes of an entry: flat, because each request reads dozens of them."""

    identifier: str
    entry: Entry
    family: str
    conditions: Conditions
    factor: float  # how sure, open and timely it is

    def weigh(self, themes: tuple[str, ...], epcis: Mapping[str, Epci]) -> float:
        """What multiplies the worth of its merits, according to the field and the place of a project."""
        factor = self.factor
        if self.conditions.themes and not themes:
            factor *= _FIELD_UNKNOWN
        if self.conditions.epcis:
            factor *= _NEAR if epcis else _PLACE_UNKNOWN
        return factor


Match = tuple[Card, list[Merit]]


class _Index(NamedTuple):
    """The merits of the cards of one place, by the answer that they meet."""

    answers: dict[Answer, list[tuple[Card, Merit]]]
    fields: dict[str, list[tuple[Card, Merit, Merit]]]  # specialists: beside another merit, and alone
    reserved: dict[Answer, list[tuple[Card, Merit]]]


@lru_cache(maxsize=_INDEXES)
def read_cards(knowledge: KnowledgeBase, stage: str | None) -> dict[str, Card]:
    """Read the cards of a base for the projects of one stage, once."""
    return {entry.id: _read_card(entry, stage, knowledge) for entry in knowledge.entries.values()}


def _read_card(entry: Entry, stage: str | None, knowledge: KnowledgeBase) -> Card:
    conditions = read_conditions(entry, stage, knowledge)
    factor = _UNSURE[entry.confidence] * _OPENNESS[entry.availability.status]
    if stage is not None and stage not in entry.stages and not conditions.premature:
        factor *= _OTHER_STAGE
    return Card(entry.id, entry, entry.family, conditions, factor)


@lru_cache(maxsize=_INDEXES)
def _read_indexes(knowledge: KnowledgeBase, stage: str | None) -> dict[str | None, _Index]:
    """Index a base by answer for the projects of one stage, once: whole (None), then for each intercommunality."""
    everywhere = tuple(knowledge.territory.epcis)
    indexes = {place: _Index(defaultdict(list), defaultdict(list), defaultdict(list)) for place in (None, *everywhere)}
    for card in read_cards(knowledge, stage).values():
        entry = card.entry
        own = [indexes[place] for place in (None, *(card.conditions.epcis or everywhere))]
        for criterion, fits in [("needs", entry.needs), *entry.fits.items()]:
            for value, fit in fits.items():
                merit = _merit(knowledge, criterion, value, fit.because, WORTH[fit.door])
                for index in own:
                    index.answers[merit.answer].append((card, merit))
        for theme, because in entry.themes.items():
            merit = _merit(knowledge, "themes", theme, because, _FIELD_WORTH)
            for index in own:
                index.fields[theme].append((card, merit, merit._replace(worth=_FIELD_ALONE)))
        for status in _STATUSES:
            if (rule := entry.requires.get(status)) and len(rule.values) == 1:
                merit = _merit(knowledge, status, rule.values[0], _RESERVED, _RESERVED_WORTH)
                for index in own:
                    index.reserved[merit.answer].append((card, merit))
    return indexes


def _merit(knowledge: KnowledgeBase, criterion: str, value: str, because: str, worth: float) -> Merit:
    said = capitalise(knowledge.said(criterion, value))
    return Merit((criterion, value), worth, Reason(criterion, value, said, because))


def open_to_all(because: str, worth: float) -> Merit:
    """The merit of a door that everybody may push: it meets no answer."""
    return Merit(("open_door", None), worth, Reason("open_door", None, _OPEN_TO_ALL, because))


def find_matches(
    profile: Profile, known: Mapping[str, str], epcis: Mapping[str, Epci], knowledge: KnowledgeBase
) -> Iterable[Match]:
    """Gather the cards that meet an answer (a need, a fit, the field of a specialist), then what makes each better.

    ``known`` and ``epcis`` are those of the profile: who asks has read them already.
    """
    here = next(iter(epcis)) if len(epcis) == 1 else None
    index = _read_indexes(knowledge, profile.stage)[here]
    given = [("needs", need) for need in profile.needs] + [("themes", theme) for theme in profile.themes]
    found: dict[str, Match] = {}
    for answer in (*given, *known.items()):
        for card, merit in index.answers.get(answer, ()):
            found.setdefault(card.identifier, (card, []))[1].append(merit)
    _add_fields(found, profile.themes, index)
    for status in _STATUSES:
        for card, merit in index.reserved.get((status, known.get(status)), ()):
            if card.identifier in found:
                found[card.identifier][1].append(merit)
    _add_places(found, profile, knowledge)
    return found.values()


def _add_fields(found: dict[str, Match], themes: tuple[str, ...], index: _Index) -> None:
    """Add the specialists of a field: one field is reason enough, the first said."""
    fields = [specialist for theme in reversed(themes) for specialist in index.fields.get(theme, ())]
    for card, beside, alone in {specialist[0].identifier: specialist for specialist in fields}.values():
        merits = found.setdefault(card.identifier, (card, []))[1]
        merits.append(beside if merits else alone)


def _add_places(found: dict[str, Match], profile: Profile, knowledge: KnowledgeBase) -> None:
    """Add that a local structure is from here; the first commune said stands for its intercommunality."""
    here: dict[str, tuple[Answer, str]] = {}
    for code in reversed(profile.places):
        commune = knowledge.territory.communes[code]
        criterion = "commune" if code == profile.commune else "other_communes"
        here[commune.epci.id] = ((criterion, code), f"Votre projet est {commune.at}")
    for card, merits in found.values():
        local = next((epci for epci in card.conditions.epcis if epci in here), None) if card.conditions.epcis else None
        if local:
            answer, said = here[local]
            reason = Reason(*answer, said, f"{card.entry.short_name} agit sur ce secteur")
            merits.append(Merit(answer, _PLACE_WORTH, reason))
