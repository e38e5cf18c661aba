"""The queue: what waits, what is late, what no longer moves; one order that holds while the list changes.

A listing is read as of one moment. What has changed since then comes at its end, once more if it was read already, so
that nothing vanishes between two pages and nothing that did not change comes twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy
from sqlalchemy import ColumnElement, and_, case, false, func, literal, or_
from sqlalchemy.orm import defer
from sqlmodel import Session, col, select

from guide.deadlines import Limits
from guide.models import Introduction, JournalLine, Referral, StaffAccount
from guide.models.base import Labelled, UtcDateTime
from guide.models.introduction import IntroductionState
from guide.models.journal import Author, LineKind
from guide.models.referral import ReferralState
from guide.store.desk import visible
from guide.store.lateness import is_asleep, is_late
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


def _is_to_chase(limits: Limits) -> ColumnElement[bool]:
    """What nobody has touched for long, and what was put off until today; what is late is late before."""
    moved, until = col(Referral.moved_at), col(Referral.snoozed_until)
    woken = and_(until.is_not(None), until <= limits.today)  # whoever acts on it ends its pause: guide.store.journal
    return and_(col(Referral.state).in_(_FOLLOWED), or_(moved < limits.stillness, woken))


def _rank(limits: Limits) -> ColumnElement[str]:
    """In which part of a list an open dossier stands, told in the order in which it matters."""
    return case(
        (is_asleep(limits), Rank.SNOOZED),
        (is_late(limits), Rank.LATE),
        (_is_to_chase(limits), Rank.TO_CHASE),
        else_=Rank.IN_TIME,
    )


def _is_waiting() -> ColumnElement[bool]:
    awaited = select(Introduction.referral_id).where(col(Introduction.state).in_(_AWAITED))
    return col(Referral.id).in_(awaited)


def _in_tab(tab: Tab, account: StaffAccount, rank: ColumnElement[str]) -> ColumnElement[bool]:
    state = col(Referral.state)
    if tab is Tab.CLOSED:
        return state == ReferralState.CLOSED
    is_open = state != ReferralState.CLOSED
    if tab in _STATES:
        return and_(state == _STATES[tab], rank != Rank.SNOOZED)
    if tab in _RANKS:
        return and_(is_open, rank == _RANKS[tab])
    if tab is Tab.MINE:
        return and_(is_open, col(Referral.assigned_to) == account.id)
    return and_(is_open, _is_waiting()) if tab is Tab.WAITING else is_open


_STATES = {Tab.TO_REVIEW: ReferralState.RECEIVED, Tab.TO_ASSIGN: ReferralState.REVIEWED}
_RANKS = {Tab.LATE: Rank.LATE, Tab.TO_CHASE: Rank.TO_CHASE, Tab.SNOOZED: Rank.SNOOZED}


def count_tabs(session: Session, account: StaffAccount, filters: Filters, limits: Limits) -> dict[Tab, int]:
    """How many dossiers each tab holds, of those that an account may see and that the filters let through.

    Each dossier is judged once; the few kinds of them that come out are then counted into the tabs.
    """
    mine = func.coalesce(col(Referral.assigned_to) == account.id, false())
    judged: Any = select(
        col(Referral.state).label("state"),
        case((col(Referral.state) == ReferralState.CLOSED, Rank.IN_TIME), else_=_rank(limits)).label("rank"),
        mine.label("mine"),
        _is_waiting().label("waiting"),
    ).where(*visible(account), *narrow(filters))
    each = judged.subquery().c
    kept: list[Any] = [each.state, each.rank, each.mine, each.waiting]
    kinds: Any = sqlalchemy.select(*kept, func.count()).group_by(*kept)
    counts = dict.fromkeys(Tab, 0)
    for state, rank, is_mine, waits, number in session.exec(kinds).all():
        for tab in _tabs_of(state, Rank.of(rank), mine=bool(is_mine), waits=bool(waits)):
            counts[tab] += number
    return counts


def _tabs_of(state: ReferralState, rank: Rank, *, mine: bool, waits: bool) -> list[Tab]:
    """Every tab that holds such a dossier."""
    if state is ReferralState.CLOSED:
        return [Tab.CLOSED]
    of_state = [tab for tab, wanted in _STATES.items() if state is wanted and rank is not Rank.SNOOZED]
    of_rank = [tab for tab, wanted in _RANKS.items() if rank is wanted]
    return [Tab.OPEN, *of_state, *of_rank, *[Tab.MINE] * mine, *[Tab.WAITING] * waits]


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
    closed, ranked = tab is Tab.CLOSED, _rank(limits)
    since = col(Referral.closed_at) if closed else col(Referral.moved_at)
    changed = col(Referral.moved_at) > limits.at
    rank = case((changed, Rank.CHANGED), else_=Rank.IN_TIME if closed else ranked)
    keys: Any = select(col(Referral.id), rank, since)
    keys = keys.where(*visible(account), *narrow(filters), _in_tab(tab, account, ranked))
    if after is not None:
        keys = keys.where(_follows(after, rank, since, descending=closed))
    order = (since.desc(), col(Referral.id).desc()) if closed else (since, col(Referral.id))
    places = [
        Place(Rank.of(where), at, key) for key, where, at in session.exec(keys.order_by(rank, *order).limit(size + 1))
    ]
    return Page(_load(session, places[:size]), places[size - 1] if len(places) > size else None)


def _load(session: Session, places: Sequence[Place]) -> list[Row]:
    """Read the dossiers of a page, without what a row does not show."""
    query = select(Referral).where(col(Referral.id).in_([place.id for place in places]))
    found = {each.id: each for each in session.exec(query.options(*(defer(each) for each in _HEAVY)))}
    return [Row(found[place.id], place.rank) for place in places]


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
