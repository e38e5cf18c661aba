"""What migrations say of enumerations: new members that a checked column may hold.

SQLite cannot change a constraint, and making the table again would delete, by cascade, every row that refers to it.
What its documentation offers, for a change that touches nothing of what is stored, is to edit the text of the table.
"""

import re
from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

_MEMBER = re.compile(r"'(\w+)'")


def add_members(table: str, column: str, *members: str) -> None:
    """Let a column hold more members of its enumeration; what it may hold already stays, whoever added it."""
    constraint = f"ck_{table}_{column}"
    if op.get_bind().dialect.name == "sqlite":
        _add_to_text(table, constraint, members)
        return
    definition = op.get_bind().scalar(
        sa.text("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = :name"), {"name": constraint}
    )
    if definition is None:
        raise LookupError(constraint)
    allowed = sa.column(column).in_([*_MEMBER.findall(str(definition)), *members])
    op.drop_constraint(op.f(constraint), table, type_="check")
    op.create_check_constraint(op.f(constraint), table, allowed)


def add_enumeration(table: str, column: str, *members: str) -> None:
    """Add a column that holds a member of an enumeration, or nothing; Alembic leaves its check out on SQLite."""
    allowed = ", ".join(f"'{member}'" for member in members)
    check = f"CONSTRAINT ck_{table}_{column} CHECK ({column} IN ({allowed}))"
    op.execute(sa.text(f"ALTER TABLE {table} ADD COLUMN {column} VARCHAR(40) {check}"))


def _add_to_text(table: str, constraint: str, members: Sequence[str]) -> None:
    connection = op.get_bind()
    text = str(connection.scalar(sa.text("SELECT sql FROM sqlite_schema WHERE name = :name"), {"name": table}))
    more = "".join(f", '{member}'" for member in members)
    changed, times = re.subn(rf"(CONSTRAINT {constraint} CHECK \(\w+ IN \([^)]*)\)", rf"\1{more})", text)
    if times != 1:
        raise LookupError(constraint)
    version = int(connection.scalar(sa.text("PRAGMA schema_version")) or 0)
    connection.execute(sa.text("PRAGMA writable_schema = ON"))
    connection.execute(
        sa.text("UPDATE sqlite_schema SET sql = :sql WHERE type = 'table' AND name = :name"),
        {"sql": changed, "name": table},
    )
    connection.execute(sa.text(f"PRAGMA schema_version = {version + 1}"))  # every connection reads the tables again
    connection.execute(sa.text("PRAGMA writable_schema = OFF"))
