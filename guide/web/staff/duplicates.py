"""What a dossier shows of others that are, or may be, of the same person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session

from guide.models import JournalLine, Referral, StaffAccount
from guide.store import duplicates, journal
from guide.store.duplicates import Lookalike


@dataclass(frozen=True, slots=True)
class Linked:
    """A dossier that was said to be of the same person, and its journal."""

    referral: Referral
    lines: Sequence[JournalLine]
    first_names: Mapping[UUID, str]


@dataclass(frozen=True, slots=True)
class Duplicates:
    """What is known, and what is only likely."""

    linked: Sequence[Linked]
    alike: Sequence[Lookalike]


def gather_duplicates(session: Session, account: StaffAccount, referral: Referral) -> Duplicates:
    """Gather what one account may see of them."""
    linked = []
    for each in duplicates.list_linked(session, account, referral):
        lines = journal.list_lines(session, each.id)
        linked.append(Linked(each, lines, journal.first_names(session, lines)))
    return Duplicates(linked, duplicates.list_lookalikes(session, account, referral))
