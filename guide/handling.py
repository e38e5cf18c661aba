"""Handling: how each gesture of the team on a dossier begins and ends: found, taken as it was seen, told."""

from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from sqlmodel import Session

from guide.errors import ClosedError, NotFoundError, NotInformedError
from guide.models import JournalLine, Referral, StaffAccount
from guide.models.journal import Author, LineKind
from guide.models.outgoing import MailTemplate
from guide.outbox import announce
from guide.store import desk, journal, referrals

SECOND_THOUGHTS = timedelta(minutes=1)  # a mail to the person waits that long: it can be called back
write_line = partial(journal.add_line, author=Author.STAFF)


def find_referral(session: Session, account: StaffAccount, reference: str) -> Referral:
    """Find a referral that this account may see; raise NotFoundError otherwise, whatever the reason."""
    referral = desk.find_visible(session, reference, account)
    if referral is None:
        raise NotFoundError
    return referral


def hold_referral(session: Session, account: StaffAccount, reference: str) -> Referral:
    """Take a referral to add something to it, whatever else was changed since it was on screen."""
    return referrals.hold_referral(session, find_referral(session, account, reference).id)


def take_open_referral(session: Session, account: StaffAccount, reference: str, version: int) -> Referral:
    """Take an open referral as it was on screen, to change it; raise StaleError or ClosedError."""
    referral = referrals.lock_referral(session, find_referral(session, account, reference).id, version)
    if not referral.is_open:
        raise ClosedError
    return referral


def note_contact(session: Session, referral: Referral, at: datetime) -> None:
    """Remember the last contact: what is kept is kept so long after it."""
    locked = referrals.lock_referral(session, referral.id)
    locked.last_contact_at = at
    locked.version -= 1  # nothing that another officer sees on screen was changed


def tell_person(
    session: Session,
    referral: Referral,
    staff_id: UUID,
    text: str | None,
    *,
    at: datetime,
    kind: LineKind = LineKind.MESSAGE,
) -> JournalLine | None:
    """Write to the person: she reads it by her link, and in a minute by mail if she gave an address.

    Raise NotInformedError when she came by the table and nobody has recorded yet that she agrees.
    """
    if not text:
        return None
    if not referral.may_be_written_to:
        raise NotInformedError
    line = write_line(session, referral, kind, at=at, staff_id=staff_id, text=text, visible=True)
    if referral.email:
        due = at + SECOND_THOUGHTS
        announce(session, MailTemplate.STAFF_WROTE, at=at, due=due, referral_id=referral.id, line_id=line.id)
    return line
