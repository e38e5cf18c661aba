"""The outbox: what is to be mailed is a row written with what it announces, in the same transaction."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from guide.models.outgoing import MailTemplate, OutgoingMail
from guide.store import mails


def outgoing(
    template: MailTemplate,
    *,
    at: datetime,
    referral_id: UUID | None = None,
    line_id: UUID | None = None,
    account_id: UUID | None = None,
    due: datetime | None = None,
) -> OutgoingMail:
    """Make the row of a mail that is to leave; it holds identifiers only, and is rendered when it leaves."""
    return OutgoingMail(
        template=template,
        referral_id=referral_id,
        line_id=line_id,
        account_id=account_id,
        created_at=at,
        due_at=due or at,
    )


def announce_once(session: Session, template: MailTemplate, *, at: datetime, referral_id: UUID, line_id: UUID) -> None:
    """Write that a mail is to leave, unless the same one about the same referral still waits: it tells both."""
    if not mails.hold_waiting(session, template, referral_id):
        announce(session, template, at=at, referral_id=referral_id, line_id=line_id)


def announce(session: Session, template: MailTemplate, *, at: datetime, **about: Any) -> OutgoingMail:
    """Write that a mail is to leave, in the transaction of what it announces; ``about``: see ``outgoing``."""
    mail = outgoing(template, at=at, **about)
    session.add(mail)
    return mail
