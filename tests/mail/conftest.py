"""An office that sends mails: one database, one outbox, its people, and a mail server that really answers."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import SQLModel, col, select

from guide.app import create_app
from guide.content.base import KnowledgeBase
from guide.mailing import Report, deliver_due, poster, renderer
from guide.mailing.rendering import Render
from guide.models import JournalLine, OutgoingMail, Referral, StaffAccount
from guide.models.journal import Author, LineKind
from guide.models.outgoing import MailTemplate
from guide.models.referral import Outcome, ReferralState
from guide.models.staff import Role
from guide.outbox import announce
from guide.settings import Settings
from guide.store.database import Database
from tests.conftest import Engines
from tests.smtp import MailServer, mail_server

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)  # a Tuesday
MISSION = "mission@departement.example"
PUBLIC = "https://guide.example"
SECRET = "une-clef-de-test-longue-de-plus-de-32-signes"  # noqa: S105 - of these tests


@pytest.fixture(scope="session")
def render(knowledge: KnowledgeBase) -> Render:
    """The templates as the site sets them up."""
    return renderer(create_app(Settings(rate_limits="off"), knowledge).jinja_env)


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as running:
        yield running


@dataclass
class Office:
    """Where mails are announced and delivered."""

    database: Database
    knowledge: KnowledgeBase
    settings: Settings
    render: Render

    def keep(self, *rows: SQLModel) -> None:
        """Keep rows, each after the one before: a line needs its referral."""
        for row in rows:
            with self.database.writing() as session:
                session.add(row)

    def announce(self, template: MailTemplate, about: Referral | None = None, **more: Any) -> OutgoingMail:
        with self.database.writing() as session:
            return announce(session, template, **{"at": NOON, "referral_id": about.id if about else None, **more})

    def deliver(self, at: datetime | Callable[[], datetime] = NOON, **more: Any) -> Report:
        return deliver_due(
            self.database,
            knowledge=self.knowledge,
            settings=self.settings,
            render=self.render,
            now=at if callable(at) else lambda: at,
            **{"post": poster(self.settings), **more},
        )

    def mails(self) -> list[OutgoingMail]:
        with self.database.reading() as session:
            return list(session.exec(select(OutgoingMail).order_by(col(OutgoingMail.id))).all())

    def all(self, table: type[Any]) -> list[Any]:
        with self.database.reading() as session:
            return list(session.exec(select(table)).all())


def made_settings(folder: Path, **changes: Any) -> Settings:
    given = {
        "public_url": PUBLIC,
        "secret_key": SECRET,
        "instance": folder / "instance",
        "mission_email": MISSION,
        "mail_from": "Guide ESS 62 <guide@departement.example>",
        **changes,
    }
    return Settings.model_validate(given)


def sending_to(server: MailServer | int, folder: Path, **changes: Any) -> Settings:
    port = server if isinstance(server, int) else server.port
    return made_settings(folder, smtp_host="127.0.0.1", smtp_port=port, **{"smtp_security": "none", **changes})


@pytest.fixture
def office(database: Database, knowledge: KnowledgeBase, render: Render, server: MailServer, tmp_path: Path) -> Office:
    """An office on each engine, with a mail server."""
    return Office(database, knowledge, sending_to(server, tmp_path), render)


@pytest.fixture
def desk(engines: Engines, knowledge: KnowledgeBase, render: Render, tmp_path: Path) -> Iterator[Office]:
    """An office on one engine that writes its mails to files: for what does not depend on either."""
    database = engines.empty("sqlite", tmp_path)
    yield Office(database, knowledge, made_settings(tmp_path), render)
    database.close()


def a_referral(**changes: Any) -> Referral:
    given: dict[str, Any] = {
        "reference": "ESS-7K3P9Q",
        "name": "Camille Marqueur",
        "email": "camille@personne.example",
        "phone": "+33321000000",
        "project_name": "Projetsecret",
        "words": "Motsintimes",
        "epci": "epci-arras",
        "needs": ["financer", "clarifier-projet"],
        "received_at": NOON,
        "state_since": NOON,
        "last_contact_at": NOON,
    }
    return Referral(**{**given, **changes})


def a_closed_referral(**changes: Any) -> Referral:
    return a_referral(state=ReferralState.CLOSED, outcome=Outcome.AUTONOMOUS, closed_at=NOON, **changes)


def an_account(email: str = "lea@equipe.example", **changes: Any) -> StaffAccount:
    given: dict[str, Any] = {"name": "Léa Agente", "role": Role.OFFICER, "password_hash": "x", "created_at": NOON}
    return StaffAccount(email=email, **{**given, **changes})


def a_line(referral: Referral, text: str | None, **changes: Any) -> JournalLine:
    given: dict[str, Any] = {"kind": LineKind.MESSAGE, "author": Author.STAFF, "visible": True, "at": NOON}
    return JournalLine(referral_id=referral.id, text=text, **{**given, **changes})
