"""Who may see what on the desk, who may be given a dossier, what is asked by telephone."""

import re
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, select

from guide.models.access import RightsTask
from guide.models.referral import Body, Referral, ReferralState
from guide.models.staff import Role, StaffAccount
from guide.text import normalise

_REFERENCE = re.compile(r"[A-Z0-9-]{1,12}")


def visible(account: StaffAccount) -> list[ColumnElement[bool]]:
    """What an account may see: an adviser only what is in the hands of the APES; nobody what was forgotten."""
    seen: list[ColumnElement[bool]] = [col(Referral.anonymised_at).is_(None)]
    if account.role is Role.ADVISER:
        seen.append(col(Referral.assigned_body) == Body.APES)
    return seen


def find_visible(session: Session, reference: str, account: StaffAccount) -> Referral | None:
    """Find the referral of a reference, if this account may see it."""
    if not _REFERENCE.fullmatch(reference):
        return None
    return session.exec(select(Referral).where(Referral.reference == reference, *visible(account))).first()


def list_assignable(session: Session) -> Sequence[StaffAccount]:
    """List who may be given a referral: officers and advisers who can sign in, by name."""
    query = select(StaffAccount).where(
        col(StaffAccount.role).in_([Role.OFFICER, Role.ADVISER]), col(StaffAccount.disabled_at).is_(None)
    )
    return sorted(session.exec(query).all(), key=lambda account: normalise(account.name))


def count_open_of(session: Session) -> dict[UUID, int]:
    """Count the open dossiers that each account has in hands."""
    query = select(Referral.assigned_to, func.count()).where(*_IN_HANDS, col(Referral.assigned_to).is_not(None))
    return {who: count for who, count in session.exec(query.group_by(col(Referral.assigned_to))) if who}


def hold_open_of(session: Session, account_id: UUID) -> Sequence[Referral]:
    """List, and hold in one order, the open dossiers that an account has in hands."""
    query = select(Referral).where(*_IN_HANDS, Referral.assigned_to == account_id).order_by(col(Referral.id))
    return session.exec(query.with_for_update().execution_options(populate_existing=True)).all()


_IN_HANDS = (col(Referral.state) != ReferralState.CLOSED, col(Referral.anonymised_at).is_(None))


def list_tasks(session: Session) -> Sequence[tuple[RightsTask, Referral]]:
    """List what officers are asked to do by telephone, oldest first; whoever took her number back is not called."""
    waiting = (col(RightsTask.done_at).is_(None), col(Referral.phone).is_not(None))
    query = select(RightsTask, Referral).join(Referral).where(*waiting)
    return session.exec(query.order_by(col(RightsTask.created_at))).all()
