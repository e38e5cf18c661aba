"""The queue: what waits, what is late, what no longer moves; one order that holds while the list changes.

A listing is read as of one moment. What has changed since then comes at its end, once more if it was read already, so
that nothing vanishes between two pages and nothing that did not change comes twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, exists, false, func, literal, not_, or_, true
from sqlalchemy.orm import defer
from sqlmodel import Session, col, select

from guide.deadlines import Limits
from guide.models import ContactAttempt, Introduction, JournalLine, Referral, StaffAccount
from guide.models.base import Labelled, UtcDateTime
from guide.models.introduction import IntroductionState
from guide.models.journal import Author, LineKind
from guide.models.referral import ReferralState
from guide.store.desk import visible
from guide.store.narrowing import Filters, narrow

PAGE = 50  # rows
_AWAITED = (IntroductionState.SENT, IntroductionState.WAITLISTED)
_FOLLOWED = (ReferralState.REVIEWED, ReferralState.ASSIGNED, ReferralState.CONTACTED, ReferralState.MET)
_HEAVY: tuple[Any, ...] = (Referral.words, Referral.answers, Referral.shown)  # what a row does not show


class Tab(Labelled):
    """What an officer may want to see first."""

    OPEN = "ouverts", "Tous les ouverts"
    LATE = "en-retard", "En retard"
    TO_REVIEW = "a-qualifier", "À qualifier"
    TO_ASSIGN = "a-confier", "À confier"
    MINE = "mes-dossiers", "Mes dossiers"
    TO_CHASE = "a-relancer", "À relancer"
    WAITING = "en-attente", "En attente d’une structure"
    SNOOZED = "en-pause", "En pause"
    CLOSED = "clos", "Clos"


class Rank(Labelled):
    """In which part of a list a dossier stands; the first part is read first."""

    LATE = "0", "En retard"
    TO_CHASE = "1", "À relancer"
    IN_TIME = "2", "Dans les temps"
    SNOOZED = "3", "En pause"
    CHANGED = "4", "Changés pendant que vous lisiez cette liste"


class Place(NamedTuple):
    """Where a page ended: the next one begins after it."""

    rank: Rank
    since: datetime
    id: UUID


@dataclass(frozen=True, slots=True)
class Row:
    """One dossier of a list."""

    referral: Referral
    rank: Rank


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a list, and where the next one begins (None: nowhere)."""

    rows: Sequence[Row]
    next: Place | None


def _asleep(limits: Limits) -> ColumnElement[bool]:
    return func.coalesce(col(Referral.snoozed_until) > limits.today, false())


def _is_late(limits: Limits) -> ColumnElement[bool]:
    """What the table of delays calls late; the day on which a pause ends is still in time."""
    attempted = exists().where(
        col(ContactAttempt.referral_id) == col(Referral.id), col(ContactAttempt.at) >= col(Referral.state_since)
    )
    since, until = col(Referral.state_since), col(Referral.snoozed_until)
    contact: Any = literal(limits.contact, UtcDateTime())
    if limits.contact_of:
        whens = [
            (col(Referral.assigned_to) == who, literal(at, UtcDateTime())) for who, at in limits.contact_of.items()
        ]
        contact = case(*whens, else_=contact)
    review = and_(col(Referral.state) == ReferralState.RECEIVED, since < limits.review)
    silent = and_(col(Referral.state) == ReferralState.ASSIGNED, since < contact, not_(attempted))
    return and_(or_(review, silent), or_(until.is_(None), until < limits.today))


def _is_to_chase(limits: Limits) -> ColumnElement[bool]:
    """What nobody has touched for long, and what was put off until today, when no delay of the table is over."""
    moved, until = col(Referral.moved_at), col(Referral.snoozed_until)
    woken = and_(until.is_not(None), until <= limits.today)  # whoever acts on it ends its pause: guide.store.journal
    still = and_(col(Referral.state).in_(_FOLLOWED), or_(moved < limits.stillness, woken), not_(_asleep(limits)))
    return and_(still, not_(_is_late(limits)))


def _is_waiting() -> ColumnElement[bool]:
    awaited = select(Introduction.referral_id).where(col(Introduction.state).in_(_AWAITED))
    return col(Referral.id).in_(awaited)


def _in_tab(tab: Tab, account: StaffAccount, limits: Limits) -> ColumnElement[bool]:
    open_, asleep = col(Referral.state) != ReferralState.CLOSED, _asleep(limits)
    conditions = {
        Tab.OPEN: true(),
        Tab.LATE: _is_late(limits),
        Tab.TO_REVIEW: and_(col(Referral.state) == ReferralState.RECEIVED, not_(asleep)),
        Tab.TO_ASSIGN: and_(col(Referral.state) == ReferralState.REVIEWED, not_(asleep)),
        Tab.MINE: col(Referral.assigned_to) == account.id,
        Tab.TO_CHASE: _is_to_chase(limits),
        Tab.WAITING: _is_waiting(),
        Tab.SNOOZED: asleep,
    }
    return not_(open_) if tab is Tab.CLOSED else and_(open_, conditions[tab])


def count_tabs(session: Session, account: StaffAccount, filters: Filters, limits: Limits) -> dict[Tab, int]:
    """How many dossiers each tab holds, of those that an account may see and that the filters let through."""
    sums = [func.coalesce(func.sum(case((_in_tab(tab, account, limits), 1), else_=0)), 0) for tab in Tab]
    query: Any = select(*sums).where(*visible(account), *narrow(filters))
    return dict(zip(Tab, map(int, session.exec(query).one()), strict=True))


def list_page(
    session: Session,
    account: StaffAccount,
    tab: Tab,
    filters: Filters,
    limits: Limits,
    *,
    after: Place | None = None,
    size: int = PAGE,
) -> Page:
    """List a part of a tab: what is late first, and in each part whoever has waited longest; closed ones newest first.

    ``limits`` are those of the moment at which the listing began, the same for all its pages.
    """
    changed = col(Referral.moved_at) > limits.at
    rank = case(
        (changed, Rank.CHANGED),
        (_asleep(limits), Rank.SNOOZED),
        (_is_late(limits), Rank.LATE),
        (_is_to_chase(limits), Rank.TO_CHASE),
        else_=Rank.IN_TIME,
    )
    closed = tab is Tab.CLOSED
    if closed:
        rank = case((changed, Rank.CHANGED), else_=Rank.IN_TIME)
    since = col(Referral.closed_at) if closed else col(Referral.moved_at)
    query: Any = select(Referral, rank, since).options(*(defer(each) for each in _HEAVY))
    query = query.where(*visible(account), *narrow(filters), _in_tab(tab, account, limits))
    if after is not None:
        query = query.where(_follows(after, rank, since, descending=closed))
    order = (since.desc(), col(Referral.id).desc()) if closed else (since, col(Referral.id))
    found = session.exec(query.order_by(rank, *order).limit(size + 1)).all()
    rows = [Row(referral, Rank.of(where)) for referral, where, _ in found[:size]]
    last = found[size - 1] if len(found) > size else None
    return Page(rows, Place(Rank.of(last[1]), last[2], last[0].id) if last else None)


def _follows(place: Place, rank: Any, since: Any, *, descending: bool) -> ColumnElement[bool]:
    at, key = literal(place.since, UtcDateTime()), col(Referral.id)
    further = since < at if descending else since > at
    beyond = key < place.id if descending else key > place.id
    return or_(rank > place.rank, and_(rank == place.rank, or_(further, and_(since == at, beyond))))


def list_awaited(session: Session, rows: Sequence[Row]) -> dict[UUID, list[Introduction]]:
    """List the structures whose answer each dossier of a page waits for."""
    ids = [row.referral.id for row in rows]
    query = select(Introduction).where(col(Introduction.referral_id).in_(ids), col(Introduction.state).in_(_AWAITED))
    found: dict[UUID, list[Introduction]] = {}
    for introduction in session.exec(query.order_by(col(Introduction.state_since))).all() if ids else []:
        found.setdefault(introduction.referral_id, []).append(introduction)
    return found


def list_unanswered(session: Session, rows: Sequence[Row]) -> dict[UUID, datetime]:
    """Since when the person has been waiting for an answer, for the dossiers of a page where she spoke last."""
    ids = [row.referral.id for row in rows]
    said = col(JournalLine.kind).in_((LineKind.MESSAGE, LineKind.ATTEMPT))
    written = func.max(case((col(JournalLine.author) == Author.PERSON, col(JournalLine.at))))
    answered = func.max(case((col(JournalLine.author) == Author.STAFF, col(JournalLine.at))))
    query: Any = select(JournalLine.referral_id, written).where(col(JournalLine.referral_id).in_(ids), said)
    query = query.group_by(col(JournalLine.referral_id)).having(or_(answered.is_(None), written > answered))
    return {key: at for key, at in session.exec(query).all() if at is not None} if ids else {}
