"""The tables of the Mission ESS: each import, the rows that it brought, and who must not come back by one."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Column, Text
from sqlmodel import Field, SQLModel

from guide.models.base import moment, new_id


class TableImport(SQLModel, table=True):
    """A table that somebody sent: sealed while it waits to be confirmed, then only what came of it."""

    __tablename__ = "table_import"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    account_id: UUID = Field(foreign_key="staff_account.id", index=True)
    created_at: datetime = Field(sa_column=moment())
    sealed: str | None = Field(default=None, sa_column=Column(Text, nullable=True))  # the rows, for their sender alone
    done_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    left_out: int = 0


class ImportedRow(SQLModel, table=True):
    """What a row of the table said of a project holder; the same row twice is one."""

    __tablename__ = "imported_row"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    referral_id: UUID = Field(foreign_key="referral.id", ondelete="CASCADE", unique=True)
    import_id: UUID = Field(foreign_key="table_import.id", index=True)  # the last one that brought it
    fingerprint: str = Field(max_length=64, unique=True)
    said: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    identities: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))  # keyed hashes


class ForgottenHolder(SQLModel, table=True):
    """Somebody who was imported, then forgotten: a keyed hash, tied to nothing, so that no table brings her back."""

    __tablename__ = "forgotten_holder"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    identity: str = Field(max_length=64, index=True)
    forgotten_at: datetime = Field(sa_column=moment())
