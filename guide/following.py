"""Following: what the team does with a referral. Each verb checks, changes, writes the journal and announces."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session

from guide.delays import Delays
from guide.errors import DuplicateError, MissingMessageError, NotFoundError, StillToAskError
from guide.handling import (
    SECOND_THOUGHTS,
    find_referral,
    give_to,
    hold_referral,
    note_contact,
    take_back,
    tell_person,
    write_line,
)
from guide.models import Referral, StaffAccount
from guide.models.access import RightsTask, TaskKind
from guide.models.introduction import IntroductionState
from guide.models.journal import Author, LineKind
from guide.models.outgoing import MailTemplate
from guide.models.referral import Outcome, ReferralState
from guide.models.staff import Role
from guide.outbox import announce
from guide.store import appointments, desk, duplicates, journal, minting, referrals

_DONE_AGAIN = timedelta(minutes=15)
_READ_AGAIN = timedelta(hours=1)  # opening the same referral twice in an hour is one reading


@dataclass(frozen=True, slots=True)
class Move:
    """A change of state, as it was asked on a page that showed one version of the referral."""

    to: ReferralState
    version: int
    assignee: UUID | None = None
    text: str | None = None  # for the person


@dataclass(frozen=True, slots=True)
class Closing:
    """The end of a referral: its outcome, and the words that the person reads."""

    outcome: Outcome
    text: str
    version: int
    duplicate_of: str | None = None  # the reference of the other dossier, when it is a duplicate


def open_referral(session: Session, account: StaffAccount, reference: str, *, at: datetime) -> Referral:
    """Open a referral to read it, and write who did in its journal; raise NotFoundError when it is not theirs.

    The dossiers linked to it are read on the same page: their journals say so too.
    """
    referral = find_referral(session, account, reference)
    for each in (referral, *duplicates.list_linked(session, account, referral)):
        last = journal.find_last(session, each.id, LineKind.READ, Author.STAFF, staff_id=account.id)
        if last is None or at - last.at > _READ_AGAIN:
            write_line(session, each, LineKind.READ, at=at, staff_id=account.id)
    return referral


def move_referral(session: Session, account: StaffAccount, reference: str, move: Move, *, at: datetime) -> Referral:
    """Move a referral along the table of transitions, give it to somebody, tell the person; closing is another gesture.

    Raises IllegalMoveError, and StaleError when somebody changed it meanwhile.
    """
    referral = referrals.lock_referral(session, find_referral(session, account, reference).id, move.version)
    before = referral.state
    referral.move(move.to, at=at)
    if move.to is ReferralState.ASSIGNED:
        give_to(session, referral, move.assignee, account, at=at)
    elif move.to is ReferralState.REVIEWED:  # handed back: the Mission ESS chooses again
        referral.assigned_to = referral.assigned_body = None
    _tell_move(session, referral, account, before, text=move.text, at=at)
    return referral


def close_referral(
    session: Session, account: StaffAccount, reference: str, closing: Closing, *, at: datetime, delays: Delays
) -> Referral:
    """Close a referral with an outcome and a word; what was proposed and never taken up is withdrawn.

    Raises what ``move_referral`` raises, MissingMessageError without a word, DuplicateError when the other dossier of a
    duplicate cannot be linked, and StillToAskError when somebody who cannot be reached was not asked whether she still
    goes on, or has not had the time to answer.
    """
    if not closing.text:
        raise MissingMessageError
    referral = find_referral(session, account, reference)
    other = _find_other(session, account, referral, closing) if closing.outcome is Outcome.DUPLICATE else None
    referral = referrals.lock_referral(session, referral.id, closing.version)
    if closing.outcome is Outcome.UNREACHABLE and referral.may_be_written_to:
        _check_still_asked(session, referral, at, delays)
    before = referral.state
    referral.move(ReferralState.CLOSED, at=at, outcome=closing.outcome)
    if other is not None:
        referral.duplicate_of_id = other.id
        write_line(session, other, LineKind.LINKED, at=at, staff_id=account.id)
    for introduction in referrals.list_introductions(session, referral.id):
        if introduction.state in _NOT_TAKEN_UP:
            moved = (introduction.state.value, IntroductionState.WITHDRAWN.value)
            introduction.move(IntroductionState.WITHDRAWN, at=at)
            write_line(session, referral, LineKind.INTRODUCTION, at=at, staff_id=account.id, moved=moved)
    appointments.cancel_planned(session, referral.id, at)
    _tell_move(session, referral, account, before, text=closing.text, at=at)
    return referral


def _find_other(session: Session, account: StaffAccount, referral: Referral, closing: Closing) -> Referral:
    """Find, and hold, the dossier that goes on instead; both are held in one order, whoever links which to which."""
    other = desk.find_visible(session, closing.duplicate_of or "", account)
    if other is None:
        raise DuplicateError("Aucun dossier n’a cette référence, ou il n’est pas dans vos mains : vérifiez-la.")
    if other.id == referral.id:
        raise DuplicateError("C’est la référence de ce dossier-ci : écrivez celle de l’autre.")
    for each in sorted((referral.id, other.id)):
        referrals.hold_referral(session, each)
    if other.duplicate_of_id is not None:  # no ring, whatever is linked later
        raise DuplicateError(f"{other.reference} est déjà fermé comme doublon : choisissez le dossier qui continue.")
    return other


_S = IntroductionState
_NOT_TAKEN_UP = (_S.PROPOSED, _S.SENT, _S.WAITLISTED, _S.EXPIRED)


def _tell_move(
    session: Session,
    referral: Referral,
    account: StaffAccount,
    before: ReferralState,
    *,
    text: str | None,
    at: datetime,
) -> None:
    words = None
    if text:
        words = write_line(session, referral, LineKind.MESSAGE, at=at, staff_id=account.id, text=text, visible=True)
    line = write_line(
        session,
        referral,
        LineKind.MOVED,
        at=at,
        staff_id=account.id,
        moved=(before.value, referral.state.value),
        text=referral.outcome.label if referral.outcome else None,
        visible=True,
    )
    known = take_back(session, referral, before=before, at=at)
    if not (referral.email and referral.may_be_written_to):
        return
    if referral.state is not known:
        template = MailTemplate.STATE_CHANGED if referral.is_open else MailTemplate.CLOSED
        announce(session, template, at=at, due=at + SECOND_THOUGHTS, referral_id=referral.id, line_id=line.id)
    elif words is not None:  # back where she knows it to be: only the word is worth a mail
        due = at + SECOND_THOUGHTS
        announce(session, MailTemplate.STAFF_WROTE, at=at, due=due, referral_id=referral.id, line_id=words.id)


def _check_still_asked(session: Session, referral: Referral, at: datetime, delays: Delays) -> None:
    asked = journal.find_last(session, referral.id, LineKind.STILL_ASKED, Author.STAFF)
    waited = timedelta(days=delays.still_in_days)
    said = journal.find_last(session, referral.id, LineKind.MESSAGE, Author.PERSON)
    if asked is None or at - asked.at < waited:
        raise StillToAskError(f"{_ASK_FIRST} {delays.still_in_days} jours pour répondre.")
    if said is not None and said.at > asked.at:
        raise StillToAskError("La personne a répondu depuis que vous lui avez demandé : lisez son message.")


_ASK_FIRST = "Demandez d’abord « Toujours partant·e ? » à la personne, puis laissez-lui"


def write_to_person(session: Session, account: StaffAccount, reference: str, text: str, *, at: datetime) -> None:
    """Write to the person: she reads it by her link, and by mail if she gave one; twice the same is once.

    Raise NotInformedError when she came by the table and nobody has recorded yet that she agrees.
    """
    referral = hold_referral(session, account, reference)
    last = journal.find_last(session, referral.id, LineKind.MESSAGE, Author.STAFF, staff_id=account.id)
    if last is not None and last.text == text and at - last.at < _READ_AGAIN:
        return
    tell_person(session, referral, account.id, text, at=at)
    note_contact(session, referral, at)


def write_note(session: Session, account: StaffAccount, reference: str, text: str, *, at: datetime) -> None:
    """Write a note for the team; the person may ask to read it. Twice the same is once."""
    referral = hold_referral(session, account, reference)
    last = journal.find_last(session, referral.id, LineKind.NOTE, Author.STAFF, staff_id=account.id)
    if last is not None and last.text == text and at - last.at < _READ_AGAIN:
        return
    write_line(session, referral, LineKind.NOTE, at=at, staff_id=account.id, text=text)


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
