"""The outbox, read: the next mail due, what waits and why, what was sent long ago."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, or_
from sqlmodel import Session, col, select

from guide.models import JournalLine, OutgoingMail, Referral, StaffAccount
from guide.models.journal import LineKind
from guide.models.outgoing import MailTemplate
from guide.models.staff import Role


def claim_next(session: Session, *, due_by: datetime, now: datetime, until: datetime) -> OutgoingMail | None:
    """Take the next mail due, for oneself alone until a moment; None when nothing is due.

    PostgreSQL skips the rows that another deliverer is taking; SQLite lets one writing transaction in at a time.
    """
    waiting = select(OutgoingMail).where(
        col(OutgoingMail.sent_at).is_(None),
        col(OutgoingMail.due_at) <= due_by,
        or_(col(OutgoingMail.claimed_until).is_(None), col(OutgoingMail.claimed_until) <= now),
    )
    first = waiting.order_by(col(OutgoingMail.due_at), col(OutgoingMail.id)).limit(1)
    mail = session.exec(first.with_for_update(skip_locked=True)).first()
    if mail is not None:
        mail.claimed_until = until
        mail.tries += 1
    return mail


def hold_waiting(session: Session, template: MailTemplate, referral_id: UUID) -> bool:
    """Whether such a mail about a referral has not begun to leave; it waits then for the end of the transaction."""
    query = select(OutgoingMail.id).where(
        OutgoingMail.template == template,
        OutgoingMail.referral_id == referral_id,
        col(OutgoingMail.sent_at).is_(None),
        col(OutgoingMail.claimed_until).is_(None),
        col(OutgoingMail.account_id).is_(None),  # a copy for one officer says nothing of what the others received
    )
    return session.exec(query.limit(1).with_for_update()).first() is not None


def is_any_due(session: Session, now: datetime) -> bool:
    """Whether a mail could be taken: a look that takes no lock."""
    query = select(OutgoingMail.id).where(
        col(OutgoingMail.sent_at).is_(None),
        col(OutgoingMail.due_at) <= now,
        or_(col(OutgoingMail.claimed_until).is_(None), col(OutgoingMail.claimed_until) <= now),
    )
    return session.exec(query.limit(1)).first() is not None


def find_mail(session: Session, mail_id: UUID) -> OutgoingMail | None:
    """Find a mail; None when what it announced was erased meanwhile."""
    return session.get(OutgoingMail, mail_id)


def list_recallable(session: Session, referral_id: UUID, now: datetime) -> list[tuple[OutgoingMail, JournalLine]]:
    """List, and hold, the mails to a person that wait for their minute, each with the line that it announces."""
    query = select(OutgoingMail, JournalLine).join(JournalLine, col(OutgoingMail.line_id) == col(JournalLine.id))
    found = session.exec(
        query.where(*_may_be_called_back(referral_id, now))
        .order_by(col(OutgoingMail.id))
        .with_for_update(of=OutgoingMail)
    )
    return [(mail, line) for mail, line in found]


def list_leaving(session: Session, referral_id: UUID, account_id: UUID, now: datetime) -> Sequence[OutgoingMail]:
    """List what somebody of the team may still call back."""
    query = select(OutgoingMail).join(JournalLine, col(OutgoingMail.line_id) == col(JournalLine.id))
    waiting = (*_may_be_called_back(referral_id, now), JournalLine.staff_id == account_id)
    return session.exec(query.where(*waiting).order_by(col(OutgoingMail.id))).all()


def _may_be_called_back(referral_id: UUID, now: datetime) -> tuple[ColumnElement[bool] | bool, ...]:
    return (
        OutgoingMail.referral_id == referral_id,
        col(OutgoingMail.template).in_(_RECALLABLE),
        col(OutgoingMail.sent_at).is_(None),
        col(OutgoingMail.claimed_until).is_(None),
        OutgoingMail.tries == 0,
        col(OutgoingMail.due_at) > now,
    )


_RECALLABLE = (MailTemplate.STAFF_WROTE, MailTemplate.STATE_CHANGED, MailTemplate.CLOSED)


def list_ids(session: Session) -> Sequence[UUID]:
    """List the keys of all mails, sent or waiting."""
    return session.exec(select(OutgoingMail.id).order_by(col(OutgoingMail.id))).all()


def add_copy(session: Session, mail: OutgoingMail, account_id: UUID) -> None:
    """Add the same mail for somebody else, so that each is sent and retried alone."""
    session.add(
        OutgoingMail(
            template=mail.template,
            referral_id=mail.referral_id,
            line_id=mail.line_id,
            account_id=account_id,
            created_at=mail.created_at,
            due_at=mail.due_at,
        )
    )


def find_steady_referral(session: Session, referral_id: UUID | None) -> Referral | None:
    """Find a referral and keep it as it is until the end of the transaction: an erasure waits, or was already there."""
    query = select(Referral).where(Referral.id == referral_id).with_for_update()
    return session.exec(query).first()


def find_message_of_move(session: Session, move: JournalLine) -> JournalLine | None:
    """Find the message to the person that was written with a change of state, by the same hand at the same moment."""
    query = select(JournalLine).where(
        JournalLine.referral_id == move.referral_id,
        JournalLine.kind == LineKind.MESSAGE,
        JournalLine.at == move.at,
        JournalLine.staff_id == move.staff_id,
        col(JournalLine.visible),
    )
    return session.exec(query.order_by(col(JournalLine.id).desc())).first()


def list_alerted_officers(session: Session) -> Sequence[StaffAccount]:
    """List the officers who can sign in today: whoever was invited and never came is told nothing."""
    query = select(StaffAccount).where(
        StaffAccount.role == Role.OFFICER,
        col(StaffAccount.disabled_at).is_(None),
        col(StaffAccount.password_hash).is_not(None),
    )
    return session.exec(query.order_by(col(StaffAccount.id))).all()


def count_waiting(session: Session) -> int:
    """How many mails wait, due or not yet."""
    return session.exec(select(func.count()).where(col(OutgoingMail.sent_at).is_(None))).one()


def find_oldest_waiting(session: Session) -> datetime | None:
    """Since when the oldest mail waits."""
    return session.exec(select(func.min(OutgoingMail.created_at)).where(col(OutgoingMail.sent_at).is_(None))).one()


def list_failures(session: Session) -> list[tuple[str, int]]:
    """List the kinds of failure of what waits, and how many of each, the commonest first."""
    query = select(OutgoingMail.failure, func.count()).where(
        col(OutgoingMail.sent_at).is_(None), col(OutgoingMail.failure).is_not(None)
    )
    found = session.exec(query.group_by(col(OutgoingMail.failure))).all()
    return sorted(((str(kind), number) for kind, number in found), key=lambda each: (-each[1], each[0]))


def is_any_sent(session: Session, before: datetime) -> bool:
    """Whether something was sent before a moment."""
    return session.exec(select(OutgoingMail.id).where(col(OutgoingMail.sent_at) < before).limit(1)).first() is not None


def purge_sent(session: Session, before: datetime) -> int:
    """Forget what was sent before a moment; return how many rows went."""
    return int(session.exec(delete(OutgoingMail).where(col(OutgoingMail.sent_at) < before)).rowcount)
