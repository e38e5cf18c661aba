"""Leaving for some days: who is away and until when; an officer may say it for a colleague."""

from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session

from guide.errors import AlreadyAwayError, NotFoundError
from guide.models import Absence, StaffAccount
from guide.models.staff import Role
from guide.store import absences, accounts


def check_may_say(account: StaffAccount, absent: UUID) -> None:
    """Let anybody speak for herself, and officers for everybody; raise NotFoundError."""
    if account.id != absent and account.role is not Role.OFFICER:
        raise NotFoundError


def say_absence(
    session: Session,
    account: StaffAccount,
    absent: UUID,
    days: tuple[date, date],
    colleague: UUID | None,
    *,
    at: datetime,
) -> None:
    """Say that somebody is away on some days; raise AlreadyAwayError, or NotFoundError."""
    check_may_say(account, absent)
    accounts.get_account(session, absent, for_update=True)  # two at once wait in turn
    if absences.is_any_between(session, absent, *days):
        raise AlreadyAwayError
    first, last = days
    absence = Absence(account_id=absent, colleague_id=colleague, first_day=first, last_day=last, created_at=at)
    absences.add_absence(session, absence)


def end_absence(session: Session, account: StaffAccount, absence_id: UUID) -> UUID:
    """Take an absence back, and say whose it was; raise NotFoundError."""
    absence = absences.get_absence(session, absence_id)
    check_may_say(account, absence.account_id)
    absences.remove_absence(session, absence)
    return absence.account_id
