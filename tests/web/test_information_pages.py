"""Glossary, notices, accessibility, site map, error pages: what the law asks for, and no dead end anywhere."""

import re
from urllib.parse import urljoin, urlsplit

import pytest
from flask.testing import FlaskClient

from guide.content.base import KnowledgeBase
from tests.web.addresses import ALL_PAGES
from tests.web.pages import SITE_NAME, Page, Visitor, plain

STATES = ("totalement conforme", "partiellement conforme", "non conforme")
FOOTER = {"accessibilité": "/accessibilite", "mentions légales": "/mentions-legales", "plan du site": "/plan-du-site"}


def terms_of(shown: Page) -> list[str]:
    return [str(tag["id"]) for tag in shown.soup.select("main dl dt[id]")]


# --- every page


@pytest.mark.parametrize("address", [*ALL_PAGES, "/questionnaire/etape?valider=1&stage=forge"])
def test_every_page_is_well_made_and_shows_the_ways_out(address: str, page: Visitor) -> None:
    shown = page(address, 422 if "valider" in address else 200)
    footer = shown.links("body > footer")
    for words, href in FOOTER.items():
        assert shown.link(words, "body > footer") == href
    assert sum(state in " ".join(footer).lower() for state in STATES) == 1
    assert shown.link(SITE_NAME, "body > header") == "/"
    assert {"/questionnaire", "/annuaire", "/glossaire"} <= set(shown.links("body > header nav").values())
    assert "Mission ESS" in plain(shown.soup.get_text(" "))


def test_no_two_pages_share_a_title(page: Visitor) -> None:
    alone = [addresses for addresses in ALL_PAGES if "?" not in addresses]
    shown = {page(address).path: page(address).title for address in alone}
    assert len(set(shown.values())) == len(shown)


@pytest.mark.parametrize(
    ("address", "current"),
    [("/annuaire", "/annuaire"), ("/glossaire", "/glossaire"), ("/questionnaire/etape", "/questionnaire")],
)
def test_the_menu_says_where_one_is(address: str, current: str, page: Visitor) -> None:
    marked = page(address).soup.select("body > header nav a[aria-current]")
    assert [str(tag["href"]) for tag in marked] == [current]


def test_no_link_of_the_site_is_dead(page: Visitor, knowledge: KnowledgeBase) -> None:
    """Walk every link from the home page; addresses that hold answers are walked by the tests of the questionnaire."""
    todo, seen, ids, places = ["/"], set[str](), dict[str, set[str]](), set[tuple[str, str]]()
    while todo:
        address = todo.pop()
        if address in seen:
            continue
        seen.add(address)
        if address == "/api/openapi.json":
            assert page.client.get(address).status_code == 200
            continue
        shown = page(address)
        ids[address] = {str(tag["id"]) for tag in shown.soup.find_all(id=True)}
        for href in shown.links("body").values():
            whole = urljoin(shown.address, href)
            if urlsplit(href).scheme or re.match(r"/(questionnaire|orientation)/?.*\?", whole):
                continue
            todo.append(whole.split("#")[0])
            if "#" in href:
                places.add((whole.split("#")[0], urlsplit(whole).fragment))
    assert {(address, place) for address, place in places if place not in ids[address]} == set()
    assert {entry.page_url for entry in knowledge.entries.values()} <= seen
    assert {"/annuaire", "/glossaire", "/api/", *FOOTER.values()} <= seen


def test_the_home_page_opens_two_doors(page: Visitor, knowledge: KnowledgeBase) -> None:
    home = page("/")
    assert page(home.link("commencer")).path == "/questionnaire/etape"
    assert home.form("/annuaire").named("q")
    assert str(len(knowledge.entries)) in home.text


# --- the glossary


def test_the_glossary_explains_every_term_in_alphabetical_order(page: Visitor, knowledge: KnowledgeBase) -> None:
    shown = page("/glossaire")
    assert sorted(terms_of(shown)) == sorted(knowledge.terms)
    for term in knowledge.terms.values():
        assert plain(term.name) in shown.text
        assert plain(term.definition) in shown.text
    names = [plain(tag.get_text()).lower() for tag in shown.soup.select("main dl dt")]
    letters = [name[0].replace("é", "e") for name in names]
    assert letters == sorted(letters)


def test_every_term_can_be_linked_to(page: Visitor, knowledge: KnowledgeBase) -> None:
    shown = page("/glossaire")
    assert all(shown.soup.find(id=identifier).name == "dt" for identifier in knowledge.terms)


def test_a_term_leads_to_the_entries_that_it_names(page: Visitor, knowledge: KnowledgeBase) -> None:
    links = set(page("/glossaire").links().values())
    named = {target for term in knowledge.terms.values() for target in term.see if target in knowledge.entries}
    assert named
    assert {knowledge.entries[target].page_url for target in named} <= links


@pytest.mark.parametrize(
    ("text", "wanted"), [("scic", "scic"), ("SCIC", "scic"), ("épci", "epci"), ("tiers lieux", "tiers-lieu")]
)
def test_a_word_is_found_in_the_glossary(text: str, wanted: str, page: Visitor, knowledge: KnowledgeBase) -> None:
    shown = page(page("/glossaire").form("/glossaire").write("q", text).address)
    assert wanted in terms_of(shown)
    assert len(terms_of(shown)) < len(knowledge.terms)
    assert shown.form("/glossaire").written("q") == text
    assert len(terms_of(page(shown.link("tout afficher")))) == len(knowledge.terms)


def test_a_word_that_is_not_there_leads_to_the_directory(page: Visitor) -> None:
    shown = page("/glossaire?q=zzzzzzzz")
    assert terms_of(shown) == []
    assert "aucun" in plain(shown.soup.select_one("main [role=status]").get_text()).lower()
    following = page(shown.link("annuaire"))
    assert following.form("/annuaire").written("q") == "zzzzzzzz"


# --- what the law asks for


def test_the_legal_notice_says_who_publishes_and_what_is_kept(page: Visitor) -> None:
    text = page("/mentions-legales").text.lower()
    for words in ("département du pas-de-calais", "publi", "héberge", "cookie", "journal", "licence", "sources"):
        assert words in text


def test_the_accessibility_statement_follows_the_model(page: Visitor) -> None:
    shown = page("/accessibilite")
    text = shown.text.lower()
    for words in ("rgaa", "4.1", "2005-102", "défenseur des droits", "état de conformité", "établie le"):
        assert words in text
    assert sum(len(re.findall(rf"\b{state}\b", text)) for state in STATES) == 1
    assert "www.defenseurdesdroits.fr" in str(shown.links().values())
    assert any(href.startswith(("tel:", "mailto:")) for href in shown.links().values())


def test_the_statement_and_every_footer_agree(page: Visitor) -> None:
    statement = page("/accessibilite")
    [state] = [each for each in STATES if re.search(rf"\b{each}\b", statement.text.lower())]
    for address in ("/", "/annuaire", "/accessibilite"):
        [words] = [said for said in page(address).links("body > footer") if "ccessibilité" in said]
        assert state in words.lower()


def test_the_site_map_leads_everywhere(page: Visitor, knowledge: KnowledgeBase) -> None:
    links = set(page("/plan-du-site").links().values())
    assert {entry.page_url for entry in knowledge.entries.values()} <= links
    assert {"/", "/questionnaire", "/annuaire", "/glossaire", "/mentions-legales", "/accessibilite", "/api/"} <= links


def test_robots_may_read_everything_but_answers(client: FlaskClient) -> None:
    response = client.get("/robots.txt")
    assert response.mimetype == "text/plain"
    refused = re.findall(r"^Disallow: (.+)$", response.text, re.MULTILINE)
    assert "/orientation" in refused
    assert any(path.startswith("/questionnaire") for path in refused)
    assert "/" not in refused
    assert not any(path.startswith(("/annuaire", "/structures", "/dispositifs", "/glossaire")) for path in refused)
    assert re.match(r"User-agent: \*\n", response.text)


def test_the_probe_answers_alive(client: FlaskClient) -> None:
    response = client.get("/sante")
    assert (response.status_code, response.mimetype) == (200, "text/plain")
    assert response.headers["Cache-Control"] in ("no-store", "no-cache")


# --- the page of the API


def test_the_page_of_the_api_shows_every_call(page: Visitor, client: FlaskClient) -> None:
    shown = page("/api/")
    document = client.get("/api/openapi.json").get_json()
    for address, item in document["paths"].items():
        for method, operation in item.items():
            assert f"{method.upper()} {address}" in shown.text
            assert plain(operation["summary"]) in shown.text
    assert "/api/openapi.json" in shown.links().values()


# --- error pages


@pytest.mark.parametrize(
    "address", ["/inconnu", "/annuaire/", "/questionnaire/inconnue", "/apiculture", "/static/x", "/é/è"]
)
def test_a_missing_page_is_in_french_and_leads_on(address: str, page: Visitor) -> None:
    missing = page(address, 404)
    assert "introuvable" in missing.h1.lower()
    assert {"/", "/annuaire"} <= set(missing.links().values())
    assert missing.soup.find("meta", attrs={"name": "robots"})["content"] == "noindex"
    assert address.strip("/") not in missing.text or address == "/annuaire/"
