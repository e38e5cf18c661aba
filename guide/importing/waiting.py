"""A table that waits: sealed for its sender, shown as what it would do, forgotten the day after."""

import base64
import json
import zlib
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from sqlmodel import Session

from guide.content.base import KnowledgeBase
from guide.days import paris_day
from guide.errors import NotFoundError
from guide.models import StaffAccount, TableImport
from guide.secrecy import keyed_hash, seal, unseal
from guide.store import imports
from guide.tables.comparing import Comparison, Fate, Fated, compare, identities
from guide.tables.holders import Problem, Reading, read_holders
from guide.tables.reader import Table
from guide.tables.rows import Row

KEPT_HOURS = 24  # a table that nobody confirms


@dataclass(frozen=True, slots=True)
class Preview:
    """What a table would do: its reading, and what becomes of each row."""

    table: Table
    reading: Reading
    comparison: Comparison

    @property
    def lines_in_error(self) -> list[int]:
        """The rows that cannot be taken."""
        return sorted({problem.line for problem in self.reading.problems})

    @property
    def alike(self) -> list[Fated]:
        """The new rows that may be somebody who is already here."""
        return [row for row in self.comparison.of(Fate.NEW) if row.alike]

    @property
    def problems(self) -> list[Problem]:
        """What is wrong, from the top of the table."""
        return sorted(self.reading.problems, key=lambda problem: problem.line)


def keep_table(session: Session, account: StaffAccount, table: Table, *, secret: str, at: datetime) -> TableImport:
    """Keep a table that was read, sealed for its sender, until it is confirmed or its day is over."""
    packed = zlib.compress(json.dumps(asdict(table), ensure_ascii=False).encode())
    waiting = TableImport(account_id=account.id, created_at=at)
    waiting.sealed = seal(secret, _purpose(account), base64.b85encode(packed).decode())
    session.add(waiting)
    return waiting


def _purpose(account: StaffAccount) -> str:
    return f"table|{account.id}"


def _open(waiting: TableImport, account: StaffAccount, *, secret: str, now: datetime) -> Table:
    """Read a table that waits; raise NotFoundError for anybody but its sender, or when its day is over."""
    over = now - waiting.created_at >= timedelta(hours=KEPT_HOURS)
    text = unseal(secret, _purpose(account), waiting.sealed or "") if waiting.account_id == account.id else None
    if text is None or over:
        raise NotFoundError
    kept = json.loads(zlib.decompress(base64.b85decode(text)))
    rows = (
        Row(row["number"], tuple(row["cells"]), {int(at): what for at, what in row["faults"].items()})
        for row in kept["rows"]
    )
    return Table(tuple(rows), kept["places"], kept["read_as"], tuple(kept["remarks"]))


def preview_table(
    session: Session,
    account: StaffAccount,
    waiting: TableImport,
    *,
    knowledge: KnowledgeBase,
    secret: str,
    now: datetime,
) -> Preview:
    """Say what a table that waits would do to the desk as it is now; nothing is written."""
    table = _open(waiting, account, secret=secret, now=now)
    reading = read_holders(table, knowledge.territory, paris_day(now))
    forgotten, keyed = imports.list_forgotten(session), hasher(secret)
    comparison = compare(
        reading.holders,
        imports.list_known(session),
        imports.list_people(session),
        lambda holder: not forgotten.isdisjoint(identities(holder, keyed)) if forgotten else False,
    )
    return Preview(table, reading, comparison)


def hasher(secret: str) -> Callable[[str], str]:
    """What makes the marks that recognise somebody who was forgotten."""
    return partial(keyed_hash, secret, "forgotten")


def abandon_table(session: Session, account: StaffAccount, import_id: UUID) -> None:
    """Forget a table that waits; one that was confirmed stays."""
    waiting = imports.get_import(session, import_id, for_update=True)
    if waiting.account_id != account.id or waiting.done_at is not None:
        raise NotFoundError
    session.delete(waiting)
