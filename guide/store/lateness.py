"""What the table of delays calls late, as conditions: the desk shows it, the clock reminds of it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, exists, false, func, literal, not_, or_
from sqlmodel import col

from guide.deadlines import Limits
from guide.models import ContactAttempt, Referral
from guide.models.base import UtcDateTime
from guide.models.referral import ReferralState


def is_asleep(limits: Limits) -> ColumnElement[bool]:
    """Whether a dossier is put off beyond today."""
    return func.coalesce(col(Referral.snoozed_until) > limits.today, false())


def is_late(limits: Limits) -> ColumnElement[bool]:
    """Not read, or given and not called, for longer than was promised."""
    return or_(is_unread(limits), is_uncalled(limits, limits.contact, limits.contact_of))


def is_unread(limits: Limits) -> ColumnElement[bool]:
    """Received before a limit, and not reviewed; the day on which a pause ends is still in time."""
    received = col(Referral.state) == ReferralState.RECEIVED
    return and_(received, col(Referral.state_since) < limits.review, _may_be_late(limits))


def is_uncalled(limits: Limits, before: datetime, before_of: Mapping[UUID, datetime]) -> ColumnElement[bool]:
    """Given to somebody before a limit, which may be their own, and no attempt to reach the person since."""
    attempted = exists().where(
        col(ContactAttempt.referral_id) == col(Referral.id), col(ContactAttempt.at) >= col(Referral.state_since)
    )
    limit: Any = literal(before, UtcDateTime())
    if before_of:
        own = [(col(Referral.assigned_to) == who, literal(at, UtcDateTime())) for who, at in before_of.items()]
        limit = case(*own, else_=limit)
    given = col(Referral.state) == ReferralState.ASSIGNED
    return and_(given, col(Referral.state_since) < limit, _may_be_late(limits), not_(attempted))


def _may_be_late(limits: Limits) -> ColumnElement[bool]:
    until = col(Referral.snoozed_until)
    return or_(until.is_(None), until < limits.today)
