"""Eligibility: what a profile's answers say of the conditions of an entry. Pure."""

from collections.abc import Mapping
from typing import NamedTuple

from guide.content.base import KnowledgeBase
from guide.content.models import Entry, Rule
from guide.profile import Profile
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


def read_conditions(entry: Entry, stage: str | None) -> Conditions:
    """Read the conditions of an entry, for the projects of one stage."""
    ranks = [_RANK_OF_STAGE[useful] for useful in entry.stages if useful in _RANK_OF_STAGE]
    early = stage in _RANK_OF_STAGE and ranks and _RANK_OF_STAGE[stage] < min(ranks)
    premature = _FROM_STAGE[_ORDER_OF_STAGES[min(ranks)]] if early else None
    return Conditions(frozenset(entry.themes), entry.territory.epcis, tuple(entry.requires.items()), premature)


def list_checks(
    entry: Entry, profile: Profile, known: Mapping[str, str], epcis: Mapping[str, Epci], knowledge: KnowledgeBase
) -> tuple[Check, ...]:
    """List what remains to be verified of an entry: the conditions whose answer is missing, its ground, its opening."""
    rules = [Check(criterion, rule.check) for criterion, rule in entry.requires.items() if criterion not in known]
    return (*rules, *_scope_checks(entry, profile, epcis, knowledge))


def _scope_checks(entry: Entry, profile: Profile, epcis: Mapping[str, Epci], knowledge: KnowledgeBase) -> list[Check]:
    checks = []
    if entry.territory.epcis and not epcis:
        names = [knowledge.territory.epcis[epci].name for epci in entry.territory.epcis]
        where = join_words(names[:3], "ou") + (" notamment" if len(names) > 3 else "")
        checks.append(Check("commune", f"À vérifier\u00a0: le projet se trouve-t-il dans ce secteur ({where})\u202f?"))
    if entry.themes and not profile.themes:
        labels = [knowledge.questions["themes"].options[theme].label.lower() for theme in entry.themes]
        checks.append(
            Check(
                "themes", f"À vérifier\u00a0: le projet relève-t-il de ce domaine ({join_words(labels, 'ou')})\u202f?"
            )
        )
    if entry.availability.status in ("unconfirmed", "full", "between_sessions"):
        doubt = {
            "unconfirmed": "l’ouverture actuelle, à confirmer avec la Mission ESS du Département.",
            "between_sessions": "la date de la prochaine session, à demander à la Mission ESS du Département.",
            "full": "les places qui se libèrent\u202f: la Mission ESS du Département peut vous renseigner.",
        }[entry.availability.status]
        checks.append(Check("availability", f"À vérifier\u00a0: {doubt}"))
    return checks
