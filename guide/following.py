"""Following: what the team does with a referral. Each verb checks, changes, writes the journal and announces."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session

from guide.delays import Delays
from guide.errors import MissingMessageError, NotFoundError, NotInformedError
from guide.handling import SECOND_THOUGHTS, find_referral, hold_referral, tell_person, write_line
from guide.models import ContactAttempt, Referral, StaffAccount
from guide.models.access import RightsTask, TaskKind
from guide.models.journal import Author, Channel, LineKind
from guide.models.outgoing import MailTemplate
from guide.models.referral import Body, Informed, Outcome, ReferralState
from guide.models.staff import Role
from guide.outbox import announce
from guide.store import desk, journal, minting, referrals

_DONE_AGAIN = timedelta(minutes=15)
_SECOND_CLICK = timedelta(minutes=1)  # nobody calls twice in a minute
_READ_AGAIN = timedelta(hours=1)  # opening the same referral twice in an hour is one reading


@dataclass(frozen=True, slots=True)
class Move:
    """A change of state, as it was asked on a page that showed one version of the referral."""

    to: ReferralState
    version: int
    outcome: Outcome | None = None
    assignee: UUID | None = None
    text: str | None = None  # for the person


@dataclass(frozen=True, slots=True)
class FirstContact:
    """What somebody who came by the table was told, and whether she agrees to be followed and written to."""

    how: Informed
    agreed: bool


def open_referral(session: Session, account: StaffAccount, reference: str, *, at: datetime) -> Referral:
    """Open a referral to read it, and write in its journal who did; raise NotFoundError when it is not theirs."""
    referral = find_referral(session, account, reference)
    last = journal.find_last(session, referral.id, LineKind.READ, Author.STAFF, staff_id=account.id)
    if last is None or at - last.at > _READ_AGAIN:
        write_line(session, referral, LineKind.READ, at=at, staff_id=account.id)
    return referral


def move_referral(session: Session, account: StaffAccount, reference: str, move: Move, *, at: datetime) -> Referral:
    """Move a referral along the table of transitions, give it to somebody, tell the person.

    Raises IllegalMoveError, StaleError when somebody changed it meanwhile, MissingMessageError when it would be closed
    without a word.
    """
    seen = find_referral(session, account, reference)
    if move.to is ReferralState.CLOSED and not move.text:
        raise MissingMessageError
    referral = referrals.lock_referral(session, seen.id, move.version)
    before = referral.state
    referral.move(move.to, at=at, outcome=move.outcome)
    if move.to is ReferralState.ASSIGNED:
        _assign(session, referral, move.assignee)
    if move.text:
        write_line(session, referral, LineKind.MESSAGE, at=at, staff_id=account.id, text=move.text, visible=True)
    line = write_line(
        session,
        referral,
        LineKind.MOVED,
        at=at,
        staff_id=account.id,
        moved=(before.value, move.to.value),
        text=move.outcome.label if move.outcome else None,
        visible=True,
    )
    if referral.email and referral.may_be_written_to:
        template = MailTemplate.CLOSED if move.to is ReferralState.CLOSED else MailTemplate.STATE_CHANGED
        announce(session, template, at=at, due=at + SECOND_THOUGHTS, referral_id=referral.id, line_id=line.id)
    return referral


def _assign(session: Session, referral: Referral, assignee: UUID | None) -> None:
    """Give a referral to somebody of the Mission ESS or of the APES who can sign in."""
    chosen = next((each for each in desk.list_assignable(session) if each.id == assignee), None)
    if chosen is None:
        raise NotFoundError
    referral.assigned_to = chosen.id
    referral.assigned_body = Body.APES if chosen.role is Role.ADVISER else Body.MISSION


def write_to_person(session: Session, account: StaffAccount, reference: str, text: str, *, at: datetime) -> None:
    """Write to the person: she reads it by her link, and by mail if she gave one; twice the same is once.

    Raise NotInformedError when she came by the table and nobody has recorded yet that she agrees.
    """
    referral = hold_referral(session, account, reference)
    last = journal.find_last(session, referral.id, LineKind.MESSAGE, Author.STAFF, staff_id=account.id)
    if last is not None and last.text == text and at - last.at < _READ_AGAIN:
        return
    tell_person(session, referral, account.id, text, at=at)
    _touch(session, referral, at)


def write_note(session: Session, account: StaffAccount, reference: str, text: str, *, at: datetime) -> None:
    """Write a note for the team; the person may ask to read it. Twice the same is once."""
    referral = hold_referral(session, account, reference)
    last = journal.find_last(session, referral.id, LineKind.NOTE, Author.STAFF, staff_id=account.id)
    if last is not None and last.text == text and at - last.at < _READ_AGAIN:
        return
    write_line(session, referral, LineKind.NOTE, at=at, staff_id=account.id, text=text)


def record_attempt(
    session: Session,
    account: StaffAccount,
    reference: str,
    *,
    channel: Channel,
    reached: bool,
    at: datetime,
    first: FirstContact | None = None,
) -> None:
    """Record an attempt to reach the person; she reads that it was made, and when. A second click records nothing.

    ``first`` goes with the first contact of somebody who came by the table; raise NotInformedError without it.
    """
    referral, text = hold_referral(session, account, reference), _ATTEMPTS[channel][0 if reached else 1]
    last = journal.find_last(session, referral.id, LineKind.ATTEMPT, Author.STAFF, staff_id=account.id)
    if last is not None and last.text == text and at - last.at < _SECOND_CLICK:
        return
    if reached and referral.must_be_informed:
        _inform(session, referral, account, first, at)
    session.add(ContactAttempt(referral_id=referral.id, at=at, channel=channel, reached=reached, staff_id=account.id))
    write_line(
        session,
        referral,
        LineKind.ATTEMPT,
        at=at,
        staff_id=account.id,
        text=text,
        visible=True,
    )
    if reached:
        _touch(session, referral, at)


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


_ATTEMPTS = {  # what the person reads: reached, not reached
    Channel.PHONE: ("Nous nous sommes parlé au téléphone.", "Nous vous avons appelé·e, sans réponse."),
    Channel.MAIL: ("Nous avons échangé par courriel.", "Nous vous avons écrit, sans réponse pour l’instant."),
    Channel.SMS: ("Nous avons échangé par SMS.", "Nous vous avons envoyé un SMS."),
    Channel.MEETING: ("Nous nous sommes rencontrés.", "Le rendez-vous n’a pas pu avoir lieu."),
    Channel.POST: ("Nous avons échangé par courrier.", "Nous vous avons envoyé un courrier."),
}


def _touch(session: Session, referral: Referral, at: datetime) -> None:
    """Remember the last contact: what is kept is kept so long after it."""
    locked = referrals.lock_referral(session, referral.id)
    locked.last_contact_at = at
    locked.version -= 1  # nothing that another officer sees on screen was changed


def give_code(
    session: Session, account: StaffAccount, task_id: UUID, *, secret: str, now: datetime, delays: Delays
) -> tuple[Referral, str]:
    """Make the code that an officer reads out to the person at the known number; only its hash is kept."""
    task, referral = _get_task(session, account, task_id, TaskKind.CODE, now)
    code = minting.mint_code(session, referral, secret=secret, now=now, delays=delays)
    _finish(session, task, account, now)
    return referral, code


def give_link(session: Session, account: StaffAccount, task_id: UUID, *, now: datetime) -> tuple[Referral, str]:
    """Make a new secret link for a person who lost hers and has no mail; the officer sends it to the known number."""
    task, referral = _get_task(session, account, task_id, TaskKind.LINK, now)
    token = minting.mint_tracking_token(session, referral, now=now)
    _finish(session, task, account, now)
    return referral, token


def _get_task(
    session: Session, account: StaffAccount, task_id: UUID, kind: TaskKind, now: datetime
) -> tuple[RightsTask, Referral]:
    """Find a task that waits; one done a moment ago may be done again: a second click must not lose what it showed."""
    task = session.get(RightsTask, task_id)
    if task is None or task.kind is not kind or account.role is not Role.OFFICER:
        raise NotFoundError
    referral = referrals.hold_referral(session, task.referral_id)
    over = task.done_at is not None and now - task.done_at > _DONE_AGAIN
    if over or referral.phone is None:  # no number to call any more
        raise NotFoundError
    return task, referral


def _finish(session: Session, task: RightsTask, account: StaffAccount, now: datetime) -> None:
    task.done_at, task.done_by = now, account.id
    referral = session.get_one(Referral, task.referral_id)
    write_line(session, referral, LineKind.CODE_GIVEN, at=now, staff_id=account.id)
