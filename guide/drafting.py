"""Drafting: a request as the person confirmed it, and the rows that it becomes, ready before anything is written."""

import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator
from sqlmodel import SQLModel

from guide.content.base import KnowledgeBase
from guide.models import Introduction, JournalLine, Referral, TrackingToken
from guide.models.journal import Author, LineKind
from guide.models.outgoing import MailTemplate
from guide.models.referral import Origin
from guide.orientation import Path, Proposal
from guide.outbox import outgoing
from guide.profile import Profile
from guide.secrecy import digest, keyed_hash, tracking_token

AGREEMENT_VERSION = "2026-11"  # of the words shown beside the boxes of the structures; change both together
LONGEST_WORDS = 4000  # signs
SAID_BY_THE_PERSON = ("name", "email", "phone", "project_name", "words", "helper", "commune")

_REFERENCE_SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that is mistaken for another when read aloud


class Request(BaseModel):
    """What a person confirmed: typed, valid, and nothing more than what is needed to answer her."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(min_length=1, max_length=120)
    email: str | None = Field(default=None, max_length=254)
    phone: str | None = Field(default=None, pattern=r"^\+\d{6,15}$")
    commune: str = Field(pattern=r"^62\d{3}$")
    project_name: str | None = Field(default=None, max_length=160)
    words: str | None = Field(default=None, max_length=LONGEST_WORDS)
    call_when: tuple[str, ...] = ()
    helper: str | None = Field(default=None, max_length=160)
    structures: tuple[str, ...] = ()  # entries to which the person agrees to be introduced
    origin: Origin = Origin.HOME
    answers: tuple[tuple[str, str], ...] = ()
    profile: Profile = Profile()
    to_watch: bool = False

    @model_validator(mode="after")
    def _can_be_answered(self) -> "Request":
        if not (self.email or self.phone):
            raise ValueError("a request needs a mail address or a telephone")
        return self


@dataclass(frozen=True, slots=True)
class Draft:
    """A request ready to be recorded, with its secret link and the rows to write if it is a new one.

    Made before the transaction that records it: on SQLite everybody else who writes waits for its end.
    """

    request: Request
    token: str
    contact_hash: str  # whose requests are counted
    referral: Referral
    beside: tuple[SQLModel, ...]  # the link, the agreements, the mails, the first line of the journal
    at: datetime


def draft_referral(
    request: Request,
    *,
    form_key: str,
    shown: Path | None,
    knowledge: KnowledgeBase,
    secret: str,
    at: datetime,
) -> Draft:
    """Make ready all that a request becomes. The same form always gives the same link."""
    token = tracking_token(secret, form_key)
    referral = _new_referral(request, shown, knowledge, at)
    referral.form_key_hash = digest(form_key)
    contact_hash = keyed_hash(secret, "contact", request.email or request.phone or "")
    return Draft(request, token, contact_hash, referral, tuple(_rows_beside(referral, request, token, at)), at)


def new_reference() -> str:
    """A name for a dossier, that can be read aloud."""
    return "ESS-" + "".join(secrets.choice(_REFERENCE_SIGNS) for _ in range(6))


def _new_referral(request: Request, shown: Path | None, knowledge: KnowledgeBase, at: datetime) -> Referral:
    said = {name: getattr(request, name) for name in SAID_BY_THE_PERSON}
    referral = Referral(
        **said,
        reference=new_reference(),
        received_at=at,
        state_since=at,
        last_contact_at=at,
        origin=request.origin,
        call_when=list(request.call_when),
        epci=knowledge.territory.communes[request.commune].epci.id,
        answers=[list(pair) for pair in request.answers],
        stage=request.profile.stage,
        needs=list(request.profile.needs),
        outside_networks=request.profile.outside_networks,
        shown=snapshot(shown) if shown else None,
        knowledge_version=knowledge.version,
        agreement_version=AGREEMENT_VERSION,
        to_watch=request.to_watch,
    )
    referral.index_names()
    return referral


def _rows_beside(referral: Referral, request: Request, token: str, at: datetime) -> Iterator[SQLModel]:
    yield TrackingToken(referral_id=referral.id, token_hash=digest(token), created_at=at)
    yield from agreements(referral.id, request.structures, at)
    if request.email:
        yield outgoing(MailTemplate.REQUEST_RECEIVED, at=at, referral_id=referral.id)
    yield outgoing(MailTemplate.NEW_REQUEST, at=at, referral_id=referral.id)
    yield JournalLine(referral_id=referral.id, at=at, author=Author.PERSON, kind=LineKind.RECORDED, visible=True)


def agreements(referral_id: UUID, entries: Iterable[str], at: datetime) -> list[Introduction]:
    """The person's agreement to be introduced to each entry."""
    return [
        Introduction(
            referral_id=referral_id,
            entry=entry,
            proposed_at=at,
            agreed_at=at,
            state_since=at,
            agreement_version=AGREEMENT_VERSION,
        )
        for entry in dict.fromkeys(entries)
    ]


def snapshot(path: Path) -> dict[str, Any]:
    """An orientation as the person saw it: identifiers, order, reasons and what was to be checked, in words."""

    def card(proposal: Proposal) -> dict[str, Any]:
        return {
            "id": proposal.entry.id,
            "name": proposal.entry.name,
            "when": proposal.when,
            "after": proposal.after,
            "reasons": [reason.text for reason in proposal.reasons],
            "checks": [check.text for check in proposal.checks],
        }

    refused = [
        {"id": item.entry.id, "name": item.entry.name, "reason": item.reason, "unlock": item.unlock}
        for item in path.not_available
    ]
    return {"on": path.on.isoformat(), "proposals": [card(each) for each in path.proposals], "not_available": refused}
