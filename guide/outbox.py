"""The outbox: what is to be mailed is a row written with what it announces, in the same transaction."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from guide.models.outgoing import MailTemplate, OutgoingMail


def announce(
    session: Session,
    template: MailTemplate,
    *,
    at: datetime,
    referral_id: UUID | None = None,
    line_id: UUID | None = None,
    account_id: UUID | None = None,
    due: datetime | None = None,
) -> OutgoingMail:
    """Write that a mail is to leave; it holds identifiers only, and is rendered when it leaves."""
    mail = OutgoingMail(
        template=template,
        referral_id=referral_id,
        line_id=line_id,
        account_id=account_id,
        created_at=at,
        due_at=due or at,
    )
    session.add(mail)
    return mail
