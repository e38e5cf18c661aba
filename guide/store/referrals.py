"""Referrals and their introductions."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, or_
from sqlmodel import Session, col, select

from guide.errors import NotFoundError, StaleError
from guide.models.introduction import Introduction
from guide.models.referral import Referral

_ALIKE = (  # what is None is like nothing
    select(Referral)
    .where(
        or_(
            col(Referral.form_key_hash) == bindparam("form_key_hash"),
            col(Referral.email) == bindparam("email"),
            col(Referral.phone) == bindparam("phone"),
        )
    )
    .order_by(col(Referral.received_at).desc())
)


def get_referral(session: Session, reference: str) -> Referral:
    """Get the referral of a reference; raise NotFoundError."""
    found = session.exec(select(Referral).where(Referral.reference == reference)).first()
    if found is None:
        raise NotFoundError
    return found


def list_alike(session: Session, form_key_hash: str | None, email: str | None, phone: str | None) -> Sequence[Referral]:
    """List what a form already recorded, and the referrals of its contact, newest first."""
    return session.exec(_ALIKE, params={"form_key_hash": form_key_hash, "email": email, "phone": phone}).all()


def hold_by_contact(session: Session, email: str | None, phone: str | None) -> Sequence[Referral]:
    """List the referrals of a contact, newest first, and hold them until the end of the transaction."""
    wanted = {"form_key_hash": None, "email": email, "phone": phone}
    return session.exec(_ALIKE.with_for_update(), params=wanted).all()


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
    """List the introductions of a referral, in the order in which they were proposed."""
    proposed = select(Introduction).where(Introduction.referral_id == referral_id)
    return session.exec(proposed.order_by(col(Introduction.proposed_at), col(Introduction.id))).all()


def get_introduction(session: Session, referral_id: UUID, introduction_id: UUID) -> Introduction:
    """Get one introduction of a referral; raise NotFoundError when it is not one of its own."""
    found = session.get(Introduction, introduction_id)
    if found is None or found.referral_id != referral_id:
        raise NotFoundError
    return found


def list_forgettable(session: Session, before: datetime) -> Sequence[UUID]:
    """List, and hold, the referrals whose last contact is before a moment and that still hold personal data."""
    query = select(Referral.id).where(col(Referral.last_contact_at) < before, col(Referral.anonymised_at).is_(None))
    return session.exec(query.order_by(col(Referral.last_contact_at)).with_for_update()).all()
