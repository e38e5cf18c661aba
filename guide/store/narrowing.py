"""What narrows a list of dossiers: the filters of the desk, and the search."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Text, and_, cast, distinct, func, or_
from sqlmodel import Session, col, select

from guide.models import JournalLine, Referral, StaffAccount
from guide.models.journal import Author
from guide.models.referral import Origin
from guide.store.desk import visible


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a search, normalised, and the communes whose name has a word that begins like it."""

    text: str
    communes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Filters:
    """What to list; None and empty mean "any"."""

    epci: str | None = None
    need: str | None = None
    stage: str | None = None
    label: str | None = None  # what was answered about the Budget citoyen
    outside: bool | None = None  # hors réseau
    origin: Origin | None = None
    adviser: UUID | None = None
    nobody: bool = False  # given to nobody
    received_after: datetime | None = None
    received_before: datetime | None = None
    spoken_since: datetime | None = None  # the person wrote, or asked, since a moment
    reference: str = ""
    words: Sequence[Word] = ()


def narrow(filters: Filters) -> list[ColumnElement[bool]]:
    """The conditions of some filters."""
    kept: list[ColumnElement[bool]] = []
    for column, wanted in (
        (Referral.epci, filters.epci),
        (Referral.stage, filters.stage),
        (Referral.outside_networks, filters.outside),
        (Referral.origin, filters.origin),
        (Referral.assigned_to, filters.adviser),
    ):
        if wanted is not None:
            kept.append(col(column) == wanted)
    if filters.nobody:
        kept.append(col(Referral.assigned_to).is_(None))
    if filters.need is not None:
        kept.append(_holds(Referral.needs, f'"{filters.need}"'))
    if filters.label is not None:
        kept.append(_holds(Referral.answers, f'["budget_citoyen", "{filters.label}"]'))
    if filters.received_after is not None:
        kept.append(col(Referral.received_at) >= filters.received_after)
    if filters.received_before is not None:
        kept.append(col(Referral.received_at) < filters.received_before)
    if filters.spoken_since is not None:
        kept.append(_spoken_since(filters.spoken_since))
    return [*kept, *_searched(filters)]


def _holds(column: object, text: str) -> ColumnElement[bool]:
    """Whether a JSON list, as both engines keep it, holds something: its identifiers have no sign to escape."""
    return cast(col(column), Text).contains(text, autoescape=True)


def _spoken_since(moment: datetime) -> ColumnElement[bool]:
    return col(Referral.id).in_(select(JournalLine.referral_id).where(*_said_since(moment)))


def _said_since(moment: datetime) -> list[ColumnElement[bool]]:
    return [col(JournalLine.at) > moment, col(JournalLine.author) == Author.PERSON, col(JournalLine.visible).is_(True)]


def _searched(filters: Filters) -> list[ColumnElement[bool]]:
    """Every word begins a word of the name or of the project, or of the commune; or the whole is a reference.

    A query of its own: one index holds all that it compares.
    """
    if not filters.words:
        return []
    wanted = and_(*(_begins(word) for word in filters.words))
    if filters.reference:
        wanted = or_(col(Referral.reference).startswith(filters.reference, autoescape=True), wanted)
    return [col(Referral.id).in_(select(Referral.id).where(wanted))]


def _begins(word: Word) -> ColumnElement[bool]:
    key = col(Referral.search_key)
    either = [key.like(f"{word.text}%"), key.like(f"% {word.text}%")]  # normalised: no sign to escape
    if word.communes:
        either.append(col(Referral.commune).in_(word.communes))
    return or_(*either)


def list_known_words(session: Session, account: StaffAccount) -> set[str]:
    """Every word that a search of this account could find in names and projects."""
    keys = session.exec(select(Referral.search_key).where(*visible(account))).all()
    return {word for key in keys if key for word in key.split()}


def count_since(session: Session, account: StaffAccount, moment: datetime) -> tuple[int, int]:
    """How many requests came since a moment, and how many people wrote in those that were there."""
    new = select(func.count()).where(col(Referral.received_at) > moment, *visible(account))
    spoken = (
        select(func.count(distinct(col(JournalLine.referral_id))))
        .join(Referral)
        .where(*_said_since(moment), col(Referral.received_at) <= moment, *visible(account))
    )
    return session.exec(new.select_from(Referral)).one(), session.exec(spoken.select_from(JournalLine)).one()
