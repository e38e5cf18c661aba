"""The team: who is invited, who gets a new link, who leaves."""

from datetime import datetime

from email_validator import EmailNotValidError, validate_email
from sqlmodel import Session

from guide.accounts.signing_in import clean_email
from guide.errors import GuideError
from guide.models import StaffAccount
from guide.models.outgoing import MailTemplate
from guide.models.staff import LinkPurpose, Role
from guide.outbox import announce
from guide.store import accounts as store

_TEMPLATES = {
    LinkPurpose.INVITATION: MailTemplate.STAFF_INVITATION,
    LinkPurpose.PASSWORD_RESET: MailTemplate.PASSWORD_RESET,
}


class TeamError(GuideError):
    """Something that the team cannot do; its message says what to do instead."""


def is_address(typed: str) -> bool:
    """Whether mail could reach this address, as far as its writing says."""
    try:
        validate_email(typed.strip(), check_deliverability=False)
    except EmailNotValidError:
        return False
    return True


def create_account(session: Session, *, email: str, name: str, role: Role, now: datetime) -> StaffAccount:
    """Add somebody, who cannot sign in before having accepted an invitation; raise TeamError."""
    email, name = clean_email(email), " ".join(name.split())
    if store.find_account(session, email) is not None:
        raise TeamError("Cette adresse a déjà un compte : envoyez-lui plutôt un nouveau lien.")
    account = StaffAccount(email=email, name=name, role=role, created_at=now)
    store.add_account(session, account)
    return account


def invite(session: Session, *, email: str, name: str, role: Role, now: datetime) -> StaffAccount:
    """Add somebody and have the invitation mailed."""
    account = create_account(session, email=email, name=name, role=role, now=now)
    announce(session, MailTemplate.STAFF_INVITATION, at=now, account_id=account.id)
    return account


def send_link(session: Session, account: StaffAccount, purpose: LinkPurpose, *, now: datetime) -> None:
    """Have a new link mailed: an invitation (again, or after a lost telephone), or a new password.

    An account that was disabled comes back by an invitation only: a new password, a new telephone, new codes.
    """
    if purpose is LinkPurpose.PASSWORD_RESET and (account.disabled_at is not None or account.password_hash is None):
        raise TeamError("Ce compte n’est pas actif : envoyez une invitation.")
    reopen(session, account)
    announce(session, _TEMPLATES[purpose], at=now, account_id=account.id)


def reopen(session: Session, account: StaffAccount) -> None:
    """Let a disabled account be invited again: nothing of what it had opens anything."""
    if account.disabled_at is not None:
        account.disabled_at = account.password_hash = account.totp_sealed = account.totp_last_step = None
        session.add(account)


def disable(session: Session, account: StaffAccount, *, now: datetime) -> None:
    """End an account, its sessions and its links. The last officer stays: somebody must be able to invite."""
    officers = store.list_active_officers(session, for_update=True)  # two officers may end each other at once
    if [officer.id for officer in officers] == [account.id]:
        raise TeamError("C’est le seul compte d’agent actif : invitez d’abord quelqu’un d’autre.")
    if account.disabled_at is None:
        account.disabled_at = now
        session.add(account)
    store.end_sessions(session, account.id, at=now)
    store.end_links(session, account.id, None, at=now)
