"""Sessions: a random key in a cookie, everything else in the database, so that ending one is immediate."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from guide.delays import Delays
from guide.models import StaffAccount, StaffSession
from guide.models.staff import SessionStage
from guide.secrecy import digest, new_key
from guide.store import accounts as store

CONFIRMED_FOR = timedelta(minutes=10)  # how long a password given again opens what is sensitive
_SEEN_EVERY = timedelta(seconds=30)  # reading ten pages in a row writes once


@dataclass(frozen=True, slots=True)
class Visit:
    """Who is here: the session of the request, and its account."""

    session: StaffSession
    account: StaffAccount

    @property
    def is_full(self) -> bool:
        """Whether both the password and the second factor were given."""
        return self.session.stage is SessionStage.FULL

    def is_confirmed(self, now: datetime) -> bool:
        """Whether the password was given again a moment ago."""
        return self.session.confirmed_at is not None and now - self.session.confirmed_at < CONFIRMED_FOR


def open_session(
    session: Session,
    account: StaffAccount,
    stage: SessionStage,
    *,
    now: datetime,
    since: datetime | None = None,
) -> str:
    """Open a session and return its key, which is stored nowhere.

    ``since`` is the birth of the session that it replaces: changing a password makes no session longer.
    """
    key = new_key()
    opened = StaffSession(
        account_id=account.id, key_hash=digest(key), stage=stage, created_at=since or now, last_seen_at=now
    )
    store.add_session(session, opened)
    if stage is SessionStage.FULL and since is None:
        account.previous_visit_at, account.last_seen_at = account.last_seen_at, now
        session.add(account)
    return key


def find_visit(session: Session, key: str, *, now: datetime, delays: Delays) -> Visit | None:
    """The live session of a key: not ended, not idle, not too old, of an account that still may sign in."""
    found = find_owner(session, key)
    return found if found and _is_live(found, now, delays) else None


def find_owner(session: Session, key: str) -> Visit | None:
    """The session of a key, live or not: it says for whom a form is kept, and opens nothing."""
    found = store.find_session(session, digest(key))
    return Visit(found, store.get_account(session, found.account_id)) if found else None


def _is_live(visit: Visit, now: datetime, delays: Delays) -> bool:
    session = visit.session
    idle, whole = timedelta(minutes=delays.session_idle_minutes), timedelta(hours=delays.session_hours)
    in_time = now - session.last_seen_at < idle and now - session.created_at < whole
    return in_time and session.ended_at is None and visit.account.disabled_at is None


def wants_to_be_seen(visit: Visit, now: datetime) -> bool:
    """Whether the session is to be noted again: not at every page, and never for a sign-in half done."""
    return visit.is_full and now - visit.session.last_seen_at >= _SEEN_EVERY


def note_visit(session: Session, visit: Visit, *, now: datetime) -> None:
    """Note that somebody is here: the idle time starts again."""
    store.note_seen(session, visit.session.id, visit.account.id, at=now)


def sign_out(session: Session, visit: Visit, *, now: datetime) -> None:
    """End one session, at once."""
    store.end_session(session, visit.session.id, at=now)
