"""Who is away, until when, and to whom new dossiers go meanwhile."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from guide.deadlines import Leave
from guide.errors import NotFoundError
from guide.models.absence import Absence
from guide.models.staff import StaffAccount

_COUNTED = timedelta(days=400)  # an absence over for longer moves no date any more


def list_coming(session: Session, account_id: UUID, today: date) -> Sequence[Absence]:
    """List the absences of an account that are not over, the earliest first."""
    query = select(Absence).where(Absence.account_id == account_id, col(Absence.last_day) >= today)
    return session.exec(query.order_by(col(Absence.first_day))).all()


def find_away(session: Session, today: date) -> dict[UUID, Absence]:
    """Find who is away on a day, by account."""
    query = select(Absence).where(col(Absence.first_day) <= today, col(Absence.last_day) >= today)
    return {each.account_id: each for each in session.exec(query.order_by(col(Absence.id)))}


def find_leaves(session: Session, today: date) -> dict[UUID, list[Leave]]:
    """Find the days of absence that move the dates of today, by account."""
    return leaves_of(list_counted(session, today))


def list_counted(session: Session, today: date) -> Sequence[Absence]:
    """List the absences that move the dates of today, those of today among them."""
    query = select(Absence).where(col(Absence.last_day) >= today - _COUNTED)
    return session.exec(query.order_by(col(Absence.id))).all()


def leaves_of(counted: Sequence[Absence]) -> dict[UUID, list[Leave]]:
    """Gather some absences by account."""
    leaves: dict[UUID, list[Leave]] = {}
    for each in counted:
        leaves.setdefault(each.account_id, []).append((each.first_day, each.last_day))
    return leaves


def find_stand_in(account_id: UUID, away: Mapping[UUID, Absence], people: Mapping[UUID, StaffAccount]) -> UUID:
    """Find who is given the dossiers of an account: itself, unless it is away and its colleague is not."""
    seen, now = {account_id}, account_id
    while now in away:
        colleague = away[now].colleague_id
        if colleague is None or colleague in seen or colleague not in people:
            return account_id
        seen.add(colleague)
        now = colleague
    return now


def is_any_between(session: Session, account_id: UUID, first: date, last: date) -> bool:
    """Whether an account is already away on one of these days."""
    query = select(Absence.id).where(
        Absence.account_id == account_id, col(Absence.first_day) <= last, col(Absence.last_day) >= first
    )
    return session.exec(query).first() is not None


def get_absence(session: Session, absence_id: UUID) -> Absence:
    """Get one absence; raise NotFoundError."""
    found = session.get(Absence, absence_id)
    if found is None:
        raise NotFoundError
    return found


def add_absence(session: Session, absence: Absence) -> None:
    """Add an absence."""
    session.add(absence)


def remove_absence(session: Session, absence: Absence) -> None:
    """Take an absence back."""
    session.delete(absence)
