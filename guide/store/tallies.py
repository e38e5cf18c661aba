"""What is counted against abuse: attempts at something limited, seen by every worker.

``who`` is a keyed hash (``guide.secrecy.keyed_hash``), never an address. On PostgreSQL attempts made at the very same
moment do not see each other: where one too many would matter, the row that they are about is held first.
"""

from datetime import datetime

from sqlalchemy import delete, func
from sqlmodel import Session, col, select

from guide.models import Tally


def add(session: Session, bucket: str, who: str, at: datetime) -> None:
    """Count one attempt."""
    session.add(Tally(bucket=bucket, who=who, at=at))


def count_since(session: Session, bucket: str, who: str, since: datetime) -> int:
    """How many attempts after a moment."""
    counted = select(func.count()).where(Tally.bucket == bucket, Tally.who == who, col(Tally.at) > since)
    return session.exec(counted).one()


def list_since(session: Session, bucket: str, who: str, since: datetime) -> list[datetime]:
    """The moments of the attempts after another, oldest first."""
    found = select(Tally.at).where(Tally.bucket == bucket, Tally.who == who, col(Tally.at) > since)
    return list(session.exec(found.order_by(col(Tally.at))))


def forget(session: Session, bucket: str, who: str) -> None:
    """Count from nothing again: a good answer clears the bad ones."""
    session.exec(delete(Tally).where(col(Tally.bucket) == bucket, col(Tally.who) == who))


def purge_before(session: Session, at: datetime) -> None:
    """Forget what no limit looks at any more."""
    session.exec(delete(Tally).where(col(Tally.at) < at))
