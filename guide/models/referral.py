"""The referral (le dossier): what a person asked, and where it stands."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, Column, Index, Text, event
from sqlmodel import Field, SQLModel

from guide.errors import IllegalMoveError
from guide.models.base import Labelled, moment, new_id, one_of
from guide.text import normalise


class ReferralState(Labelled):
    """Where a referral stands."""

    RECEIVED = "received", "Reçue"
    REVIEWED = "reviewed", "Qualifiée"
    ASSIGNED = "assigned", "Confiée"
    CONTACTED = "contacted", "Contact pris"
    MET = "met", "Rencontrée"
    CLOSED = "closed", "Close"


class Outcome(Labelled):
    """How a referral ended."""

    SUPPORTED = "supported", "Accompagnement engagé"
    AUTONOMOUS = "autonomous", "Orienté·e et autonome"
    ENROLLED = "enrolled", "Inscrit·e à une action"
    ABANDONED = "abandoned", "Projet abandonné"
    CHANGED = "changed", "Changement de situation (emploi…)"
    UNREACHABLE = "unreachable", "Injoignable"
    OUT_OF_SCOPE = "out_of_scope", "Hors périmètre"
    DUPLICATE = "duplicate", "Doublon"
    WITHDRAWN = "withdrawn", "Retrait de la personne"


class Origin(Labelled):
    """From which page a request was sent."""

    ORIENTATION = "orientation", "Depuis un chemin"
    ENTRY = "entry", "Depuis une fiche"
    HOME = "home", "Depuis l’accueil"
    IMPORT = "import", "Par le tableau de la Mission ESS"


class Informed(Labelled):
    """How somebody who had asked for nothing was told who holds her name, why, and what her rights are."""

    SPOKEN = "spoken", "De vive voix, au téléphone ou en rencontre"
    MAILED = "mailed", "Par courriel"
    POSTED = "posted", "Par courrier"


class Body(Labelled):
    """Who works on a referral."""

    MISSION = "mission", "Mission ESS"
    APES = "apes", "APES"


_OPEN = tuple(state for state in ReferralState if state is not ReferralState.CLOSED)

# The only table of moves: the buttons are drawn from it and every move is checked against it.
MOVES: dict[ReferralState, tuple[ReferralState, ...]] = {
    ReferralState.RECEIVED: (ReferralState.REVIEWED, ReferralState.CLOSED),
    ReferralState.REVIEWED: (ReferralState.ASSIGNED, ReferralState.CONTACTED, ReferralState.CLOSED),
    ReferralState.ASSIGNED: (ReferralState.CONTACTED, ReferralState.REVIEWED, ReferralState.CLOSED),
    ReferralState.CONTACTED: (ReferralState.MET, ReferralState.ASSIGNED, ReferralState.CLOSED),
    ReferralState.MET: (ReferralState.ASSIGNED, ReferralState.CLOSED),
    ReferralState.CLOSED: (ReferralState.REVIEWED, ReferralState.ASSIGNED),
}

# What a person says of herself and of her project, as she reads it.
FIELD_NAMES = {
    "name": "nom",
    "email": "adresse électronique",
    "phone": "téléphone",
    "commune": "commune",
    "project_name": "nom du projet",
    "words": "quelques lignes sur le projet",
    "helper": "personne qui aide",
    "call_when": "moments pour appeler",
}


_JUDGED = (
    "anonymised_at",
    "state",
    "assigned_body",
    "assigned_to",
    "state_since",
    "moved_at",
    "snoozed_until",
    "closed_at",
    "id",
)


class Referral(SQLModel, table=True):
    """One request, from its reception to its outcome. Personal columns are null once it is anonymised."""

    __tablename__ = "referral"
    __table_args__ = (
        CheckConstraint("anonymised_at IS NOT NULL OR name IS NOT NULL", name="named"),
        CheckConstraint("anonymised_at IS NOT NULL OR email IS NOT NULL OR phone IS NOT NULL", name="reachable"),
        CheckConstraint("(state = 'closed') = (outcome IS NOT NULL)", name="outcome_when_closed"),
        Index("ix_referral_search", "search_key", "commune", "reference", "id"),
        Index("ix_referral_commune", "commune", "received_at"),  # whose names are compared
        Index("ix_referral_queue", *_JUDGED),  # a desk of thousands is judged without reading what people wrote
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    version: int = 1  # each change adds one: two people never overwrite each other silently
    reference: str | None = Field(default=None, max_length=12, unique=True)
    form_key_hash: str | None = Field(default=None, max_length=64, unique=True)
    received_at: datetime = Field(sa_column=moment(index=True))
    state: ReferralState = Field(default=ReferralState.RECEIVED, sa_column=one_of(ReferralState, "state", index=True))
    state_since: datetime = Field(sa_column=moment())
    outcome: Outcome | None = Field(default=None, sa_column=one_of(Outcome, "outcome", nullable=True))
    duplicate_of_id: UUID | None = Field(default=None, foreign_key="referral.id", index=True)
    origin: Origin | None = Field(default=None, sa_column=one_of(Origin, "origin", nullable=True))

    name: str | None = Field(default=None, max_length=120)
    search_key: str | None = Field(default=None, max_length=300)  # name and project, normalised
    email: str | None = Field(default=None, max_length=254, index=True)
    phone: str | None = Field(default=None, max_length=20, index=True)  # E.164: +33321216262
    project_name: str | None = Field(default=None, max_length=160)
    words: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
    call_when: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    helper: str | None = Field(default=None, max_length=160)  # who filled the form in with the person
    commune: str | None = Field(default=None, max_length=5)
    epci: str | None = Field(default=None, max_length=60, index=True)

    answers: list[list[str]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))  # [question, value]
    stage: str | None = Field(default=None, max_length=20)
    needs: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    outside_networks: bool | None = None
    shown: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON, nullable=True))  # the orientation shown
    knowledge_version: str | None = Field(default=None, max_length=12)
    agreement_version: str | None = Field(default=None, max_length=12)
    to_watch: bool = False  # trap filled or sent very quickly, then confirmed by the person

    assigned_body: Body | None = Field(default=None, sa_column=one_of(Body, "assigned_body", nullable=True))
    assigned_to: UUID | None = Field(default=None, foreign_key="staff_account.id")
    informed_how: Informed | None = Field(default=None, sa_column=one_of(Informed, "informed_how", nullable=True))
    informed_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    agreed_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))  # to be followed, and written to
    last_contact_at: datetime = Field(sa_column=moment(index=True))
    moved_at: datetime = Field(default=None, sa_column=moment(nullable=True))  # when somebody did something
    news_at: datetime = Field(default=None, sa_column=moment(nullable=True))  # that the person can read
    snoozed_until: date | None = None
    snooze_reason: str | None = Field(default=None, max_length=200)
    closed_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    anonymised_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))

    @property
    def is_open(self) -> bool:
        """Whether somebody still has something to do."""
        return self.state is not ReferralState.CLOSED

    @property
    def may_be_written_to(self) -> bool:
        """Whether a mail may leave by itself: who came by the table is first spoken to, and agrees."""
        return self.origin is not Origin.IMPORT or self.agreed_at is not None

    @property
    def must_be_informed(self) -> bool:
        """Whether the next contact must say where her name comes from, and ask whether she agrees to be followed."""
        return self.is_open and not self.may_be_written_to

    def index_names(self) -> None:
        """Write what searching by name compares: neither engine folds or sorts French."""
        self.search_key = normalise(f"{self.name or ''} {self.project_name or ''}")[:300]

    def move(self, to: ReferralState, *, at: datetime, outcome: Outcome | None = None) -> None:
        """Move along the table of transitions; raise IllegalMoveError, which names both states.

        ``outcome`` goes with closing, and only with it.
        """
        if to not in MOVES[self.state] or (outcome is None) == (to is ReferralState.CLOSED):
            raise IllegalMoveError(self.state.label, to.label)
        self.state, self.state_since, self.outcome = to, at, outcome
        self.closed_at = at if to is ReferralState.CLOSED else None
        if self.is_open:
            self.duplicate_of_id = None
        else:
            self.snoozed_until = self.snooze_reason = None


@event.listens_for(Referral, "init")
def _start_still(_: Referral, __: tuple[Any, ...], given: dict[str, Any]) -> None:
    """Nothing has moved since a new request came."""
    for name in ("moved_at", "news_at"):
        given.setdefault(name, given.get("received_at"))
