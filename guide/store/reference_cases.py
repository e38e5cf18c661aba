"""Reference cases: one by referral, the last judgement."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session, col, select

from guide.models import Referral
from guide.models.reference_case import ReferenceCase


def find_case(session: Session, referral_id: UUID) -> ReferenceCase | None:
    """Find what was said of the orientation of a referral."""
    return session.exec(select(ReferenceCase).where(ReferenceCase.referral_id == referral_id)).first()


def list_cases(session: Session) -> Sequence[tuple[ReferenceCase, Referral]]:
    """List the cases, each with its referral, the oldest first."""
    query = select(ReferenceCase, Referral).join(Referral).where(col(Referral.anonymised_at).is_(None))
    return session.exec(query.order_by(col(ReferenceCase.at), col(ReferenceCase.id))).all()
