"""What all tables share: time-ordered keys, moments in UTC, enumerations that carry their French label."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

from sqlalchemy import Column, DateTime, Dialect, Enum
from sqlalchemy.types import TypeDecorator
from sqlmodel import SQLModel
from uuid_utils.compat import uuid7

metadata = SQLModel.metadata
metadata.naming_convention = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


def new_id() -> UUID:
    """A key ordered by time (UUIDv7), made by the application and not by the database."""
    return uuid7()


class Labelled(StrEnum):
    """An enumeration whose members carry the French words that people read."""

    label: str

    def __new__(cls, value: str, label: str) -> Self:
        """Keep the label beside the value."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member

    @classmethod
    def of(cls, value: str) -> Self:
        """The member of a stored or received value; raise KeyError when there is none."""
        return {member.value: member for member in cls}[value]


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, always aware and in UTC, whatever the engine keeps."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a moment without a zone: nobody could say when it was."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's shape
        """Give the zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def moment(*, nullable: bool = False, index: bool = False) -> Any:
    """A column that holds a moment."""
    return Column(UtcDateTime(), nullable=nullable, index=index)


def one_of(members: type[StrEnum], name: str, *, nullable: bool = False, index: bool = False) -> Any:
    """A column that holds a member of an enumeration: its value as text, checked by the database."""
    kind = Enum(
        members,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=40,
        values_callable=lambda listed: [member.value for member in listed],
    )
    return Column(kind, nullable=nullable, index=index)
