"""Counting attempts, seen by every worker."""

from datetime import UTC, datetime, timedelta

from guide.store import tallies
from guide.store.database import Database

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def test_attempts_are_counted_by_bucket_by_person_and_since_a_moment(database: Database) -> None:
    with database.writing() as session:
        for minute in range(5):
            tallies.add(session, "essai", "a", NOON + minute * MINUTE)
        tallies.add(session, "essai", "b", NOON)
        tallies.add(session, "autre", "a", NOON)
    with database.reading() as session:
        assert tallies.count_since(session, "essai", "a", NOON - MINUTE) == 5
        assert tallies.count_since(session, "essai", "a", NOON + MINUTE) == 3
        assert tallies.count_since(session, "essai", "c", NOON - MINUTE) == 0
        assert tallies.list_since(session, "essai", "a", NOON + 3 * MINUTE) == [NOON + 4 * MINUTE]


def test_old_attempts_are_purged_and_good_ones_forget_the_bad(database: Database) -> None:
    with database.writing() as session:
        for who in ("a", "b"):
            tallies.add(session, "essai", who, NOON)
            tallies.add(session, "essai", who, NOON + MINUTE)
        tallies.forget(session, "essai", "a")
        tallies.purge_before(session, NOON + MINUTE)
    with database.reading() as session:
        assert tallies.count_since(session, "essai", "a", NOON - MINUTE) == 0
        assert tallies.count_since(session, "essai", "b", NOON - MINUTE) == 1
