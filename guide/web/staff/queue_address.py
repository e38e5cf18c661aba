"""The address of a list of dossiers: its tab, its filters, its search, and the page that is read."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from flask import request

from guide.content.base import KnowledgeBase
from guide.models.referral import Origin
from guide.models.staff import Role, StaffAccount
from guide.store.narrowing import Filters, Word
from guide.store.queue import Place, Rank, Tab
from guide.text import normalise, printable
from guide.web.shared.house import get_knowledge
from guide.web.shared.presenters import query_string

AGES = {  # value -> label, received between so many and so many days ago
    "semaine": ("Moins d’une semaine", 0, 7),
    "mois": ("D’une semaine à un mois", 7, 30),
    "trimestre": ("D’un à trois mois", 30, 90),
    "plus": ("Plus de trois mois", 90, None),
}
NOBODY = "personne"
Choices = list[tuple[str, str]]  # value, label
_LONGEST, _MOST_WORDS = 120, 8
_REFERENCE = re.compile(r"(ESS-?)?([A-Z0-9]{3,6})")
_PLACE = re.compile(r"(\d{1,16})-([0-4])-(\d{1,16})-([0-9a-f]{32})")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for; ``at`` is the moment of which the list is read, ``after`` where its page begins."""

    tab: Tab
    filters: Filters
    typed: str
    chosen: dict[str, str]  # the filters as they are written in the address, those that mean something
    at: datetime
    after: Place | None


def read_asked(moment: datetime, account: StaffAccount) -> Asked:
    """Read the address; an unknown value is as good as none."""
    given, knowledge = request.args, get_knowledge()
    chosen = {name: given.get(name, "") for name in _KNOWN if given.get(name, "") in _known_values(name, knowledge)}
    chosen |= _adviser(given.get("conseiller", ""))
    typed = printable(given.get("q", ""), _LONGEST).strip()
    tabs = {tab.value: tab for tab in Tab}
    at, after = _read_place(given.get("suite", ""), moment)
    return Asked(
        tab=tabs.get(given.get("vue", ""), Tab.OPEN),
        filters=_filters(chosen, typed, moment, account, knowledge),
        typed=typed,
        chosen=chosen,
        at=at,
        after=after,
    )


_KNOWN = ("epci", "besoin", "etape", "label", "hors-reseau", "origine", "age", "depuis")


def _known_values(name: str, knowledge: KnowledgeBase) -> set[str]:
    return {
        "epci": set(knowledge.territory.epcis),
        "besoin": set(knowledge.needs),
        "etape": set(knowledge.questions["stage"].options),
        "label": set(knowledge.questions["budget_citoyen"].options),
        "hors-reseau": {"oui", "non"},
        "origine": {origin.value for origin in Origin},
        "age": set(AGES),
        "depuis": {"visite"},
    }[name]


def _adviser(given: str) -> dict[str, str]:
    try:
        return {"conseiller": given if given == NOBODY else str(UUID(given))}
    except ValueError:
        return {}


def _filters(
    chosen: dict[str, str], typed: str, moment: datetime, account: StaffAccount, knowledge: KnowledgeBase
) -> Filters:
    adviser, outside, origin = chosen.get("conseiller"), chosen.get("hors-reseau"), chosen.get("origine")
    _, least, most = AGES.get(chosen.get("age", ""), ("", 0, None))
    reference = _REFERENCE.fullmatch(typed.upper())
    words = normalise(typed).split()[:_MOST_WORDS]
    return Filters(
        epci=chosen.get("epci"),
        need=chosen.get("besoin"),
        stage=chosen.get("etape"),
        label=chosen.get("label"),
        outside=outside == "oui" if outside else None,
        origin=Origin.of(origin) if origin else None,
        adviser=UUID(adviser) if adviser and adviser != NOBODY else None,
        nobody=adviser == NOBODY,
        received_after=moment - timedelta(days=most) if most else None,
        received_before=moment - timedelta(days=least) if least else None,
        spoken_since=account.previous_visit_at if "depuis" in chosen else None,
        reference=f"ESS-{reference[2]}" if reference else "",
        words=[Word(word, knowledge.territory.list_beginning(word)) for word in words],
    )


def list_choices(knowledge: KnowledgeBase, team: Iterable[StaffAccount]) -> list[tuple[str, str, str, Choices]]:
    """List the filters: name, label, what choosing none says, what may be chosen."""
    colleagues = [(str(each.id), each.name) for each in team if each.role is not Role.READER]
    return [
        (
            "epci",
            "Intercommunalité",
            "Toutes",
            sorted(((key, knowledge.structures[key].name) for key in knowledge.territory.epcis), key=_by_label),
        ),
        (
            "besoin",
            "Besoin",
            "Tous",
            sorted(((key, need.name) for key, need in knowledge.needs.items()), key=_by_label),
        ),
        ("etape", "Étape du projet", "Toutes", _options("stage", knowledge)),
        ("label", "Budget citoyen", "Peu importe", _options("budget_citoyen", knowledge)),
        ("hors-reseau", "Hors réseau", "Peu importe", [("oui", "Oui"), ("non", "Non")]),
        ("conseiller", "Confié à", "Tout le monde", [(NOBODY, "Pas encore confié"), *colleagues]),
        ("origine", "Origine", "Toutes", [(origin.value, origin.label) for origin in Origin]),
        ("age", "Reçu depuis", "Peu importe", [(age, label) for age, (label, _, _) in AGES.items()]),
    ]


def _by_label(choice: tuple[str, str]) -> str:
    return normalise(choice[1])


def _options(question: str, knowledge: KnowledgeBase) -> Choices:
    return [(value, option.label) for value, option in knowledge.questions[question].options.items()]


def _read_place(given: str, moment: datetime) -> tuple[datetime, Place | None]:
    read = _PLACE.fullmatch(given)
    if read is None:
        return moment, None
    at, since = (_EPOCH + timedelta(microseconds=int(read[number])) for number in (1, 3))
    return min(at, moment), Place(Rank.of(read[2]), since, UUID(read[4]))


def _micros(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(microseconds=1)


def page_address(asked: Asked, place: Place) -> str:
    """Where the list goes on, as of the moment at which its first page was read."""
    return address_with(suite=f"{_micros(asked.at)}-{place.rank.value}-{_micros(place.since)}-{place.id.hex}")


def address_with(path: str = "/equipe", **changes: str | None) -> str:
    """The same list with something changed; its pages start again."""
    kept = {name: value for name, value in request.args.items() if name != "suite" and value} | changes
    return f"{path}{query_string([(name, value) for name, value in kept.items() if value])}"
