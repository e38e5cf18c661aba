"""Passwords: how they are kept (argon2id), how dear a try is, and which ones are refused."""

import base64
import re
import threading
import unicodedata
from functools import lru_cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from guide.text import typeset

SHORTEST, LONGEST = 12, 256  # signs
AT_A_TIME = threading.BoundedSemaphore(2)  # per process: each one takes 46 MiB and a whole core
_COMMON = Path(__file__).with_name("common_passwords.txt")
_OWN_WORDS = (
    "guideess guide missioness mission departement pasdecalais apes ess solidaire motdepasse password".split()  # noqa: SIM905 - reads as a list
)
_ADVICE = "Prenez plutôt quatre mots au hasard."
_FEWEST_LEFT = 5  # signs that must remain once the words that everybody would try are taken away


class Hasher:
    """Hashes and verifies, two at a time; ``verifications`` counts, so that tests know what each answer costs."""

    def __init__(self, memory: int) -> None:
        """Memory is in KiB (OWASP: 46 MiB with one pass)."""
        self._argon2 = PasswordHasher(time_cost=1, memory_cost=memory, parallelism=1)
        nothing = base64.b64encode(bytes(16)).decode().rstrip("="), base64.b64encode(bytes(32)).decode().rstrip("=")
        self.decoy = f"$argon2id$v=19$m={memory},t=1,p=1${nothing[0]}${nothing[1]}"
        self.verifications = 0

    def hash(self, password: str) -> str:
        """What is stored of a password."""
        with AT_A_TIME:
            return self._argon2.hash(_written(password))

    def verify(self, password_hash: str | None, password: str) -> bool:
        """Whether this is the password; without any (no such account), the answer is no and costs the same."""
        with AT_A_TIME:
            self.verifications += 1
            try:
                return self._argon2.verify(password_hash or self.decoy, _written(password))
            except (VerificationError, InvalidHashError):
                return False

    def is_outdated(self, password_hash: str) -> bool:
        """Whether a hash was made with other parameters than those of today."""
        return self._argon2.check_needs_rehash(password_hash)


def _written(password: str) -> str:
    """The same signs whatever the keyboard: « é » may be typed as one sign or as two. Nothing else is changed."""
    return unicodedata.normalize("NFC", password)


def refusal(password: str, *, email: str, name: str) -> str | None:
    """Why a password is refused, in French; None when it is a good one. No composition is asked for."""
    length, reason = len(_written(password)), None
    if length < SHORTEST:
        reason = f"Ce mot de passe a {length} signes : il en faut {SHORTEST} au moins. {_ADVICE}"
    elif length > LONGEST:
        reason = f"Ce mot de passe est trop long : {LONGEST} signes au plus."
    elif _is_common(_letters(password)):
        reason = f"Ce mot de passe est parmi les plus essayés. {_ADVICE}"
    elif _is_about(_letters(password), [*_OWN_WORDS, *re.split(r"[^a-z0-9]+", _folded(f"{email} {name}"))]):
        reason = f"Ce mot de passe reprend le nom du service ou le vôtre. {_ADVICE}"
    return typeset(reason) if reason else None


def _folded(text: str) -> str:
    kept = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in kept if not unicodedata.combining(sign))


def _letters(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "", _folded(text))


@lru_cache(maxsize=1)
def common_passwords() -> frozenset[str]:
    """The passwords that everybody tries first."""
    lines = _COMMON.read_text(encoding="utf-8").splitlines()
    return frozenset(_letters(line) for line in lines if not line.startswith("#"))


def _is_common(plain: str) -> bool:
    """Whether it is one of the list: alone, repeated, with digits around it; or the same few signs again and again."""
    unit = _repeated_part(plain)
    few = len(set(plain)) < 5 or len(unit) < 5
    return few or any(part in common_passwords() for part in (plain, plain.strip("0123456789"), unit))


def _repeated_part(plain: str) -> str:
    """The shortest beginning that makes the whole when it is repeated: "bonjour" for "bonjourbonjour"."""
    lengths = range(1, len(plain) + 1)
    return next((plain[:size] for size in lengths if plain == (plain[:size] * len(plain))[: len(plain)]), "")


def _is_about(plain: str, words: list[str]) -> bool:
    """Whether little remains once the names of the service and of the person are taken away."""
    for word in sorted((word for word in words if len(word) > 2), key=len, reverse=True):
        plain = plain.replace(word, "")
    return len(plain.strip("0123456789")) < _FEWEST_LEFT
