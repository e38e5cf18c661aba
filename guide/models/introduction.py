"""The introduction (la mise en relation): a referral and one structure or dispositif."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from guide.errors import IllegalMoveError
from guide.models.base import Labelled, moment, new_id, one_of


class IntroductionState(Labelled):
    """Where an introduction stands."""

    PROPOSED = "proposed", "Proposée"
    SENT = "sent", "Transmise"
    ACCEPTED = "accepted", "Acceptée"
    DECLINED = "declined", "Déclinée"
    WAITLISTED = "waitlisted", "En liste d’attente"
    EXPIRED = "expired", "Sans réponse"
    MET = "met", "Rendez-vous tenu"
    DONE = "done", "Aboutie"
    DROPPED = "dropped", "Sans suite"
    WITHDRAWN = "withdrawn", "Retirée"


_S = IntroductionState
INTRODUCTION_MOVES: dict[IntroductionState, tuple[IntroductionState, ...]] = {
    _S.PROPOSED: (_S.SENT, _S.ACCEPTED, _S.DONE, _S.DROPPED, _S.WITHDRAWN),
    _S.SENT: (_S.ACCEPTED, _S.DECLINED, _S.WAITLISTED, _S.EXPIRED, _S.WITHDRAWN),
    _S.WAITLISTED: (_S.ACCEPTED, _S.DECLINED, _S.WITHDRAWN),
    _S.EXPIRED: (_S.SENT, _S.ACCEPTED, _S.WITHDRAWN),
    _S.ACCEPTED: (_S.MET, _S.DONE, _S.DROPPED, _S.WITHDRAWN),
    _S.MET: (_S.DONE, _S.DROPPED),
    _S.DECLINED: (),
    _S.DONE: (),
    _S.DROPPED: (),
    _S.WITHDRAWN: (),
}


class Introduction(SQLModel, table=True):
    """The person's agreement to be put in touch with one entry of the knowledge base, and what came of it."""

    __tablename__ = "introduction"
    __table_args__ = (UniqueConstraint("referral_id", "entry"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    referral_id: UUID = Field(foreign_key="referral.id", ondelete="CASCADE", index=True)
    entry: str = Field(max_length=80)  # identifier in the knowledge base
    state: IntroductionState = Field(default=_S.PROPOSED, sa_column=one_of(IntroductionState, "state"))
    agreed_at: datetime = Field(sa_column=moment())
    agreement_version: str = Field(max_length=12)
    state_since: datetime = Field(sa_column=moment())

    @property
    def is_open(self) -> bool:
        """Whether something may still come of it."""
        return bool(INTRODUCTION_MOVES[self.state])

    def move(self, to: IntroductionState, *, at: datetime) -> None:
        """Move along the table of transitions; raise IllegalMoveError, which names both states."""
        if to not in INTRODUCTION_MOVES[self.state]:
            raise IllegalMoveError(self.state.label, to.label)
        self.state, self.state_since = to, at
