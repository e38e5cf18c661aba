"""The checker of ``make crash`` sees what it is there to see: lost, doubled, half-written."""

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import delete
from sqlmodel import SQLModel

from benchmarks.crash_checker import check
from benchmarks.visitors import Submission
from guide.content.base import KnowledgeBase
from guide.drafting import Request, draft_referral
from guide.models import Introduction, JournalLine, OutgoingMail, TrackingToken
from guide.referring import record_referral
from guide.secrecy import new_key
from guide.store.database import Database
from tests.databases import Engines

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
Send = Callable[..., Submission]


@pytest.fixture
def send(database: Database, knowledge: KnowledgeBase) -> Send:
    """Record a request as the site does, and say what was sent."""

    def send_one(number: int, **contact: Any) -> Submission:
        said = contact or {"email": f"essai{number}@exemple.fr"}
        submission = Submission(f"Essai {number}", new_key(), said.get("email"), ("apes",))
        request = Request(
            name="Camille Fictif", commune="62447", words=submission.words, structures=submission.structures, **said
        )
        draft = draft_referral(
            request,
            form_key=submission.form_key,
            shown=None,
            knowledge=knowledge,
            secret="clé de test",  # noqa: S106 - a test
            at=NOON,
        )
        with database.writing() as session:
            submission.link = record_referral(session, draft, caller=None).token
        return submission

    return send_one


def test_what_is_there_once_and_whole_is_not_reported(send: Send, database: Database) -> None:
    sent = [send(1), send(2), send(3, phone="+33612345678")]
    assert check(database, sent).lines == []


def test_a_lost_request_is_reported(send: Send, database: Database) -> None:
    lost = Submission("Essai 9", new_key(), link="lien")
    findings = check(database, [send(1), lost])
    assert (findings.lost, findings.doubled, findings.halves) == (["Essai 9"], [], [])


def test_a_doubled_request_is_reported(send: Send, database: Database) -> None:
    first, again = send(1), send(1, email="autre@exemple.fr")
    assert again.form_key != first.form_key
    findings = check(database, [first])
    assert (findings.lost, findings.doubled) == ([], ["Essai 1 (2 fois)"])


def test_a_request_that_nobody_sent_is_reported(send: Send, database: Database) -> None:
    send(1)
    assert check(database, []).doubled == ["Essai 1 : jamais envoyé"]


@pytest.mark.parametrize(
    ("table", "said"),
    [(JournalLine, "journal"), (TrackingToken, "lien"), (OutgoingMail, "courriels"), (Introduction, "accords")],
)
def test_a_half_written_request_is_reported(send: Send, database: Database, table: type[SQLModel], said: str) -> None:
    sent = [send(1)]
    with database.writing() as session:
        session.exec(delete(table))
    findings = check(database, sent)
    assert (findings.lost, findings.doubled, findings.halves) == ([], [], [f"Essai 1 : {said}"])


def test_another_link_or_another_form_than_what_was_acknowledged_is_reported(send: Send, database: Database) -> None:
    one, other = send(1), send(2)
    one.link, other.form_key = new_key(), new_key()
    assert check(database, [one, other]).halves == ["Essai 1 : lien", "Essai 2 : formulaire"]


def test_a_mail_too_many_is_reported(send: Send, database: Database) -> None:
    sent = send(1)
    sent.email = None
    assert check(database, [sent]).halves == ["Essai 1 : courriels"]


def test_a_damaged_file_is_reported(engines: Engines, tmp_path: Path) -> None:
    database = engines.empty("sqlite", tmp_path)
    other = sqlite3.connect(tmp_path / "guide.db")  # it asks for no foreign key: what it writes hangs from nothing
    other.execute("INSERT INTO tracking_token VALUES (?, ?, 'hash', '2026-11-24')", (uuid4().hex, uuid4().hex))
    other.commit()
    other.close()
    assert any("tracking_token" in line for line in check(database, []).damage)
    database.close()
