"""The introduction (la mise en relation): a referral and one structure or dispositif, and what came of it."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Protocol, TypeVar
from uuid import UUID

from sqlalchemy import JSON, Column, Index, Text, text
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
ENDINGS = (_S.DECLINED, _S.EXPIRED, _S.DROPPED, _S.WITHDRAWN)  # after which the person needs another door


class IntroductionChannel(Labelled):
    """Who makes the first step. A signed mail to the structure will be the third way."""

    SELF = "self", "La personne appelle elle-même"
    RELAYED = "relayed", "Nous transmettons sa demande"


class RefusalReason(Labelled):
    """Why a structure declines."""

    TERRITORY = "territory", "Hors territoire"
    AUDIENCE = "audience", "Public non concerné"
    TOO_EARLY = "too_early", "Étape trop précoce"
    TOO_LATE = "too_late", "Étape trop avancée"
    FULL = "full", "Complet"
    LABEL = "label", "Label Budget citoyen manquant"
    ELSEWHERE = "elsewhere", "Déjà accompagné ailleurs"
    WRONG_DOOR = "wrong_door", "Mauvais interlocuteur"
    DUPLICATE = "duplicate", "Doublon"
    INSUFFICIENT = "insufficient", "Informations insuffisantes"
    OTHER = "other", "Autre"


class NextStep(Labelled):
    """What is done for the person after a refusal: nobody is left with a no."""

    REORIENT = "reorient", "Lui proposer une autre structure, tout de suite"
    CALL = "call", "La rappeler pour en parler"
    WAIT = "wait", "Attendre une date, puis revenir vers cette structure"
    CLOSE = "close", "Préparer avec elle la fin du dossier"


class Progress(Labelled):
    """How far the introductions of a referral have come, taken together: computed, never stored."""

    NONE = "none", "Aucune mise en relation"
    DONE = "done", "Aboutie"
    UNDER_WAY = "under_way", "En route avec une structure"
    WAITING = "waiting", "En attente d’une structure"
    PROPOSED = "proposed", "Structure proposée"
    TO_REORIENT = "to_reorient", "À réorienter"
    ENDED = "ended", "Sans suite"


_IS_OPEN = text("state IN ('proposed', 'sent', 'accepted', 'waitlisted', 'expired', 'met')")


class Introduction(SQLModel, table=True):
    """One entry of the knowledge base to which a person is introduced, why, how, and what came of it."""

    __tablename__ = "introduction"
    __table_args__ = (
        Index(  # the same door is not knocked at twice at once
            "uq_introduction_referral_id_entry_open",
            "referral_id",
            "entry",
            unique=True,
            sqlite_where=_IS_OPEN,
            postgresql_where=_IS_OPEN,
        ),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    referral_id: UUID = Field(foreign_key="referral.id", ondelete="CASCADE", index=True)
    entry: str = Field(max_length=80)  # identifier in the knowledge base
    state: IntroductionState = Field(default=_S.PROPOSED, sa_column=one_of(IntroductionState, "state"))
    agreed_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))  # of the person; None: she calls
    agreement_version: str | None = Field(default=None, max_length=12)
    state_since: datetime = Field(sa_column=moment())
    proposed_at: datetime = Field(sa_column=moment())
    channel: IntroductionChannel | None = Field(  # None: chosen by the person, not taken up yet
        default=None, sa_column=one_of(IntroductionChannel, "channel", nullable=True)
    )
    because: str | None = Field(default=None, sa_column=Column(Text, nullable=True))  # as the person reads it
    after_id: UUID | None = Field(default=None, foreign_key="introduction.id")  # in the place of which one
    reasons: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))  # of a refusal
    right_entry: str | None = Field(default=None, max_length=80)  # the door that the structure named instead
    next_step: NextStep | None = Field(default=None, sa_column=one_of(NextStep, "next_step", nullable=True))
    next_on: date | None = None

    @property
    def is_open(self) -> bool:
        """Whether something may still come of it."""
        return bool(INTRODUCTION_MOVES[self.state])

    @property
    def refusal(self) -> list[RefusalReason]:
        """Why it was declined."""
        return [RefusalReason.of(reason) for reason in self.reasons]

    def move(self, to: IntroductionState, *, at: datetime) -> None:
        """Move along the table of transitions; raise IllegalMoveError, which names both states."""
        if to not in INTRODUCTION_MOVES[self.state]:
            raise IllegalMoveError(self.state.label, to.label)
        self.state, self.state_since = to, at


_PROGRESS = (  # the first that holds
    (Progress.DONE, {_S.DONE}),
    (Progress.UNDER_WAY, {_S.ACCEPTED, _S.MET}),
    (Progress.WAITING, {_S.SENT, _S.WAITLISTED}),
    (Progress.PROPOSED, {_S.PROPOSED}),
    (Progress.TO_REORIENT, {_S.EXPIRED, _S.DECLINED}),
    (Progress.ENDED, {_S.DROPPED, _S.WITHDRAWN}),
)


def progress_of(introductions: Sequence[Introduction]) -> Progress:
    """How far a referral has come, from its introductions: the best of them says it."""
    states = {introduction.state for introduction in introductions}
    return next((progress for progress, among in _PROGRESS if states & among), Progress.NONE)


class Linked(Protocol):
    """An introduction, or what is read of one: what came after what."""

    @property
    def id(self) -> UUID: ...  # noqa: D102 - of an introduction
    @property
    def after_id(self) -> UUID | None: ...  # noqa: D102
    @property
    def proposed_at(self) -> datetime: ...  # noqa: D102


Link = TypeVar("Link", bound=Linked)


def in_chain(introductions: Sequence[Link]) -> list[tuple[Link, Link | None]]:
    """Order introductions so that each follows, and comes with, the one whose place it took: A, then B, then C."""
    after: dict[UUID | None, list[Link]] = {}
    for introduction in sorted(introductions, key=lambda each: (each.proposed_at, each.id)):
        after.setdefault(introduction.after_id, []).append(introduction)

    def walk(before: Link | None) -> Iterator[tuple[Link, Link | None]]:
        for introduction in after.get(before.id if before else None, []):
            yield introduction, before
            yield from walk(introduction)

    return list(walk(None))
