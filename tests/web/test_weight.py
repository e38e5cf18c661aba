"""What a first visit weighs: elements, requests, bytes on the wire. Counted, never timed."""

import gzip
import re
import zlib
from urllib.parse import urlencode, urljoin

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from guide.content.base import KnowledgeBase
from guide.profile import read_profile
from guide.questionnaire import answers_of
from tests.test_gold import PROFILES
from tests.web.addresses import ALL_PAGES
from tests.web.pages import Page, Visitor

MOST_BYTES = 60_000
MOST_REQUESTS = 8
OLD_BROWSER, NEW_BROWSER = "gzip, deflate", "gzip, deflate, br, zstd"  # what they really send, by http and by https
MOST_ELEMENTS = 400
MOST_ELEMENTS_OF_LISTS = 1500
LISTS = (
    "/annuaire",
    "/qui-fait-quoi",
    "/glossaire",
    "/plan-du-site",
    "/api/",
    "/projets-inspirants",
    "/territoires",
)  # pages that hold everything
STATES = {  # pages met on the way, heavier than they look
    "/questionnaire/commune?commune_texte=62140&valider=1": 422,
    "/questionnaire/commune?commune_texte=Lille&other_communes_texte=Lille&valider=1": 422,
    "/questionnaire/besoins?valider=1": 422,
    "/questionnaire/accompagnement?valider=1": 422,
    "/inconnu": 404,
}
ALL = {**dict.fromkeys(ALL_PAGES, 200), **STATES}


def orientation_of(line: dict[str, object], knowledge: KnowledgeBase) -> str:
    answers = answers_of(read_profile(dict(line["profile"]), knowledge), knowledge)  # type: ignore[call-overload]
    return f"/orientation?{urlencode(answers.pairs)}"


def elements(shown: Page) -> int:
    return len(shown.soup.find_all(True))


def wire(address: str, client: FlaskClient, encoding: str = OLD_BROWSER) -> TestResponse:
    """An answer as it travels."""
    return client.get(address, headers={"Accept-Encoding": encoding}, buffered=True)


def requests_of(shown: Page, client: FlaskClient) -> dict[str, int]:
    """Everything that a browser asks for on a first visit, fonts of the style sheets included: bytes by address."""
    soup = shown.soup
    addresses = {str(tag["src"]) for tag in soup.find_all(src=True)}
    addresses |= {str(tag["href"]) for tag in soup.find_all("link", href=True) if tag["rel"] != ["canonical"]}
    for address in [each for each in addresses if ".css" in each]:
        css = client.get(address, buffered=True).text
        addresses |= {urljoin(address, name) for name in re.findall(r"url\([\"']?([^\"')]+)", css)}
    asked = {address: client.get(address, buffered=True) for address in addresses}
    assert {response.status_code for response in asked.values()} == {200}
    files = {address: len(gzip.compress(response.data)) for address, response in asked.items()}
    return {shown.address: len(wire(shown.address, client).data), **files}


def assert_light(shown: Page, client: FlaskClient) -> None:
    asked = requests_of(shown, client)
    assert len(asked) <= MOST_REQUESTS, list(asked)
    assert sum(asked.values()) < MOST_BYTES, asked
    assert elements(shown) < (MOST_ELEMENTS_OF_LISTS if shown.path in LISTS else MOST_ELEMENTS)


@pytest.mark.parametrize("address", ALL)
def test_the_first_view_of_a_page_is_light(address: str, page: Visitor) -> None:
    assert_light(page(address, ALL[address]), page.client)


@pytest.mark.parametrize("line", PROFILES, ids=lambda line: line["id"])
def test_the_first_view_of_a_path_is_light(line: dict[str, object], page: Visitor, knowledge: KnowledgeBase) -> None:
    assert_light(page(orientation_of(line, knowledge)), page.client)


def test_the_richest_path_is_light(page: Visitor, knowledge: KnowledgeBase) -> None:
    needs = [("needs", need) for need in knowledge.needs]
    themes = [("themes", theme) for theme in knowledge.questions["themes"].options]
    others = [("other_communes", code) for code in list(knowledge.territory.communes)[::80]]
    pairs = [("stage", "developpement"), ("holder", "association"), ("commune", "62041"), ("support", "un-peu")]
    for ending in (pairs + needs, pairs + needs + themes + others):
        assert_light(page(f"/orientation?{urlencode(ending)}"), page.client)


def test_every_entry_is_light(page: Visitor, knowledge: KnowledgeBase) -> None:
    heavy = {
        entry.id: count
        for entry in knowledge.entries.values()
        if (count := elements(page(entry.page_url))) >= MOST_ELEMENTS
    }
    assert heavy == {}
    longest = max((page(entry.page_url) for entry in knowledge.entries.values()), key=lambda shown: len(shown.html))
    assert_light(longest, page.client)


def test_the_suggestions_of_communes_are_light_and_asked_only_by_the_script(client: FlaskClient, page: Visitor) -> None:
    body = gzip.compress(client.get("/questionnaire/communes.json").data)
    shown = page("/questionnaire/commune")
    asked = requests_of(shown, client)
    assert "/questionnaire/communes.json" not in asked
    assert len(body) + sum(asked.values()) < MOST_BYTES


@pytest.mark.parametrize("encoding", [OLD_BROWSER, NEW_BROWSER])
@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/annuaire",
        "/orientation?stage=idee",
        "/api/openapi.json",
        "/questionnaire/communes.json",
        "/static/js/guide.js",
    ],
)
def test_text_travels_compressed(address: str, encoding: str, client: FlaskClient) -> None:
    whole, compressed = client.get(address, buffered=True), wire(address, client, encoding)
    assert compressed.headers["Content-Encoding"] in encoding.split(", ")
    assert "Accept-Encoding" in compressed.headers["Vary"]
    assert len(compressed.data) < len(whole.data) * 0.6
    if compressed.headers["Content-Encoding"] in ("gzip", "deflate"):
        assert zlib.decompress(compressed.data, wbits=47) == whole.data


def test_a_browser_that_knows_no_compression_reads_the_site(client: FlaskClient) -> None:
    response = client.get("/", headers={"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in response.headers
    assert response.text.startswith("<!doctype html>")


def test_one_family_of_letters_in_two_weights(client: FlaskClient, page: Visitor) -> None:
    fonts = [address for address in requests_of(page("/"), client) if address.endswith(".woff2")]
    assert 1 <= len(fonts) <= 2


def test_a_second_page_asks_for_nothing_new(client: FlaskClient, page: Visitor) -> None:
    first, others = (
        requests_of(page("/"), client),
        ("/annuaire", "/questionnaire/etape", "/glossaire", "/structures/apes"),
    )
    for address in others:
        assert set(requests_of(page(address), client)) - set(first) == {page(address).address}


def test_a_static_file_known_to_the_browser_does_not_travel_again(client: FlaskClient) -> None:
    tag = client.get("/static/css/guide.css", buffered=True).headers["ETag"]
    again = client.get("/static/css/guide.css", headers={"If-None-Match": tag}, buffered=True)
    assert again.status_code == 304
    assert again.data == b""
    assert "max-age=31536000" in again.headers["Cache-Control"]  # else it would be asked for again at each page
