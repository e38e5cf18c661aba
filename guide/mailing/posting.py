"""Posting: one message handed to the mail server, or written to a file when there is none."""

import os
import smtplib
import ssl
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from pathlib import Path
from urllib.parse import urlsplit

from guide.errors import GuideError
from guide.settings import Settings

Post = Callable[[EmailMessage], None]
_PATIENCE = 20  # seconds for each answer of the server


class UnsafeHeaderError(GuideError):
    """A header that could hold another one, or an address that is not exactly one."""


class PostError(GuideError):
    """A message that was not posted; ``kind`` is the class of what went wrong, never its text: it quotes addresses."""

    def __init__(self, cause: Exception) -> None:
        """Name the class of the cause, and the number of the server's answer when it gave one."""
        self.kind = f"{type(cause).__name__}{_answer_number(cause)}"
        super().__init__(self.kind)


class RefusedError(PostError):
    """The server said no to this message: it was not sent, others may be."""


class UnreachableError(PostError):
    """The server cannot be reached or refuses us: nothing was sent, and nothing else can be for now."""


class CutShortError(PostError):
    """The server hung up in the middle: nobody knows whether it kept the message."""


def _answer_number(cause: Exception) -> str:
    if isinstance(cause, smtplib.SMTPResponseException):
        return f" {cause.smtp_code}"
    if isinstance(cause, smtplib.SMTPRecipientsRefused):
        return "".join(f" {code}" for code, _ in cause.recipients.values())
    return ""


def compose(
    *, sender: str, recipient: str, subject: str, text: str, html: str, message_id: str, at: datetime
) -> EmailMessage:
    """Write a message to one person, as plain text and as HTML; raise UnsafeHeaderError."""
    for header in (sender, recipient, subject, message_id):
        if any(sign in header for sign in "\r\n\0"):
            raise UnsafeHeaderError("line")
    name, address = parseaddr(sender)
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(name, addr_spec=_one_address(address))
    message["To"] = Address(addr_spec=_one_address(recipient))
    message["Subject"] = subject
    message["Date"] = format_datetime(at)
    message["Message-ID"] = message_id
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: an absence must not answer
    message["Content-Language"] = "fr"
    message.set_content(text, cte="quoted-printable")
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    return message


def _one_address(address: str) -> str:
    """Check that a text is one address, and write its domain as mail servers know it."""
    local, _, domain = address.rpartition("@")
    try:
        written = f"{local}@{domain.encode('idna').decode()}"
        Address(addr_spec=written)
    except (ValueError, IndexError, MessageError):  # the parser of the library has its own ways to fall
        raise UnsafeHeaderError("address") from None
    if not local or not domain or any(sign.isspace() or not sign.isprintable() for sign in address):
        raise UnsafeHeaderError("address")
    return written


def poster(settings: Settings) -> Post:
    """What posts: the mail server of the settings, else files under the instance."""
    if not settings.smtp_host:
        return lambda message: _write(message, settings.mails)
    return lambda message: _send(message, settings)


def _write(message: EmailMessage, folder: Path) -> None:
    """Write a message for its owner alone; it appears whole, and once however often it is written."""
    name = message["Message-ID"].strip("<>").partition("@")[0]
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = folder / f".{name}"
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(message.as_bytes())
        draft.replace(folder / f"{name}.eml")
    except OSError as error:
        raise UnreachableError(error) from None


def _send(message: EmailMessage, settings: Settings) -> None:
    try:
        server = _open(settings)
    except (OSError, smtplib.SMTPException, UnicodeError) as error:  # the library signs in in ASCII alone
        raise UnreachableError(error) from None
    try:
        server.send_message(message)
    except smtplib.SMTPServerDisconnected as error:
        raise CutShortError(error) from None
    except smtplib.SMTPException as error:
        raise RefusedError(error) from None
    except OSError as error:
        raise CutShortError(error) from None
    finally:
        with suppress(OSError, smtplib.SMTPException):  # the message is accepted or not: leaving changes nothing
            server.quit()
        server.close()


def _open(settings: Settings) -> smtplib.SMTP:
    """Connect as the settings say: never in clear when they ask for encryption."""
    host, port = settings.smtp_host, settings.smtp_port
    here = urlsplit(settings.public_url).hostname or "localhost"  # else the library asks the network for our name
    if settings.smtp_security == "tls":
        context = ssl.create_default_context()
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, local_hostname=here, timeout=_PATIENCE, context=context)
    else:
        server = smtplib.SMTP(host, port, local_hostname=here, timeout=_PATIENCE)
    try:
        if settings.smtp_security == "starttls":
            server.starttls(context=ssl.create_default_context())
        if settings.smtp_user:
            server.login(settings.smtp_user, settings.smtp_password)
    except BaseException:
        server.close()
        raise
    return server
