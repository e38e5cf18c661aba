"""What a checked column may hold: in the database, exactly what the code knows; a migration adds, and loses nothing."""

import re
from collections.abc import Iterator

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Enum, inspect, text
from sqlalchemy.exc import IntegrityError

from guide.migrations.enumerations import add_enumeration, add_members
from guide.models import metadata
from guide.store.database import Database


def allowed(database: Database, table: str, column: str) -> list[str]:
    checks = {check["name"]: check["sqltext"] for check in inspect(database.engine).get_check_constraints(table)}
    return re.findall(r"'(\w+)'", checks[f"ck_{table}_{column}"])


def test_every_enumeration_of_the_code_is_the_one_of_the_database(database: Database) -> None:
    for table in metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, Enum):
                assert sorted(allowed(database, table.name, column.name)) == sorted(column.type.enums), column


@pytest.fixture
def colours(database: Database) -> Iterator[Database]:
    """A table that another one refers to, as the referral is."""
    with database.engine.begin() as connection:
        for name in ("shade", "colour"):
            connection.execute(text(f"DROP TABLE IF EXISTS {name}"))
        check = "CONSTRAINT ck_colour_name CHECK (name IN ('red', 'blue'))"
        connection.execute(text(f"CREATE TABLE colour (name VARCHAR(9) PRIMARY KEY, {check})"))
        connection.execute(text("CREATE TABLE shade (name VARCHAR(9) REFERENCES colour (name) ON DELETE CASCADE)"))
        connection.execute(text("INSERT INTO colour VALUES ('red')"))
        connection.execute(text("INSERT INTO shade VALUES ('red')"))
    yield database
    with database.engine.begin() as connection:
        for name in ("shade", "colour"):
            connection.execute(text(f"DROP TABLE {name}"))


def test_members_are_added_and_no_row_is_lost(colours: Database) -> None:
    with colours.engine.connect() as other:
        assert other.scalar(text("SELECT count(*) FROM colour")) == 1  # a connection that knows the old table
        other.rollback()
        with (
            colours.engine.execution_options(guide_writing=True).begin() as connection,
            Operations.context(MigrationContext.configure(connection)),
        ):
            add_members("colour", "name", "green")
            add_members("colour", "name", "black", "white")
        other.execute(text("INSERT INTO colour VALUES ('green'), ('white'), ('blue')"))
        with pytest.raises(IntegrityError):
            other.execute(text("INSERT INTO colour VALUES ('pink')"))
        other.rollback()
        assert other.scalar(text("SELECT count(*) FROM shade")) == 1
        other.rollback()
    with colours.engine.connect() as connection:
        assert colours.path is None or connection.scalar(text("PRAGMA integrity_check")) == "ok"


def test_a_new_column_is_checked_and_may_hold_more_members_later(colours: Database) -> None:
    with (
        colours.engine.execution_options(guide_writing=True).begin() as connection,
        Operations.context(MigrationContext.configure(connection)),
    ):
        add_enumeration("colour", "feel", "warm", "cold")
        add_members("colour", "feel", "mild")
        connection.execute(text("UPDATE colour SET feel = 'mild'"))
        assert connection.execute(text("SELECT name, feel FROM colour")).all() == [("red", "mild")]
    with pytest.raises(IntegrityError), colours.engine.begin() as connection:
        connection.execute(text("UPDATE colour SET feel = 'odd'"))


def test_a_column_that_is_not_checked_is_an_error_of_the_migration(database: Database) -> None:
    with (
        database.engine.begin() as connection,
        Operations.context(MigrationContext.configure(connection)),
        pytest.raises(LookupError),
    ):
        add_members("referral", "epci", "ailleurs")
