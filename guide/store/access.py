"""What opens a referral to its person: tokens of links, codes, and what is asked by telephone."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func
from sqlmodel import Session, col, select

from guide.models.access import RightsCode, RightsTask, TaskKind, TrackingToken
from guide.models.referral import Referral
from guide.secrecy import digest


def add_token(session: Session, referral_id: UUID, token: str, at: datetime) -> None:
    """Let a secret link open a referral; only its hash is kept."""
    session.add(TrackingToken(referral_id=referral_id, token_hash=digest(token), created_at=at))


def find_live_code(session: Session, referral_id: UUID, now: datetime) -> RightsCode | None:
    """Find the code that may still be entered, newest first."""
    query = select(RightsCode).where(
        RightsCode.referral_id == referral_id, col(RightsCode.expires_at) > now, col(RightsCode.used_at).is_(None)
    )
    return session.exec(query.order_by(col(RightsCode.created_at).desc())).first()


def find_opened(session: Session, referral_id: UUID, key_hash: str, now: datetime) -> Referral | None:
    """Find the referral whose data a browser opened with a code, while they stay open."""
    query = select(Referral).join(RightsCode)
    opened = query.where(Referral.id == referral_id, RightsCode.key_hash == key_hash, col(RightsCode.open_until) > now)
    return session.exec(opened).first()


def find_open_task(session: Session, referral_id: UUID, kind: TaskKind) -> RightsTask | None:
    """Find what an officer is already asked to do."""
    query = select(RightsTask).where(
        RightsTask.referral_id == referral_id, RightsTask.kind == kind, col(RightsTask.done_at).is_(None)
    )
    return session.exec(query).first()


def purge(session: Session, *, closed_before: datetime, ended_before: datetime) -> None:
    """Remove the links of requests closed for long, and the codes whose time is over."""
    closed = select(Referral.id).where(col(Referral.closed_at) < closed_before)
    session.exec(delete(TrackingToken).where(col(TrackingToken.referral_id).in_(closed)))
    over = func.coalesce(col(RightsCode.open_until), col(RightsCode.expires_at))
    session.exec(delete(RightsCode).where(over < ended_before))


def list_open_tasks(session: Session, referral_id: UUID | None = None) -> Sequence[RightsTask]:
    """List what officers are asked to do by telephone, oldest first."""
    query = select(RightsTask).where(col(RightsTask.done_at).is_(None)).order_by(col(RightsTask.created_at))
    if referral_id is not None:
        query = query.where(RightsTask.referral_id == referral_id)
    return session.exec(query).all()
