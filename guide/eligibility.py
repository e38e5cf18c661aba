"""Eligibility: what a profile's answers say of the conditions of an entry. Pure."""

from collections.abc import Iterator, Mapping, Set
from typing import NamedTuple

from guide.content.base import KnowledgeBase
from guide.content.models import Entry, Rule
from guide.territory import Epci
from guide.text import join_words

_ORDER_OF_STAGES = ("idee", "emergence", "creation", "demarrage", "developpement")
_RANK_OF_STAGE = {stage: rank for rank, stage in enumerate(_ORDER_OF_STAGES)}
_FROM_STAGE = {
    "emergence": "Quand votre projet aura pris forme.",
    "creation": "Quand vous créerez la structure.",
    "demarrage": "Quand la structure existera.",
    "developpement": "Quand la structure fonctionnera.",
}
_DOUBTS = {
    "unconfirmed": "l’ouverture actuelle, à confirmer avec la Mission ESS du Département.",
    "between_sessions": "la date de la prochaine session, à demander à la Mission ESS du Département.",
    "full": "les places qui se libèrent\u202f: la Mission ESS du Département peut vous renseigner.",
}


class Check(NamedTuple):
    """Something that an answer not given leaves to be verified."""

    criterion: str
    text: str


class Refusal(NamedTuple):
    """A condition that a known answer does not meet, and how it could be met one day."""

    criterion: str
    reason: str
    unlock: str | None


class Conditions(NamedTuple):
    """What an entry asks of a project at one stage; flat, because each request reads dozens of them."""

    themes: frozenset[str]
    epcis: tuple[str, ...]
    rules: tuple[tuple[str, Rule], ...]
    premature: str | None  # from which stage the entry is useful, when the project is not there yet
    checks: tuple[Check, ...]  # all that could remain to be verified

    def in_scope(self, themes: tuple[str, ...], epcis: Mapping[str, Epci]) -> bool:
        """Whether an entry acts in the territory and in the field of a project; nothing could be unlocked otherwise."""
        elsewhere = self.epcis and epcis and epcis.keys().isdisjoint(self.epcis)
        other_field = self.themes and themes and self.themes.isdisjoint(themes)
        return not (elsewhere or other_field)

    def find_refusal(self, known: Mapping[str, str]) -> Refusal | None:
        """Find the first rule that a known answer does not meet; an answer that is missing never excludes."""
        for criterion, rule in self.rules:
            answer = known.get(criterion)
            if answer is not None and answer not in rule.values and answer not in rule.later:
                return Refusal(criterion, rule.otherwise, rule.unlock)
        return None

    def find_wait(self, known: Mapping[str, str]) -> str | None:
        """Say after which step an entry is open, None when it is open now."""
        for criterion, rule in self.rules:
            if after := rule.later.get(known.get(criterion, "")):
                return after
        return self.premature

    def list_checks(self, answered: Set[str]) -> tuple[Check, ...]:
        """List what remains to be verified: everything that no answer tells."""
        return tuple([check for check in self.checks if check.criterion not in answered])


def read_conditions(entry: Entry, stage: str | None, knowledge: KnowledgeBase) -> Conditions:
    """Read the conditions of an entry, for the projects of one stage."""
    ranks = [_RANK_OF_STAGE[useful] for useful in entry.stages if useful in _RANK_OF_STAGE]
    early = stage in _RANK_OF_STAGE and ranks and _RANK_OF_STAGE[stage] < min(ranks)
    return Conditions(
        frozenset(entry.themes),
        entry.territory.epcis,
        tuple(entry.requires.items()),
        _FROM_STAGE[_ORDER_OF_STAGES[min(ranks)]] if early else None,
        tuple(_read_checks(entry, knowledge)),
    )


def _read_checks(entry: Entry, knowledge: KnowledgeBase) -> Iterator[Check]:
    """What an answer not given leaves in doubt (a rule, the place, the field), and an opening that is not sure."""
    for criterion, rule in entry.requires.items():
        yield Check(criterion, rule.check)
    if entry.territory.epcis:
        names = [knowledge.territory.epcis[epci].name for epci in entry.territory.epcis]
        where = join_words(names[:3], "ou") + (" notamment" if len(names) > 3 else "")
        yield Check("commune", f"À vérifier\u00a0: le projet se trouve-t-il dans ce secteur ({where})\u202f?")
    if entry.themes:
        labels = [knowledge.questions["themes"].options[theme].label.lower() for theme in entry.themes]
        field = join_words(labels, "ou")
        yield Check("themes", f"À vérifier\u00a0: le projet relève-t-il de ce domaine ({field})\u202f?")
    if doubt := _DOUBTS.get(entry.availability.status):
        yield Check("availability", f"À vérifier\u00a0: {doubt}")
