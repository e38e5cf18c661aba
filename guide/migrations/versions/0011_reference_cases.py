"""What advisers say of the orientations that people were shown."""

import sqlalchemy as sa
from alembic import op

from guide.migrations.enumerations import add_members

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Apply."""
    add_members("journal_line", "kind", "judged")
    op.create_table(
        "reference_case",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("good", sa.Boolean(), nullable=False),
        sa.Column("right_entry", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_reference_case_referral_id_referral"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff_account.id"], name=op.f("fk_reference_case_staff_id_staff_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reference_case")),
        sa.UniqueConstraint("referral_id", name=op.f("uq_reference_case_referral_id")),
    )
