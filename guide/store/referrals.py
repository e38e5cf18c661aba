"""Referrals and their introductions."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, or_
from sqlmodel import Session, col, select

from guide.errors import NotFoundError, StaleError
from guide.models.introduction import Introduction
from guide.models.referral import Referral

_INTRODUCTIONS = (  # made once, see guide.store.access
    select(Introduction)
    .where(Introduction.referral_id == bindparam("referral_id"))
    .order_by(col(Introduction.agreed_at), col(Introduction.id))
)


def add_referral(session: Session, referral: Referral) -> None:
    """Add a referral at once, so that what follows may point to it."""
    session.add(referral)
    session.flush()


def get_referral(session: Session, reference: str) -> Referral:
    """Get the referral of a reference; raise NotFoundError."""
    found = session.exec(select(Referral).where(Referral.reference == reference)).first()
    if found is None:
        raise NotFoundError
    return found


def list_alike(session: Session, form_key_hash: str, email: str | None, phone: str | None) -> Sequence[Referral]:
    """List what a form already recorded, and the referrals of its contact, newest first."""
    return _list_where(session, col(Referral.form_key_hash) == form_key_hash, *_of_contact(email, phone))


def list_by_contact(session: Session, email: str | None, phone: str | None) -> Sequence[Referral]:
    """List the referrals of a contact, newest first."""
    wanted = _of_contact(email, phone)
    return _list_where(session, *wanted) if wanted else []


def _of_contact(email: str | None, phone: str | None) -> list[ColumnElement[bool]]:
    by_email = [col(Referral.email) == email] if email else []
    return [*by_email, col(Referral.phone) == phone] if phone else by_email


def _list_where(session: Session, *either: ColumnElement[bool]) -> Sequence[Referral]:
    return session.exec(select(Referral).where(or_(*either)).order_by(col(Referral.received_at).desc())).all()


def hold_referral(session: Session, referral_id: UUID) -> Referral:
    """Take a referral as it is now: nobody else changes it until the end of the transaction.

    Raise NotFoundError when it was erased meanwhile: nothing is written any more of somebody who was forgotten.
    """
    query = select(Referral).where(Referral.id == referral_id, col(Referral.anonymised_at).is_(None)).with_for_update()
    found = session.exec(query.execution_options(populate_existing=True)).first()
    if found is None:
        raise NotFoundError
    return found


def lock_referral(session: Session, referral_id: UUID, version: int | None = None) -> Referral:
    """Take a referral to change it: nobody else can meanwhile, and its version goes up.

    ``version`` is the one that was on screen; raise StaleError when somebody changed the referral since, and
    NotFoundError when it is gone or erased.
    """
    found = hold_referral(session, referral_id)
    if version is not None and found.version != version:
        raise StaleError
    found.version += 1
    return found


def list_introductions(session: Session, referral_id: UUID) -> Sequence[Introduction]:
    """List the introductions of a referral, in the order in which they were agreed."""
    return session.exec(_INTRODUCTIONS, params={"referral_id": referral_id}).all()


def list_forgettable(session: Session, before: datetime) -> Sequence[UUID]:
    """List, and hold, the referrals whose last contact is before a moment and that still hold personal data."""
    query = select(Referral.id).where(col(Referral.last_contact_at) < before, col(Referral.anonymised_at).is_(None))
    return session.exec(query.order_by(col(Referral.last_contact_at)).with_for_update()).all()
