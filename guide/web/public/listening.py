"""Words unknown to the lexicon: counted for the curators, words alone and never messages."""

from flask import request
from sqlalchemy.exc import SQLAlchemyError

from guide.assistant.models import Reply
from guide.days import today
from guide.store import unknown_words
from guide.web.shared.house import get_database
from guide.web.shared.problems import log_fault


def count_unknown_words(reply: Reply) -> None:
    """Count the unknown words of a message that was answered, never those of distress or of an insult.

    A database that cannot be written loses the count, never the answer; another site's form counts for nothing.
    """
    if reply.kind in ("handoff", "off_topic") or not reply.meaning.unknown or not _is_ours():
        return
    try:
        with get_database().writing() as session:
            unknown_words.add(session, reply.meaning.unknown, on=today())
    except SQLAlchemyError as error:
        log_fault(error)


def _is_ours() -> bool:
    return request.headers.get("Sec-Fetch-Site", "same-origin") in ("same-origin", "none")
