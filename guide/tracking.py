"""Tracking: what a person reads and does through her secret link, and the code that opens her data.

The link alone reads, adds a word and withdraws. Correcting, downloading and erasing need a code, given to the contact
that is already known: by mail, or by an officer who calls the known number.
"""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlmodel import Session

from guide.days import paris_day
from guide.delays import Delays, add_working_days
from guide.errors import ExpiredLinkError, NotFoundError, TooManyError, UnknownLinkError
from guide.models import Appointment, Diagnosis, Referral
from guide.models.access import RightsTask, TaskKind
from guide.models.introduction import INTRODUCTION_MOVES, IntroductionState, in_chain
from guide.models.journal import Author, LineKind
from guide.models.outgoing import MailTemplate
from guide.models.referral import Outcome, ReferralState
from guide.outbox import announce, announce_once
from guide.secrecy import code_hash, digest, keyed_hash, new_key
from guide.store import access, accounts, appointments, diagnoses, followed, journal, referrals, tallies
from guide.store.followed import Asked, Followed, Said

LONGEST_MESSAGE = 4000  # signs
WORDS_AN_HOUR = 10
_LINKS_AN_HOUR, _LINKS_AN_HOUR_AT_ONE_ADDRESS = 3, 40  # lost links
_CODES_AN_HOUR = 5
_SAME_CLICK = timedelta(seconds=20)
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Following:
    """What the tracking page shows."""

    referral: Followed
    lines: Sequence[Said]
    introductions: Sequence[Asked]
    appointments: Sequence[Appointment]  # those to come
    has_diagnosis: bool
    open_until: date | None  # of the link, once the request is closed

    @property
    def chained(self) -> list[tuple[Asked, Asked | None]]:
        """The introductions in order, each with the one whose place it took."""
        return in_chain(self.introductions)

    @property
    def is_asked_still_in(self) -> bool:
        """Whether she was asked if she still goes on, and has said nothing since."""
        for line in reversed(self.lines):
            if line.author is Author.PERSON or line.kind is LineKind.STILL_ASKED:
                return self.referral.is_open and line.kind is LineKind.STILL_ASKED
        return False

    @property
    def reached(self) -> set[str]:
        """The states that the request went through."""
        return {line.to_state for line in self.lines if line.to_state and line.kind is LineKind.MOVED}

    @property
    def last_news(self) -> datetime:
        """When something that the person can see last happened."""
        return max([line.at for line in self.lines], default=self.referral.received_at)


def follow(session: Session, token: str, *, now: datetime, delays: Delays) -> Following:
    """Gather what a secret link shows; raise UnknownLinkError, or ExpiredLinkError once its time is over."""
    referral = followed.find_followed(session, token)
    if referral is None:
        raise UnknownLinkError
    ends = referral.closed_at + timedelta(days=delays.tracking_days) if referral.closed_at else None
    if ends is not None and now >= ends:
        raise ExpiredLinkError
    return Following(
        referral=referral,
        lines=followed.list_said(session, referral.id),
        introductions=followed.list_asked(session, referral.id),
        appointments=appointments.list_coming(session, referral.id, now),
        has_diagnosis=diagnoses.is_any_shared(session, referral.id),
        open_until=paris_day(ends) if ends else None,
    )


def read_diagnosis(session: Session, referral_id: UUID) -> tuple[Diagnosis, str]:
    """Read the pre-diagnosis that was given to her, and the first name of who wrote it; raise NotFoundError."""
    found = diagnoses.find_shared(session, referral_id)
    if found is None:
        raise NotFoundError
    return found, accounts.get_account(session, found.staff_id).first_name


def promised_by(following: Following, delays: Delays) -> date | None:
    """The day before which the person is to have news, from the table of delays; None once it is closed.

    A pause moves it.
    """
    by, until = _due(following, delays), following.referral.snoozed_until
    return max(by, until) if by and until else by


def _due(following: Following, delays: Delays) -> date | None:
    referral = following.referral
    since = paris_day(referral.state_since)
    if referral.state is ReferralState.RECEIVED:
        return add_working_days(since, delays.review_working_days)
    if referral.state is ReferralState.ASSIGNED:
        return add_working_days(since, delays.contact_working_days)
    if referral.is_open:
        return paris_day(following.last_news + timedelta(days=delays.silence_days))
    return None


def write_word(session: Session, referral_id: UUID, text: str, *, at: datetime) -> None:
    """Add the person's word; the same one sent twice in a row is one. Raises TooManyError beyond ten an hour."""
    referral = referrals.hold_referral(session, referral_id)
    last = journal.find_last(session, referral.id, LineKind.MESSAGE, Author.PERSON)
    if last is not None and last.text == text and at - last.at < _HOUR:
        return
    words = journal.list_moments(session, referral.id, LineKind.MESSAGE, Author.PERSON, since=at - _HOUR)
    if len(words) >= WORDS_AN_HOUR:
        raise TooManyError(wait=int((words[0] + _HOUR - at).total_seconds()))
    line = journal.add_line(session, referral, LineKind.MESSAGE, at=at, author=Author.PERSON, text=text, visible=True)
    announce_once(session, MailTemplate.PERSON_WROTE, at=at, referral_id=referral.id, line_id=line.id)


def withdraw(session: Session, referral_id: UUID, *, at: datetime) -> None:
    """End a request because the person wants it; already closed, nothing changes."""
    if not referrals.hold_referral(session, referral_id).is_open:  # a second click
        return
    locked = referrals.lock_referral(session, referral_id)
    before = locked.state
    locked.move(ReferralState.CLOSED, at=at, outcome=Outcome.WITHDRAWN)
    for introduction in referrals.list_introductions(session, locked.id):
        if IntroductionState.WITHDRAWN in INTRODUCTION_MOVES[introduction.state]:
            introduction.move(IntroductionState.WITHDRAWN, at=at)
    appointments.cancel_planned(session, locked.id, at)
    moved = (before.value, locked.state.value)
    journal.add_line(session, locked, LineKind.WITHDRAWN, at=at, author=Author.PERSON, visible=True, moved=moved)
    announce(session, MailTemplate.WITHDRAWN, at=at, referral_id=locked.id)
    if locked.assigned_to:
        announce(session, MailTemplate.WITHDRAWN, at=at, referral_id=locked.id, account_id=locked.assigned_to)


def ask_code(session: Session, referral_id: UUID, *, secret: str, at: datetime) -> None:
    """Ask for the code that opens the data: by mail, else an officer is asked to call the known number.

    Raises TooManyError beyond five an hour.
    """
    referral = referrals.hold_referral(session, referral_id)
    last = journal.find_last(session, referral.id, LineKind.CODE_ASKED, Author.PERSON)
    if last is not None and at - last.at < _SAME_CLICK:
        return  # a second click: one more mail would only make the first code useless
    _limit(session, "rights-code", keyed_hash(secret, "referral", str(referral.id)), _CODES_AN_HOUR, at)
    journal.add_line(session, referral, LineKind.CODE_ASKED, at=at, author=Author.PERSON)
    if referral.email:
        announce(session, MailTemplate.CODE, at=at, referral_id=referral.id)
    else:
        _ask_officer(session, referral, TaskKind.CODE, at)


def _ask_officer(session: Session, referral: Referral, kind: TaskKind, at: datetime) -> None:
    if access.find_open_task(session, referral.id, kind) is None:
        session.add(RightsTask(referral_id=referral.id, kind=kind, created_at=at))


def _limit(session: Session, bucket: str, who: str, most: int, at: datetime) -> None:
    if tallies.count_since(session, bucket, who, at - _HOUR) >= most:
        raise TooManyError(wait=3600)
    tallies.add(session, bucket, who, at)


@dataclass(frozen=True, slots=True)
class Entered:
    """What came of a code: the key that the browser keeps, or how many tries are left (0: ask for another code)."""

    key: str | None
    tries_left: int


def enter_code(
    session: Session, referral_id: UUID, code: str, *, secret: str, now: datetime, delays: Delays
) -> Entered:
    """Open the data with a code; a wrong one counts, and after the last try the code is dead."""
    referrals.hold_referral(session, referral_id)  # parallel tries are counted one by one
    live = access.find_live_code(session, referral_id, now)
    if live is None or live.tries >= delays.code_tries:
        return Entered(None, 0)
    live.tries += 1
    if not hmac.compare_digest(live.code_hash, code_hash(secret, referral_id, code)):
        return Entered(None, delays.code_tries - live.tries)
    key = new_key()
    live.used_at, live.key_hash = now, digest(key)
    live.open_until = now + timedelta(minutes=delays.code_minutes)
    return Entered(key, delays.code_tries - live.tries)


def find_opened(session: Session, referral_id: UUID, key: str | None, *, now: datetime) -> Referral | None:
    """Find the data that a browser's key opens; None when it never did, or no longer does."""
    return access.find_opened(session, referral_id, digest(key), now) if key else None


def ask_link(
    session: Session,
    *,
    email: str | None,
    phone: str | None,
    secret: str,
    caller: str | None,
    at: datetime,
    delays: Delays,
) -> None:
    """Send a new link to the known contact, if it is known: the caller is told the same thing either way."""
    known = referrals.hold_by_contact(session, email, phone)  # parallel requests are counted one by one
    _limit(session, "lost-link", keyed_hash(secret, "contact", email or phone or ""), _LINKS_AN_HOUR, at)
    if caller is not None:
        _limit(session, "lost-link-address", caller, _LINKS_AN_HOUR_AT_ONE_ADDRESS, at)
    for referral in known:
        if referral.closed_at is None or at < referral.closed_at + timedelta(days=delays.tracking_days):
            journal.add_line(session, referral, LineKind.LINK_ASKED, at=at, author=Author.PERSON)
            if email and referral.email == email:
                announce(session, MailTemplate.NEW_LINK, at=at, referral_id=referral.id)
            else:
                _ask_officer(session, referral, TaskKind.LINK, at)
