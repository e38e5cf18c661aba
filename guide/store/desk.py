"""What the desk lists: referrals by state, place and name, those of the APES for an adviser."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_
from sqlmodel import Session, col, select

from guide.models.access import RightsTask
from guide.models.referral import Body, Referral, ReferralState
from guide.models.staff import Role, StaffAccount
from guide.text import normalise

PAGE = 50  # rows
_REFERENCE = re.compile(r"[A-Z0-9-]{1,12}")


@dataclass(frozen=True, slots=True)
class Filters:
    """What to list; None means "any"."""

    state: ReferralState | None = None
    epci: str | None = None
    stage: str | None = None
    mine: bool = False
    q: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of referrals, and whether more follow."""

    referrals: Sequence[Referral]
    followers: dict[UUID, str]
    total: int
    page: int

    @property
    def has_more(self) -> bool:
        """Whether another page follows."""
        return self.page * PAGE < self.total


def _visible(account: StaffAccount) -> list[ColumnElement[bool]]:
    """What an account may see: an adviser only what is in the hands of the APES; nobody what was forgotten."""
    seen: list[ColumnElement[bool]] = [col(Referral.anonymised_at).is_(None)]
    if account.role is Role.ADVISER:
        seen.append(col(Referral.assigned_body) == Body.APES)
    return seen


def find_visible(session: Session, reference: str, account: StaffAccount) -> Referral | None:
    """Find the referral of a reference, if this account may see it."""
    if not _REFERENCE.fullmatch(reference):
        return None
    return session.exec(select(Referral).where(Referral.reference == reference, *_visible(account))).first()


def count_by_state(session: Session, account: StaffAccount) -> dict[ReferralState, int]:
    """How many referrals stand in each state, of those that an account may see."""
    query: Any = select(Referral.state, func.count()).where(*_visible(account)).group_by(col(Referral.state))
    return dict(session.exec(query).all())


def list_referrals(session: Session, account: StaffAccount, filters: Filters, page: int = 1) -> Listed:
    """List what matches: open ones first, and among them whoever has waited longest without a change."""
    wanted = [*_visible(account), *_conditions(filters, account)]
    total = session.exec(select(func.count()).select_from(Referral).where(*wanted)).one()
    order = (col(Referral.state) == ReferralState.CLOSED, col(Referral.state_since), col(Referral.id))
    query = select(Referral).where(*wanted).order_by(*order).offset((page - 1) * PAGE).limit(PAGE)
    found = session.exec(query).all()
    return Listed(found, _first_names(session, found), total, page)


def _conditions(filters: Filters, account: StaffAccount) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if filters.state:
        conditions.append(col(Referral.state) == filters.state)
    if filters.epci:
        conditions.append(col(Referral.epci) == filters.epci)
    if filters.stage:
        conditions.append(col(Referral.stage) == filters.stage)
    if filters.mine:
        conditions.append(col(Referral.assigned_to) == account.id)
    key = normalise(filters.q)
    if key:
        reference = col(Referral.reference) == filters.q.strip().upper()
        words = [col(Referral.search_key).like(f"%{word}%") for word in key.split()]  # normalised: no sign to escape
        conditions.append(or_(reference, and_(*words)))
    return conditions


def _first_names(session: Session, referrals: Sequence[Referral]) -> dict[UUID, str]:
    ids = {referral.assigned_to for referral in referrals if referral.assigned_to}
    accounts = session.exec(select(StaffAccount).where(col(StaffAccount.id).in_(ids))).all() if ids else []
    return {account.id: account.first_name for account in accounts}


def list_assignable(session: Session) -> Sequence[StaffAccount]:
    """List who may be given a referral: officers and advisers who can sign in, by name."""
    query = select(StaffAccount).where(
        col(StaffAccount.role).in_([Role.OFFICER, Role.ADVISER]), col(StaffAccount.disabled_at).is_(None)
    )
    return sorted(session.exec(query).all(), key=lambda account: normalise(account.name))


def list_tasks(session: Session) -> Sequence[tuple[RightsTask, Referral]]:
    """List what officers are asked to do by telephone, oldest first."""
    query = select(RightsTask, Referral).join(Referral).where(col(RightsTask.done_at).is_(None))
    return session.exec(query.order_by(col(RightsTask.created_at))).all()
