"""Handing: a dossier, or the whole desk of somebody, goes to a colleague where it stands; its state does not move."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from guide.errors import NotFoundError, NotHeldError
from guide.handling import SECOND_THOUGHTS, give_to, take_open_referral, write_line
from guide.models import Referral, StaffAccount
from guide.models.journal import LineKind
from guide.models.outgoing import MailTemplate
from guide.models.referral import ReferralState
from guide.outbox import announce
from guide.store import accounts, appointments, desk, mails
from guide.text import typeset

HELD = (ReferralState.ASSIGNED, ReferralState.CONTACTED, ReferralState.MET)  # what somebody has in hands


@dataclass(frozen=True, slots=True)
class Handing:
    """A change of hands: to whom, and why."""

    to: UUID
    reason: str


def hand_over(
    session: Session, account: StaffAccount, reference: str, handing: Handing, version: int, *, at: datetime
) -> Referral:
    """Give one dossier to a colleague where it stands.

    Raises StaleError, ClosedError, NotHeldError when nobody was given it yet or when the colleague has it already,
    and NotFoundError when nobody like that may be given a dossier.
    """
    referral = take_open_referral(session, account, reference, version)
    if referral.state not in HELD or referral.assigned_to == handing.to:
        raise NotHeldError
    _hand(session, referral, account, handing, at)
    return referral


def hand_desk(session: Session, account: StaffAccount, owner: UUID, handing: Handing, *, at: datetime) -> int:
    """Give every open dossier of somebody to a colleague, all or none; say how many there were."""
    if owner == handing.to:
        raise NotFoundError
    held = desk.hold_open_of(session, owner)
    for referral in held:
        referral.version += 1
        _hand(session, referral, account, handing, at)
    return len(held)


def _hand(session: Session, referral: Referral, account: StaffAccount, handing: Handing, at: datetime) -> None:
    owner = referral.assigned_to
    before = accounts.get_account(session, owner).name if owner else "la Mission ESS"
    chosen = give_to(session, referral, handing.to, account, at=at, but=owner)
    appointments.give_coming(session, referral.id, owner, chosen.id, at)
    for mail, line in mails.list_recallable(session, referral.id, at):
        if line.kind is LineKind.HANDED:  # the person is told once, of the last hands
            session.delete(mail)
    line = write_line(
        session,
        referral,
        LineKind.HANDED,
        at=at,
        staff_id=account.id,
        text=typeset(f"De {before} à {chosen.name} : {handing.reason}"),
        visible=referral.may_be_written_to,
    )
    if referral.email and referral.may_be_written_to:
        due = at + SECOND_THOUGHTS
        announce(session, MailTemplate.STATE_CHANGED, at=at, due=due, referral_id=referral.id, line_id=line.id)
