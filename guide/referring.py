"""Referring: a person's request is recorded once and for all, with what she was shown."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator
from sqlmodel import Session

from guide.content.base import KnowledgeBase
from guide.errors import TooManyError
from guide.models import Introduction, Referral
from guide.models.access import RightsTask, TaskKind
from guide.models.introduction import IntroductionState
from guide.models.journal import Author, LineKind
from guide.models.outgoing import MailTemplate
from guide.models.referral import FIELD_NAMES, Origin
from guide.orientation import Path, Proposal
from guide.outbox import announce
from guide.profile import Profile
from guide.secrecy import digest, keyed_hash, tracking_token
from guide.store import access, journal, referrals, tallies
from guide.text import normalise

AGREEMENT_VERSION = "2026-11"  # of the words shown beside the boxes of the structures; change both together
LONGEST_WORDS = 4000  # signs

_REFERENCE_SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that is mistaken for another when read aloud
_LIMITS = {  # bucket -> how many, in how long (a comptoir puts thirty people behind one address)
    "request-address": (40, timedelta(minutes=10)),
    "request-contact": (3, timedelta(days=1)),
}
_GOING_BACK = timedelta(days=1)  # how long the form itself corrects what it sent; after that, the secret link does
_SAID_BY_THE_PERSON = ("name", "email", "phone", "project_name", "words", "helper", "commune")


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
class Recorded:
    """What came of a request. ``token`` is None when it was already there under another form: see the known contact."""

    referral: Referral
    token: str | None
    is_new: bool


def record_referral(
    session: Session,
    request: Request,
    *,
    form_key: str,
    shown: Path | None,
    knowledge: KnowledgeBase,
    secret: str,
    caller: str | None,
    at: datetime,
) -> Recorded:
    """Record a request, its agreements and its mails, in one transaction.

    The same form sent again is the same referral and the same link; what it says differently is kept. ``caller`` is
    the hashed address it comes from; None when nothing is limited. Raises TooManyError beyond the limits, and
    IntegrityError when another click on the same form is recorded this very moment, or has drawn the same reference:
    asked again, it is then found, or draws another one.
    """
    token, form_key_hash = tracking_token(secret, form_key), digest(form_key)
    new = _new_referral(request, shown, knowledge, at)  # ready before the first question, which takes the write lock
    new.form_key_hash = form_key_hash
    alike = referrals.list_alike(session, form_key_hash, request.email, request.phone)
    if known := next((each for each in alike if each.form_key_hash == form_key_hash), None):
        if _says_something_new(session, known, request):
            _count(session, request, secret, caller, at)  # each change of address is one more mail
            _amend(session, known, request, _epci(request, knowledge), at)
        return Recorded(known, token, is_new=False)
    _count(session, request, secret, caller, at)
    if same := _find_same(alike, request):
        _recognise(session, same, at)
        return Recorded(same, None, is_new=False)
    referrals.add_referral(session, new)
    access.add_token(session, new.id, token, at)
    _agree(session, new, request.structures, (), at)
    if new.email:
        announce(session, MailTemplate.REQUEST_RECEIVED, at=at, referral_id=new.id)
    announce(session, MailTemplate.NEW_REQUEST, at=at, referral_id=new.id)
    journal.add_line(session, new, LineKind.RECORDED, at=at, author=Author.PERSON, visible=True)
    return Recorded(new, token, is_new=True)


def _new_referral(request: Request, shown: Path | None, knowledge: KnowledgeBase, at: datetime) -> Referral:
    said = {name: getattr(request, name) for name in _SAID_BY_THE_PERSON}
    referral = Referral(
        **said,
        reference="ESS-" + "".join(secrets.choice(_REFERENCE_SIGNS) for _ in range(6)),
        received_at=at,
        state_since=at,
        last_contact_at=at,
        origin=request.origin,
        call_when=list(request.call_when),
        epci=_epci(request, knowledge),
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


def _epci(request: Request, knowledge: KnowledgeBase) -> str:
    return knowledge.territory.communes[request.commune].epci.id


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


def _agree(
    session: Session, referral: Referral, entries: Sequence[str], agreed: Sequence[Introduction], at: datetime
) -> None:
    """Record the agreement to each introduction; one that was agreed to and no longer is, is withdrawn."""
    known = {introduction.entry: introduction for introduction in agreed}
    for entry in entries:
        if entry not in known:
            session.add(
                Introduction(
                    referral_id=referral.id,
                    entry=entry,
                    agreed_at=at,
                    state_since=at,
                    agreement_version=AGREEMENT_VERSION,
                )
            )
    for entry, introduction in known.items():
        if entry not in entries and introduction.state is IntroductionState.PROPOSED:
            introduction.move(IntroductionState.WITHDRAWN, at=at)


def _count(session: Session, request: Request, secret: str, caller: str | None, at: datetime) -> None:
    if caller is None:
        return
    contact = keyed_hash(secret, "contact", request.email or request.phone or "")
    for bucket, who in (("request-address", caller), ("request-contact", contact)):
        most, period = _LIMITS[bucket]
        if tallies.count_since(session, bucket, who, at - period) >= most:
            raise TooManyError(wait=int(min(period, timedelta(hours=1)).total_seconds()))
        tallies.add(session, bucket, who, at)


def _find_same(alike: Sequence[Referral], request: Request) -> Referral | None:
    """The same person with the same request, from another form: same contact, name, place and words.

    Without words nothing proves who asks: whoever knows a name and a number would learn that a request was made.
    """
    wanted = (normalise(request.name), request.commune, _same_words(request.words))
    if not wanted[2]:
        return None
    for referral in alike:
        if (
            referral.is_open
            and (normalise(referral.name or ""), referral.commune, _same_words(referral.words)) == wanted
        ):
            return referral
    return None


def _same_words(words: str | None) -> list[str]:
    """What is compared of a text, in any alphabet: capitals and spaces aside."""
    return (words or "").casefold().split()


def _recognise(session: Session, referral: Referral, at: datetime) -> None:
    """Say kindly that the request is already here; a new link goes to the known contact only."""
    journal.add_line(session, referral, LineKind.SENT_AGAIN, at=at, author=Author.PERSON, visible=True)
    if referral.email:
        announce(session, MailTemplate.NEW_LINK, at=at, referral_id=referral.id)
    elif access.find_open_task(session, referral.id, TaskKind.LINK) is None:
        session.add(RightsTask(referral_id=referral.id, kind=TaskKind.LINK, created_at=at))


def _changed(known: Referral, request: Request) -> list[str]:
    return [name for name in _SAID_BY_THE_PERSON if getattr(known, name) != getattr(request, name)]


def _says_something_new(session: Session, known: Referral, request: Request) -> bool:
    """Whether the same form says something differently the second time: a double click does not."""
    agreed = {each.entry for each in referrals.list_introductions(session, known.id) if each.is_open}
    return bool(_changed(known, request)) or agreed != set(request.structures)


def _amend(session: Session, known: Referral, request: Request, epci: str, at: datetime) -> None:
    """Keep what the same form says differently. Closed, or the day after, it corrects nothing but is kept as a message.

    An old page, found on a shared machine, must not send the code of somebody's data to another address.
    """
    referral = referrals.lock_referral(session, known.id)
    if not referral.is_open or at - referral.received_at > _GOING_BACK:
        line = journal.add_line(
            session, referral, LineKind.MESSAGE, at=at, author=Author.PERSON, text=request.words, visible=True
        )
        announce(session, MailTemplate.PERSON_WROTE, at=at, referral_id=referral.id, line_id=line.id)
        return
    changed = _changed(referral, request)
    referral.epci = epci
    for name in changed:
        setattr(referral, name, getattr(request, name))
    referral.index_names()
    referral.call_when = list(request.call_when)
    _agree(session, referral, request.structures, referrals.list_introductions(session, referral.id), at)
    text = ", ".join(FIELD_NAMES[name] for name in changed) or "structures choisies"
    journal.add_line(session, referral, LineKind.CORRECTED, at=at, author=Author.PERSON, text=text, visible=True)
    if "email" in changed and referral.email:
        announce(session, MailTemplate.REQUEST_RECEIVED, at=at, referral_id=referral.id)
