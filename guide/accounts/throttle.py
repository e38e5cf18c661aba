"""How often somebody may try: per account, with a wait that grows and a soft lock; per address. Never for everybody.

An account is known here by the address typed, so that an address without an account is slowed down just the same.
"""

from datetime import datetime, timedelta

from sqlmodel import Session

from guide.errors import TooManyError
from guide.secrecy import address_hash, keyed_hash
from guide.settings import Settings
from guide.store import tallies

TRIES = 5  # in a minute, before the first wait
LOCK_AFTER, LOCK = 10, timedelta(minutes=15)
_WAITS = {5: 60, 6: 90, 7: 120, 8: 180, 9: 240}  # seconds to wait after so many bad tries
_WINDOW = timedelta(hours=1)  # what is older is forgiven
_PER_ADDRESS, _MINUTE = 20, timedelta(minutes=1)


def count_address(session: Session, settings: Settings, address: str, *, now: datetime) -> None:
    """Count one try from an address; raise TooManyError over 20 a minute."""
    if settings.rate_limits == "off":
        return
    who = address_hash(settings.secret_key, address)
    if tallies.count_since(session, "team-address", who, now - _MINUTE) >= _PER_ADDRESS:
        raise TooManyError(int(_MINUTE.total_seconds()))
    tallies.add(session, "team-address", who, now)


def may_try(session: Session, settings: Settings, bucket: str, who: str, *, now: datetime) -> bool:
    """Count one try, and say whether it may be listened to. During the lock nothing is counted: it ends on time."""
    hashed = keyed_hash(settings.secret_key, bucket, who)
    tries = tallies.list_since(session, bucket, hashed, now - _WINDOW)
    wait = LOCK if len(tries) >= LOCK_AFTER else timedelta(seconds=_WAITS.get(len(tries), 0))
    allowed = not tries or now >= tries[-1] + wait
    if allowed or len(tries) < LOCK_AFTER:
        tallies.add(session, bucket, hashed, now)
    return allowed


def forgive(session: Session, settings: Settings, bucket: str, who: str) -> None:
    """Count from nothing again, after a good try."""
    tallies.forget(session, bucket, keyed_hash(settings.secret_key, bucket, who))
