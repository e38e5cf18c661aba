"""The real production server, a real Chromium, and visitors who notice what should never happen."""

import os
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from guide.settings import ROOT
from guide.store.database import Database
from guide.store.schema import upgrade
from tests.browser.chromium import ARGUMENTS, WHAT_TO_DO, find_chromium
from tests.browser.visitor import SCREENS, WITH_SCRIPT, Screen, Visitor, welcome

_TRIES, _BETWEEN = 150, 0.2  # seconds between two tries: half a minute at most
_STOPS_WITHIN = 20  # seconds; gunicorn lets requests end for 10
_ONLY_HERE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"

expect.set_options(timeout=15_000)


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the server: its instance, its journal."""
    return tmp_path_factory.mktemp("server")


@pytest.fixture(scope="session")
def database(place: Path) -> Iterator[Database]:
    """The database of the server, as its process manager prepares it."""
    made = Database(f"sqlite:///{place / 'instance' / 'guide.db'}")
    upgrade(made)
    yield made
    made.close()


@pytest.fixture(scope="session")
def server(place: Path, database: Database) -> Iterator[str]:
    """The address of the production server, started for these tests."""
    bind = f"127.0.0.1:{_free_port()}"
    address = f"http://{bind}"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GUIDE_")} | {
        "GUIDE_BIND": bind,
        "GUIDE_PUBLIC_URL": address,
        "GUIDE_RATE_LIMITS": "off",
        "GUIDE_ARGON2_MEMORY": "8",
        "GUIDE_INSTANCE": str(place / "instance"),
        "GUIDE_DATABASE_URL": database.url.render_as_string(hide_password=False),
    }
    command = [sys.executable, "-m", "gunicorn", "--config", "python:guide.serving", "wsgi:app"]
    journal = place / "journal.txt"
    with (
        journal.open("wb") as output,
        subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=output) as process,  # noqa: S603
    ):
        try:
            _wait_until_alive(address, process, journal)
            yield address
        finally:
            process.terminate()
            try:
                process.wait(_STOPS_WITHIN)
            except subprocess.TimeoutExpired:
                process.kill()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_alive(address: str, process: subprocess.Popen[bytes], journal: Path) -> None:
    pause = threading.Event()
    for _ in range(_TRIES):
        try:
            with urllib.request.urlopen(f"{address}/sante", timeout=5) as answer:  # noqa: S310 - our own http server
                assert answer.status == 200
                return
        except OSError:  # not listening yet
            if process.poll() is not None:
                break
            pause.wait(_BETWEEN)
    pytest.fail(f"Le serveur ne démarre pas :\n{journal.read_text(errors='replace')}", pytrace=False)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all the tests; none on the machine is a failure, never a skip."""
    found = find_chromium()
    if found is None:
        pytest.fail(WHAT_TO_DO, pytrace=False)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found, args=[*ARGUMENTS, _ONLY_HERE])
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def contexts(server: str, browser: Browser) -> Iterator[dict[Screen, Visitor]]:
    """Visitors who stay from one test to the next: a new one costs as much as four pages."""
    visitors: dict[Screen, Visitor] = {}
    yield visitors
    for visitor in visitors.values():
        visitor.context.close()


@pytest.fixture
def invite(server: str, browser: Browser, contexts: dict[Screen, Visitor]) -> Iterator[Callable[[Screen], Visitor]]:
    """Invite visitors; when the test ends, each must have seen nothing wrong."""
    invited: list[Visitor] = []

    def invite_one(screen: Screen) -> Visitor:
        if screen not in contexts:
            contexts[screen] = welcome(browser, server, screen)
        invited.append(contexts[screen])
        contexts[screen].start_again()
        return contexts[screen]

    yield invite_one
    for visitor in invited:
        visitor.check()


@pytest.fixture(params=SCREENS, ids=str)
def visitor(request: pytest.FixtureRequest, invite: Callable[[Screen], Visitor]) -> Visitor:
    """A visitor, by default at both widths, with and without JavaScript."""
    return invite(request.param)


@pytest.fixture(params=WITH_SCRIPT, ids=str)
def newcomer(request: pytest.FixtureRequest, server: str, browser: Browser) -> Iterator[Visitor]:
    """Somebody who has never seen the site: nothing is in the cache."""
    visitor = welcome(browser, server, request.param)
    try:
        yield visitor
        visitor.check()
    finally:
        visitor.context.close()
