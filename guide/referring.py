"""Referring: a person's request is recorded once and for all, with what she was shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlmodel import Session

from guide.drafting import SAID_BY_THE_PERSON, Draft, Request, agreements
from guide.errors import TooManyError
from guide.models import Introduction, Referral
from guide.models.access import RightsTask, TaskKind
from guide.models.introduction import IntroductionState
from guide.models.journal import Author, LineKind
from guide.models.outgoing import MailTemplate
from guide.models.referral import FIELD_NAMES
from guide.outbox import announce, announce_once
from guide.store import access, journal, referrals, tallies
from guide.store.rows import insert_rows
from guide.text import normalise

_LIMITS = {  # bucket -> how many, in how long (a comptoir puts thirty people behind one address)
    "request-address": (40, timedelta(minutes=10)),
    "request-contact": (3, timedelta(days=1)),
}
_STRUCTURES = "structures choisies"
_GOING_BACK = timedelta(days=1)  # how long the form itself corrects what it sent; after that, the secret link does


@dataclass(frozen=True, slots=True)
class Recorded:
    """What came of a request. ``token`` is None when it was already there under another form: see the known contact."""

    referral: Referral
    token: str | None
    is_new: bool
    added: str | None = None  # what a request that was already there did not say yet


def record_referral(session: Session, draft: Draft, *, caller: str | None) -> Recorded:
    """Record a request, its agreements and its mails, in one transaction.

    The same form sent again is the same referral and the same link; what it says differently is kept. ``caller`` is
    the hashed address it comes from; None when nothing is limited. Raises TooManyError beyond the limits, and
    IntegrityError when another click on the same form is recorded this very moment, or has drawn the same reference:
    drafted and asked again, it is then found, or draws another one.
    """
    request, form_key_hash = draft.request, draft.referral.form_key_hash
    alike = referrals.list_alike(session, form_key_hash, request.email, request.phone)
    if known := next((each for each in alike if each.form_key_hash == form_key_hash), None):
        choice = _read_choice(session, known, request)
        if _changed(known, request) or choice.added or choice.given_up:  # a double click says nothing new
            _count(session, draft, caller)  # each change of address is one more mail
            _amend(session, known, draft, choice)
        return Recorded(known, draft.token, is_new=False)
    _count(session, draft, caller)
    if same := _find_same(alike, request):
        return Recorded(same, None, is_new=False, added=_recognise(session, same, draft))
    insert_rows(session, (draft.referral, *draft.beside))
    return Recorded(draft.referral, draft.token, is_new=True)


@dataclass(frozen=True, slots=True)
class _Choice:
    """What a form that comes again says of the structures: those newly ticked, and those no longer."""

    added: list[str]
    given_up: list[Introduction]


def _read_choice(session: Session, known: Referral, request: Request) -> _Choice:
    """Compare with what is under way: what the team has taken up is no longer the form's to undo."""
    listed = referrals.list_introductions(session, known.id)
    there = {each.entry for each in listed if each.state is not IntroductionState.WITHDRAWN}
    given_up = [
        each
        for each in listed
        if each.state is IntroductionState.PROPOSED and each.channel is None and each.entry not in request.structures
    ]
    return _Choice([entry for entry in request.structures if entry not in there], given_up)


def _count(session: Session, draft: Draft, caller: str | None) -> None:
    if caller is None:
        return
    for bucket, who in (("request-address", caller), ("request-contact", draft.contact_hash)):
        most, period = _LIMITS[bucket]
        if tallies.count_since(session, bucket, who, draft.at - period) >= most:
            raise TooManyError(wait=int(min(period, timedelta(hours=1)).total_seconds()))
        tallies.add(session, bucket, who, draft.at)


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


def _recognise(session: Session, same: Referral, draft: Draft) -> str | None:
    """Say kindly that the request is already here, and what it gains; a new link goes to the known contact only.

    Nothing is taken away: another form is no proof of who asks.
    """
    request, at = draft.request, draft.at
    structures = _read_choice(session, same, request).added
    moments = [moment for moment in request.call_when if moment not in same.call_when]
    referral = referrals.lock_referral(session, same.id) if structures or moments else same
    referral.call_when = [*referral.call_when, *moments]
    session.add_all(agreements(referral.id, structures, at))
    added = ", ".join([_STRUCTURES] * bool(structures) + [FIELD_NAMES["call_when"]] * bool(moments)) or None
    journal.add_line(session, referral, LineKind.SENT_AGAIN, at=at, author=Author.PERSON, text=added, visible=True)
    if referral.email:
        announce(session, MailTemplate.NEW_LINK, at=at, referral_id=referral.id)
    elif access.find_open_task(session, referral.id, TaskKind.LINK) is None:
        session.add(RightsTask(referral_id=referral.id, kind=TaskKind.LINK, created_at=at))
    return added


def _changed(known: Referral, request: Request) -> dict[str, Any]:
    """What a form says differently, by field."""
    said = {name: getattr(request, name) for name in SAID_BY_THE_PERSON} | {"call_when": list(request.call_when)}
    return {name: value for name, value in said.items() if getattr(known, name) != value}


def _amend(session: Session, known: Referral, draft: Draft, choice: _Choice) -> None:
    """Keep what the same form says differently. Closed, or the day after, it corrects nothing but is kept as a message.

    An old page, found on a shared machine, must not send the code of somebody's data to another address.
    """
    request, at = draft.request, draft.at
    referral = referrals.lock_referral(session, known.id)
    if not referral.is_open or at - referral.received_at > _GOING_BACK:
        line = journal.add_line(
            session, referral, LineKind.MESSAGE, at=at, author=Author.PERSON, text=request.words, visible=True
        )
        announce_once(session, MailTemplate.PERSON_WROTE, at=at, referral_id=referral.id, line_id=line.id)
        return
    changed = _changed(referral, request)
    referral.epci = draft.referral.epci
    for name, value in changed.items():
        setattr(referral, name, value)
    referral.index_names()
    session.add_all(agreements(referral.id, choice.added, at))
    for introduction in choice.given_up:
        introduction.move(IntroductionState.WITHDRAWN, at=at)
    text = ", ".join(FIELD_NAMES[name] for name in changed) or _STRUCTURES
    journal.add_line(session, referral, LineKind.CORRECTED, at=at, author=Author.PERSON, text=text, visible=True)
    if "email" in changed and referral.email:
        announce(session, MailTemplate.REQUEST_RECEIVED, at=at, referral_id=referral.id)
