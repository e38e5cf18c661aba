"""Of which dossier a closed one is the duplicate, and who lives in the same commune."""

import sqlalchemy as sa
from alembic import op

from guide.migrations.enumerations import add_members

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Apply."""
    key = sa.Uuid().compile(op.get_bind().dialect)
    # In the column itself: Alembic would leave it out on SQLite.
    refers = "CONSTRAINT fk_referral_duplicate_of_id_referral REFERENCES referral (id)"
    op.execute(f"ALTER TABLE referral ADD COLUMN duplicate_of_id {key} {refers}")
    op.create_index(op.f("ix_referral_duplicate_of_id"), "referral", ["duplicate_of_id"], unique=False)
    op.create_index("ix_referral_commune", "referral", ["commune", "received_at"], unique=False)
    add_members("journal_line", "kind", "linked")
