"""The journal: lines are added, never changed."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from guide.days import paris_day
from guide.models.journal import Author, JournalLine, LineKind
from guide.models.referral import Referral
from guide.models.staff import StaffAccount

# What is written and moves nothing: reading, and the ways into one's own data.
STILL = (LineKind.READ, LineKind.DOWNLOADED, LineKind.CODE_ASKED, LineKind.CODE_GIVEN, LineKind.LINK_ASKED)


def add_line(
    session: Session,
    referral: Referral,
    kind: LineKind,
    *,
    at: datetime,
    author: Author,
    staff_id: UUID | None = None,
    text: str | None = None,
    visible: bool = False,
    moved: tuple[str, str] | None = None,
) -> JournalLine:
    """Write what happened; ``moved`` holds both states of a change of state."""
    from_state, to_state = moved or (None, None)
    line = JournalLine(
        referral_id=referral.id,
        at=at,
        author=author,
        staff_id=staff_id,
        kind=kind,
        from_state=from_state,
        to_state=to_state,
        text=text,
        visible=visible,
    )
    session.add(line)
    _note(referral, line)
    session.flush()
    return line


def _note(referral: Referral, line: JournalLine) -> None:
    """Keep since when nothing has moved; acting on a dossier ends a pause that is over, the person who writes, any."""
    if line.visible and referral.news_at != line.at:
        referral.news_at = line.at
    if line.author is Author.SYSTEM or line.kind in STILL:
        return
    if referral.moved_at != line.at:
        referral.moved_at = line.at
    until = referral.snoozed_until
    if until is not None and (until <= paris_day(line.at) or line.author is Author.PERSON):
        referral.snoozed_until = referral.snooze_reason = None


def list_lines(session: Session, referral_id: UUID) -> Sequence[JournalLine]:
    """List the lines of a referral, oldest first."""
    lines = select(JournalLine).where(JournalLine.referral_id == referral_id)
    return session.exec(lines.order_by(col(JournalLine.at), col(JournalLine.id))).all()


def first_names(session: Session, lines: Sequence[JournalLine]) -> dict[UUID, str]:
    """The first name of each member of the staff who wrote a line, by account."""
    ids = {line.staff_id for line in lines if line.staff_id}
    accounts = session.exec(select(StaffAccount).where(col(StaffAccount.id).in_(ids))).all() if ids else []
    return {account.id: account.first_name for account in accounts}


def list_moments(
    session: Session, referral_id: UUID, kind: LineKind, author: Author, *, since: datetime
) -> Sequence[datetime]:
    """When an author wrote the lines of a kind after a moment, oldest first."""
    query = select(JournalLine.at).where(
        JournalLine.referral_id == referral_id,
        JournalLine.kind == kind,
        JournalLine.author == author,
        col(JournalLine.at) > since,
    )
    return session.exec(query.order_by(col(JournalLine.at))).all()


def find_last(
    session: Session, referral_id: UUID, kind: LineKind, author: Author, *, staff_id: UUID | None = None
) -> JournalLine | None:
    """Find the last line of a kind that an author wrote."""
    query = select(JournalLine).where(
        JournalLine.referral_id == referral_id, JournalLine.kind == kind, JournalLine.author == author
    )
    if staff_id is not None:
        query = query.where(JournalLine.staff_id == staff_id)
    return session.exec(query.order_by(col(JournalLine.at).desc(), col(JournalLine.id).desc())).first()
