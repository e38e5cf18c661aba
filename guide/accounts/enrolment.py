"""Becoming able to sign in, and changing what proves who one is: password, telephone, recovery codes."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from guide.accounts.links import open_link, use_link
from guide.accounts.second_factor import matching_step, new_recovery_codes, seal_seed
from guide.accounts.sessions import Visit, open_session
from guide.accounts.signing_in import forgive_password
from guide.models import StaffAccount
from guide.models.staff import LinkPurpose, SessionStage
from guide.settings import Settings
from guide.store import accounts as store


@dataclass(frozen=True, slots=True)
class Enrolled:
    """Somebody new in the team, the recovery codes to show once, and the key of the session."""

    account: StaffAccount
    codes: list[str]
    key: str


def accept_invitation(
    session: Session, settings: Settings, token: str, *, password_hash: str, seed: str, code: str, now: datetime
) -> Enrolled | None:
    """Enrol: a password, a telephone that gives the right code, ten recovery codes, and a session.

    None when the code is not the right one; raise LinkError when the link opens nothing any more.
    """
    opened = open_link(session, token, LinkPurpose.INVITATION, now=now, to_use=True)
    account, step = opened.account, matching_step(seed, code, now=now)
    if step is None:
        return None
    seal_seed(settings, account, seed)
    account.password_hash, account.totp_last_step = password_hash, step
    session.add(account)
    use_link(session, opened, now=now)
    store.end_sessions(session, account.id, at=now)
    forgive_password(session, settings, account)
    codes = new_recovery_codes(session, settings, account)
    return Enrolled(account, codes, open_session(session, account, SessionStage.FULL, now=now))


def reset_password(
    session: Session, settings: Settings, token: str, *, password_hash: str, now: datetime
) -> StaffAccount:
    """Give a new password by a one-time link; every device must sign in again. Raise LinkError."""
    opened = open_link(session, token, LinkPurpose.PASSWORD_RESET, now=now, to_use=True)
    opened.account.password_hash = password_hash
    session.add(opened.account)
    use_link(session, opened, now=now)
    store.end_sessions(session, opened.account.id, at=now)
    forgive_password(session, settings, opened.account)
    return opened.account


def change_password(session: Session, visit: Visit, *, password_hash: str, now: datetime) -> str:
    """Change the password of who is here: the other devices are signed out, this one gets a new key, returned."""
    account = store.get_account(session, visit.account.id, for_update=True)
    account.password_hash = password_hash
    session.add(account)
    store.end_sessions(session, account.id, at=now)
    return open_session(session, account, SessionStage.FULL, now=now, since=visit.session.created_at)


def change_telephone(
    session: Session, settings: Settings, visit: Visit, *, seed: str, code: str, now: datetime
) -> bool:
    """Put another telephone in the place of the first; False when its code is not the right one."""
    step = matching_step(seed, code, now=now)
    if step is None:
        return False
    account = store.get_account(session, visit.account.id, for_update=True)
    seal_seed(settings, account, seed)
    account.totp_last_step = step
    session.add(account)
    return True


def renew_recovery_codes(session: Session, settings: Settings, visit: Visit) -> list[str]:
    """Make ten new recovery codes; the earlier ones open nothing any more."""
    return new_recovery_codes(session, settings, store.get_account(session, visit.account.id))
