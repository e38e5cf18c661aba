"""Secrets: random keys, their hashes, and what must be read again, sealed. Only hashes and sealed texts are stored."""

import base64
import hashlib
import hmac
import secrets

from cryptography.fernet import Fernet, InvalidToken


def new_key() -> str:
    """A random key of 128 bits or more, fit for an address."""
    return secrets.token_urlsafe(24)


def digest(secret_text: str) -> str:
    """What is stored of a random key or token (SHA-256: it has too many bits to be guessed)."""
    return hashlib.sha256(secret_text.encode()).hexdigest()


def keyed_hash(server_secret: str, purpose: str, value: str) -> str:
    """Hash what could be guessed (an address, a code of six digits), so that a stolen table says nothing of it."""
    return hmac.new(f"{purpose}|{server_secret}".encode(), value.encode(), hashlib.sha256).hexdigest()


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
