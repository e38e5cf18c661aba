"""The absence of somebody of the team: which days, and who is given the new dossiers meanwhile."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from guide.models.base import moment, new_id


class Absence(SQLModel, table=True):
    """Some days, both included; ``colleague_id``: to whom new dossiers go."""

    __tablename__ = "absence"
    __table_args__ = (CheckConstraint("last_day >= first_day", name="in_order"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    account_id: UUID = Field(foreign_key="staff_account.id", ondelete="CASCADE", index=True)
    colleague_id: UUID | None = Field(default=None, foreign_key="staff_account.id", ondelete="SET NULL")
    first_day: date
    last_day: date
    created_at: datetime = Field(sa_column=moment())
