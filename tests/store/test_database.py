"""The promises of both engines: what a transaction is, what each connection asks for, what the schema is."""

import sqlite3
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import column, insert, table, text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlmodel import Session, select

from guide.errors import IllegalMoveError
from guide.models import Referral, Tally, metadata
from guide.models.referral import MOVES, Outcome, ReferralState
from guide.store.database import Database, ReadOnlyError
from guide.store.schema import current_revision, make_config, newest_revision, upgrade
from tests.conftest import Engines

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def tally(who: str) -> Tally:
    return Tally(bucket="essai", who=who, at=NOON)


def referral(**changes: object) -> Referral:
    given = {"name": "Camille Fictif", "email": "camille@exemple.fr", "received_at": NOON, "state_since": NOON}
    return Referral(**{**given, "last_contact_at": NOON, **changes})


def test_models_and_migrations_agree(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    assert current_revision(database) == newest_revision(database)


def test_what_is_written_together_is_kept_together_or_not_at_all(database: Database) -> None:
    def write_and_fail() -> None:
        with database.writing() as session:
            session.add(tally("a"))
            session.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write_and_fail()
    with database.writing() as session:
        session.add(tally("b"))
    with database.reading() as session:
        assert [row.who for row in session.exec(select(Tally))] == ["b"]


def test_a_reading_transaction_refuses_to_write(database: Database) -> None:
    with database.reading() as session:
        session.add(tally("a"))
        with pytest.raises(ReadOnlyError):
            session.flush()


def test_moments_come_back_aware_and_in_utc(database: Database) -> None:
    with database.writing() as session:
        session.add(tally("a"))
    with database.reading() as session:
        assert session.exec(select(Tally)).one().at == NOON


def test_a_moment_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(Exception, match="time zone"), database.writing() as session:
        session.add(Tally(bucket="essai", who="a", at=datetime(2026, 11, 24, 12)))  # noqa: DTZ001 - the point


@pytest.mark.parametrize(
    "wrong", [{"name": None}, {"email": None}, {"state": "closed"}, {"outcome": "duplicate"}, {"state": "nowhere"}]
)
def test_the_database_itself_refuses_what_makes_no_sense(database: Database, wrong: dict[str, object]) -> None:
    with (
        pytest.raises((IntegrityError, LookupError, Exception), match=r"CHECK|check|nowhere"),
        database.writing() as session,
    ):
        session.add(referral(**wrong))


def test_two_writers_wait_for_each_other(database: Database) -> None:
    def count_one(who: str) -> None:
        for number in range(10):
            with database.writing() as session:
                session.exec(select(Tally)).all()  # read, then write: what breaks a transaction begun as a reader
                session.add(tally(f"{who}{number}"))

    threads = [threading.Thread(target=count_one, args=(str(number),)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as session:
        assert len(session.exec(select(Tally)).all()) == 40


def test_readiness_takes_and_rolls_back_a_write_lock(database: Database) -> None:
    database.check_ready()
    with database.reading() as session:
        assert session.exec(select(Tally)).all() == []


def test_every_connection_of_the_sqlite_pool_asks_for_durability(engines: Engines, tmp_path: Path) -> None:
    database = engines.empty("sqlite", tmp_path)
    sessions = [Session(database.engine) for _ in range(5)]
    for session in sessions:
        read = {name: session.connection().execute(text(f"PRAGMA {name}")).scalar() for name in PROMISED}
        assert read == PROMISED
    for session in sessions:
        session.close()
    database.close()


PROMISED = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 5000, "secure_delete": 1}


def test_a_locked_or_missing_database_is_not_ready(engines: Engines, tmp_path: Path) -> None:
    database = engines.empty("sqlite", tmp_path)
    (tmp_path / "guide.db").chmod(0o600)
    other = sqlite3.connect(tmp_path / "guide.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout=1")
        connection.rollback()
    with pytest.raises(OperationalError):
        database.check_ready()
    other.close()
    database.close()


def test_an_upgrade_keeps_a_copy_of_the_old_file(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'new' / 'guide.db'}")
    database.make_folder()
    command.upgrade(make_config(database), "0001")
    assert upgrade(database) == "0001"
    old = Database(f"sqlite:///{tmp_path / 'new' / 'guide.before-0001.db'}")
    assert (current_revision(old), current_revision(database)) == ("0001", newest_revision(database))
    assert upgrade(database) == newest_revision(database)
    for each in (database, old):
        each.close()


def test_an_introduction_of_the_first_version_is_still_there_after_an_upgrade(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'guide.db'}")
    database.make_folder()
    command.upgrade(make_config(database), "0001")
    case = referral()
    with database.writing() as session:
        session.execute(insert(FIRST_TABLE).values(**case.model_dump(include=set(FIRST_TABLE.columns.keys()))))
        session.execute(
            text("INSERT INTO introduction VALUES ('0a', :case, 'apes', 'proposed', :at, '2026-11', :at)"),
            {"case": case.id.hex, "at": "2026-11-24 12:00:00.000000"},
        )
    upgrade(database)
    with database.reading() as session:
        kept = session.execute(text("SELECT entry, state, proposed_at, reasons FROM introduction")).one()
    assert tuple(kept) == ("apes", "proposed", "2026-11-24 12:00:00.000000", "[]")
    database.close()


FIRST_COLUMNS = "id version state name email received_at state_since last_contact_at needs answers call_when to_watch"
FIRST_TABLE = table(  # what it needed: the defaults of columns that came later do not know it
    "referral",
    *(column(name, Referral.__table__.columns[name].type) for name in FIRST_COLUMNS.split()),  # type: ignore[attr-defined]
)


@pytest.mark.parametrize("here", ReferralState)
@pytest.mark.parametrize("there", ReferralState)
def test_a_referral_moves_only_along_the_table(here: ReferralState, there: ReferralState) -> None:
    case = referral(state=here, outcome=Outcome.ENROLLED if here is ReferralState.CLOSED else None)
    outcome = Outcome.AUTONOMOUS if there is ReferralState.CLOSED else None
    if there in MOVES[here]:
        case.move(there, at=NOON, outcome=outcome)
        assert (case.state, case.outcome, case.closed_at) == (there, outcome, NOON if outcome else None)
    else:
        with pytest.raises(IllegalMoveError, match=here.label):
            case.move(there, at=NOON, outcome=outcome)
        assert case.state is here


def test_closing_needs_an_outcome_and_only_closing_has_one() -> None:
    with pytest.raises(IllegalMoveError):
        referral().move(ReferralState.CLOSED, at=NOON)
    with pytest.raises(IllegalMoveError):
        referral().move(ReferralState.REVIEWED, at=NOON, outcome=Outcome.AUTONOMOUS)


def test_an_older_database_learns_since_when_nothing_has_moved(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'new' / 'guide.db'}")
    database.make_folder()
    command.upgrade(make_config(database), "0003")
    long_ago = datetime(2026, 11, 1, 8, tzinfo=UTC)
    camille, alix = (referral(name=name, received_at=long_ago) for name in ("Camille", "Alix"))
    with database.engine.begin() as connection:
        for case in (camille, alix):
            connection.execute(insert(FIRST_TABLE).values(**case.model_dump(include=set(FIRST_TABLE.columns.keys()))))
        for number, (kind, author, visible) in enumerate(
            [("message", "staff", 1), ("note", "staff", 0), ("read", "staff", 0), ("message", "system", 0)], start=2
        ):
            values = f"'{number}', '{camille.id.hex}', '2026-11-0{number} 08:00:00', '{author}', '{kind}', {visible}"
            connection.execute(
                text(f"INSERT INTO journal_line (id, referral_id, at, author, kind, visible) VALUES ({values})")  # noqa: S608
            )
    upgrade(database)
    with database.reading() as session:
        found = {each.name: (each.moved_at.day, each.news_at.day) for each in session.exec(select(Referral))}
    assert found == {"Camille": (3, 2), "Alix": (1, 1)}
    database.close()
