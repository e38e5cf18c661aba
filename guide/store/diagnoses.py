"""Pre-diagnoses: versions are added, never changed."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session, col, select

from guide.models.diagnosis import Diagnosis


def list_diagnoses(session: Session, referral_id: UUID) -> Sequence[Diagnosis]:
    """List the versions of a pre-diagnosis, the newest first."""
    query = select(Diagnosis).where(Diagnosis.referral_id == referral_id)
    return session.exec(query.order_by(col(Diagnosis.number).desc())).all()


def is_any_shared(session: Session, referral_id: UUID) -> bool:
    """Whether the person may read one."""
    query = select(Diagnosis.id).where(Diagnosis.referral_id == referral_id, col(Diagnosis.shared_at).is_not(None))
    return session.exec(query.limit(1)).first() is not None


def find_shared(session: Session, referral_id: UUID) -> Diagnosis | None:
    """Find the last version that the person may read."""
    query = select(Diagnosis).where(Diagnosis.referral_id == referral_id, col(Diagnosis.shared_at).is_not(None))
    return session.exec(query.order_by(col(Diagnosis.number).desc())).first()
