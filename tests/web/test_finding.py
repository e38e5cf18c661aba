"""What search engines and shared links read of the pages."""

import json
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient

from guide.content.base import KnowledgeBase
from guide.settings import Settings
from tests.web.addresses import ALL_PAGES
from tests.web.pages import Page, Visitor, plain

SITE = Settings().public_url
NAMES = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def is_indexed(shown: Page) -> bool:
    return not shown.soup.select("meta[name=robots]")


def data_of(shown: Page) -> list[dict[str, object]]:
    found = json.loads(shown.soup.select_one("script[type='application/ld+json']").get_text())
    return found if isinstance(found, list) else [found]


@pytest.mark.parametrize("address", ALL_PAGES)
def test_a_page_says_its_one_address_and_how_it_is_shared_unless_it_holds_answers(address: str, page: Visitor) -> None:
    shown = page(address)
    canonical = [str(tag["href"]) for tag in shown.soup.select("link[rel=canonical]")]
    shared = {str(tag["property"]): str(tag["content"]) for tag in shown.soup.select("meta[property]")}
    if not is_indexed(shown):
        assert canonical == []
        assert shared == {}
        return
    assert canonical == [f"{SITE}{shown.path}"] == [shared["og:url"]]
    assert plain(shared["og:title"]) in shown.title
    assert shared["og:description"]
    assert shared["og:image"].startswith(f"{SITE}/static/img/partage.png?v=")


def test_answers_are_never_indexed(page: Visitor) -> None:
    assert not is_indexed(page("/orientation?stage=idee"))
    assert not is_indexed(page("/questionnaire/porteur?stage=idee"))


def test_the_picture_that_is_shared_is_there_and_light(client: FlaskClient) -> None:
    picture = client.get("/static/img/partage.png", buffered=True)
    assert picture.mimetype == "image/png"
    assert len(picture.data) < 50_000


def test_the_list_of_pages_holds_every_page_worth_finding_and_each_answers(
    client: FlaskClient, knowledge: KnowledgeBase
) -> None:
    found = ElementTree.fromstring(client.get("/sitemap.xml").text)  # noqa: S314 - our own file
    addresses = [element.text or "" for element in found.iter(f"{NAMES}loc")]
    assert len(addresses) == len(set(addresses))
    paths = {address.removeprefix(SITE) for address in addresses}
    assert {entry.page_url for entry in knowledge.entries.values()} <= paths
    assert all(client.get(path, follow_redirects=True).status_code == 200 for path in paths)
    assert f"Sitemap: {SITE}/sitemap.xml" in client.get("/robots.txt").text


def test_an_entry_is_told_as_schema_org_names_it(page: Visitor) -> None:
    [structure, way] = data_of(page("/structures/apes"))
    assert (structure["@type"], way["@type"]) == ("Organization", "BreadcrumbList")
    [service, _] = data_of(page("/dispositifs/budget-citoyen"))
    assert service["@type"] == "GovernmentService"
    assert service["provider"]["url"] == f"{SITE}/structures/mission-ess"  # type: ignore[index]
    assert data_of(page("/"))[0]["@type"] == "GovernmentService"


def test_a_doubtful_contact_is_not_told_to_machines(page: Visitor, knowledge: KnowledgeBase) -> None:
    for entry in knowledge.structures.values():
        told = data_of(page(entry.page_url))[0]
        assert "email" not in told or "email" not in entry.contact.to_check


@pytest.mark.parametrize("encoding", ["identity", "gzip", "br"])
@pytest.mark.parametrize("address", ["/", "/annuaire", "/structures/apes"])
def test_a_page_that_has_not_changed_does_not_travel_again(address: str, encoding: str, client: FlaskClient) -> None:
    accepted = {"Accept-Encoding": encoding}
    first = client.get(address, headers=accepted, buffered=True)
    again = client.get(address, headers={**accepted, "If-None-Match": first.headers["ETag"]}, buffered=True)
    assert (again.status_code, again.data) == (304, b"")
    assert "Content-Security-Policy" in again.headers
    other = client.get(address, headers={**accepted, "If-None-Match": '"autre"'}, buffered=True)
    assert other.status_code == 200


@pytest.mark.parametrize("address", ["/demande", "/suivi", "/suivi/inconnu", "/inconnu", "/equipe/connexion"])
def test_a_page_made_for_one_browser_bears_no_mark(address: str, client: FlaskClient) -> None:
    assert "ETag" not in client.get(address, buffered=True).headers
