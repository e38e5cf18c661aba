"""What people said once their request was closed."""

from uuid import UUID

from sqlmodel import Session, select

from guide.models.feedback import Feedback, FeedbackKind


def find_feedback(session: Session, referral_id: UUID, kind: FeedbackKind) -> Feedback | None:
    """Find what a person answered to one question."""
    return session.exec(select(Feedback).where(Feedback.referral_id == referral_id, Feedback.kind == kind)).first()
