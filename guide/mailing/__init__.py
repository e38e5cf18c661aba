"""Mailing: what the outbox announces is rendered, sent, and never lost."""

from guide.mailing.delivery import Report, deliver_due
from guide.mailing.posting import poster
from guide.mailing.rendering import renderer

__all__ = ["Report", "deliver_due", "poster", "renderer"]
