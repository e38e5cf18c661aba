"""How Alembic reaches the database: through the application's own engine, one transaction for the whole upgrade."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlmodel.sql.sqltypes import AutoString

from guide.models import metadata
from guide.models.base import UtcDateTime
from guide.store.database import Database


def _render(kind: str, item: Any, _: AutogenContext) -> str | Literal[False]:
    """Write plain SQLAlchemy types: an old migration must not change when the code does."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, AutoString):
        return f"sa.String(length={item.length})"
    return False


def _migrate() -> None:
    database: Database = context.config.attributes["database"]
    with database.engine.execution_options(guide_writing=True).connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=metadata,
            render_item=_render,
            transactional_ddl=True,  # a migration that fails half-way leaves nothing behind, SQLite included
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


_migrate()
