"""New rows that nobody changes in the same transaction: one statement a table, and no object to follow."""

from collections.abc import Iterable
from functools import cache
from itertools import groupby

from sqlalchemy import Insert, insert
from sqlmodel import Session, SQLModel

from guide.models import metadata


def insert_rows(session: Session, rows: Iterable[SQLModel]) -> None:
    """Write rows at once, in the order given, which is the one that foreign keys want."""
    connection = session.connection()
    for table, group in groupby(rows, type):
        connection.execute(_insert_into(table), [dict(row) for row in group])


@cache
def _insert_into(table: type[SQLModel]) -> Insert:
    return insert(metadata.tables[str(table.__tablename__)])
