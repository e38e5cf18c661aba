"""Pre-diagnoses, version after version."""

import sqlalchemy as sa
from alembic import op

from guide.migrations.enumerations import add_members

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Apply."""
    add_members("journal_line", "kind", "diagnosed")
    op.create_table(
        "diagnosis",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("findings", sa.Text(), nullable=False),
        sa.Column("needs", sa.Text(), nullable=False),
        sa.Column("interest", sa.Text(), nullable=False),
        sa.Column("attention", sa.Text(), nullable=False),
        sa.Column("shared_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_diagnosis_referral_id_referral"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff_account.id"], name=op.f("fk_diagnosis_staff_id_staff_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_diagnosis")),
        sa.UniqueConstraint("referral_id", "number", name=op.f("uq_diagnosis_referral_id_number")),
    )
    op.create_index(op.f("ix_diagnosis_referral_id"), "diagnosis", ["referral_id"])
