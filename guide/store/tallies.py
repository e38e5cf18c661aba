"""What is counted against abuse, shared by all workers."""

from datetime import datetime

from sqlalchemy import delete, func
from sqlmodel import Session, col, select

from guide.models.tally import Tally


def count_since(session: Session, bucket: str, who: str, since: datetime) -> int:
    """How many times somebody tried something since a moment."""
    query = select(func.count()).where(Tally.bucket == bucket, Tally.who == who, col(Tally.at) > since)
    return session.exec(query).one()


def add(session: Session, bucket: str, who: str, at: datetime) -> None:
    """Count one attempt."""
    session.add(Tally(bucket=bucket, who=who, at=at))


def purge_before(session: Session, at: datetime) -> int:
    """Forget what was counted before a moment; return how many rows went."""
    gone = session.exec(delete(Tally).where(col(Tally.at) < at))
    return int(gone.rowcount)
