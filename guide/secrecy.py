"""Secrets: random keys, their hashes, and what must be read again, sealed. Only hashes and sealed texts are stored."""

import base64
import hashlib
import hmac
import ipaddress
import secrets
from datetime import datetime
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken
from itsdangerous import BadSignature, URLSafeTimedSerializer


def new_key() -> str:
    """A random key of 128 bits or more, fit for an address."""
    return secrets.token_urlsafe(24)


def digest(secret_text: str) -> str:
    """What is stored of a random key or token (SHA-256: it has too many bits to be guessed)."""
    return hashlib.sha256(secret_text.encode()).hexdigest()


def keyed_hash(server_secret: str, purpose: str, value: str) -> str:
    """Hash what could be guessed (an address, a code of six digits), so that a stolen table says nothing of it."""
    return hmac.new(f"{purpose}|{server_secret}".encode(), value.encode(), hashlib.sha256).hexdigest()


def address_hash(server_secret: str, address: str | None) -> str:
    """Who calls, for counting: an IPv6 caller owns a whole /64."""
    try:
        caller = ipaddress.ip_address(address or "")
    except ValueError:
        return keyed_hash(server_secret, "address", "?")
    prefix = 64 if caller.version == 6 else 32
    return keyed_hash(server_secret, "address", str(ipaddress.ip_network((caller, prefix), strict=False)))


def code_hash(server_secret: str, owner: object, code: str) -> str:
    """What is stored of a code of six digits: it could be guessed, so the hash needs the server's key."""
    return keyed_hash(server_secret, "code", f"{owner}:{code}")


def new_form_key(server_secret: str) -> str:
    """A key of 128 bits for one form, signed with the moment at which it was made."""
    return str(_signer(server_secret).dumps(secrets.token_urlsafe(16)))


def read_form_key(server_secret: str, signed: str | None, now: datetime) -> tuple[str, float] | None:
    """Read the key of a form and its age in seconds; None when it was not made here."""
    try:
        key, made = _signer(server_secret).loads(signed or "", return_timestamp=True)
    except BadSignature:
        return None
    return str(key), (now - made).total_seconds()


def sign(server_secret: str, purpose: str, *values: str) -> str:
    """Sign some values with the moment at which they were: a link that nobody can make, of which nothing is stored."""
    return str(_signer(server_secret, purpose).dumps(values))


def read_signed(server_secret: str, purpose: str, signed: str) -> tuple[list[str], datetime] | None:
    """Read what was signed for a purpose, and when; None when it was not signed here."""
    try:
        values, made = _signer(server_secret, purpose).loads(signed, return_timestamp=True)
    except BadSignature:
        return None
    return values, made


@lru_cache(maxsize=8)
def _signer(server_secret: str, purpose: str = "form-key") -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(server_secret, salt=purpose)


def tracking_token(server_secret: str, form_key: str) -> str:
    """The secret link of a request: the same form sent again gives the same link."""
    code = hmac.new(f"tracking|{server_secret}".encode(), form_key.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(code).rstrip(b"=").decode()


def _fernet(server_secret: str, purpose: str) -> Fernet:
    key = hashlib.sha256(f"{purpose}|{server_secret}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))


def seal(server_secret: str, purpose: str, text: str) -> str:
    """Encrypt and sign a text that must be read again (a TOTP seed, a form kept for after a sign-in)."""
    return _fernet(server_secret, purpose).encrypt(text.encode()).decode()


def unseal(server_secret: str, purpose: str, sealed: str, *, seconds: int | None = None) -> str | None:
    """Read a sealed text; None when it was tampered with, sealed for something else, or older than ``seconds``."""
    try:
        return _fernet(server_secret, purpose).decrypt(sealed.encode(), ttl=seconds).decode()
    except (InvalidToken, ValueError):
        return None
