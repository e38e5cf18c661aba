"""A mail that its author called back."""

from guide.migrations.enumerations import add_members

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Apply."""
    add_members("journal_line", "kind", "called_back")
