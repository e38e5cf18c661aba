"""Pausing: a dossier is put off until a day, for a reason; every date of the clock moves with it."""

from datetime import date, datetime

from sqlmodel import Session

from guide.days import weekday_date
from guide.errors import ClosedError
from guide.handling import expect, hold_referral, write_line
from guide.models import Referral, StaffAccount
from guide.models.journal import LineKind
from guide.text import typeset


def pause(session: Session, account: StaffAccount, reference: str, until: date, reason: str, *, at: datetime) -> None:
    """Put a dossier off until a day; a second click changes nothing. Raise ClosedError."""
    referral = _hold_open(session, account, reference)
    if (referral.snoozed_until, referral.snooze_reason) == (until, reason):
        return
    text = typeset(f"Jusqu’au {weekday_date(until)} : {reason}")
    write_line(session, referral, LineKind.SNOOZED, at=at, staff_id=account.id, text=text)
    expect(referral, until, reason)


def wake(session: Session, account: StaffAccount, reference: str, *, at: datetime) -> None:
    """Take a dossier up again before the day. Raise ClosedError."""
    referral = _hold_open(session, account, reference)
    if referral.snoozed_until is not None:
        write_line(session, referral, LineKind.WOKEN, at=at, staff_id=account.id)
        referral.snoozed_until = referral.snooze_reason = None


def _hold_open(session: Session, account: StaffAccount, reference: str) -> Referral:
    referral = hold_referral(session, account, reference)
    if not referral.is_open:
        raise ClosedError
    return referral
