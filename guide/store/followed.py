"""What a secret link shows of a request: a few columns, and neither the name nor the contact of the person.

Plain rows and statements made once: on the page that is opened most often, following objects costs three times more
than reading.
"""

from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from guide.models import Introduction, JournalLine, Referral, StaffAccount, TrackingToken
from guide.models.introduction import INTRODUCTION_MOVES, IntroductionChannel, IntroductionState, RefusalReason
from guide.models.journal import Author, LineKind
from guide.models.referral import Outcome, ReferralState
from guide.models.staff import first_name
from guide.secrecy import digest


class Followed(NamedTuple):
    """A request, as its secret link shows it."""

    id: UUID
    reference: str
    received_at: datetime
    state: ReferralState
    state_since: datetime
    outcome: Outcome | None
    closed_at: datetime | None
    by_mail: bool  # whether the person gave an address
    helper: str | None
    snoozed_until: date | None
    follower_name: str | None

    @property
    def is_open(self) -> bool:
        """Whether somebody still has something to do."""
        return self.state is not ReferralState.CLOSED

    @property
    def follower(self) -> str | None:
        """The first name of who has it."""
        return first_name(self.follower_name) if self.follower_name else None


class Said(NamedTuple):
    """A line of the journal that the person may read."""

    at: datetime
    author: Author
    kind: LineKind
    text: str | None
    to_state: str | None
    writer_name: str | None

    @property
    def writer(self) -> str | None:
        """The first name of the member of the staff who wrote it."""
        return first_name(self.writer_name) if self.writer_name else None


class Asked(NamedTuple):
    """A structure or a dispositif to which the person is introduced, and what came of it."""

    id: UUID
    entry: str
    state: IntroductionState
    channel: IntroductionChannel | None
    because: str | None
    reasons: list[str]
    right_entry: str | None
    after_id: UUID | None
    proposed_at: datetime

    @property
    def is_open(self) -> bool:
        """Whether something may still come of it."""
        return bool(INTRODUCTION_MOVES[self.state])

    @property
    def refusal(self) -> list[RefusalReason]:
        """Why it was declined."""
        return [RefusalReason.of(reason) for reason in self.reasons]


_FOLLOWED = (
    select(
        col(Referral.id),
        col(Referral.reference),
        col(Referral.received_at),
        col(Referral.state),
        col(Referral.state_since),
        col(Referral.outcome),
        col(Referral.closed_at),
        col(Referral.email).is_not(None),
        col(Referral.helper),
        col(Referral.snoozed_until),
        col(StaffAccount.name),
    )  # type: ignore[call-overload] # its published types stop at four columns
    .select_from(TrackingToken)
    .join(Referral)
    .outerjoin(StaffAccount, col(StaffAccount.id) == col(Referral.assigned_to))
    .where(TrackingToken.token_hash == bindparam("token_hash"))
)
_SAID = (
    select(
        col(JournalLine.at),
        col(JournalLine.author),
        col(JournalLine.kind),
        col(JournalLine.text),
        col(JournalLine.to_state),
        col(StaffAccount.name),
    )  # type: ignore[call-overload] # as above
    .outerjoin(StaffAccount, col(StaffAccount.id) == col(JournalLine.staff_id))
    .where(JournalLine.referral_id == bindparam("referral_id"), col(JournalLine.visible))
    .order_by(col(JournalLine.at), col(JournalLine.id))
)
_ASKED = (
    select(
        col(Introduction.id),
        col(Introduction.entry),
        col(Introduction.state),
        col(Introduction.channel),
        col(Introduction.because),
        col(Introduction.reasons),
        col(Introduction.right_entry),
        col(Introduction.after_id),
        col(Introduction.proposed_at),
    )  # type: ignore[call-overload] # as above
    .where(Introduction.referral_id == bindparam("referral_id"))
    .order_by(col(Introduction.proposed_at), col(Introduction.id))
)


def find_followed(session: Session, token: str) -> Followed | None:
    """Find the request that a secret link follows."""
    row = session.connection().execute(_FOLLOWED, {"token_hash": digest(token)}).first()
    return Followed(*row) if row else None


def list_said(session: Session, referral_id: UUID) -> list[Said]:
    """List the lines that the person may read, oldest first."""
    return [Said(*row) for row in session.connection().execute(_SAID, {"referral_id": referral_id})]


def list_asked(session: Session, referral_id: UUID) -> list[Asked]:
    """List what the person is introduced to, in the order in which it was proposed."""
    return [Asked(*row) for row in session.connection().execute(_ASKED, {"referral_id": referral_id})]
