"""What came of an introduction: how, why, refused why, in whose place; one open at a time for each door."""

import sqlalchemy as sa
from alembic import op

from guide.migrations.enumerations import add_members

revision = "0003"
down_revision = "0002"

_KEPT = "id, referral_id, entry, state, agreed_at, agreement_version, state_since"
_OPEN = "state IN ('proposed', 'sent', 'accepted', 'waitlisted', 'expired', 'met')"
_REASONS = "'[]'"


def upgrade() -> None:
    """Apply."""
    if op.get_bind().dialect.name == "sqlite":
        _make_again()
    else:
        _alter()
    op.create_index(
        op.f("uq_introduction_referral_id_entry_open"),
        "introduction",
        ["referral_id", "entry"],
        unique=True,
        sqlite_where=sa.text(_OPEN),
        postgresql_where=sa.text(_OPEN),
    )
    add_members("journal_line", "kind", "introduced", "introduction")


def _columns() -> list[sa.Column[object]]:
    return [
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("channel", _choice("channel", "self", "relayed"), nullable=True),
        sa.Column("because", sa.Text(), nullable=True),
        sa.Column("after_id", sa.Uuid(), nullable=True),
        sa.Column("reasons", sa.JSON(), nullable=False, server_default=sa.text(_REASONS)),
        sa.Column("right_entry", sa.String(length=80), nullable=True),
        sa.Column("next_step", _choice("next_step", "reorient", "call", "wait", "close"), nullable=True),
        sa.Column("next_on", sa.Date(), nullable=True),
    ]


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _alter() -> None:
    op.drop_constraint(op.f("uq_introduction_referral_id_entry"), "introduction", type_="unique")
    for name in ("agreed_at", "agreement_version"):
        op.alter_column("introduction", name, nullable=True)
    for column in _columns():
        op.add_column("introduction", column)
    op.execute("UPDATE introduction SET proposed_at = agreed_at")
    op.alter_column("introduction", "proposed_at", nullable=False)
    op.alter_column("introduction", "reasons", server_default=None)
    op.create_foreign_key(
        op.f("fk_introduction_after_id_introduction"), "introduction", "introduction", ["after_id"], ["id"]
    )


def _make_again() -> None:
    """Make the table again, which nothing refers to: SQLite drops no constraint."""
    states = ("proposed", "sent", "accepted", "declined", "waitlisted", "expired", "met", "done", "dropped")
    op.drop_index(op.f("ix_introduction_referral_id"), "introduction")
    op.rename_table("introduction", "introduction_before")
    proposed, *others = _columns()
    proposed.nullable = False
    op.create_table(
        "introduction",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("entry", sa.String(length=80), nullable=False),
        sa.Column("state", _choice("state", *states, "withdrawn"), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("agreement_version", sa.String(length=12), nullable=True),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        proposed,
        *others,
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_introduction_referral_id_referral"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["after_id"], ["introduction.id"], name=op.f("fk_introduction_after_id_introduction")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_introduction")),
    )
    op.execute(
        f"INSERT INTO introduction ({_KEPT}, proposed_at, reasons) "  # noqa: S608 - names of ours
        f"SELECT {_KEPT}, agreed_at, {_REASONS} FROM introduction_before"
    )
    op.drop_table("introduction_before")
    op.create_index(op.f("ix_introduction_referral_id"), "introduction", ["referral_id"], unique=False)
