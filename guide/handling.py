"""Handling: how each gesture of the team on a dossier begins and ends: found, taken as it was seen, told."""

from datetime import date, datetime, timedelta
from functools import partial
from uuid import UUID

from sqlmodel import Session

from guide.days import paris_day, weekday_date
from guide.errors import ClosedError, NotFoundError, NotInformedError, TooLateError
from guide.models import JournalLine, OutgoingMail, Referral, StaffAccount
from guide.models.journal import Author, LineKind
from guide.models.outgoing import MailTemplate
from guide.models.referral import MOVES, Body, ReferralState
from guide.models.staff import Role
from guide.outbox import announce
from guide.store import absences, desk, journal, mails, referrals
from guide.text import typeset

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


def give_to(
    session: Session,
    referral: Referral,
    assignee: UUID | None,
    account: StaffAccount,
    *,
    at: datetime,
    but: UUID | None = None,
) -> StaffAccount:
    """Put a referral in the hands of somebody who can sign in, or of the colleague of whoever is away, and say so.

    ``but``: who gives it away, and is not given it back.
    """
    people = {each.id: each for each in desk.list_assignable(session) if each.id != but}
    if assignee not in people:
        raise NotFoundError
    away = absences.find_away(session, paris_day(at))
    chosen = people[absences.find_stand_in(assignee, away, people)]
    if chosen.id != assignee:
        until = weekday_date(away[assignee].last_day)
        text = typeset(f"{people[assignee].name} est en congé jusqu’au {until} : le dossier va à {chosen.name}.")
        write_line(session, referral, LineKind.ROUTED, at=at, staff_id=account.id, text=text)
    referral.assigned_to = chosen.id
    referral.assigned_body = Body.APES if chosen.role is Role.ADVISER else Body.MISSION
    return chosen


def note_contact(session: Session, referral: Referral, at: datetime) -> None:
    """Remember the last contact: what is kept is kept so long after it."""
    locked = referrals.lock_referral(session, referral.id)
    locked.last_contact_at = at
    locked.version -= 1  # nothing that another officer sees on screen was changed


def follow_contact(session: Session, referral: Referral, account: StaffAccount, *, met: bool, at: datetime) -> None:
    """Let the state follow a contact, or a meeting, as far as the table of moves allows."""
    for state in (ReferralState.CONTACTED, ReferralState.MET)[: 2 if met else 1]:
        if state in MOVES[referral.state]:
            moved = (referral.state.value, state.value)
            referral.move(state, at=at)
            referral.version += 1
            write_line(session, referral, LineKind.MOVED, at=at, staff_id=account.id, moved=moved, visible=True)


def expect(referral: Referral, day: date | None, why: str) -> None:
    """Expect nothing before a day that was agreed: the dossier rests until then."""
    if day is not None:
        referral.snoozed_until, referral.snooze_reason = day, why


def expect_no_more(referral: Referral, why: str) -> None:
    """End the rest that was given for such a reason: what was awaited came, or never will."""
    if referral.snooze_reason == why:
        referral.snoozed_until = referral.snooze_reason = None


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


def take_back(session: Session, referral: Referral, *, before: ReferralState, at: datetime) -> ReferralState:
    """Take back the mails about moves that a newer one makes vain; return the state that the person knows of.

    A mail that carries a word still leaves, unless the newer move undoes its own.
    """
    known = before
    for mail, line in reversed(mails.list_recallable(session, referral.id, at)):
        if line.kind is not LineKind.MOVED or line.to_state != known.value:
            continue
        undone = line.from_state == referral.state.value
        if undone or mails.find_message_of_move(session, line) is None:
            known = ReferralState.of(str(line.from_state))
            _drop(session, mail, line)
    return known


def call_back(session: Session, account: StaffAccount, mail_id: UUID, *, at: datetime) -> Referral:
    """Call back a mail of one's own before its minute is over; raise TooLateError, or NotFoundError.

    What it announced stays done; the words that it carried are no longer shown to the person.
    """
    mail = mails.find_mail(session, mail_id)
    line = session.get(JournalLine, mail.line_id) if mail and mail.line_id else None
    if mail is None or mail.referral_id is None or line is None or line.staff_id != account.id:
        raise NotFoundError
    referral = referrals.hold_referral(session, mail.referral_id)
    if mail.id not in {waiting.id for waiting, _ in mails.list_recallable(session, referral.id, at)}:
        raise TooLateError(referral.reference)
    _drop(session, mail, line)
    write_line(session, referral, LineKind.CALLED_BACK, at=at, staff_id=account.id)
    return referral


def _drop(session: Session, mail: OutgoingMail, line: JournalLine) -> None:
    words = mails.find_message_of_move(session, line) if line.kind is LineKind.MOVED else line
    if words is not None:
        words.visible = False
    session.delete(mail)
    session.flush()
