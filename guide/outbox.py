"""The outbox: what is to be mailed is a row, written in the transaction of what it announces."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from guide.models import OutgoingMail
from guide.models.outgoing import MailTemplate


def announce(
    session: Session,
    template: MailTemplate,
    *,
    at: datetime,
    referral_id: UUID | None = None,
    line_id: UUID | None = None,
    account_id: UUID | None = None,
) -> None:
    """Write down that a mail is to be sent; it is rendered, with a fresh link, when it leaves."""
    mail = OutgoingMail(template=template, created_at=at, due_at=at)
    mail.referral_id, mail.line_id, mail.account_id = referral_id, line_id, account_id
    session.add(mail)
