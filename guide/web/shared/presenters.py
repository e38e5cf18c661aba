"""View models: what a template needs to show of a noun, ready to be said in French."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import urlencode

from guide.content.base import KnowledgeBase
from guide.content.models import Entry, Question
from guide.days import day_and_hour, full_date, month_and_year, paris_day, weekday_date
from guide.profile import Profile
from guide.questionnaire import UNKNOWN, Answers, Page, reachable_pages
from guide.text import NARROW_NO_BREAK_SPACE, NO_BREAK_SPACE, capitalise, code_said, printable, typeset

CONFIDENCE = {
    "confirmed": "Confirmé par une source récente",
    "to_check": typeset("À vérifier : source ancienne ou non datée"),
    "mention": typeset("Simplement cité : passez par la Mission ESS"),
}
OPENNESS = {
    "open": "Ouvert, d’après nos sources",
    "between_sessions": "Entre deux sessions",
    "full": "Complet pour l’instant",
    "unconfirmed": "Ouverture à confirmer avec la Mission ESS",
}
DOORS = {"main": "Première porte", "relay": "Bon relais", "extra": "Apport utile"}
KINDS = {"structure": "Structure", "dispositif": "Dispositif"}


def phone_link(phone: str) -> str:
    """The ``tel:`` link of a French number; a short one (15, 3114) is dialled as it stands."""
    digits = "".join(char for char in phone if char.isdigit())
    return f"tel:+33{digits[1:]}" if digits.startswith("0") else f"tel:{digits}"


def phone_text(phone: str) -> str:
    """A number whose groups stay on one line."""
    return phone.replace(" ", NARROW_NO_BREAK_SPACE)


def stored_phone_link(phone: str) -> str:
    """The ``tel:`` link of a stored number (+33321000000)."""
    return f"tel:{phone}"


def phone_said(phone: str) -> str:
    """A stored number (+33321000000) as one reads it: 03 21 00 00 00."""
    digits = phone.removeprefix("+33")
    if digits == phone:
        return phone
    return NARROW_NO_BREAK_SPACE.join(f"0{digits}"[index : index + 2] for index in range(0, 10, 2))


def query_string(pairs: Sequence[tuple[str, str]]) -> str:
    """The answers as the end of an address, "" when there are none."""
    return f"?{urlencode(pairs)}" if pairs else ""


@dataclass(frozen=True, slots=True)
class WayIn:
    """Whom to call: the entry itself, or the one to go through, with the parts that remain to be checked."""

    entry: Entry
    through: Entry | None
    phone: str | None
    email: str | None
    address: str | None
    website: str | None
    to_check: frozenset[str]


def way_in(entry: Entry, knowledge: KnowledgeBase) -> WayIn:
    """Find how to reach an entry: its own contact, completed by the structure to go through."""
    own = entry.contact
    through = knowledge.entries.get(own.through) if own.through else None
    source = own if own.phone or own.email or own.website or own.address or through is None else through.contact
    return WayIn(entry, through, source.phone, source.email, source.address, source.website, frozenset(source.to_check))


def entry_name(identifier: str, knowledge: KnowledgeBase) -> str:
    """The name of an entry that a referral cites, even when the base no longer holds it."""
    entry = knowledge.entries.get(identifier)
    return entry.name if entry else identifier


def entry_url(identifier: str, knowledge: KnowledgeBase) -> str:
    """The page of an entry that a referral cites, else the directory."""
    entry = knowledge.entries.get(identifier)
    return entry.page_url if entry else "/annuaire"


class AnswerLine(NamedTuple):
    """One line of the recapitulation, or one chip: the question, what was answered, where to change it."""

    question: Question
    said: str
    change_url: str
    known: bool


def answer_lines(answers: Answers, ending: str, knowledge: KnowledgeBase, *, short: bool = False) -> list[AnswerLine]:
    """List what was answered, in the order of the questionnaire, companions included when they were answered.

    ``ending``: the answers as the end of an address, which every link carries.
    """
    return [
        AnswerLine(
            question,
            say(question, values, knowledge, short=short),
            f"/questionnaire/{page.main.slug}{ending}",
            values != (UNKNOWN,),
        )
        for page in reachable_pages(answers, knowledge)
        for question in page.questions
        if (values := answers.values.get(question.id))
    ]


class Chip(NamedTuple):
    """One thing understood, which a button takes away."""

    field: str
    value: str
    label: str


def profile_chips(profile: Profile, knowledge: KnowledgeBase) -> list[Chip]:
    """What is known of a project, one chip each, in the order of the questionnaire."""
    chips = []
    for name in knowledge.order.questions:
        held = getattr(profile, name)
        for value in held if isinstance(held, tuple) else (held,) if held else ():
            chips.append(Chip(name, value, _label(knowledge.questions[name], value, knowledge, short=True)))
    return chips


def say(question: Question, values: Sequence[str], knowledge: KnowledgeBase, *, short: bool = False) -> str:
    """Say an answer in the words of the form, or as shortly as possible."""
    if short and len(values) > 2:
        return f"{len(values)} {question.short.lower()}"
    return f"{NO_BREAK_SPACE}· ".join(_label(question, value, knowledge, short) for value in values)


def _label(question: Question, value: str, knowledge: KnowledgeBase, short: bool) -> str:
    if value in question.options:
        option = question.options[value]
        return option.chip or option.label if short else option.label
    if value == UNKNOWN and question.unknown:
        return typeset(f"{question.short} : à préciser") if short else question.unknown.label
    if question.kind == "needs":
        return knowledge.needs[value].name
    if question.kind == "structures":
        return knowledge.structures[value].name
    return knowledge.territory.communes[value].name


@dataclass(frozen=True, slots=True)
class Choice:
    """One box to tick."""

    value: str
    label: str
    hint: str | None
    ticked: bool


@dataclass(frozen=True, slots=True)
class ChoiceGroup:
    """Some boxes under a heading (None: no heading)."""

    title: str | None
    choices: tuple[Choice, ...]


def choice_groups(
    question: Question, ticked: Sequence[str], answers: Answers, knowledge: KnowledgeBase
) -> list[ChoiceGroup]:
    """The boxes of a question, grouped as ``knowledge/order.yaml`` says."""
    if question.kind == "needs":
        needs = knowledge.needs
        return [
            ChoiceGroup(
                group.title,
                tuple(Choice(need, needs[need].name, needs[need].detail, need in ticked) for need in group.items),
            )
            for group in knowledge.order.needs
        ]
    if question.kind == "structures":
        nearby = companions_nearby(answers, knowledge)
        return [ChoiceGroup(None, tuple(Choice(e.id, e.name, None, e.id in ticked) for e in nearby))]
    options = question.options.items()
    return [ChoiceGroup(None, tuple(Choice(v, o.label, o.hint, v in ticked) for v, o in options))]


_WHO_ACCOMPANIES = ("accueil", "accompagnement", "financement", "lieu", "vie-associative")


def companions_nearby(answers: Answers, knowledge: KnowledgeBase) -> list[Entry]:
    """List the structures that somebody may already have met: those that receive people, near the project."""
    epcis = answers.profile.epcis(knowledge)
    already = answers.profile.supported_by
    met = [
        entry
        for entry in knowledge.structures.values()
        if entry.id in already
        or (
            entry.family in _WHO_ACCOMPANIES
            and entry.confidence != "mention"
            and (entry.territory.everywhere or epcis.keys() & set(entry.territory.epcis))
        )
    ]
    return sorted(met, key=lambda entry: entry.name.casefold())


def page_position(page: Page, answers: Answers, knowledge: KnowledgeBase) -> tuple[int, int]:
    """Where a page stands among those that the answers lead through: (3, 8)."""
    reached = [other.main.id for other in reachable_pages(answers, knowledge)]
    position = reached.index(page.main.id) + 1 if page.main.id in reached else len(reached)
    return position, len(reached)


def territory_in_words(entry: Entry, knowledge: KnowledgeBase) -> str:
    """Where an entry acts, in words."""
    reach = entry.territory
    if reach.everywhere:
        return reach.note or "Tout le Pas-de-Calais"
    names = [knowledge.structures[epci].name for epci in reach.epcis if epci in knowledge.structures]
    places = f"{NARROW_NO_BREAK_SPACE}; ".join(names)
    return f"{places}. {capitalise(reach.note)}" if reach.note else places


def stages_in_words(entry: Entry, knowledge: KnowledgeBase) -> str:
    """At which stages of a project an entry is useful, in words."""
    stages = knowledge.questions["stage"].options
    names = [option.chip or option.label for stage, option in stages.items() if stage in entry.stages]
    ranks = [rank for rank, stage in enumerate(stages) if stage in entry.stages]
    if len(names) == len(stages):
        return "Toutes les étapes"
    if len(names) > 2 and ranks[-1] - ranks[0] == len(ranks) - 1:
        return typeset(f"De « {names[0]} » à « {names[-1]} »")
    return f"{NO_BREAK_SPACE}· ".join(names)


def writable(typed: str | None) -> str:
    """What HTML may hold of a typed text, its lines kept."""
    return "\n".join(printable(line, len(line)) for line in (typed or "").splitlines())


def filters() -> Mapping[str, Any]:
    """What templates may call."""
    return {
        "month_and_year": month_and_year,
        "full_date": full_date,
        "weekday_date": weekday_date,
        "day_and_hour": day_and_hour,
        "paris_day": paris_day,
        "phone_said": phone_said,
        "stored_phone_link": stored_phone_link,
        "phone_link": phone_link,
        "phone_text": phone_text,
        "capitalise": capitalise,
        "code_said": code_said,
        "typeset": typeset,
        "writable": writable,
        "day_of": lambda moment: full_date(paris_day(moment)),
    }
