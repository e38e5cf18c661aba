"""Two first starts at once: one schema, and no error for either."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from guide.models import metadata
from guide.settings import ROOT
from guide.store.database import Database
from guide.store.schema import current_revision, newest_revision

ROUNDS = 10
# A process that has everything ready, and makes the schema of each database that it is told.
_STARTER = """
import sys
from guide.store.database import Database
from guide.store.schema import upgrade
print("ready", flush=True)
for line in sys.stdin:
    database = Database(line.strip())
    try:
        upgrade(database)
        print("done", flush=True)
    except Exception as error:
        print(repr(error).replace("\\n", " "), flush=True)
    database.close()
"""


@pytest.fixture(scope="module")
def starters() -> Iterator[list[subprocess.Popen[str]]]:
    with ExitStack() as stack:
        command = [sys.executable, "-c", _STARTER]
        started = [
            stack.enter_context(
                subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # noqa: S603
            )
            for _ in range(2)
        ]
        for starter in started:
            assert starter.stdout is not None
            assert starter.stdout.readline() == "ready\n"
        yield started


@pytest.fixture
def addresses(database: Database, tmp_path: Path) -> Iterator[list[str]]:
    """Databases where nothing was ever made: new folders, or new schemas of the server."""
    if database.is_sqlite:
        yield [f"sqlite:///{tmp_path / str(number) / 'guide.db'}" for number in range(ROUNDS)]
        return
    schemas = [f"first_start_{number}" for number in range(ROUNDS)]
    with database.engine.begin() as connection:
        for schema in schemas:
            connection.execute(text(f"CREATE SCHEMA {schema}"))
    urls = [database.url.update_query_dict({"options": f"-csearch_path={schema}"}) for schema in schemas]
    yield [url.render_as_string(hide_password=False) for url in urls]
    with database.engine.begin() as connection:
        for schema in schemas:
            connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))


def test_two_first_starts_at_once_make_one_schema(starters: list[subprocess.Popen[str]], addresses: list[str]) -> None:
    for address in addresses:
        for starter in starters:
            assert starter.stdin is not None
            starter.stdin.write(f"{address}\n")
        for starter in starters:
            assert starter.stdin is not None
            starter.stdin.flush()
        assert [starter.stdout.readline() for starter in starters if starter.stdout] == ["done\n", "done\n"]
        made = Database(address)
        assert current_revision(made) == newest_revision(made)
        assert {*metadata.tables, "alembic_version"} == set(inspect(made.engine).get_table_names())
        made.close()
