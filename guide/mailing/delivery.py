"""Delivery: each mail due is claimed, made, sent and marked, one by one; a failure only puts it off.

Nothing is lost: a mail is marked after the server took it, and one whose deliverer died is taken up again. In normal
operation nothing is sent twice: a mail is claimed by one deliverer, in a transaction of its own.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

from guide.content.base import KnowledgeBase
from guide.errors import GuideError
from guide.mailing.letters import Letter, NobodyError, PointlessError, prepare
from guide.mailing.posting import CutShortError, Post, PostError, RefusedError, compose
from guide.mailing.rendering import Render
from guide.models import OutgoingMail
from guide.settings import Settings
from guide.store import mails, minting
from guide.store.database import Database

POINTLESS = "sans objet"
NOBODY = "sans destinataire"
_BACKOFF = (1, 5, 15, 60)  # minutes before each new try; the last one again and again, for ever
_CLAIM = timedelta(minutes=5)  # longer than any conversation with a server
_KEPT = timedelta(days=30)  # once sent

log = logging.getLogger("guide.mails")


@dataclass(slots=True)
class Report:
    """What came of one round."""

    sent: int = 0
    postponed: int = 0
    dropped: int = 0

    def __bool__(self) -> bool:
        """Whether something happened."""
        return bool(self.sent or self.postponed or self.dropped)


class _ServerDownError(GuideError):
    """Trying the next mail would only wait for nothing."""


@dataclass(frozen=True, slots=True)
class _Round:
    database: Database
    knowledge: KnowledgeBase
    settings: Settings
    render: Render
    post: Post
    now: Callable[[], datetime]
    report: Report


def deliver_due(
    database: Database,
    *,
    knowledge: KnowledgeBase,
    settings: Settings,
    render: Render,
    post: Post,
    now: Callable[[], datetime],
    go_on: Callable[[], bool] = lambda: True,
) -> Report:
    """Send what is due now, until ``go_on`` says no; a server that cannot be reached ends the round."""
    this = _Round(database, knowledge, settings, render, post, now, Report())
    started = now()
    while go_on() and (claimed := _claim(this, started)) is not None:
        try:
            _deliver(this, claimed)
        except _ServerDownError:
            break
    _forget_old(database, started - _KEPT)
    _forget_files(database, settings.mails)
    return this.report


def _claim(this: _Round, started: datetime) -> OutgoingMail | None:
    now = this.now()
    with this.database.reading() as session:
        if not mails.is_any_due(session, started):
            return None  # waiting in vain takes no lock
    with this.database.writing() as session:
        return mails.claim_next(session, due_by=started, now=now, until=now + _CLAIM)


def _deliver(this: _Round, claimed: OutgoingMail) -> None:
    letter: Letter | None = None
    try:
        letter = _prepare(this, claimed.id)
        this.post(_compose(this, claimed, letter))
    except PointlessError:
        _finish(this, claimed, "dropped", failure=POINTLESS)
    except NobodyError:
        _postpone(this, claimed, NOBODY)
    except PostError as error:
        _postpone(this, claimed, error.kind, None if isinstance(error, CutShortError) else letter)
        if not isinstance(error, RefusedError):
            raise _ServerDownError from None
    except Exception as error:
        _postpone(this, claimed, type(error).__name__, letter)
    else:
        _finish(this, claimed, "sent")


def _prepare(this: _Round, mail_id: UUID) -> Letter:
    with this.database.writing() as session:
        mail = mails.find_mail(session, mail_id)
        if mail is None:  # what it announced was erased since the claim
            raise PointlessError
        return prepare(session, mail, knowledge=this.knowledge, settings=this.settings, now=this.now())


def _compose(this: _Round, claimed: OutgoingMail, letter: Letter) -> EmailMessage:
    rendered = this.render(letter.template, letter.facts)
    host = urlsplit(this.settings.public_url).hostname
    return compose(
        sender=this.settings.mail_from,
        recipient=letter.recipient,
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        message_id=f"<{claimed.id}@{host}>",  # the same at each try: a server may notice that it has it already
        at=this.now(),
    )


def _finish(this: _Round, claimed: OutgoingMail, outcome: str, *, failure: str | None = None) -> None:
    with this.database.writing() as session:
        mail = mails.find_mail(session, claimed.id)
        if mail is not None:
            mail.sent_at, mail.claimed_until, mail.failure = this.now(), None, failure
    if failure is None:
        this.report.sent += 1
    else:
        this.report.dropped += 1
    _log(claimed, outcome, failure)


def _postpone(this: _Round, claimed: OutgoingMail, failure: str, letter: Letter | None = None) -> None:
    """Try again later; the secret link of a letter that certainly reached nobody is taken back."""
    later = this.now() + timedelta(minutes=_BACKOFF[min(claimed.tries, len(_BACKOFF)) - 1])
    with this.database.writing() as session:
        mail = mails.find_mail(session, claimed.id)
        if mail is not None:
            mail.due_at, mail.claimed_until, mail.failure = later, None, failure
        if letter is not None and letter.token is not None:
            minting.unmint_tracking_token(session, letter.token)
    this.report.postponed += 1
    _log(claimed, "postponed", failure)


def _log(claimed: OutgoingMail, outcome: str, failure: str | None) -> None:
    """Say what became of a row: never an address, a name or a token."""
    extra = {"mail": str(claimed.id), "template": claimed.template.value, "outcome": outcome, "tries": claimed.tries}
    log.info("mail", extra=extra if failure is None else extra | {"failure": failure})


def _forget_old(database: Database, before: datetime) -> None:
    with database.reading() as session:
        if not mails.is_any_sent(session, before):
            return
    with database.writing() as session:
        mails.purge_sent(session, before)


def _forget_files(database: Database, folder: Path) -> None:
    """Remove the mails written to files whose row is gone: sent long ago, or of somebody who was erased."""
    files = {file.stem: file for file in folder.glob("*.eml")}
    if not files:
        return
    with database.reading() as session:
        known = {str(mail_id) for mail_id in mails.list_ids(session)}
    for name in files.keys() - known:
        files[name].unlink(missing_ok=True)
