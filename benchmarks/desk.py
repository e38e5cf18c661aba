"""The desk under 5,000 invented requests and more than 50,000 lines of journal: how long a page takes, in process.

Medians of whole answers (session, queries, template) on SQLite and on PostgreSQL, and how many queries each makes.
"""

import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from flask.testing import FlaskClient
from sqlalchemy import event, func, text
from sqlmodel import col, select

from guide.accounts.sessions import open_session
from guide.app import create_app
from guide.content.base import KnowledgeBase
from guide.demo.filling import Demo
from guide.demo.team import enrol_team
from guide.models import JournalLine, Referral, StaffAccount
from guide.models.staff import Role, SessionStage
from guide.settings import Settings
from guide.store.database import Database
from guide.store.schema import upgrade
from tests.databases import own_postgres

SIZE, TIMES = 5000, 25


def measure(knowledge: KnowledgeBase) -> None:
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(instance=Path(folder), argon2_memory=8, rate_limits="off")
        _measure_on("SQLite", settings, knowledge)
        with own_postgres() as server:
            _measure_on("PostgreSQL", settings.model_copy(update={"database_url": server.url}), knowledge)


def _measure_on(engine: str, settings: Settings, knowledge: KnowledgeBase) -> None:
    database = Database(settings.database)
    upgrade(database)
    start, now = time.perf_counter(), datetime.now(UTC)
    with database.writing() as session:
        team = enrol_team(session, settings, now=now)
        Demo(knowledge, Random(62), now, team[Role.OFFICER], team[Role.ADVISER]).fill(session, SIZE)  # noqa: S311
        officer = session.get_one(StaffAccount, team[Role.OFFICER][0])
        key = open_session(session, officer, SessionStage.FULL, now=now)
        lines = session.exec(select(func.count()).select_from(JournalLine)).one()
        reference = session.exec(select(Referral.reference).where(col(Referral.state) == "met")).first()
    print(f"{engine} : {SIZE} demandes et {lines} lignes inventées en {time.perf_counter() - start:.1f} s")
    with database.engine.begin() as connection:
        connection.execute(text("ANALYZE"))  # what the server of PostgreSQL does by itself within a minute
    app = create_app(settings, knowledge)
    client = app.test_client()
    client.set_cookie("equipe", key)
    for name, address in (
        ("file", "/equipe"),
        ("file, en retard", "/equipe?vue=en-retard"),
        ("recherche", "/equipe?q=cam+arras"),
        ("recherche sans réponse", "/equipe?q=zzyzx"),
        ("dossier", f"/equipe/dossiers/{reference}"),
    ):
        with _queries(app.extensions["guide-database"]) as asked:
            spent = [_time(client, address) for _ in range(TIMES)]
        whole, busy = (statistics.median(times) for times in zip(*spent, strict=True))
        print(f"  {name:24} médiane {whole:5.1f} ms, dont {busy:5.1f} de calcul ici, {len(asked) / TIMES:.0f} requêtes")
    app.extensions["guide-database"].close()
    database.close()


def _time(client: FlaskClient, address: str) -> tuple[float, float]:
    """Milliseconds on the clock, and those that this process worked: the machine may be shared."""
    start, worked = time.perf_counter(), time.process_time()
    response = client.get(address)
    spent = (time.perf_counter() - start) * 1000, (time.process_time() - worked) * 1000
    assert response.status_code == 200, f"{address}: {response.status_code}"
    return spent


@contextmanager
def _queries(database: Database) -> Iterator[list[str]]:
    asked: list[str] = []

    def note(_: object, __: object, statement: str, *_more: object) -> None:
        if not statement.startswith("BEGIN"):
            asked.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    yield asked
    event.remove(database.engine, "before_cursor_execute", note)
