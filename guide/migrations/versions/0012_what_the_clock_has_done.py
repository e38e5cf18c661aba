"""What the clock has done, and the mails that it sends."""

import sqlalchemy as sa
from alembic import op

from guide.migrations.enumerations import add_members

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "reminder",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_reminder_referral_id_referral"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder")),
        sa.UniqueConstraint("key", name=op.f("uq_reminder_key")),
    )
    op.create_index(op.f("ix_reminder_referral_id"), "reminder", ["referral_id"], unique=False)
    op.create_index(op.f("ix_reminder_at"), "reminder", ["at"], unique=False)
    late = ("review_late", "contact_late", "colleagues_needed", "no_answer", "no_news", "digest")
    add_members("outgoing_mail", "template", *late)
    add_members("journal_line", "kind", "no_news", "reminded")
