"""The engine and its transactions: SQLite by default, PostgreSQL by setting, the same promises on both.

SQLite: write-ahead log, a full sync at each commit (what is acknowledged survives a power cut), foreign keys,
erased bytes overwritten. A writing transaction takes the write lock at once, so that it waits for another one instead
of failing half-way; the writers of the service take turns (guide.store.turns).
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlmodel import Session

from guide.store.turns import Turns

_BUSY_TIMEOUT = 5000  # milliseconds that a writer waits for another
_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "secure_delete=ON",
    f"busy_timeout={_BUSY_TIMEOUT}",
)
_WRITING = "guide_writing"


class ReadOnlyError(RuntimeError):
    """A reading transaction tried to write: a programming error, never something that a person did."""


class Database:
    """One database, its reading and its writing transactions. Nothing is opened before the first one."""

    def __init__(self, url: str) -> None:
        """Take a SQLAlchemy URL; the folder of a SQLite file is made when it is missing."""
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        if self.is_sqlite:
            self.engine = create_engine(self.url, connect_args={"timeout": _BUSY_TIMEOUT / 1000})
            event.listen(self.engine, "connect", _prepare)
            event.listen(self.engine, "begin", _begin)
        else:
            self.engine = create_engine(self.url, pool_pre_ping=True)
        self._writer: Engine = self.engine.execution_options(**{_WRITING: True})
        self._turns = Turns(self.path.parent) if self.path else None  # PostgreSQL has writers wait in order by itself

    @property
    def path(self) -> Path | None:
        """The file of a SQLite database."""
        return Path(self.url.database) if self.is_sqlite and self.url.database else None

    def make_folder(self) -> None:
        """Make the folder of the file, for its owner alone."""
        if self.path:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Open a session whose changes are committed together at the end, or not at all."""
        turn = self._turns.taken() if self._turns else nullcontext()
        with turn, Session(self._writer, expire_on_commit=False) as session:
            yield session
            session.commit()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Open a session that may only read; raise ReadOnlyError at the first change."""
        with _ReadingSession(self.engine, expire_on_commit=False) as session:
            yield session

    def check_ready(self) -> None:
        """Take the write lock and let it go; raise what the database raises when it cannot be written."""
        with self._writer.connect() as connection:
            connection.execute(text("UPDATE tally SET bucket = bucket WHERE 1 = 0"))
            connection.rollback()

    def forget(self, *, everything: bool = False) -> None:
        """After an erasure: empty the write-ahead log of SQLite, where what was erased could still be read.

        ``everything`` also rewrites the file without its free pages.
        """
        if not self.is_sqlite:
            return
        connection = self.engine.raw_connection()
        try:
            for statement in ["VACUUM"] * everything + ["PRAGMA wal_checkpoint(TRUNCATE)"]:
                connection.cursor().execute(statement).close()
        except sqlite3.OperationalError:  # somebody reads or writes this very moment: the daily purge does it again
            return
        finally:
            connection.close()

    def close(self) -> None:
        """Close every connection of the pool."""
        self.engine.dispose()


def _prepare(connection: Any, _: Any) -> None:
    connection.isolation_level = None  # the driver begins nothing by itself: see _begin
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    writing = connection.get_execution_options().get(_WRITING, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


class _ReadingSession(Session):
    """A session that never writes."""


@event.listens_for(_ReadingSession, "before_flush")
def _refuse(session: Session, *_: Any) -> None:
    if session.new or session.dirty or session.deleted:
        raise ReadOnlyError("a reading transaction changes nothing")
