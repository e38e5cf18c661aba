"""Eligibility: what a profile's answers say of the conditions of an entry. Pure."""

from typing import NamedTuple

from guide.content.base import KnowledgeBase
from guide.content.models import Entry
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


class Verdict(NamedTuple):
    """What is known of an entry for a profile.

    ``refusal``: a rule is not met. ``after``: open, but only after the step that it names. ``checks``: rules whose
    answer is missing.
    """

    refusal: Refusal | None = None
    after: str | None = None
    checks: tuple[Check, ...] = ()


def in_scope(entry: Entry, profile: Profile, epcis: dict[str, Epci]) -> bool:
    """Whether an entry acts in the territory and in the field of a project; there is nothing to unlock otherwise."""
    elsewhere = epcis and entry.territory.epcis and epcis.keys().isdisjoint(entry.territory.epcis)
    other_field = entry.themes and profile.themes and entry.themes.keys().isdisjoint(profile.themes)
    return not (elsewhere or other_field)


def judge(entry: Entry, profile: Profile, knowledge: KnowledgeBase, epcis: dict[str, Epci]) -> Verdict:
    """Judge the conditions of an entry; an answer that is missing never excludes, it becomes a check."""
    after, checks = None, []
    for criterion, rule in entry.requires.items():
        answer = profile.answer(criterion)
        if answer is None:
            checks.append(Check(criterion, rule.check))
        elif answer in rule.later:
            after = after or rule.later[answer]
        elif answer not in rule.values:
            return Verdict(refusal=Refusal(criterion, rule.otherwise, rule.unlock))
    checks += _scope_checks(entry, profile, knowledge, epcis)
    return Verdict(after=after or _premature(entry, profile), checks=tuple(checks))


def _scope_checks(entry: Entry, profile: Profile, knowledge: KnowledgeBase, epcis: dict[str, Epci]) -> list[Check]:
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


def is_premature(entry: Entry, profile: Profile) -> bool:
    """Whether a project is not yet at the first stage where an entry is useful."""
    return _first_useful_stage(entry, profile) is not None


def _first_useful_stage(entry: Entry, profile: Profile) -> str | None:
    now = _RANK_OF_STAGE.get(profile.stage or "")
    ranks = [_RANK_OF_STAGE[stage] for stage in entry.stages if stage in _RANK_OF_STAGE]
    if now is None or not ranks or min(ranks) <= now:
        return None
    return _ORDER_OF_STAGES[min(ranks)]


def _premature(entry: Entry, profile: Profile) -> str | None:
    """Say from which stage an entry is useful, when the project is not there yet."""
    stage = _first_useful_stage(entry, profile)
    return _FROM_STAGE[stage] if stage else None
