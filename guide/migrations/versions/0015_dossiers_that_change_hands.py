"""Dossiers that change hands."""

from guide.migrations.enumerations import add_members

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Apply."""
    add_members("journal_line", "kind", "handed")
