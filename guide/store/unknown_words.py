"""Words unknown to the lexicon: a day each, listed once they were seen on enough days."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import delete, func
from sqlmodel import Session, col, select

from guide.models import UnknownWord

LONGEST = 20  # letters: longer, it is no word
SHORTEST = 3
DAYS_TO_SHOW = 3  # a word seen on fewer days may be somebody's name


def add(session: Session, words: Iterable[str], *, on: date) -> None:
    """Note that some words were seen on a day, once each."""
    for word in {word for word in words if SHORTEST <= len(word) <= LONGEST}:
        if session.get(UnknownWord, (word, on)) is None:
            session.add(UnknownWord(word=word, day=on))


def list_seen(session: Session) -> list[tuple[str, int]]:
    """List the words seen on three different days or more, the most seen first."""
    days = func.count(col(UnknownWord.day))
    found = select(UnknownWord.word, days).group_by(col(UnknownWord.word)).having(days >= DAYS_TO_SHOW)
    return [(word, count) for word, count in session.exec(found.order_by(days.desc(), col(UnknownWord.word)))]


def purge_before(session: Session, day: date) -> None:
    """Forget what is too old to tell anything."""
    session.exec(delete(UnknownWord).where(col(UnknownWord.day) < day))
