"""One-time links: an invitation, a new password. Reading one changes nothing; using it, or making another, ends it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from guide.accounts import throttle
from guide.accounts.signing_in import clean_email
from guide.errors import ExpiredLinkError, UnknownLinkError
from guide.models import OneTimeLink, StaffAccount
from guide.models.outgoing import MailTemplate
from guide.models.staff import LinkPurpose
from guide.outbox import announce
from guide.secrecy import digest, keyed_hash
from guide.settings import Settings
from guide.store import accounts as store
from guide.store import tallies

_RESETS, _RESETS_WITHIN = 3, timedelta(hours=1)  # mails for one account: nobody floods a colleague
PATHS = {LinkPurpose.INVITATION: "/equipe/invitation/", LinkPurpose.PASSWORD_RESET: "/equipe/mot-de-passe/"}


@dataclass(frozen=True, slots=True)
class OpenLink:
    """A link that opens something, and whose it is."""

    link: OneTimeLink
    account: StaffAccount


def link_address(settings: Settings, purpose: LinkPurpose, token: str) -> str:
    """The whole address of a link."""
    return f"{settings.public_url.rstrip('/')}{PATHS[purpose]}{token}"


def open_link(session: Session, token: str, purpose: LinkPurpose, *, now: datetime, to_use: bool = False) -> OpenLink:
    """What a link opens; raise UnknownLinkError or ExpiredLinkError. ``to_use`` makes two users of it wait in turn."""
    link = store.find_link(session, digest(token), purpose, for_update=to_use)
    if link is None:
        raise UnknownLinkError
    account = store.get_account(session, link.account_id, for_update=to_use)
    if link.used_at is not None or link.expires_at <= now or account.disabled_at is not None:
        raise ExpiredLinkError
    return OpenLink(link, account)


def use_link(session: Session, opened: OpenLink, *, now: datetime) -> None:
    """End a link, and every other link of the account: whatever they opened has been done anew."""
    opened.link.used_at = now
    session.add(opened.link)
    session.flush()
    store.end_links(session, opened.account.id, None, at=now)


def ask_for_reset(
    session: Session, settings: Settings, *, email: str, address: str, now: datetime
) -> StaffAccount | None:
    """Have a link mailed to who has an account. The caller answers the same in every case."""
    throttle.count_address(session, settings, address, now=now)
    email = clean_email(email)
    who = keyed_hash(settings.secret_key, "team-reset", email)
    asked = tallies.count_since(session, "team-reset", who, now - _RESETS_WITHIN)
    account = store.find_account(session, email)
    if asked >= _RESETS:
        return None
    tallies.add(session, "team-reset", who, now)
    if account is None or account.disabled_at is not None or account.password_hash is None:
        return None
    announce(session, MailTemplate.PASSWORD_RESET, at=now, account_id=account.id)
    return account
