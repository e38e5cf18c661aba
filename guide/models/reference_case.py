"""The reference case (le cas de référence): what an adviser says of the orientation that a person was shown."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from guide.models.base import moment, new_id


class ReferenceCase(SQLModel, table=True):
    """One judgement, the last of its referral: whether the first door was the right one, and which one is."""

    __tablename__ = "reference_case"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    referral_id: UUID = Field(foreign_key="referral.id", ondelete="CASCADE", unique=True)
    staff_id: UUID = Field(foreign_key="staff_account.id")
    at: datetime = Field(sa_column=moment())
    good: bool
    right_entry: str = Field(max_length=80)  # identifier in the knowledge base
