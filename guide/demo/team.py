"""The team of the demonstration: accounts whose password and telephone everybody knows."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from guide.accounts.passwords import Hasher
from guide.accounts.second_factor import seal_seed
from guide.accounts.team import create_account
from guide.models.staff import Role
from guide.settings import Settings

PASSWORD = "trois moulins pour essayer"  # noqa: S105 - known to all, on purpose
SEED = "DEMODEMODEMODEMODEMODEMODEMODEMO"  # of the telephone of everybody
TEAM = {  # address -> name, role
    "alix@demo.example": ("Alix Exemple", Role.OFFICER),
    "camille@demo.example": ("Camille Fictif", Role.OFFICER),
    "sacha@demo.example": ("Sacha Prétexte", Role.OFFICER),
    "eden@demo.example": ("Eden Modèle", Role.OFFICER),
    "noa@demo.example": ("Noa Figurant", Role.ADVISER),
    "swann@demo.example": ("Swann Inventé", Role.ADVISER),
    "lou@demo.example": ("Lou Lecteur", Role.READER),
}


def enrol_team(session: Session, settings: Settings, *, now: datetime) -> dict[Role, list[UUID]]:
    """Add the accounts, ready to sign in; return them by role."""
    password_hash, added = Hasher(settings.argon2_memory).hash(PASSWORD), dict[Role, list[UUID]]()
    for email, (name, role) in TEAM.items():
        account = create_account(session, email=email, name=name, role=role, now=now)
        account.password_hash = password_hash
        seal_seed(settings, account, SEED)
        added.setdefault(role, []).append(account.id)
    session.flush()
    return added
