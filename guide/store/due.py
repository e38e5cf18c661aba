"""What is due: for each delay of the table, whom it concerns now. ``only`` asks again about one, once it is held."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, delete
from sqlmodel import Session, col, select

from guide.deadlines import Limits, midnight
from guide.delays import Delays
from guide.models import Introduction, Referral, Reminder, StaffAccount
from guide.models.introduction import IntroductionState
from guide.models.referral import Outcome, ReferralState
from guide.models.staff import Role
from guide.store.lateness import is_asleep, is_uncalled, is_unread


def list_unread(session: Session, limits: Limits, only: UUID | None = None) -> Sequence[Referral]:
    """List the requests that nobody has read in time."""
    return _list(session, only, is_unread(limits))


def list_uncalled(session: Session, limits: Limits, only: UUID | None = None) -> Sequence[Referral]:
    """List the dossiers that were given to somebody who has not tried to reach the person in time."""
    return _list(session, only, is_uncalled(limits, limits.contact, limits.contact_of))


def list_abandoned(session: Session, limits: Limits, only: UUID | None = None) -> Sequence[Referral]:
    """List those for which colleagues are asked as well."""
    return _list(session, only, is_uncalled(limits, limits.colleagues, limits.colleagues_of))


def list_silent(session: Session, limits: Limits, only: UUID | None = None) -> Sequence[Referral]:
    """List the open dossiers whose person has had nothing new to read for long."""
    silent = col(Referral.news_at) < limits.stillness
    return _list(session, only, col(Referral.state) != ReferralState.CLOSED, silent, ~is_asleep(limits))


def _list(session: Session, only: UUID | None, *wanted: ColumnElement[bool]) -> Sequence[Referral]:
    query = select(Referral).where(col(Referral.anonymised_at).is_(None), *wanted)
    if only is not None:
        query = query.where(Referral.id == only).execution_options(populate_existing=True)
    return session.exec(query.order_by(col(Referral.id))).all()


def list_closed(session: Session, after: datetime, before: datetime) -> Sequence[Referral]:
    """List the dossiers closed between two moments whose person may be asked by mail what came of it."""
    asked = (col(Referral.email).is_not(None), col(Referral.outcome).not_in((Outcome.DUPLICATE, Outcome.WITHDRAWN)))
    closed = (col(Referral.state) == ReferralState.CLOSED, col(Referral.closed_at).between(after, before))
    return [each for each in _list(session, None, *closed, *asked) if each.may_be_written_to]


def list_unanswered(
    session: Session, limits: Limits, delays: Delays, only: UUID | None = None
) -> Sequence[Introduction]:
    """List what was sent to a structure that has not answered for so long that no answer is expected."""
    before = midnight(limits.today - timedelta(days=delays.link_expiry_days - 1))
    query = (
        select(Introduction)
        .join(Referral)
        .where(
            col(Introduction.state) == IntroductionState.SENT,
            col(Introduction.state_since) < before,
            col(Referral.state) != ReferralState.CLOSED,
            col(Referral.anonymised_at).is_(None),
        )
    )
    if only is not None:
        query = query.where(Introduction.id == only).execution_options(populate_existing=True)
    return session.exec(query.order_by(col(Introduction.id))).all()


def list_working(session: Session, role: Role | None = None) -> Sequence[StaffAccount]:
    """List the officers and advisers who can sign in, or those of one role."""
    query = select(StaffAccount).where(
        col(StaffAccount.role).in_([role] if role else [Role.OFFICER, Role.ADVISER]),
        col(StaffAccount.disabled_at).is_(None),
        col(StaffAccount.password_hash).is_not(None),
    )
    return session.exec(query.order_by(col(StaffAccount.id))).all()


def is_done(session: Session, key: str) -> bool:
    """Whether the clock has done something already."""
    return session.exec(select(Reminder.id).where(Reminder.key == key)).first() is not None


def add_done(session: Session, key: str, referral_id: UUID | None, at: datetime) -> None:
    """Write that something is being done; raise IntegrityError when another machine is doing it."""
    session.add(Reminder(key=key, referral_id=referral_id, at=at))
    session.flush()


def purge_before(session: Session, at: datetime) -> None:
    """Forget what the clock did before a moment."""
    session.exec(delete(Reminder).where(col(Reminder.at) < at))
