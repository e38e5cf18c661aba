"""What goes in and out of the API: these models validate, serialise, and make the OpenAPI document."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from guide.assistant.models import MatchKind, ReplyKind
from guide.content.models import Entry, Kind, Term
from guide.profile import Profile
from guide.territory import Match
from guide.understanding.understand import LONGEST


class ProfileRequest(Profile):
    """A profile, and the day on which to orient it (today in Paris by default)."""

    on: Annotated[date | None, Field(strict=False)] = None


class Out(BaseModel):
    """Anything that the API answers."""

    model_config = ConfigDict(frozen=True)


class CommuneOut(Out):
    """A commune, by its INSEE code."""

    code: str
    name: str


class EpciOut(Out):
    """An intercommunality; ``id`` is also the identifier of a structure."""

    id: str
    siren: str
    name: str


class TerritoryOut(Out):
    """Where the project is, null when not said."""

    commune: CommuneOut | None
    epci: EpciOut | None


class ReasonOut(Out):
    """Why an entry is proposed."""

    criterion: str
    value: str | None
    text: str


class CheckOut(Out):
    """What remains to be verified."""

    criterion: str
    text: str


class ProposalOut(Out):
    """One proposal; ``rank`` is the order of display."""

    rank: int
    id: str
    kind: Kind
    name: str
    url: str
    when: Literal["first", "next", "later"]
    score: float
    via: str | None
    reasons: list[ReasonOut]
    checks: list[CheckOut]


class NotAvailableOut(Out):
    """What a known answer rules out, and how it could be unlocked."""

    id: str
    kind: Kind
    criterion: str
    reason: str
    unlock: str | None
    url: str


class OrientationOut(Out):
    """An orientation."""

    on: date
    profile: dict[str, Any]
    territory: TerritoryOut
    outside_networks: bool | None
    orientations: list[ProposalOut]
    not_available: list[NotAvailableOut]


class ContextIn(BaseModel):
    """What was said before, given back unchanged by the caller; unknown keys are ignored."""

    model_config = ConfigDict(extra="ignore", strict=True)

    asked: Annotated[list[Annotated[str, Field(max_length=40)]], Field(max_length=20)] = []
    about: Annotated[list[Annotated[str, Field(max_length=80)]], Field(max_length=10)] = []
    denied: Annotated[list[Annotated[str, Field(max_length=80)]], Field(max_length=40)] = []


class AssistantRequest(BaseModel):
    """One message, with what is known already and what was said before."""

    model_config = ConfigDict(extra="forbid", strict=True)

    message: Annotated[str, Field(max_length=LONGEST)]
    profile: Profile | None = None
    context: ContextIn | None = None


class MatchOut(Out):
    """One entry or term that answers, and the words that led to it."""

    id: str
    kind: MatchKind
    score: float
    matched_on: str


class ChoiceOut(Out):
    """One possible answer to a question."""

    value: str
    label: str


class AskOut(Out):
    """One short question."""

    slot: str
    text: str
    choices: list[ChoiceOut]


class AssistantOut(Out):
    """The answer to one message; ``profile`` and ``context`` are to be given back with the next."""

    kind: ReplyKind
    text: str
    matches: list[MatchOut]
    profile: dict[str, Any]
    ask: AskOut | None
    context: ContextIn
    suggestions: list[str]


class EntryOut(Entry):
    """A structure or a dispositif, whole, as ``knowledge/README.md`` describes it."""

    url: str


class EntryList(Out):
    """One page of entries; ``total`` counts all of them."""

    items: list[EntryOut]
    total: int


class TermList(Out):
    """One page of terms."""

    items: list[Term]
    total: int


class CommuneFound(Out):
    """A commune that a text may mean, and how it was recognised."""

    code: str
    name: str
    postcodes: list[str]
    epci: EpciOut
    matched: Match


class CommuneList(Out):
    """The communes that a text may mean, best first."""

    items: list[CommuneFound]
    total: int


class ErrorOut(Out):
    """One refused value."""

    pointer: str
    value: Any
    detail: str
    code: str
    known: list[str] | None = None


class ProblemOut(Out):
    """An error, as RFC 9457 writes it."""

    type: str
    title: str
    status: int
    detail: str
    code: str | None = None
    errors: list[ErrorOut] | None = None


class ListQuery(BaseModel):
    """Filters and pagination of the lists."""

    model_config = ConfigDict(extra="ignore")

    page: Annotated[int, Field(ge=1, le=10_000, description="Numéro de page, à partir de 1.")] = 1
    per_page: Annotated[int, Field(ge=1, le=100, description="Nombre par page.")] = 20
    need: Annotated[str | None, Field(description="Identifiant d’un besoin.")] = None
    stage: Annotated[str | None, Field(description="Identifiant d’une étape.")] = None
    theme: Annotated[str | None, Field(description="Identifiant d’un thème.")] = None
    commune: Annotated[str | None, Field(description="Code Insee d’une commune du Pas-de-Calais.")] = None
    q: Annotated[str, Field(max_length=200, description="Texte à chercher.")] = ""


class CommuneQuery(BaseModel):
    """A commune as typed: a name, a postal code, an INSEE code, an old name."""

    model_config = ConfigDict(extra="ignore")

    q: Annotated[str, Field(max_length=200, description="Nom, code postal, code Insee ou ancien nom.")] = ""
