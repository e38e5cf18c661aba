"""What a confirmed table writes: the dossier of each new holder, and what changed of those who were here."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, SQLModel

from guide.content.base import KnowledgeBase
from guide.drafting import new_reference
from guide.importing.waiting import hasher
from guide.models import ImportedRow, JournalLine, Referral, StaffAccount, TableImport
from guide.models.journal import Author, LineKind
from guide.models.referral import Origin, ReferralState
from guide.profile import Profile
from guide.store import imports, journal, referrals
from guide.tables.comparing import Fated, identities
from guide.tables.holders import Holder, label
from guide.text import join_words, typeset

_LONGEST_PROJECT = 160
_ENTERED = "Entrée par le tableau : personne ne lui a encore parlé."


def _project(holder: Holder) -> str | None:
    """The structure when a person is named beside it, then the project."""
    named = (holder.structure if holder.person else None, holder.project)
    return " · ".join(filter(None, named))[:_LONGEST_PROJECT] or None


# What a dossier takes from a row, each with how.
_FROM_ROW: dict[str, Callable[[Holder], str | None]] = {
    "name": lambda holder: holder.name,
    "email": lambda holder: holder.email,
    "phone": lambda holder: holder.phone,
    "project_name": _project,
    "commune": lambda holder: holder.commune,
    "stage": lambda holder: holder.stage,
}


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes what one import brings."""

    session: Session
    account: StaffAccount
    waiting: TableImport
    knowledge: KnowledgeBase
    secret: str
    at: datetime

    def open_dossiers(self, holders: Sequence[Holder]) -> None:
        """Make the dossier of each new holder: reviewed, and silent until somebody has spoken to them."""
        taken = {each.reference for each in imports.list_people(self.session)} if holders else set()
        opened = [(self._open(holder, _draw(taken)), holder) for holder in holders]
        self.session.add_all(referral for referral, _ in opened)
        self.session.flush()  # at once, so that what follows may point to them
        for referral, holder in opened:
            self.session.add_all(self._beside(referral, holder))
        self.session.flush()

    def _open(self, holder: Holder, reference: str) -> Referral:
        referral = Referral(
            reference=reference,
            origin=Origin.IMPORT,
            state=ReferralState.REVIEWED,
            received_at=self.at,
            state_since=self.at,
            last_contact_at=self.at,
            knowledge_version=self.knowledge.version,
        )
        self._fill(referral, {name: take(holder) for name, take in _FROM_ROW.items()}, holder)
        return referral

    def _beside(self, referral: Referral, holder: Holder) -> Iterator[SQLModel]:
        yield JournalLine(
            referral_id=referral.id,
            at=self.at,
            author=Author.STAFF,
            staff_id=self.account.id,
            kind=LineKind.IMPORTED,
            text=typeset(_ENTERED),
        )
        yield ImportedRow(
            referral_id=referral.id,
            import_id=self.waiting.id,
            fingerprint=holder.fingerprint,
            said=holder.said,
            identities=identities(holder, hasher(self.secret)),
        )

    def amend(self, row: Fated) -> None:
        """Keep what a row says now; what somebody corrected in the dossier since then is not undone."""
        if row.known is None:
            return
        kept = imports.get_row(self.session, row.known.id)
        before, holder = Holder.of(kept.said), row.holder
        referral = referrals.lock_referral(self.session, row.known.referral_id)
        values = {name: getattr(referral, name) for name in _FROM_ROW}
        self._fill(
            referral,
            {name: take(holder) if values[name] == take(before) else values[name] for name, take in _FROM_ROW.items()},
            holder,
        )
        names = join_words([label(name) for name in row.changes])
        journal.add_line(
            self.session,
            referral,
            LineKind.IMPORTED,
            at=self.at,
            author=Author.STAFF,
            staff_id=self.account.id,
            text=typeset(f"Le tableau a changé : {names}."),
        )
        kept.said, kept.fingerprint, kept.import_id = holder.said, holder.fingerprint, self.waiting.id
        kept.identities = list(dict.fromkeys([*kept.identities, *identities(holder, hasher(self.secret))]))

    def _fill(self, referral: Referral, values: dict[str, str | None], holder: Holder) -> None:
        for name, value in values.items():
            setattr(referral, name, value)
        commune = self.knowledge.territory.find_commune(referral.commune or "")
        referral.epci = commune.epci.id if commune else None
        said = {"stage": referral.stage, "commune": referral.commune}
        said |= {"budget_citoyen": holder.budget_citoyen, "support": holder.support}
        answers = {name: value for name, value in said.items() if value}  # what the questionnaire would have asked
        referral.answers = [[name, value] for name, value in answers.items()]
        referral.outside_networks = Profile.model_validate(answers).outside_networks
        referral.index_names()


def _draw(taken: set[str]) -> str:
    """A reference that nobody has: thousands are drawn at once."""
    while (drawn := new_reference()) in taken:
        pass
    taken.add(drawn)
    return drawn
