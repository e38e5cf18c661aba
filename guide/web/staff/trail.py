"""The trail of sign-ins and of rights: one line of log per event, with account numbers, never a name or an address."""

import logging
from uuid import UUID

from flask import g

log = logging.getLogger("guide.team")


def tell(event: str, account_id: UUID | None = None, *, by: UUID | None = None) -> None:
    """Write one line: what happened, to which account, by whom when it is somebody else."""
    extra = {"request": g.get("request_id"), "event": event, "account": str(account_id) if account_id else None}
    log.info("team", extra=extra | ({"by": str(by)} if by else {}))
