"""The schema, made and upgraded by a command before the workers start, never by a worker."""

import fcntl
import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from guide.errors import SettingsError
from guide.settings import read_settings
from guide.store.database import Database

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"
_LOCK = 62  # the number of PostgreSQL's lock: any, as long as it is the same for everybody


def make_config(database: Database) -> Config:
    """What Alembic needs to reach a database."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["database"] = database
    return config


def newest_revision(database: Database) -> str | None:
    """The revision that the code needs."""
    return ScriptDirectory.from_config(make_config(database)).get_current_head()


def current_revision(database: Database) -> str | None:
    """The revision of the database; None before the first upgrade."""
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def upgrade(database: Database) -> str | None:
    """Bring the schema up to date; return the revision it had, None for a new database.

    A migration is one transaction. A SQLite file that holds data is first copied beside itself, by the online backup.
    """
    database.make_folder()
    with _alone(database):
        before = current_revision(database)
        if before != newest_revision(database):
            if before is not None and database.path:
                back_up(database.path, database.path.with_suffix(f".before-{before}.db"))
            command.upgrade(make_config(database), "head")
    return before


@contextmanager
def _alone(database: Database) -> Iterator[None]:
    """Make another upgrade wait for this one, however long it takes, from its first look at the revision.

    The folder is locked and not the file: while SQLite opens its write-ahead log for the first time it makes nobody
    wait, it refuses. Both locks end with the process, killed or not.
    """
    if database.path:
        folder = os.open(database.path.parent, os.O_RDONLY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            yield
        finally:
            os.close(folder)
    else:
        with database.engine.begin() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            yield


def back_up(source: Path, target: Path) -> None:
    """Copy a SQLite database while it may be written (online backup: a plain copy of the file can be corrupt)."""
    reader, writer = sqlite3.connect(source), sqlite3.connect(target)
    try:
        reader.backup(writer)
    finally:
        reader.close()
        writer.close()
    target.chmod(0o600)


def main() -> None:
    """Do what ``flask database upgrade`` does without loading the site, so that ``make run`` starts at once."""
    try:
        settings = read_settings()
    except SettingsError as error:
        sys.exit(f"\n{error}\n")
    upgrade(Database(settings.database))


if __name__ == "__main__":
    main()
