"""What is counted against abuse, shared by all workers: who (a keyed hash), what, when. Purged every day."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from guide.models.base import moment, new_id


class Tally(SQLModel, table=True):
    """One attempt at something that is limited."""

    __tablename__ = "tally"
    __table_args__ = (Index("ix_tally_bucket_who_at", "bucket", "who", "at"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    bucket: str = Field(max_length=40)
    who: str = Field(max_length=64)
    at: datetime = Field(sa_column=moment(index=True))
