"""The demonstration: invented people whose stories hold together, in an instance that is never the real one."""

import re
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest
from click.testing import Result
from sqlmodel import col, select

from guide.accounts.passwords import Hasher
from guide.accounts.second_factor import spend_code
from guide.app import create_app
from guide.content.base import KnowledgeBase
from guide.demo.filling import Demo
from guide.demo.team import PASSWORD, TEAM, enrol_team
from guide.models import Appointment, ContactAttempt, Introduction, JournalLine, Referral, StaffAccount
from guide.models.appointment import AppointmentState
from guide.models.journal import LineKind
from guide.models.referral import MOVES, ReferralState
from guide.models.staff import Role
from guide.settings import Settings
from guide.store.database import Database

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
SIZE = 150


def fill(database: Database, knowledge: KnowledgeBase, seed: int = 1) -> None:
    with database.writing() as session:
        team = enrol_team(session, Settings(argon2_memory=8), now=NOON)
        Demo(knowledge, Random(seed), NOON, team[Role.OFFICER], team[Role.ADVISER]).fill(session, SIZE)  # noqa: S311


def kept(database: Database, table: type[Any], order: Any = None) -> list[Any]:
    with database.reading() as session:
        query = select(table)
        return list(session.exec(query if order is None else query.order_by(*order)).all())


def test_every_story_follows_the_table_of_moves_and_ends_where_its_dossier_stands(
    database: Database, knowledge: KnowledgeBase
) -> None:
    fill(database, knowledge)
    referrals = kept(database, Referral)
    assert len(referrals) == SIZE
    stories: dict[Any, list[JournalLine]] = defaultdict(list)
    for line in kept(database, JournalLine, (col(JournalLine.at), col(JournalLine.id))):
        stories[line.referral_id].append(line)
    for referral in referrals:
        lines = stories[referral.id]
        assert (lines[0].kind, lines[0].at) == (LineKind.RECORDED, referral.received_at)
        assert lines[-1].at <= NOON
        state, since = ReferralState.RECEIVED, referral.received_at
        for line in lines:
            if line.kind is LineKind.MOVED:
                assert line.from_state == state
                assert line.to_state in MOVES[state]
                state, since = ReferralState(line.to_state), line.at
        assert (referral.state, referral.state_since) == (state, since)
    assert {referral.state for referral in referrals} == set(ReferralState)
    assert sum(map(len, stories.values())) >= 10 * SIZE
    assert kept(database, ContactAttempt)
    introductions = kept(database, Introduction)
    assert len({each.state for each in introductions}) >= 5
    assert any(each.after_id for each in introductions)
    assert {each.state for each in kept(database, Appointment)} >= {AppointmentState.HELD}


def test_nobody_in_it_can_be_reached(database: Database, knowledge: KnowledgeBase) -> None:
    fill(database, knowledge)
    for referral in kept(database, Referral):
        assert referral.email is None or referral.email.endswith("@demo.example")
        assert referral.phone is None or re.fullmatch(r"\+3363998\d{4}", referral.phone)
    assert all(account.email.endswith("@demo.example") for account in kept(database, StaffAccount))


def test_the_same_seed_tells_the_same_stories(engines: Any, knowledge: KnowledgeBase, tmp_path: Path) -> None:
    told = []
    for number, seed in enumerate((1, 1, 2)):
        folder = tmp_path / str(number)
        folder.mkdir()
        database = engines.empty("sqlite", folder)
        fill(database, knowledge, seed)
        told.append(
            [(each.reference, each.name, each.state, each.state_since) for each in kept(database, Referral, ("id",))]
        )
        database.close()
    assert told[0] == told[1] != told[2]


def run(knowledge: KnowledgeBase, *words: str, **settings: Any) -> Result:
    app = create_app(Settings(argon2_memory=8, **settings), knowledge)
    return app.test_cli_runner().invoke(args=["demo", *words])


def test_one_command_opens_a_desk_that_everybody_may_enter(knowledge: KnowledgeBase, tmp_path: Path) -> None:
    settings = Settings(argon2_memory=8, instance=tmp_path / "demo")
    for size in ("3", "5"):  # again: it is made anew
        result = run(knowledge, "fill", "--size", size, instance=settings.instance)
        assert result.exit_code == 0, result.output
        assert all(email in result.output for email in TEAM)
    database = Database(settings.database)
    assert len(kept(database, Referral)) == 5
    code, now = run(knowledge, "code", instance=settings.instance).output.strip(), datetime.now(UTC)
    for account in kept(database, StaffAccount):
        assert Hasher(8).verify(account.password_hash, PASSWORD)
        assert spend_code(settings, account, code, now=now)
    database.close()


@pytest.mark.parametrize("changes", [{}, {"database_url": "sqlite:///{folder}/demo/vraie.db"}])
def test_it_never_touches_a_real_instance(knowledge: KnowledgeBase, tmp_path: Path, changes: dict[str, str]) -> None:
    instance = tmp_path / ("demo" if changes else "instance")
    instance.mkdir()
    real = instance / "guide.db"
    real.write_text("de vraies personnes")
    given = {name: value.format(folder=tmp_path) for name, value in changes.items()}
    result = run(knowledge, "fill", instance=instance, **given)
    assert result.exit_code == 1
    assert "make demo" in result.output
    assert real.read_text() == "de vraies personnes"
