"""The site as tests meet it: one application, one client, and a visitor that refuses any page not well made."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
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
from tests.databases import Engines
from tests.web.pages import ALWAYS_ALLOWED_HOSTS, Visitor
from tests.web.team import MORNING, Team

MakeApp = Callable[..., Flask]


@pytest.fixture(scope="session")
def stored(engines: Engines, tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """Settings of a database with its schema, for applications whose tests store nothing."""
    folder = tmp_path_factory.mktemp("site")
    database = engines.empty("sqlite", folder)
    database.close()
    return {"instance": folder, "database_url": str(database.url)}


@pytest.fixture(scope="session")
def make_app(knowledge: KnowledgeBase, stored: dict[str, object]) -> MakeApp:
    """Build an application of one's own: with other settings, or to be broken."""

    def make(**settings: object) -> Flask:
        return create_app(Settings.model_validate({"rate_limits": "off", **stored, **settings}), knowledge)

    return make


@pytest.fixture(scope="session")
def app(make_app: MakeApp) -> Flask:
    return make_app()


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


@dataclass(frozen=True)
class Site:
    """An application on an empty database of its own, and what stands around it."""

    app: Flask
    database: Database
    hosts: frozenset[str]

    def visitor(self) -> Visitor:
        """Somebody with a browser of her own."""
        return Visitor(self.app.test_client(), self.hosts)


@pytest.fixture
def make_site(
    database: Database, make_app: MakeApp, outgoing_hosts: frozenset[str], tmp_path: Path
) -> Iterator[Callable[..., Site]]:
    """Build a site on an empty database, on both engines, with settings of one's own."""
    made: list[Flask] = []

    def make(**settings: object) -> Site:
        address = database.url.render_as_string(hide_password=False)
        app = make_app(**{"instance": tmp_path, "database_url": address, "argon2_memory": 8, **settings})
        made.append(app)
        return Site(app, database, outgoing_hosts)

    yield make
    for app in made:
        app.extensions["guide-database"].close()


@pytest.fixture
def site(make_site: Callable[..., Site]) -> Site:
    return make_site()


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
