"""What every response says to the browser, errors included, and what a forged request cannot make it say."""

import hashlib
import re
from collections.abc import Callable
from urllib.parse import urljoin, urlsplit

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.web.addresses import ALL_PAGES, ALL_READ, API, EVERYTHING
from tests.web.conftest import MakeApp
from tests.web.pages import Page, Visitor

POLICY = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'"],
    "font-src": ["'self'"],
    "connect-src": ["'self'"],
    "manifest-src": ["'self'"],
    "form-action": ["'self'"],
    "base-uri": ["'none'"],
    "object-src": ["'none'"],
    "frame-ancestors": ["'none'"],
}
ONE_YEAR = 31_536_000
# Fonts have no hash in their address, because the style sheet names them too: another font takes another name.
FONTS = {
    "/static/fonts/atkinson-hyperlegible-400.woff2": "8003daafbf1588c6",
    "/static/fonts/atkinson-hyperlegible-700.woff2": "4bf7df6fb0cf16b3",
}
SECRET = "un-secret-de-plus-de-32-signes-tire-au-hasard"  # noqa: S105 - of no use to anybody
EVIL = "pirate.example"

Ask = Callable[[FlaskClient], TestResponse]
BIG = b" " * 100_000
ERRORS: dict[str, tuple[int, Ask]] = {
    "page not found": (404, lambda client: client.get("/inconnu")),
    "entry not found": (404, lambda client: client.get("/structures/inconnue")),
    "question not found": (404, lambda client: client.get("/questionnaire/inconnue")),
    "static file not found": (404, lambda client: client.get("/static/inconnu.css")),
    "wrong method": (405, lambda client: client.post("/annuaire")),
    "trace": (405, lambda client: client.open("/", method="TRACE")),
    "too heavy": (413, lambda client: client.post("/", data=BIG)),
    "answer refused": (422, lambda client: client.get("/questionnaire/etape?stage=faux&valider=1")),
    "fault": (500, lambda client: client.get("/panne")),
    "host refused": (400, lambda client: client.get("/", headers={"Host": EVIL})),
    "API: not found": (404, lambda client: client.get("/api/v1/inconnu")),
    "API: entry not found": (404, lambda client: client.get("/api/v1/structures/inconnue")),
    "API: wrong method": (405, lambda client: client.get("/api/v1/orientations")),
    "API: too heavy": (413, lambda client: client.post("/api/v1/orientations", data=BIG)),
    "API: not JSON": (415, lambda client: client.post("/api/v1/orientations", data=b"a")),
    "API: answer refused": (422, lambda client: client.post("/api/v1/orientations", json={"stage": "faux"})),
    "API: parameter refused": (422, lambda client: client.get("/api/v1/terms?page=0")),
    "API: fault": (500, lambda client: client.get("/api/panne")),
    "API: host refused": (400, lambda client: client.get("/api/v1/terms", headers={"Host": EVIL})),
}


@pytest.fixture(scope="module")
def fragile(make_app: MakeApp) -> FlaskClient:
    """An application with two views that break."""
    app = make_app()

    def fail() -> str:
        raise RuntimeError("zqmark")

    app.add_url_rule("/panne", "panne", fail)
    app.add_url_rule("/api/panne", "panne-api", fail)
    return app.test_client()


def read_policy(response: TestResponse) -> dict[str, list[str]]:
    """The directives of the only policy; a directive given twice is kept by its first value, so refused here."""
    [header] = response.headers.getlist("Content-Security-Policy")
    directives = [directive.split() for directive in header.split(";")]
    names = [directive[0] for directive in directives]
    assert len(names) == len(set(names)), names
    return {name: sources for name, *sources in directives}


def assert_protected(response: TestResponse) -> None:
    assert read_policy(response) == POLICY
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["Referrer-Policy"] in ("same-origin", "no-referrer")
    assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "Content-Security-Policy-Report-Only" not in response.headers
    allowed = dict(each.strip().split("=") for each in response.headers["Permissions-Policy"].split(","))
    assert {"camera", "geolocation", "microphone"} <= allowed.keys()
    assert set(allowed.values()) == {"()"}
    for name in ("Server", "X-Powered-By"):
        assert not re.search(r"\d", response.headers.get(name, ""))


@pytest.mark.parametrize("address", [*ALL_READ, "/structures/apes?a=1", "/questionnaire/etape?stage=faux"])
def test_every_answer_carries_the_whole_protection(address: str, client: FlaskClient) -> None:
    response = client.get(address, buffered=True)
    assert response.status_code in (200, 303)
    assert_protected(response)


@pytest.mark.parametrize("case", ERRORS)
def test_every_error_carries_the_whole_protection(case: str, fragile: FlaskClient) -> None:
    status, ask = ERRORS[case]
    response = ask(fragile)
    assert response.status_code == status
    assert_protected(response)


@pytest.mark.parametrize("case", [case for case in ERRORS if not case.startswith("API")])
def test_every_error_of_a_page_is_a_page_of_the_site_in_french(case: str, fragile: FlaskClient, page: Visitor) -> None:
    status, ask = ERRORS[case]
    response = ask(fragile)
    assert response.status_code == status
    shown = Page("/", status, response.text)
    page.check(shown)
    assert shown.soup.select_one("main a[href='/']") or status == 422
    assert "Traceback" not in shown.html
    assert not re.search(r"\b(Error|Bad|Not|Request|Internal)\b", shown.text)


@pytest.mark.parametrize("case", [case for case in ERRORS if case.startswith("API")])
def test_every_error_of_the_api_is_a_problem_document(case: str, fragile: FlaskClient) -> None:
    status, ask = ERRORS[case]
    response = ask(fragile)
    assert response.mimetype == "application/problem+json"
    problem = response.get_json()
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"]
    assert "zqmark" not in response.text


def test_an_answer_to_too_many_calls_carries_the_whole_protection(make_app: MakeApp) -> None:
    client = make_app(rate_limits="on").test_client()
    answers = [client.get("/api/v1/communes") for _ in range(121)]
    assert answers[-1].status_code == 429
    assert_protected(answers[-1])


@pytest.mark.parametrize(
    "address", [*ALL_PAGES, "/inconnu", "/robots.txt", "/static/css/guide.css", "/static/js/guide.js"]
)
def test_text_says_its_encoding(address: str, client: FlaskClient) -> None:
    response = client.get(address, buffered=True)
    assert response.headers["Content-Type"].endswith("charset=utf-8")


@pytest.mark.parametrize("address", ALL_READ)
def test_pages_stay_home_and_the_api_is_open_to_partners(address: str, client: FlaskClient) -> None:
    response = client.get(address, buffered=True)
    if address.startswith("/api/"):
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert "Access-Control-Allow-Credentials" not in response.headers
    else:
        assert "Access-Control-Allow-Origin" not in response.headers
        assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_a_browser_of_a_partner_may_send_a_profile(client: FlaskClient) -> None:
    asked = {
        "Origin": "https://partenaire.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    response = client.options("/api/v1/orientations", headers=asked)
    assert response.status_code in (200, 204)
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "content-type" in response.headers["Access-Control-Allow-Headers"].lower()


def test_https_is_asked_for_a_year_once_the_site_is_behind_https(make_app: MakeApp) -> None:
    settings = {"public_url": "https://guide.example", "secret_key": SECRET, "rate_limits": "on"}
    client = make_app(**settings).test_client()
    for address in (*ALL_READ, "/inconnu"):
        response = client.get(address, base_url="https://guide.example", buffered=True)
        value = response.headers["Strict-Transport-Security"]
        assert int(re.findall(r"max-age=(\d+)", value)[0]) >= ONE_YEAR
        assert "includeSubDomains" in value


@pytest.mark.parametrize("address", ALL_READ)
def test_https_is_not_asked_on_a_laptop(address: str, client: FlaskClient) -> None:
    assert "Strict-Transport-Security" not in client.get(address, buffered=True).headers


@pytest.mark.parametrize("address", ["/", "/annuaire", "/inconnu", "/api", "/api/v1/terms", "/robots.txt"])
@pytest.mark.parametrize("host", [EVIL, f"{EVIL}:80", f"127.0.0.1.{EVIL}", f"localhost@{EVIL}", "localhost, " + EVIL])
def test_a_forged_host_is_refused_and_never_echoed(address: str, host: str, client: FlaskClient) -> None:
    response = client.get(address, headers={"Host": host})
    assert response.status_code == 400
    assert EVIL not in response.text
    assert EVIL not in str(response.headers)


@pytest.mark.parametrize("proxies", [0, 1])
@pytest.mark.parametrize("header", ["X-Forwarded-Host", "X-Original-Host", "X-Host", "Forwarded"])
def test_a_forged_forwarded_host_is_never_believed(header: str, proxies: int, make_app: MakeApp) -> None:
    client = make_app(trusted_proxies=proxies).test_client()
    value = f"host={EVIL}" if header == "Forwarded" else EVIL
    for address in ("/", "/questionnaire", "/api", "/questionnaire//etape", "/robots.txt", "/inconnu"):
        response = client.get(address, headers={header: value})
        assert response.status_code in (200, 303, 308, 404)
        assert EVIL not in response.text
        assert EVIL not in str(response.headers)


@pytest.mark.parametrize(
    "address",
    [
        "/%2Fpirate.example",
        "/%2F%2Fpirate.example/",
        "/%5Cpirate.example",
        "/questionnaire/%2F%2Fpirate.example",
        "/questionnaire//pirate.example",
        "/structures/..%2F..%2F%2Fpirate.example",
        "/questionnaire?stage=idee&next=//pirate.example",
        "/orientation?next=https://pirate.example",
    ],
)
def test_no_redirect_leaves_the_site(address: str, client: FlaskClient) -> None:
    response = client.get(address)
    assert response.status_code in (303, 308, 404)
    location = urljoin("http://localhost/", response.headers.get("Location", "/"))
    assert urlsplit(location).netloc == "localhost"


def static_addresses(client: FlaskClient) -> set[str]:
    """Every static address that the pages, then their style sheets, ask for."""
    found: set[str] = set()
    for address in ALL_PAGES:
        html = client.get(address, follow_redirects=True, buffered=True).text
        soup = BeautifulSoup(html, "html.parser")
        found |= {str(tag["src"]) for tag in soup.find_all(src=True)}
        found |= {str(tag["href"]) for tag in soup.find_all("link", href=True) if tag["rel"] != ["canonical"]}
    for address in [each for each in found if urlsplit(each).path.endswith(".css")]:
        css = client.get(address, buffered=True).text
        found |= {urljoin(address, name) for name in re.findall(r"url\([\"']?([^\"')]+)", css)}
    return found


def test_every_static_file_is_cached_a_year_under_an_address_that_carries_its_hash(client: FlaskClient) -> None:
    addresses = static_addresses(client)
    assert len(addresses) >= 4
    for address in addresses:
        assert address.startswith("/static/")
        response = client.get(address, buffered=True)
        assert response.status_code == 200
        assert int(re.findall(r"max-age=(\d+)", response.headers["Cache-Control"])[0]) >= ONE_YEAR
        assert "public" in response.headers["Cache-Control"]
        content = hashlib.sha256(response.data).hexdigest()
        hashed = content[:8] in address or FONTS.get(address) == content[:16]
        assert hashed, f"{address} would not change with its content, {content}"


@pytest.mark.parametrize("address", ["/static/inconnu.css", "/static/", "/static/../app.py", "/static/css/guide.css/x"])
def test_the_absence_of_a_static_file_is_not_cached_for_long(address: str, client: FlaskClient) -> None:
    response = client.get(address, buffered=True)
    assert response.status_code == 404
    assert "immutable" not in response.headers["Cache-Control"]
    assert "max-age=31536000" not in response.headers["Cache-Control"]


@pytest.mark.parametrize("address", [*ALL_PAGES, "/inconnu", API["api.terms"][0]])
def test_a_page_is_never_shown_again_without_asking(address: str, client: FlaskClient) -> None:
    cache = client.get(address, buffered=True).headers["Cache-Control"]
    assert "no-cache" in cache or "no-store" in cache


@pytest.mark.parametrize("endpoint", ["public.question", "public.recapitulation", "public.orientation"])
def test_a_page_that_holds_answers_is_not_for_search_engines(endpoint: str, page: Visitor) -> None:
    for address in EVERYTHING[endpoint]:
        robots = page(address).soup.head.find("meta", attrs={"name": "robots"})
        assert robots is not None
        assert "noindex" in robots["content"]


def test_nothing_outside_the_static_folder_can_be_read(client: FlaskClient) -> None:
    for path in ("../app.py", "..%2Fapp.py", "%2e%2e/%2e%2e/settings.py", "css/../../shared/guards.py", "/etc/passwd"):
        assert client.get(f"/static/{path}", buffered=True).status_code in (308, 404)


def test_no_page_and_no_static_text_names_a_third_party(client: FlaskClient, page: Visitor) -> None:
    for address in ALL_PAGES:
        page(address)  # refuses any foreign resource, and any link to an unexpected host
    for address in static_addresses(client):
        if address.split("?")[0].endswith((".css", ".js", ".svg")):
            text = client.get(address, buffered=True).text.replace("http://www.w3.org/2000/svg", "")
            assert not re.search(r"https?:|@import|[\"'(]//", text), address


def test_the_site_is_served_without_debugging(app: Flask) -> None:
    assert not app.debug
    assert not app.testing
    assert not app.config["PROPAGATE_EXCEPTIONS"]
