"""Secret links and short codes, made: what is returned is said once, and only its hash is stored."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlmodel import Session, col

from guide.delays import Delays
from guide.models import OneTimeLink, Referral, RightsCode, StaffAccount, TrackingToken
from guide.models.staff import LinkPurpose
from guide.secrecy import code_hash, digest, new_key
from guide.store import accounts


def mint_tracking_token(session: Session, referral: Referral, *, now: datetime) -> str:
    """Make one more secret link of a referral; the earlier ones stay good."""
    token = new_key()
    session.add(TrackingToken(referral_id=referral.id, token_hash=digest(token), created_at=now))
    return token


def unmint_tracking_token(session: Session, token: str) -> None:
    """Take back a secret link that certainly reached nobody."""
    session.exec(delete(TrackingToken).where(col(TrackingToken.token_hash) == digest(token)))


def mint_code(session: Session, referral: Referral, *, secret: str, now: datetime, delays: Delays) -> str:
    """Make a code of six digits; the earlier ones that were not entered open nothing any more."""
    live = (
        col(RightsCode.referral_id) == referral.id,
        col(RightsCode.used_at).is_(None),
        col(RightsCode.expires_at) > now,
    )
    session.exec(update(RightsCode).where(*live).values(expires_at=now))
    code = f"{secrets.randbelow(1_000_000):06}"
    session.add(
        RightsCode(
            referral_id=referral.id,
            code_hash=code_hash(secret, referral.id, code),
            created_at=now,
            expires_at=now + timedelta(minutes=delays.code_minutes),
        )
    )
    return code


def mint_link(session: Session, account: StaffAccount, purpose: LinkPurpose, *, now: datetime, delays: Delays) -> str:
    """Make a one-time link of an account; the earlier ones of the same purpose open nothing any more."""
    token = new_key()
    expires = now + lifetime(session, purpose, delays)
    accounts.end_links(session, account.id, purpose, at=now)
    accounts.add_link(
        session,
        OneTimeLink(
            account_id=account.id, purpose=purpose, token_hash=digest(token), created_at=now, expires_at=expires
        ),
    )
    return token


def lifetime(session: Session, purpose: LinkPurpose, delays: Delays) -> timedelta:
    """How long a new link opens what it is for."""
    if purpose is LinkPurpose.PASSWORD_RESET:
        return timedelta(minutes=delays.password_reset_minutes)
    if accounts.has_any_enrolled(session):
        return timedelta(days=delays.invitation_days)
    return timedelta(minutes=delays.first_invitation_minutes)  # the first administrator is beside the machine
