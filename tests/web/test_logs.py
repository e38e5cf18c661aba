"""What the logs keep: one JSON line per request, and nothing that a visitor typed, even when something breaks."""

import io
import json
import logging
import re
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from guide.web.shared.guards import install_logs
from tests.web.addresses import ALL_READ, EVERYTHING
from tests.web.conftest import MakeApp, Site
from tests.web.pages import Page, Visitor, plain

MakeSite = Callable[..., Site]
MARK = "zqmark"
FORGED = '\n{"levelname": "CRITICAL", "message": "forged"}\r\n'


@dataclass
class Logs:
    """What was written since the last reading: on the standard error, by the house and by every library."""

    read: Callable[[], str]

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.read().splitlines()]

    def requests(self) -> list[dict[str, Any]]:
        return [line for line in self.lines() if line["name"] == "guide.requests"]


class _Everything(logging.Handler):
    """Keeps what libraries log, each record in full, traceback included."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.texts.append(logging.Formatter("%(name)s %(message)s").format(record) + repr(record.__dict__))


@pytest.fixture
def logs(capsys: pytest.CaptureFixture[str]) -> Iterator[Logs]:
    """The logs as the production server sets them up, on a standard error of our own."""
    house, root, others, written = logging.getLogger("guide"), logging.getLogger(), _Everything(), io.StringIO()
    before = (house.handlers[:], house.level, house.propagate, root.level)
    with redirect_stderr(written):
        install_logs()
    root.addHandler(others)
    root.setLevel(logging.DEBUG)

    def read() -> str:
        assert [text for text in others.texts if MARK in text.lower()] == []
        said = written.getvalue() + "".join(capsys.readouterr())
        written.seek(0)
        written.truncate()
        return said

    yield Logs(read)
    root.removeHandler(others)
    house.handlers[:], house.level, house.propagate = before[:3]
    root.setLevel(before[3])


@pytest.fixture
def fragile(make_app: MakeApp) -> FlaskClient:
    """An application with views that break on what was typed."""
    app = make_app()

    def fail(typed: str) -> str:
        try:
            return str(int(typed))
        except ValueError as error:
            raise RuntimeError(f"impossible de lire {typed}") from error

    app.add_url_rule("/panne/<typed>", "panne", fail)
    app.add_url_rule("/api/panne/<typed>", "panne-api", fail)
    return app.test_client()


@pytest.mark.parametrize("address", [each for each in ALL_READ if not each.startswith("/static/")])
def test_a_request_writes_one_line_with_its_route_and_status(address: str, client: FlaskClient, logs: Logs) -> None:
    status = client.get(address, buffered=True).status_code
    [line] = logs.lines()
    assert line["name"] == "guide.requests"
    assert (line["method"], line["status"]) == ("GET", status)
    assert line["route"].split("<")[0] in address
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", line["asctime"])
    assert line["ms"] >= 0


def test_refusals_write_one_line_too(client: FlaskClient, logs: Logs) -> None:
    client.get("/inconnu")
    client.post("/annuaire")
    client.post("/api/v1/orientations", data=b" " * 100_000)
    client.post("/api/v1/orientations", data=b"a")
    client.post("/api/v1/orientations", json={"stage": "faux"})
    client.get("/questionnaire/etape?stage=faux&valider=1")
    lines = logs.lines()
    assert [line["status"] for line in lines] == [404, 405, 413, 415, 422, 422]
    assert {line["name"] for line in lines} == {"guide.requests"}


def test_a_refused_host_writes_one_line_without_its_name(client: FlaskClient, logs: Logs) -> None:
    client.get("/", headers={"Host": f"{MARK}.example"})
    written = logs.read()
    assert MARK not in written
    assert [json.loads(line)["status"] for line in written.splitlines()] == [400]


def test_every_request_has_its_own_reference(client: FlaskClient, logs: Logs) -> None:
    for _ in range(50):
        client.get("/sante")
    references = {line["request"] for line in logs.requests()}
    assert len(references) == 50
    assert all(re.fullmatch(r"[0-9a-f]{12,}", reference) for reference in references)


TYPED: dict[str, Callable[[FlaskClient], object]] = {
    "value of the query": lambda client: client.get(f"/annuaire?q={MARK}&need={MARK}&{MARK}={MARK}"),
    "glossary": lambda client: client.get(f"/glossaire?q={MARK}"),
    "path": lambda client: client.get(f"/{MARK}/{MARK}"),
    "identifier": lambda client: client.get(f"/structures/{MARK}"),
    "question": lambda client: client.get(f"/questionnaire/{MARK}?{MARK}=1"),
    "static file": lambda client: client.get(f"/static/{MARK}.css"),
    "commune": lambda client: client.get(f"/questionnaire/commune?commune_texte={MARK}&commune_vue={MARK}&valider=1"),
    "other communes": lambda client: client.get(f"/questionnaire/commune?other_communes_texte={MARK}&valider=1"),
    "forged option": lambda client: client.get(f"/questionnaire/etape?stage={MARK}&valider=1"),
    "answer of a link": lambda client: client.get(f"/orientation?stage={MARK}&holder=citoyen&needs={MARK}"),
    "recapitulation": lambda client: client.get(f"/questionnaire/recapitulatif?stage=idee&{MARK}={MARK}"),
    "body": lambda client: client.post("/api/v1/orientations", json={"stage": MARK, MARK: MARK, "needs": [MARK]}),
    "body that is not JSON": lambda client: client.post(
        "/api/v1/orientations", data=f"{{{MARK}".encode(), content_type="application/json"
    ),
    "body of a page": lambda client: client.post("/annuaire", data={"q": MARK}),
    "day": lambda client: client.post("/api/v1/orientations", json={"on": MARK}),
    "type of the body": lambda client: client.post("/api/v1/orientations", data=b"{}", content_type=f"text/{MARK}"),
    "query of the API": lambda client: client.get(f"/api/v1/communes?q={MARK}&{MARK}=1"),
    "filter of the API": lambda client: client.get(f"/api/v1/structures?need={MARK}&page={MARK}"),
    "identifier of the API": lambda client: client.get(f"/api/v1/dispositifs/{MARK}"),
    "method": lambda client: client.open("/", method=MARK.upper()),
    "headers": lambda client: client.get(
        "/",
        headers={
            "User-Agent": MARK,
            "Referer": f"http://localhost/{MARK}",
            "Cookie": f"session={MARK}",
            "Authorization": f"Bearer {MARK}",
            "X-Request-Id": MARK,
            "X-Forwarded-For": MARK,
            "X-Forwarded-Host": MARK,
            "Accept-Language": MARK,
            "Range": MARK,
            "If-None-Match": MARK,
        },
    ),
}


@pytest.mark.parametrize("what", TYPED)
def test_nothing_that_a_visitor_typed_is_logged(what: str, client: FlaskClient, logs: Logs) -> None:
    TYPED[what](client)
    written = logs.read()
    assert MARK not in written.lower()
    assert len(written.splitlines()) == (0 if what == "static file" else 1)


@pytest.mark.parametrize(
    "address", [f"/annuaire?q={quote(FORGED)}", f"/structures/{quote(FORGED)}", f"/{quote(FORGED)}?{quote(FORGED)}=1"]
)
def test_a_newline_cannot_forge_a_line(address: str, client: FlaskClient, logs: Logs) -> None:
    client.get(address)
    [line] = logs.lines()
    assert line["levelname"] == "INFO"
    assert line["message"] == "request"


def test_a_newline_in_the_method_cannot_forge_a_line(client: FlaskClient, logs: Logs) -> None:
    client.open("/", method=f"GET{FORGED}")
    [line] = logs.lines()
    assert line["message"] == "request"


def test_a_fault_is_logged_under_the_reference_that_the_page_shows(
    fragile: FlaskClient, logs: Logs, page: Visitor
) -> None:
    response = fragile.get(f"/panne/{MARK}?q={MARK}", headers={"User-Agent": MARK})
    assert response.status_code == 500
    shown = Page("/panne", 500, response.text)
    page.check(shown)
    written = logs.read()
    fault, line = (json.loads(each) for each in written.splitlines())
    assert fault["levelname"] == "ERROR"
    assert fault["error"] == "RuntimeError"
    assert any("test_logs.py" in frame for frame in fault["where"])
    assert fault["request"] == line["request"]
    assert fault["request"] in shown.text
    assert line["status"] == 500
    for told in (written, response.text):
        assert MARK not in told
        assert "impossible" not in told
        assert "Traceback" not in told


def test_the_page_of_a_fault_is_in_french_and_says_what_to_do(fragile: FlaskClient) -> None:
    shown = Page("/panne", 500, fragile.get("/panne/a").text)
    assert "erreur" in shown.h1.lower()
    assert "référence" in shown.text
    assert "Mission ESS" in plain(shown.soup.get_text(" "))
    assert shown.soup.select("main a[href='/']")
    assert shown.soup.select("body > header nav a")


def test_a_fault_of_the_api_is_told_without_its_message(fragile: FlaskClient, logs: Logs) -> None:
    response = fragile.get(f"/api/panne/{MARK}")
    assert response.status_code == 500
    assert response.mimetype == "application/problem+json"
    written = logs.read()
    assert [json.loads(line)["levelname"] for line in written.splitlines()] == ["ERROR", "INFO"]
    for told in (written, response.text):
        assert MARK not in told
        assert "impossible" not in told


def test_a_fault_in_the_layout_itself_still_answers_and_tells_nothing(make_app: MakeApp, logs: Logs) -> None:
    app = make_app()

    def fail() -> dict[str, Any]:
        raise RuntimeError(f"impossible de lire {MARK}")

    app.context_processor(fail)  # every template breaks, the one of errors included
    response = app.test_client().get(f"/annuaire?q={MARK}")
    assert response.status_code == 500
    assert response.headers["Content-Security-Policy"]
    assert "accueil" in response.text
    assert MARK not in response.text
    assert MARK not in logs.read()


def test_a_view_that_works_after_a_fault_is_not_disturbed(fragile: FlaskClient, logs: Logs) -> None:
    assert fragile.get("/panne/a").status_code == 500
    assert fragile.get("/panne/12").status_code == 200
    assert [line["status"] for line in logs.requests()] == [500, 200]


def test_the_route_written_is_one_of_the_map_or_none(client: FlaskClient, logs: Logs) -> None:
    for addresses in EVERYTHING.values():
        client.get(addresses[0], buffered=True)
    client.get("/inconnu")
    rules = {rule.rule for rule in client.application.url_map.iter_rules()}
    routes = [line["route"] for line in logs.requests()]
    assert set(routes[:-1]) <= rules | {"(aucune)"}  # no rule answers a GET where only POST is accepted
    assert "/" not in routes[-1]


def test_the_life_of_a_request_leaves_no_personal_datum_in_the_logs(logs: Logs, make_site: MakeSite) -> None:
    site = make_site()
    visitor = site.visitor()
    form = visitor("/demande?commune=62041").form("/demande").write("name", f"Camille {MARK}")
    form.write("email", f"{MARK}@exemple.fr").write("phone", "06 12 34 56 78").write("words", f"{MARK} {FORGED}")
    page = visitor.send(form, typed=[f"{MARK} {FORGED}".strip()])
    page = visitor.send(page.form("/demande").press("Envoyer ma demande"), typed=[f"{MARK} {FORGED}".strip()])
    received = visitor.send(page.form("/demande").press("Confirmer l’envoi"))
    link = received.link("Suivre ma demande")
    token = link.rsplit("/", 1)[1]
    visitor.send(visitor(link).form(f"{link}/message").write("text", f"{MARK}"), typed=[MARK])
    visitor.client.post(f"{link}/mes-donnees/acces", data={"code": "123456"})
    visitor.client.get(f"/suivi/{token}x{MARK}")
    visitor.client.post("/suivi", data={"contact": f"{MARK}@exemple.fr"})
    visitor.client.post("/equipe/connexion", data={"email": f"{MARK}@exemple.fr", "password": MARK})
    written = logs.read()
    assert written.count("\n") > 8
    for secret in (MARK, token, "612345678", "forged"):
        assert secret not in written
    assert "/suivi/<token>" in written
