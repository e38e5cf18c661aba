"""Accounts when two things happen at once, and what is forgotten with time; on both engines."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from sqlmodel import Session, select

from guide.accounts import enrolment, second_factor, signing_in, team
from guide.accounts.passwords import Hasher
from guide.accounts.sessions import Visit, find_owner, find_visit, open_session
from guide.delays import Delays
from guide.errors import LinkError
from guide.models import OneTimeLink, StaffAccount, StaffSession
from guide.models.staff import LinkPurpose, Role, SessionStage
from guide.settings import Settings
from guide.store import accounts, minting
from guide.store.database import Database
from tests.databases import overlap

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
PASSWORD = "quatre chaises sous la pluie"  # noqa: S105 - of no use to anybody
SETTINGS = Settings(argon2_memory=8)


def enrolled(session: Session) -> tuple[StaffAccount, str]:
    account = team.create_account(session, email="camille@exemple.fr", name="Camille", role=Role.OFFICER, now=NOON)
    seed = second_factor.new_seed()
    account.password_hash = Hasher(8).hash(PASSWORD)
    second_factor.seal_seed(SETTINGS, account, seed)
    return account, seed


def at_once(act: Callable[[], object], times: int = 6) -> list[object]:
    """Do the same thing in several threads at the same moment."""
    ready, done = threading.Barrier(times), []

    def wait_and_act() -> None:
        ready.wait()
        done.append(act())

    threads = [threading.Thread(target=wait_and_act) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) == times
    return done


def half_signed_in(database: Database) -> tuple[Visit, str]:
    with database.writing() as session:
        account, seed = enrolled(session)
        key = open_session(session, account, SessionStage.PASSWORD, now=NOON)
    with database.reading() as session:
        visit = find_visit(session, key, now=NOON, delays=Delays())
    assert visit is not None
    return visit, seed


def test_one_code_sent_six_times_at_once_opens_one_session(database: Database) -> None:
    visit, seed = half_signed_in(database)

    def give_code() -> bool:
        with database.writing() as session:
            code = pyotp.TOTP(seed).at(NOON)
            return signing_in.give_code(session, SETTINGS, visit, code=code, now=NOON).succeeded

    assert sorted(at_once(give_code, 4)) == [False, False, False, True]


def test_one_recovery_code_sent_six_times_at_once_opens_one_session(database: Database) -> None:
    visit, _ = half_signed_in(database)
    with database.writing() as session:
        codes = enrolment.renew_recovery_codes(session, SETTINGS, visit)

    def give_code() -> bool:
        with database.writing() as session:
            return signing_in.give_recovery_code(session, SETTINGS, visit, code=codes[0], now=NOON).succeeded

    assert sorted(at_once(give_code, 4)) == [False, False, False, True]


def test_one_link_used_six_times_at_once_serves_once(database: Database) -> None:
    with database.writing() as session:
        account, _ = enrolled(session)
        token = minting.mint_link(session, account, LinkPurpose.PASSWORD_RESET, now=NOON, delays=Delays())

    def use() -> bool:
        try:
            with database.writing() as session:
                enrolment.reset_password(session, SETTINGS, token, password_hash="autre", now=NOON)  # noqa: S106
        except LinkError:
            return False
        return True

    assert sorted(at_once(use)) == [False] * 5 + [True]


def test_passwords_tried_in_parallel_are_counted_one_by_one(database: Database) -> None:
    hasher, given = Hasher(8), {"email": "camille@exemple.fr", "address": "192.0.2.1", "now": NOON}
    with database.writing() as session:
        enrolled(session)

    def guess() -> bool:
        return signing_in.sign_in(database, hasher, SETTINGS, password="pas le bon du tout", **given).succeeded  # noqa: S106

    assert at_once(guess, 8) == [False] * 8
    assert not signing_in.sign_in(database, hasher, SETTINGS, password=PASSWORD, **given).succeeded
    later = given | {"now": NOON + timedelta(minutes=16)}
    assert signing_in.sign_in(database, hasher, SETTINGS, password=PASSWORD, **later).succeeded
    assert hasher.verifications == 10


def test_the_second_factor_of_a_code_is_the_same_in_every_time_zone() -> None:
    seed = second_factor.new_seed()
    code = pyotp.TOTP(seed).at(NOON)
    assert second_factor.matching_step(seed, code, now=NOON) == int(NOON.timestamp()) // 30


@pytest.mark.parametrize("key", ["", "a", "é" * 40, "x" * 5000])
def test_a_key_that_was_never_given_opens_nothing(database: Database, key: str) -> None:
    with database.reading() as session:
        assert find_visit(session, key, now=NOON, delays=Delays()) is None
        assert find_owner(session, key) is None


def test_sessions_and_links_that_are_over_are_forgotten(database: Database) -> None:
    with database.writing() as session:
        account, _ = enrolled(session)
        open_session(session, account, SessionStage.FULL, now=NOON)
        minting.mint_link(session, account, LinkPurpose.PASSWORD_RESET, now=NOON, delays=Delays())
        live = open_session(session, account, SessionStage.FULL, now=NOON + timedelta(days=2))
    with database.writing() as session:
        accounts.purge_before(session, NOON + timedelta(days=1))
    with database.reading() as session:
        assert len(session.exec(select(StaffSession)).all()) == 1
        assert session.exec(select(OneTimeLink)).all() == []
        assert find_owner(session, live) is not None


def test_two_officers_who_end_each_other_at_once_leave_one(database: Database) -> None:
    with database.writing() as session:
        officers = [
            team.create_account(session, email=f"{name}@exemple.fr", name=name, role=Role.OFFICER, now=NOON)
            for name in ("alix", "camille")
        ]
        for officer in officers:
            officer.password_hash = Hasher(8).hash(PASSWORD)

    def end(officer: StaffAccount) -> Callable[[Session], None]:
        return lambda session: team.disable(session, accounts.get_account(session, officer.id), now=NOON)

    assert overlap(database, end(officers[0]), end(officers[1])) == ["TeamError"]
    with database.reading() as session:
        assert [officer.name for officer in accounts.list_active_officers(session)] == ["camille"]


def test_recovery_codes_renewed_twice_at_once_are_ten(database: Database) -> None:
    with database.writing() as session:
        account, _ = enrolled(session)

    def renew(session: Session) -> None:
        second_factor.new_recovery_codes(session, SETTINGS, account)

    assert overlap(database, renew, renew) == []
    with database.reading() as session:
        assert len(accounts.list_unused_recovery_codes(session, account.id)) == second_factor.RECOVERY_CODES
