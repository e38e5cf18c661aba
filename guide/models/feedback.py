"""What a person says once her request is closed: whether it helped, then where her project stands."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from guide.models.base import Labelled, moment, new_id, one_of


class FeedbackKind(Labelled):
    """What is asked."""

    SATISFACTION = "satisfaction", "Cet échange vous a-t-il aidé·e ?"
    NEWS = "news", "Où en est votre projet ?"


class FeedbackAnswer(Labelled):
    """What may be answered."""

    HELPED = "helped", "Oui"
    PARTLY = "partly", "En partie"
    NOT_HELPED = "not_helped", "Non"
    STARTED = "started", "Il a démarré"
    UNDER_WAY = "under_way", "Il avance"
    WAITING = "waiting", "Il attend"
    STOPPED = "stopped", "Il s’est arrêté"


_A = FeedbackAnswer
ANSWERS: dict[FeedbackKind, tuple[FeedbackAnswer, ...]] = {
    FeedbackKind.SATISFACTION: (_A.HELPED, _A.PARTLY, _A.NOT_HELPED),
    FeedbackKind.NEWS: (_A.STARTED, _A.UNDER_WAY, _A.WAITING, _A.STOPPED),
}


class Feedback(SQLModel, table=True):
    """One answer, which its author may change as long as her link lives."""

    __tablename__ = "feedback"
    __table_args__ = (UniqueConstraint("referral_id", "kind", name="uq_feedback_referral_id_kind"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    referral_id: UUID = Field(foreign_key="referral.id", ondelete="CASCADE", index=True)
    kind: FeedbackKind = Field(sa_column=one_of(FeedbackKind, "kind"))
    answer: FeedbackAnswer = Field(sa_column=one_of(FeedbackAnswer, "answer"))
    text: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
    at: datetime = Field(sa_column=moment())
