"""What the clock has done: one row a thing, so that it is done once however often and wherever the clock is run."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from guide.models.base import moment, new_id


class Reminder(SQLModel, table=True):
    """One thing done because its time had come; ``key`` names the thing and the moment since which it waited."""

    __tablename__ = "reminder"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    key: str = Field(max_length=120, unique=True)
    referral_id: UUID | None = Field(default=None, foreign_key="referral.id", ondelete="CASCADE", index=True)
    at: datetime = Field(sa_column=moment(index=True))
