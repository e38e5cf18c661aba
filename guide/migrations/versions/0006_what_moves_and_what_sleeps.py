"""Since when nothing has moved, since when the person has read nothing new, and until when a dossier sleeps."""

import sqlalchemy as sa
from alembic import op

from guide.migrations.enumerations import add_members

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Apply."""
    add_members("journal_line", "kind", "snoozed", "woken")
    for name in ("moved_at", "news_at"):
        op.add_column("referral", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.add_column("referral", sa.Column("snoozed_until", sa.Date(), nullable=True))
    op.add_column("referral", sa.Column("snooze_reason", sa.String(length=200), nullable=True))
    op.execute(
        """
        UPDATE referral SET
          moved_at = COALESCE((
            SELECT max(line.at) FROM journal_line AS line
            WHERE line.referral_id = referral.id AND line.author <> 'system'
              AND line.kind NOT IN ('read', 'downloaded', 'code_asked', 'code_given', 'link_asked')
          ), received_at),
          news_at = COALESCE((
            SELECT max(line.at) FROM journal_line AS line WHERE line.referral_id = referral.id AND line.visible IS TRUE
          ), received_at)
        """
    )
