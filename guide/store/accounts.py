"""Queries on the accounts of the team, their links, codes and sessions."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, update
from sqlmodel import Session, col, select

from guide.errors import NotFoundError
from guide.models import OneTimeLink, RecoveryCode, StaffAccount, StaffSession
from guide.models.staff import LinkPurpose, Role


def find_account(session: Session, email: str, *, for_update: bool = False) -> StaffAccount | None:
    """The account of an address, in lower case; ``for_update`` makes two sign-ins of one account wait in turn."""
    query = select(StaffAccount).where(StaffAccount.email == email)
    return session.exec(query.with_for_update() if for_update else query).first()


def get_account(session: Session, account_id: UUID, *, for_update: bool = False) -> StaffAccount:
    """One account; raise NotFoundError."""
    account = session.get(StaffAccount, account_id, with_for_update=for_update or None)
    if account is None:
        raise NotFoundError
    return account


def list_accounts(session: Session) -> list[StaffAccount]:
    """Everybody, those who may sign in first, then by name."""
    found = session.exec(select(StaffAccount)).all()
    return sorted(found, key=lambda account: (account.disabled_at is not None, account.name.casefold(), account.email))


def list_active_officers(session: Session, *, for_update: bool = False) -> list[StaffAccount]:
    """The officers who can sign in today, oldest account first; ``for_update``: and who stay so until the end."""
    query = select(StaffAccount).where(
        StaffAccount.role == Role.OFFICER,
        col(StaffAccount.disabled_at).is_(None),
        col(StaffAccount.password_hash).is_not(None),
    )
    ordered = query.order_by(col(StaffAccount.id))
    if for_update:
        ordered = ordered.with_for_update().execution_options(populate_existing=True)
    return list(session.exec(ordered))


def has_any_enrolled(session: Session) -> bool:
    """Whether somebody has ever accepted an invitation."""
    return session.exec(select(StaffAccount.id).where(col(StaffAccount.password_hash).is_not(None))).first() is not None


def add_account(session: Session, account: StaffAccount) -> None:
    """Add somebody to the team."""
    session.add(account)
    session.flush()  # what refers to the account may follow in the same transaction


def find_link(
    session: Session, token_hash: str, purpose: LinkPurpose, *, for_update: bool = False
) -> OneTimeLink | None:
    """The one-time link of a token, used or not."""
    query = select(OneTimeLink).where(OneTimeLink.token_hash == token_hash, OneTimeLink.purpose == purpose)
    return session.exec(query.with_for_update() if for_update else query).first()


def add_link(session: Session, link: OneTimeLink) -> None:
    """Add a one-time link."""
    session.add(link)


def end_links(session: Session, account_id: UUID, purpose: LinkPurpose | None, *, at: datetime) -> None:
    """End the links of an account that still open something, of one purpose or of all."""
    query = update(OneTimeLink).where(
        col(OneTimeLink.account_id) == account_id, col(OneTimeLink.used_at).is_(None), col(OneTimeLink.expires_at) > at
    )
    if purpose is not None:
        query = query.where(col(OneTimeLink.purpose) == purpose)
    session.exec(query.values(expires_at=at))


def find_recovery_code(session: Session, account_id: UUID, code_hash: str) -> RecoveryCode | None:
    """A recovery code that has not served yet."""
    query = select(RecoveryCode).where(
        RecoveryCode.account_id == account_id, RecoveryCode.code_hash == code_hash, col(RecoveryCode.used_at).is_(None)
    )
    return session.exec(query.with_for_update()).first()


def list_unused_recovery_codes(session: Session, account_id: UUID) -> list[RecoveryCode]:
    """The recovery codes that are left."""
    query = select(RecoveryCode).where(RecoveryCode.account_id == account_id, col(RecoveryCode.used_at).is_(None))
    return list(session.exec(query.order_by(col(RecoveryCode.id))))


def replace_recovery_codes(session: Session, account_id: UUID, hashes: list[str]) -> None:
    """Put new recovery codes in the place of all the earlier ones, also of those that are being made elsewhere."""
    session.exec(select(StaffAccount.id).where(StaffAccount.id == account_id).with_for_update()).one()
    for code in session.exec(select(RecoveryCode).where(RecoveryCode.account_id == account_id)):
        session.delete(code)
    session.add_all(RecoveryCode(account_id=account_id, code_hash=code_hash) for code_hash in hashes)


def find_session(session: Session, key_hash: str) -> StaffSession | None:
    """The session of a cookie, live or not."""
    return session.exec(select(StaffSession).where(StaffSession.key_hash == key_hash)).first()


def add_session(session: Session, opened: StaffSession) -> None:
    """Add a session."""
    session.add(opened)


def note_seen(session: Session, session_id: UUID, account_id: UUID, *, at: datetime) -> None:
    """Note that somebody is here."""
    session.exec(update(StaffSession).where(col(StaffSession.id) == session_id).values(last_seen_at=at))
    session.exec(update(StaffAccount).where(col(StaffAccount.id) == account_id).values(last_seen_at=at))


def note_confirmed(session: Session, session_id: UUID, *, at: datetime) -> None:
    """Note that the password was given again."""
    session.exec(update(StaffSession).where(col(StaffSession.id) == session_id).values(confirmed_at=at))


def end_session(session: Session, session_id: UUID, *, at: datetime) -> None:
    """End one session."""
    live = (col(StaffSession.id) == session_id, col(StaffSession.ended_at).is_(None))
    session.exec(update(StaffSession).where(*live).values(ended_at=at))


def end_sessions(session: Session, account_id: UUID, *, at: datetime) -> None:
    """End every session of an account, on all devices."""
    session.exec(
        update(StaffSession)
        .where(col(StaffSession.account_id) == account_id, col(StaffSession.ended_at).is_(None))
        .values(ended_at=at)
    )


def list_idle(session: Session, before: datetime) -> list[StaffAccount]:
    """The accounts that could sign in and have not since a moment."""
    last = func.coalesce(col(StaffAccount.last_seen_at), col(StaffAccount.created_at))
    query = select(StaffAccount).where(col(StaffAccount.disabled_at).is_(None), last < before)
    return list(session.exec(query.order_by(col(StaffAccount.id))))


def purge_before(session: Session, at: datetime) -> None:
    """Forget sessions and links that were over before a moment."""
    session.exec(delete(StaffSession).where(col(StaffSession.last_seen_at) < at, col(StaffSession.created_at) < at))
    session.exec(delete(OneTimeLink).where(col(OneTimeLink.expires_at) < at))
