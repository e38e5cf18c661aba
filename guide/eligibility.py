"""Eligibility: what a profile's answers say of the conditions of an entry. Pure."""

from dataclasses import dataclass

from guide.content.base import KnowledgeBase
from guide.content.models import Entry
from guide.profile import Profile
from guide.territory import Epci
from guide.text import join_words

_ORDER_OF_STAGES = ("idee", "emergence", "creation", "demarrage", "developpement")
_FROM_STAGE = {
    "emergence": "Quand votre projet aura pris forme.",
    "creation": "Quand vous créerez la structure.",
    "demarrage": "Quand la structure existera.",
    "developpement": "Quand la structure fonctionnera.",
}


@dataclass(frozen=True, slots=True)
class Check:
    """Something that an answer not given leaves to be verified."""

    criterion: str
    text: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """A condition that a known answer does not meet, and how it could be met one day."""

    criterion: str
    reason: str
    unlock: str | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is known of an entry for a profile.

    ``out_of_scope``: another territory or another field, nothing to unlock. ``refusal``: a rule is not met.
    ``after``: open, but only after the step that it names. ``checks``: rules whose answer is missing.
    """

    out_of_scope: bool = False
    refusal: Refusal | None = None
    after: str | None = None
    checks: tuple[Check, ...] = ()


def judge(entry: Entry, profile: Profile, knowledge: KnowledgeBase, epcis: dict[str, Epci]) -> Verdict:
    """Judge the conditions of an entry; an answer that is missing never excludes, it becomes a check."""
    if epcis and entry.territory.epcis and not epcis.keys() & set(entry.territory.epcis):
        return Verdict(out_of_scope=True)
    if entry.themes and profile.themes and not entry.themes.keys() & set(profile.themes):
        return Verdict(out_of_scope=True)
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
    if profile.stage not in _ORDER_OF_STAGES:
        return None
    stages = [stage for stage in _ORDER_OF_STAGES if stage in entry.stages]
    if not stages or _ORDER_OF_STAGES.index(stages[0]) <= _ORDER_OF_STAGES.index(profile.stage):
        return None
    return stages[0]


def _premature(entry: Entry, profile: Profile) -> str | None:
    """Say from which stage an entry is useful, when the project is not there yet."""
    stage = _first_useful_stage(entry, profile)
    return _FROM_STAGE[stage] if stage else None
