"""Who came by the table: how she was informed, and whether she agrees."""

import sqlalchemy as sa
from alembic import op

from guide.migrations.enumerations import add_enumeration, add_members

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Apply."""
    add_members("referral", "origin", "import")
    add_members("journal_line", "kind", "imported", "informed")
    add_enumeration("referral", "informed_how", "spoken", "mailed", "posted")
    op.add_column("referral", sa.Column("informed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("referral", sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True))
