"""What people say once their request is closed."""

import sqlalchemy as sa
from alembic import op

from guide.migrations.enumerations import add_members

revision = "0014"
down_revision = "0013"

_ANSWERS = ("helped", "partly", "not_helped", "started", "under_way", "waiting", "stopped")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "feedback",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("kind", _choice("kind", "satisfaction", "news"), nullable=False),
        sa.Column("answer", _choice("answer", *_ANSWERS), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_feedback_referral_id_referral"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback")),
        sa.UniqueConstraint("referral_id", "kind", name="uq_feedback_referral_id_kind"),
    )
    op.create_index(op.f("ix_feedback_referral_id"), "feedback", ["referral_id"], unique=False)
    add_members("outgoing_mail", "template", "satisfaction", "where_now")
    add_members("journal_line", "kind", "answered")


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)
