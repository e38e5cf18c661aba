"""People who work on referrals: their account, what proves who they are, and their sessions."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from guide.models.base import Labelled, moment, new_id, one_of


class Role(Labelled):
    """What an account may do."""

    OFFICER = "officer", "Agent de la Mission ESS"
    ADVISER = "adviser", "Conseiller ou conseillère APES"
    READER = "reader", "Lecture seule"


class LinkPurpose(Labelled):
    """What a one-time link is for."""

    INVITATION = "invitation", "Invitation"
    PASSWORD_RESET = "password_reset", "Nouveau mot de passe"


class SessionStage(Labelled):
    """How far a sign-in has come."""

    PASSWORD = "password", "Mot de passe donné"
    FULL = "full", "Connexion complète"


class StaffAccount(SQLModel, table=True):
    """A named person of the Mission ESS or of the APES. There is no shared and no default account."""

    __tablename__ = "staff_account"
    __table_args__ = (CheckConstraint("email = lower(email)", name="email_in_lower_case"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    email: str = Field(max_length=254, unique=True)
    name: str = Field(max_length=120)
    role: Role = Field(sa_column=one_of(Role, "role"))
    password_hash: str | None = Field(default=None, max_length=255)
    totp_sealed: str | None = Field(default=None, max_length=255)  # the seed, encrypted
    totp_last_step: int | None = None  # a code serves once
    created_at: datetime = Field(sa_column=moment())
    last_seen_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    previous_visit_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    disabled_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))

    @property
    def first_name(self) -> str:
        """What the person who asked reads of who has the request."""
        return first_name(self.name)


def first_name(name: str) -> str:
    """The first word of a name, the whole of it when it has none."""
    return next(iter(name.split()), name)


class RecoveryCode(SQLModel, table=True):
    """A code that replaces the second factor once, when the telephone is lost."""

    __tablename__ = "recovery_code"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    account_id: UUID = Field(foreign_key="staff_account.id", ondelete="CASCADE", index=True)
    code_hash: str = Field(max_length=64)
    used_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))


class OneTimeLink(SQLModel, table=True):
    """An invitation or a new password; opening it changes nothing, using it ends it."""

    __tablename__ = "one_time_link"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    account_id: UUID = Field(foreign_key="staff_account.id", ondelete="CASCADE", index=True)
    purpose: LinkPurpose = Field(sa_column=one_of(LinkPurpose, "purpose"))
    token_hash: str = Field(max_length=64, unique=True)
    created_at: datetime = Field(sa_column=moment())
    expires_at: datetime = Field(sa_column=moment())
    used_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))


class StaffSession(SQLModel, table=True):
    """A session lives here: the cookie only holds a random key, whose hash is stored."""

    __tablename__ = "staff_session"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    account_id: UUID = Field(foreign_key="staff_account.id", ondelete="CASCADE", index=True)
    key_hash: str = Field(max_length=64, unique=True)
    stage: SessionStage = Field(sa_column=one_of(SessionStage, "stage"))
    created_at: datetime = Field(sa_column=moment())
    last_seen_at: datetime = Field(sa_column=moment())
    confirmed_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))  # last re-authentication
    ended_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
