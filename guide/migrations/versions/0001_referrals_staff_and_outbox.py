"""Referrals, staff and outbox."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "staff_account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column(
            "role",
            sa.Enum("officer", "adviser", "reader", name="role", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("password_hash", sa.String(length=255), nullable=True),
        sa.Column("totp_sealed", sa.String(length=255), nullable=True),
        sa.Column("totp_last_step", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("previous_visit_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_staff_account_email_in_lower_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_account")),
        sa.UniqueConstraint("email", name=op.f("uq_staff_account_email")),
    )
    op.create_table(
        "tally",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("bucket", sa.String(length=40), nullable=False),
        sa.Column("who", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tally")),
    )
    op.create_index(op.f("ix_tally_at"), "tally", ["at"], unique=False)
    op.create_index("ix_tally_bucket_who_at", "tally", ["bucket", "who", "at"], unique=False)
    op.create_table(
        "one_time_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "invitation", "password_reset", name="purpose", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["staff_account.id"],
            name=op.f("fk_one_time_link_account_id_staff_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_one_time_link_token_hash")),
    )
    op.create_index(op.f("ix_one_time_link_account_id"), "one_time_link", ["account_id"], unique=False)
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["staff_account.id"],
            name=op.f("fk_recovery_code_account_id_staff_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
    )
    op.create_index(op.f("ix_recovery_code_account_id"), "recovery_code", ["account_id"], unique=False)
    op.create_table(
        "referral",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=12), nullable=True),
        sa.Column("form_key_hash", sa.String(length=64), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "received",
                "reviewed",
                "assigned",
                "contacted",
                "met",
                "closed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "supported",
                "autonomous",
                "enrolled",
                "abandoned",
                "changed",
                "unreachable",
                "out_of_scope",
                "duplicate",
                "withdrawn",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "origin",
            sa.Enum(
                "orientation", "entry", "home", name="origin", native_enum=False, create_constraint=True, length=40
            ),
            nullable=True,
        ),
        sa.Column("name", sa.String(length=120), nullable=True),
        sa.Column("search_key", sa.String(length=300), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column("project_name", sa.String(length=160), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("call_when", sa.JSON(), nullable=False),
        sa.Column("helper", sa.String(length=160), nullable=True),
        sa.Column("commune", sa.String(length=5), nullable=True),
        sa.Column("epci", sa.String(length=60), nullable=True),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("stage", sa.String(length=20), nullable=True),
        sa.Column("needs", sa.JSON(), nullable=False),
        sa.Column("outside_networks", sa.Boolean(), nullable=True),
        sa.Column("shown", sa.JSON(), nullable=True),
        sa.Column("knowledge_version", sa.String(length=12), nullable=True),
        sa.Column("agreement_version", sa.String(length=12), nullable=True),
        sa.Column("to_watch", sa.Boolean(), nullable=False),
        sa.Column(
            "assigned_body",
            sa.Enum("mission", "apes", name="assigned_body", native_enum=False, create_constraint=True, length=40),
            nullable=True,
        ),
        sa.Column("assigned_to", sa.Uuid(), nullable=True),
        sa.Column("last_contact_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("anonymised_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(state = 'closed') = (outcome IS NOT NULL)", name=op.f("ck_referral_outcome_when_closed")),
        sa.CheckConstraint(
            "anonymised_at IS NOT NULL OR email IS NOT NULL OR phone IS NOT NULL", name=op.f("ck_referral_reachable")
        ),
        sa.CheckConstraint("anonymised_at IS NOT NULL OR name IS NOT NULL", name=op.f("ck_referral_named")),
        sa.ForeignKeyConstraint(
            ["assigned_to"], ["staff_account.id"], name=op.f("fk_referral_assigned_to_staff_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral")),
        sa.UniqueConstraint("form_key_hash", name=op.f("uq_referral_form_key_hash")),
        sa.UniqueConstraint("reference", name=op.f("uq_referral_reference")),
    )
    op.create_index(op.f("ix_referral_email"), "referral", ["email"], unique=False)
    op.create_index(op.f("ix_referral_epci"), "referral", ["epci"], unique=False)
    op.create_index(op.f("ix_referral_last_contact_at"), "referral", ["last_contact_at"], unique=False)
    op.create_index(op.f("ix_referral_phone"), "referral", ["phone"], unique=False)
    op.create_index(op.f("ix_referral_received_at"), "referral", ["received_at"], unique=False)
    op.create_index(op.f("ix_referral_search_key"), "referral", ["search_key"], unique=False)
    op.create_index(op.f("ix_referral_state"), "referral", ["state"], unique=False)
    op.create_table(
        "staff_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column(
            "stage",
            sa.Enum("password", "full", name="stage", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["staff_account.id"],
            name=op.f("fk_staff_session_account_id_staff_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_session")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_staff_session_key_hash")),
    )
    op.create_index(op.f("ix_staff_session_account_id"), "staff_session", ["account_id"], unique=False)
    op.create_table(
        "contact_attempt",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "channel",
            sa.Enum(
                "phone",
                "mail",
                "sms",
                "meeting",
                "post",
                name="channel",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reached", sa.Boolean(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_contact_attempt_referral_id_referral"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff_account.id"], name=op.f("fk_contact_attempt_staff_id_staff_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_attempt")),
    )
    op.create_index(op.f("ix_contact_attempt_referral_id"), "contact_attempt", ["referral_id"], unique=False)
    op.create_table(
        "introduction",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("entry", sa.String(length=80), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "sent",
                "accepted",
                "declined",
                "waitlisted",
                "expired",
                "met",
                "done",
                "dropped",
                "withdrawn",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agreement_version", sa.String(length=12), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_introduction_referral_id_referral"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_introduction")),
        sa.UniqueConstraint("referral_id", "entry", name=op.f("uq_introduction_referral_id_entry")),
    )
    op.create_index(op.f("ix_introduction_referral_id"), "introduction", ["referral_id"], unique=False)
    op.create_table(
        "journal_line",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "author",
            sa.Enum("person", "staff", "system", name="author", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "recorded",
                "sent_again",
                "corrected",
                "moved",
                "message",
                "note",
                "attempt",
                "agreed",
                "link_asked",
                "code_asked",
                "code_given",
                "withdrawn",
                "downloaded",
                "read",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("from_state", sa.String(length=40), nullable=True),
        sa.Column("to_state", sa.String(length=40), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("visible", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_journal_line_referral_id_referral"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff_account.id"], name=op.f("fk_journal_line_staff_id_staff_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_line")),
    )
    op.create_index(op.f("ix_journal_line_at"), "journal_line", ["at"], unique=False)
    op.create_index(op.f("ix_journal_line_referral_id"), "journal_line", ["referral_id"], unique=False)
    op.create_table(
        "rights_code",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("key_hash", sa.String(length=64), nullable=True),
        sa.Column("open_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_rights_code_referral_id_referral"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rights_code")),
    )
    op.create_index(op.f("ix_rights_code_referral_id"), "rights_code", ["referral_id"], unique=False)
    op.create_table(
        "rights_task",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("code", "link", name="kind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["done_by"], ["staff_account.id"], name=op.f("fk_rights_task_done_by_staff_account")),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_rights_task_referral_id_referral"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rights_task")),
    )
    op.create_index(op.f("ix_rights_task_referral_id"), "rights_task", ["referral_id"], unique=False)
    op.create_table(
        "tracking_token",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_tracking_token_referral_id_referral"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tracking_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_tracking_token_token_hash")),
    )
    op.create_index(op.f("ix_tracking_token_referral_id"), "tracking_token", ["referral_id"], unique=False)
    op.create_table(
        "outgoing_mail",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "template",
            sa.Enum(
                "request_received",
                "new_request",
                "person_wrote",
                "staff_wrote",
                "state_changed",
                "closed",
                "withdrawn",
                "new_link",
                "code",
                "erased",
                "staff_invitation",
                "password_reset",
                name="template",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("referral_id", sa.Uuid(), nullable=True),
        sa.Column("line_id", sa.Uuid(), nullable=True),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure", sa.String(length=120), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["staff_account.id"],
            name=op.f("fk_outgoing_mail_account_id_staff_account"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["line_id"], ["journal_line.id"], name=op.f("fk_outgoing_mail_line_id_journal_line"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_outgoing_mail_referral_id_referral"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outgoing_mail")),
    )
    op.create_index(op.f("ix_outgoing_mail_due_at"), "outgoing_mail", ["due_at"], unique=False)
    op.create_index(op.f("ix_outgoing_mail_referral_id"), "outgoing_mail", ["referral_id"], unique=False)
