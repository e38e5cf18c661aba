"""When the next contact is, and the question asked to whoever cannot be reached."""

import sqlalchemy as sa
from alembic import op

from guide.migrations.enumerations import add_members

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Apply."""
    op.add_column("contact_attempt", sa.Column("next_on", sa.Date(), nullable=True))
    add_members("journal_line", "kind", "still_asked")
