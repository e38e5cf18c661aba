"""A table confirmed: all of what was shown is written, or nothing."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from guide.content.base import KnowledgeBase
from guide.errors import StaleError
from guide.importing.waiting import preview_table
from guide.importing.writing import Writer
from guide.models import StaffAccount, TableImport
from guide.store import imports
from guide.tables.comparing import Fate


@dataclass(frozen=True, slots=True)
class Choice:
    """What its sender decided, of a preview that was on screen."""

    digest: str
    without_errors: bool = False
    without_doubles: bool = False


def confirm_table(
    session: Session,
    account: StaffAccount,
    import_id: UUID,
    choice: Choice,
    *,
    knowledge: KnowledgeBase,
    secret: str,
    now: datetime,
) -> TableImport:
    """Write what was shown, all of it or nothing; a table that was already confirmed is left as it is.

    Raise StaleError when something else would be done than what was on screen, or when rows in error were not left
    out on purpose.
    """
    waiting = imports.get_import(session, import_id, for_update=True)
    if waiting.done_at is not None:
        return waiting
    preview = preview_table(session, account, waiting, knowledge=knowledge, secret=secret, now=now)
    if preview.comparison.digest != choice.digest or (preview.problems and not choice.without_errors):
        raise StaleError
    new = [row for row in preview.comparison.of(Fate.NEW) if not (choice.without_doubles and row.alike)]
    changed = preview.comparison.of(Fate.CHANGED)
    writer = Writer(session, account, waiting, knowledge, secret, now)
    writer.open_dossiers([row.holder for row in new])
    for row in changed:
        writer.amend(row)
    same = preview.comparison.of(Fate.SAME)
    waiting.sealed, waiting.done_at = None, now
    waiting.created, waiting.updated, waiting.unchanged = len(new), len(changed), len(same)
    waiting.left_out = len(preview.table.rows) - len(new) - len(changed) - len(same)
    return waiting
