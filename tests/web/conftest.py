"""The site as tests meet it: one application, one client, and a visitor that refuses any page not well made."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from guide.app import create_app
from guide.content.base import KnowledgeBase
from guide.settings import Settings
from guide.store.database import Database
from guide.web.shared.house import get_database
from tests.web.pages import ALWAYS_ALLOWED_HOSTS, Visitor
from tests.web.team import MORNING, Team

MakeApp = Callable[..., Flask]


@pytest.fixture(scope="session")
def make_app(knowledge: KnowledgeBase) -> MakeApp:
    """Build an application of one's own: with other settings, or to be broken."""

    def make(**settings: object) -> Flask:
        return create_app(Settings.model_validate({"rate_limits": "off", **settings}), knowledge)

    return make


@pytest.fixture(scope="session")
def app(knowledge: KnowledgeBase) -> Flask:
    return create_app(Settings(rate_limits="off"), knowledge)


@pytest.fixture(scope="session")
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture(scope="session")
def outgoing_hosts(knowledge: KnowledgeBase) -> frozenset[str]:
    """The only other sites that pages may link to: those of the entries, and the one that the law asks for."""
    websites = {entry.contact.website for entry in knowledge.entries.values() if entry.contact.website}
    return frozenset(website.split("/")[0] for website in websites) | ALWAYS_ALLOWED_HOSTS


@pytest.fixture(scope="session")
def page(client: FlaskClient, outgoing_hosts: frozenset[str]) -> Visitor:
    return Visitor(client, outgoing_hosts)


@pytest.fixture
def team(
    database: Database, knowledge: KnowledgeBase, outgoing_hosts: frozenset[str], tmp_path: Path
) -> Iterator[Team]:
    """The pages of the team, on both engines, on a Tuesday morning; limits are on."""
    url = database.url.render_as_string(hide_password=False)
    settings = Settings(argon2_memory=8, database_url=url, instance=tmp_path / "instance")
    app = create_app(settings, knowledge)
    with time_machine.travel(MORNING, tick=False) as clock:
        yield Team(app, database, settings, outgoing_hosts, clock)
    with app.app_context():
        get_database().close()
