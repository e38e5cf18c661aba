"""The pre-diagnosis (le pré-diagnostic): what an adviser sees of a project; every version is kept."""

from dataclasses import astuple, dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from guide.models.base import moment, new_id


@dataclass(frozen=True, slots=True)
class Texts:
    """The four parts of a pre-diagnosis, as a person reads them."""

    findings: str
    needs: str
    interest: str
    attention: str

    @property
    def is_blank(self) -> bool:
        """Whether nothing is written at all."""
        return not any(astuple(self))


class Diagnosis(SQLModel, table=True):
    """One version; ``shared_at``: since when the person may read it."""

    __tablename__ = "diagnosis"
    __table_args__ = (UniqueConstraint("referral_id", "number"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    referral_id: UUID = Field(foreign_key="referral.id", ondelete="CASCADE", index=True)
    number: int
    staff_id: UUID = Field(foreign_key="staff_account.id")
    at: datetime = Field(sa_column=moment())
    findings: str = Field(sa_column=Column(Text, nullable=False))
    needs: str = Field(sa_column=Column(Text, nullable=False))
    interest: str = Field(sa_column=Column(Text, nullable=False))
    attention: str = Field(sa_column=Column(Text, nullable=False))
    shared_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))

    @property
    def texts(self) -> Texts:
        """What it says."""
        return Texts(self.findings, self.needs, self.interest, self.attention)
