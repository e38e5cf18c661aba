"""Appointments, and the mails that remind of them."""

import sqlalchemy as sa
from alembic import op

from guide.migrations.enumerations import add_members

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Apply."""
    add_members("journal_line", "kind", "appointment")
    add_members("outgoing_mail", "template", "appointment_tomorrow", "appointment_of_team")
    op.create_table(
        "appointment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("state", _choice("state", "planned", "held", "missed", "cancelled"), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("mode", _choice("mode", "on_site", "at_structure", "video", "phone"), nullable=False),
        sa.Column("place", sa.String(length=300), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_appointment_referral_id_referral"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff_account.id"], name=op.f("fk_appointment_staff_id_staff_account")),
        sa.ForeignKeyConstraint(
            ["line_id"], ["journal_line.id"], name=op.f("fk_appointment_line_id_journal_line"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment")),
    )
    op.create_index(op.f("ix_appointment_referral_id"), "appointment", ["referral_id"])
    op.create_index(op.f("ix_appointment_staff_id"), "appointment", ["staff_id"])
    op.create_index(op.f("ix_appointment_starts_at"), "appointment", ["starts_at"])


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)
