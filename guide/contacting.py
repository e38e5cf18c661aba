"""Contacting: the attempts to reach a person, what she was told the first time, whether she still goes on."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session

from guide.days import weekday_date
from guide.errors import ClosedError, NotInformedError
from guide.handling import expect, expect_no_more, follow_contact, hold_referral, note_contact, tell_person, write_line
from guide.models import ContactAttempt, Referral, StaffAccount
from guide.models.journal import Author, Channel, LineKind
from guide.models.referral import Informed
from guide.store import journal
from guide.text import typeset

_SECOND_CLICK = timedelta(minutes=1)  # nobody calls twice in a minute


@dataclass(frozen=True, slots=True)
class FirstContact:
    """What somebody who came by the table was told, and whether she agrees to be followed and written to."""

    how: Informed
    agreed: bool


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt to reach a person: how, whether she was, what the team notes, when to try or speak again."""

    channel: Channel
    reached: bool
    note: str | None = None
    next_on: date | None = None
    first: FirstContact | None = None  # goes with the first contact of somebody who came by the table


def record_attempt(session: Session, account: StaffAccount, reference: str, attempt: Attempt, *, at: datetime) -> None:
    """Record an attempt; the person reads that it was made, and when the next one is. A second click records nothing.

    A person who is reached is in contact, and met when it was a meeting: the states follow, as far as the table of
    moves allows. Raises ClosedError, and NotInformedError when the first contact of who came by the table says nothing
    of what she was told.
    """
    referral = hold_referral(session, account, reference)
    if not referral.is_open:
        raise ClosedError
    text = _said(attempt)
    last = journal.find_last(session, referral.id, LineKind.ATTEMPT, Author.STAFF, staff_id=account.id)
    if last is not None and last.text == text and at - last.at < _SECOND_CLICK:
        return
    if attempt.reached and referral.must_be_informed:
        _inform(session, referral, account, attempt.first, at)
    session.add(
        ContactAttempt(
            referral_id=referral.id,
            at=at,
            channel=attempt.channel,
            reached=attempt.reached,
            next_on=attempt.next_on,
            staff_id=account.id,
        )
    )
    write_line(session, referral, LineKind.ATTEMPT, at=at, staff_id=account.id, text=text, visible=True)
    if attempt.note:
        write_line(session, referral, LineKind.NOTE, at=at, staff_id=account.id, text=attempt.note)
    if attempt.reached:
        expect_no_more(referral, _NEXT)
    expect(referral, attempt.next_on, _NEXT)
    if attempt.reached:
        note_contact(session, referral, at)
        follow_contact(session, referral, account, met=attempt.channel is Channel.MEETING, at=at)


_NEXT = "Prochain contact prévu"


def _said(attempt: Attempt) -> str:
    """What the person reads of an attempt."""
    text = _ATTEMPTS[attempt.channel][0 if attempt.reached else 1]
    return typeset(f"{text} Prochain contact : {weekday_date(attempt.next_on)}." if attempt.next_on else text)


_ATTEMPTS = {  # reached, not reached
    Channel.PHONE: ("Nous nous sommes parlé au téléphone.", "Nous vous avons appelé·e, sans réponse."),
    Channel.MAIL: ("Nous avons échangé par courriel.", "Nous vous avons écrit, sans réponse pour l’instant."),
    Channel.SMS: ("Nous avons échangé par SMS.", "Nous vous avons envoyé un SMS."),
    Channel.MEETING: ("Nous nous sommes rencontrés.", "Le rendez-vous n’a pas pu avoir lieu."),
    Channel.POST: ("Nous avons échangé par courrier.", "Nous vous avons envoyé un courrier."),
}


def _inform(
    session: Session, referral: Referral, account: StaffAccount, first: FirstContact | None, at: datetime
) -> None:
    """Record how the person was told who holds her name, and her agreement; nothing is mailed to her before."""
    if first is None:
        raise NotInformedError
    referral.informed_how, referral.informed_at = first.how, at
    referral.agreed_at = at if first.agreed else None
    agreement = "d’accord pour être accompagné·e" if first.agreed else "pas d’accord pour l’instant"
    text = f"{first.how.label}, {agreement}."
    write_line(session, referral, LineKind.INFORMED, at=at, staff_id=account.id, text=text, visible=True)


def ask_still_in(session: Session, account: StaffAccount, reference: str, text: str, *, at: datetime) -> None:
    """Ask a person who cannot be reached whether she still goes on; twice the same in an hour is once."""
    referral = hold_referral(session, account, reference)
    if not referral.is_open:
        raise ClosedError
    last = journal.find_last(session, referral.id, LineKind.STILL_ASKED, Author.STAFF)
    if last is None or last.text != text or at - last.at > timedelta(hours=1):
        tell_person(session, referral, account.id, text, at=at, kind=LineKind.STILL_ASKED)
