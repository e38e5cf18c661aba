"""Signing in: a password, then a second factor. Every failure looks the same and costs exactly one verification."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from guide.accounts import throttle
from guide.accounts.passwords import Hasher
from guide.accounts.second_factor import spend_code, spend_recovery_code
from guide.accounts.sessions import Visit, open_session
from guide.models import StaffAccount
from guide.models.staff import SessionStage
from guide.settings import Settings
from guide.store import accounts as store
from guide.store.database import Database
from guide.text import printable

_PASSWORD, _SECOND = "team-password", "team-second"  # what is counted apart


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of a try: for which account (None when there is none), and the key of the session that it opened."""

    account_id: UUID | None
    key: str | None = None

    @property
    def succeeded(self) -> bool:
        """Whether a session was opened."""
        return self.key is not None


def clean_email(typed: str) -> str:
    """An address as it is stored; a control character, which PostgreSQL refuses even to look for, is a space."""
    return printable(typed, len(typed)).strip().lower()


def sign_in(
    database: Database,
    hasher: Hasher,
    settings: Settings,
    *,
    email: str,
    password: str,
    address: str,
    now: datetime,
    replaced: Visit | None = None,
) -> Attempt:
    """Try a password. The try is counted first, then weighed while no transaction is open: weighing takes long.

    ``replaced`` is the session that the browser had, which a good password ends.
    """
    email = clean_email(email)
    with database.writing() as session:
        throttle.count_address(session, settings, address, now=now)
        account = store.find_account(session, email, for_update=True)  # parallel tries are counted one by one
        allowed = throttle.may_try(session, settings, _PASSWORD, email, now=now)
    good = _weigh(hasher, account, password) and allowed
    if account is None or not good:
        return Attempt(account.id if account else None)
    renewed = hasher.hash(password) if hasher.is_outdated(account.password_hash or "") else None
    with database.writing() as session:
        if replaced is not None:
            store.end_session(session, replaced.session.id, at=now)
        return _accept(session, settings, account, renewed, now=now)


def _weigh(hasher: Hasher, account: StaffAccount | None, password: str) -> bool:
    usable = account is not None and account.disabled_at is None and account.totp_sealed is not None
    return hasher.verify(account.password_hash if account else None, password) and usable


def _accept(
    session: Session, settings: Settings, weighed: StaffAccount, renewed: str | None, *, now: datetime
) -> Attempt:
    account = store.get_account(session, weighed.id, for_update=True)
    if account.password_hash != weighed.password_hash or account.disabled_at is not None:
        return Attempt(account.id)  # changed while the old one was being weighed
    if renewed is not None:
        account.password_hash = renewed
        session.add(account)
    throttle.forgive(session, settings, _PASSWORD, account.email)
    return Attempt(account.id, open_session(session, account, SessionStage.PASSWORD, now=now))


def give_code(session: Session, settings: Settings, visit: Visit, *, code: str, now: datetime) -> Attempt:
    """Try a code of the telephone; the session gets a new key, and is a full one."""
    account, allowed = _open_second(session, settings, visit, now=now)
    good = spend_code(settings, account, code, now=now) and allowed
    session.add(account)
    return _complete(session, settings, visit, account, good=good, now=now)


def give_recovery_code(session: Session, settings: Settings, visit: Visit, *, code: str, now: datetime) -> Attempt:
    """Try a recovery code, which serves once."""
    account, allowed = _open_second(session, settings, visit, now=now)
    good = allowed and spend_recovery_code(session, settings, account, code, now=now)
    return _complete(session, settings, visit, account, good=good, now=now)


def _open_second(session: Session, settings: Settings, visit: Visit, *, now: datetime) -> tuple[StaffAccount, bool]:
    account = store.get_account(session, visit.account.id, for_update=True)
    return account, throttle.may_try(session, settings, _SECOND, str(account.id), now=now)


def _complete(
    session: Session, settings: Settings, visit: Visit, account: StaffAccount, *, good: bool, now: datetime
) -> Attempt:
    if not good or account.disabled_at is not None:
        return Attempt(account.id)
    throttle.forgive(session, settings, _SECOND, str(account.id))
    store.end_session(session, visit.session.id, at=now)
    return Attempt(account.id, open_session(session, account, SessionStage.FULL, now=now))


def check_password(
    database: Database, hasher: Hasher, settings: Settings, visit: Visit, *, password: str, now: datetime
) -> bool:
    """Whether the person who is signed in knows the password; tries are counted as those of a sign-in."""
    with database.writing() as session:
        account = store.get_account(session, visit.account.id, for_update=True)
        allowed = throttle.may_try(session, settings, _PASSWORD, account.email, now=now)
    if not (hasher.verify(account.password_hash, password) and allowed):
        return False
    with database.writing() as session:
        throttle.forgive(session, settings, _PASSWORD, account.email)
    return True


def confirm(
    database: Database, hasher: Hasher, settings: Settings, visit: Visit, *, password: str, now: datetime
) -> bool:
    """Give the password again: what is sensitive is open for some minutes."""
    good = check_password(database, hasher, settings, visit, password=password, now=now)
    if good:
        with database.writing() as session:
            store.note_confirmed(session, visit.session.id, at=now)
    return good


def forgive_password(session: Session, settings: Settings, account: StaffAccount) -> None:
    """Forget the bad tries of an account that has just got a new password."""
    throttle.forgive(session, settings, _PASSWORD, account.email)
