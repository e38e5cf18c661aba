"""Words unknown to the lexicon, by day."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "unknown_word",
        sa.Column("word", sa.String(length=20), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("word", "day", name="pk_unknown_word"),
    )
    op.create_index("ix_unknown_word_day", "unknown_word", ["day"])
