"""What the queue judges of each dossier, and what a search compares, in one index each."""

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Apply."""
    columns = "anonymised_at state assigned_body assigned_to state_since moved_at snoozed_until closed_at id"
    op.create_index("ix_referral_queue", "referral", columns.split(), unique=False)
    op.create_index("ix_referral_search", "referral", ["search_key", "commune", "reference", "id"], unique=False)
    op.drop_index(op.f("ix_referral_search_key"), "referral")
