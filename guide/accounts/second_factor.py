"""The second factor: codes of a telephone (TOTP, RFC 6238) that serve once, and the recovery codes that replace it."""

import re
import secrets
from datetime import datetime

import pyotp
from sqlmodel import Session

from guide.models import StaffAccount
from guide.secrecy import keyed_hash, seal, unseal
from guide.settings import Settings
from guide.store import accounts as store

ISSUER = "Guide ESS 62"
RECOVERY_CODES = 10
_STEP = 30  # seconds
_DRIFT = (0, -1, 1)  # steps: a telephone may be half a minute late or early
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # nothing that looks like something else


def new_seed() -> str:
    """A secret for a telephone: 160 random bits."""
    return pyotp.random_base32()


def seed_address(seed: str, email: str) -> str:
    """What the QR code says, and what opens the application on the telephone itself."""
    return pyotp.TOTP(seed).provisioning_uri(name=email, issuer_name=ISSUER)


def matching_step(seed: str, code: str, *, now: datetime) -> int | None:
    """The step of a code, spaces aside; None when it is not one of this moment."""
    digits, here = re.sub(r"\s", "", code), int(now.timestamp()) // _STEP
    for step in (here + drift for drift in _DRIFT):
        if secrets.compare_digest(pyotp.TOTP(seed).at(step * _STEP).encode(), digits.encode()):
            return step
    return None


def seal_seed(settings: Settings, account: StaffAccount, seed: str) -> None:
    """Keep a seed, encrypted: it must be read again at each sign-in."""
    account.totp_sealed, account.totp_last_step = seal(settings.secret_key, f"totp|{account.id}", seed), None


def spend_code(settings: Settings, account: StaffAccount, code: str, *, now: datetime) -> bool:
    """Whether a code is good; once it has been read it never serves again, whatever comes of the try."""
    seed = unseal(settings.secret_key, f"totp|{account.id}", account.totp_sealed) if account.totp_sealed else None
    step = matching_step(seed, code, now=now) if seed else None
    if step is None or step <= (account.totp_last_step or 0):
        return False
    account.totp_last_step = step
    return True


def new_recovery_codes(session: Session, settings: Settings, account: StaffAccount) -> list[str]:
    """Make ten codes, to be shown once; only their hashes are stored."""
    made = ["".join(secrets.choice(_ALPHABET) for _ in range(12)) for _ in range(RECOVERY_CODES)]
    store.replace_recovery_codes(session, account.id, [_hash(settings, account, code) for code in made])
    return ["-".join((code[:4], code[4:8], code[8:])) for code in made]


def spend_recovery_code(
    session: Session, settings: Settings, account: StaffAccount, code: str, *, now: datetime
) -> bool:
    """Whether a recovery code is good; it serves once."""
    found = store.find_recovery_code(session, account.id, _hash(settings, account, code))
    if found is not None:
        found.used_at = now
        session.add(found)
    return found is not None


def _hash(settings: Settings, account: StaffAccount, code: str) -> str:
    plain = re.sub(r"[^A-Z0-9]", "", code.upper())
    return keyed_hash(settings.secret_key, f"recovery|{account.id}", plain)
