"""What opens a referral to its person: secret links and short codes. Only hashes are stored."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from guide.models.base import Labelled, moment, new_id, one_of


class TaskKind(Labelled):
    """What an officer is asked to give by telephone."""

    CODE = "code", "Donner le code d’accès aux données"
    LINK = "link", "Redonner le lien de suivi"


class TrackingToken(SQLModel, table=True):
    """A secret link that follows a referral: it reads, adds a word, withdraws."""

    __tablename__ = "tracking_token"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    referral_id: UUID = Field(foreign_key="referral.id", ondelete="CASCADE", index=True)
    token_hash: str = Field(max_length=64, unique=True)
    created_at: datetime = Field(sa_column=moment())


class RightsCode(SQLModel, table=True):
    """A code of six digits, given to the known contact; once entered, it opens the data for some minutes."""

    __tablename__ = "rights_code"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    referral_id: UUID = Field(foreign_key="referral.id", ondelete="CASCADE", index=True)
    code_hash: str = Field(max_length=64)
    created_at: datetime = Field(sa_column=moment())
    expires_at: datetime = Field(sa_column=moment())
    tries: int = 0
    used_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    key_hash: str | None = Field(default=None, max_length=64)  # of the key kept by the browser that entered the code
    open_until: datetime | None = Field(default=None, sa_column=moment(nullable=True))


class RightsTask(SQLModel, table=True):
    """Something that an officer must do by telephone, for a person without a mail address."""

    __tablename__ = "rights_task"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    referral_id: UUID = Field(foreign_key="referral.id", ondelete="CASCADE", index=True)
    kind: TaskKind = Field(sa_column=one_of(TaskKind, "kind"))
    created_at: datetime = Field(sa_column=moment())
    done_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    done_by: UUID | None = Field(default=None, foreign_key="staff_account.id")
