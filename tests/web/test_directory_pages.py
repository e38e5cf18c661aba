"""The directory and the page of every entry: found by its names, its needs, its ground, even misspelt."""

import re

import pytest
from bs4 import Tag

from guide.content.base import KnowledgeBase
from guide.content.loader import load_knowledge
from guide.content.models import Entry
from guide.settings import ROOT
from tests.web.pages import Form, Page, Visitor, plain

ENTRIES = sorted(load_knowledge(ROOT / "knowledge").entries)
CONFIDENCE_WORDS = {"confirmed": "confirm", "to_check": "vérifier", "mention": "cité"}


def found(shown: Page) -> list[str]:
    """The identifiers of the entries listed, in order."""
    hrefs = [str(tag["href"]) for tag in shown.soup.select("main li h3 a, main li h4 a, main li h2 a")]
    return [href.rsplit("/", 1)[1] for href in hrefs if re.match(r"/(structures|dispositifs)/", href)]


def counted(shown: Page) -> int:
    """The number of entries that the page announces."""
    said = plain(shown.soup.select_one("main [role=status]").get_text())
    return int(said.split()[0]) if said[0].isdigit() else 0


def search(page: Visitor, text: str = "", **filters: str) -> Page:
    form = search_form(page("/annuaire")).write("q", text)
    for name, value in filters.items():
        form.choose(name, value)
    return page(form.address)


def search_form(shown: Page) -> Form:
    return shown.form("/annuaire")


def test_the_directory_lists_everything(page: Visitor, knowledge: KnowledgeBase) -> None:
    whole = page("/annuaire")
    assert sorted(found(whole)) == sorted(knowledge.entries)
    assert counted(whole) == len(knowledge.entries)


def test_the_directory_is_grouped_by_kind_of_help(page: Visitor, knowledge: KnowledgeBase) -> None:
    headings = [plain(tag.get_text()) for tag in page("/annuaire").soup.select("main h3, main h2")]
    families = [plain(title) for title in knowledge.order.families.values()]
    used = [plain(knowledge.order.families[family]) for family in {each.family for each in knowledge.entries.values()}]
    assert [heading for heading in headings if heading in families] == [each for each in families if each in used]


def test_the_home_page_searches_the_directory(page: Visitor) -> None:
    form = page("/").form("/annuaire").write("q", "recyclerie")
    shown = page(form.address)
    assert shown.path == "/annuaire"
    assert search_form(shown).written("q") == "recyclerie"
    assert found(shown)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("DLA", "dla"),
        ("dispositif local d'accompagnement", "dla"),
        ("APES", "apes"),
        ("apès", "apes"),
        ("pas de calais actif", "pas-de-calais-actif"),
        ("mission ess", "mission-ess"),
        ("budget citoyen", "budget-citoyen"),
    ],
)
def test_a_name_finds_its_entry_first(text: str, first: str, page: Visitor) -> None:
    assert found(search(page, text))[0] == first


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("budjet citoyen", "budget-citoyen"), ("galillée", "galilee"), ("france actif", "france-active")],
)
def test_a_misspelt_name_still_finds_its_entry(text: str, wanted: str, page: Visitor) -> None:
    assert wanted in found(search(page, text))[:3]


def test_every_entry_is_found_by_its_own_name(page: Visitor, knowledge: KnowledgeBase) -> None:
    lost = [
        entry.id
        for entry in knowledge.entries.values()
        if entry.id not in re.findall(r"/(?:structure|dispositif)s/([a-z0-9-]+)", _results(page, entry.name))[:3]
    ]
    assert lost == []


def _results(page: Visitor, text: str) -> str:
    html = page.client.get("/annuaire", query_string={"q": text}).text
    return html[html.index('role="status"') :]


def test_a_search_says_what_was_searched_and_how_many_were_found(page: Visitor) -> None:
    shown = search(page, "recyclerie")
    assert counted(shown) == len(found(shown)) > 0
    assert "recyclerie" in plain(shown.soup.select_one("main [role=status]").get_text())
    assert search_form(shown).written("q") == "recyclerie"


def test_a_search_without_result_says_so_and_what_to_try(page: Visitor) -> None:
    shown = search(page, "zzzzzzzz")
    assert found(shown) == []
    assert "aucun" in plain(shown.soup.select_one("main [role=status]").get_text()).lower()
    assert "/questionnaire" in shown.links().values()
    assert search_form(shown).written("q") == "zzzzzzzz"


def test_filters_without_result_say_so(page: Visitor) -> None:
    shown = page("/annuaire?family=financement&kind=dispositif&need=benevoles&theme=sport")
    assert found(shown) == []
    assert "aucun" in plain(shown.soup.select_one("main [role=status]").get_text()).lower()


def values_of(name: str, page: Visitor) -> list[str]:
    [control] = [each for each in search_form(page("/annuaire")).controls if each.name == name]
    return [value for value in control.offered if value]


def holds(name: str, value: str, entry: Entry) -> bool:
    return {
        "need": value in entry.needs,
        "stage": value in entry.stages,
        "theme": not entry.themes or value in entry.themes,
        "family": value == entry.family,
        "kind": value == entry.kind,
        "epci": entry.territory.everywhere or value in entry.territory.epcis,
    }[name]


@pytest.mark.parametrize("name", ["need", "stage", "theme", "family", "kind", "epci"])
def test_a_filter_keeps_exactly_the_entries_that_it_says(name: str, page: Visitor, knowledge: KnowledgeBase) -> None:
    values = values_of(name, page)
    assert values
    for value in {values[0], values[len(values) // 2], values[-1]}:
        shown = search(page, **{name: value})
        wanted = {entry.id for entry in knowledge.entries.values() if holds(name, value, entry)}
        assert set(found(shown)) == wanted
        assert counted(shown) == len(wanted)
        [control] = [each for each in search_form(shown).controls if each.name == name]
        assert control.value == value


def test_the_filters_offer_every_value_of_the_knowledge_base(page: Visitor, knowledge: KnowledgeBase) -> None:
    assert set(values_of("need", page)) == set(knowledge.needs)
    assert set(values_of("stage", page)) == set(knowledge.questions["stage"].options)
    assert set(values_of("theme", page)) == set(knowledge.questions["themes"].options)
    assert set(values_of("epci", page)) == set(knowledge.territory.epcis)
    assert set(values_of("kind", page)) == {"structure", "dispositif"}


def test_filters_and_text_add_up_and_are_kept_in_the_form(page: Visitor, knowledge: KnowledgeBase) -> None:
    shown = search(page, "association", need="financer", kind="dispositif")
    assert found(shown)
    for identifier in found(shown):
        entry = knowledge.entries[identifier]
        assert entry.kind == "dispositif"
        assert "financer" in entry.needs
    kept = dict(search_form(shown).pairs)
    assert (kept["q"], kept["need"], kept["kind"]) == ("association", "financer", "dispositif")


def test_a_filter_may_be_wiped_in_one_gesture(page: Visitor, knowledge: KnowledgeBase) -> None:
    shown = search(page, "recyclerie", need="financer")
    assert counted(page(shown.link("tout effacer"))) == len(knowledge.entries)


@pytest.mark.parametrize("query", ["need=forge", "kind=forge", "epci=forge", "stage=forge", "theme=forge", "inconnu=1"])
def test_an_unknown_filter_is_as_good_as_none(query: str, page: Visitor, knowledge: KnowledgeBase) -> None:
    shown = page(f"/annuaire?{query}")
    assert counted(shown) == len(knowledge.entries)
    assert "forge" not in shown.html


@pytest.mark.parametrize("kind", ["structure", "dispositif"])
def test_the_address_of_a_kind_leads_to_the_directory_of_that_kind(
    kind: str, page: Visitor, knowledge: KnowledgeBase
) -> None:
    shown = page(f"/{kind}s")
    assert shown.path == "/annuaire"
    assert sorted(found(shown)) == sorted(each.id for each in knowledge.entries.values() if each.kind == kind)


# --- every entry


def definition(shown: Page, term: str) -> Tag:
    return next(tag for tag in shown.soup.select("main dt") if plain(tag.get_text()) == term).find_next_sibling("dd")


@pytest.mark.parametrize("identifier", ENTRIES)
def test_the_page_of_an_entry_says_everything_with_its_sources_and_confidence(
    identifier: str, page: Visitor, knowledge: KnowledgeBase
) -> None:
    entry = knowledge.entries[identifier]
    shown = page(entry.page_url)
    assert shown.h1 == plain(entry.name)
    assert shown.title.startswith(plain(entry.name))
    for said in (entry.summary, entry.audience, entry.how_to_enter, *entry.does, *entry.does_not, *entry.prepare):
        assert plain(said) in shown.text
    for said in (entry.cost, entry.calendar, entry.availability.note):
        assert said is None or plain(said) in shown.text
    for need, fit in entry.needs.items():
        assert plain(knowledge.needs[need].name) in shown.text
        assert plain(fit.because) in shown.text
    for rule in entry.requires.values():
        assert plain(rule.otherwise) in shown.text
    sources = plain(definition(shown, "Sources").get_text(" "))
    for source in entry.sources:
        assert plain(source.title) in sources
        assert str(source.year) in sources if source.year else "sans date" in sources
    assert str(entry.verified_on.year) in sources
    assert str(entry.review_by.year) in sources
    confidence = plain(shown.soup.select_one(f"main .{entry.confidence}").get_text())
    assert CONFIDENCE_WORDS[entry.confidence] in confidence.lower()


@pytest.mark.parametrize("identifier", ENTRIES)
def test_the_page_of_an_entry_gives_only_the_contacts_of_the_knowledge_base_and_a_human_door(
    identifier: str, page: Visitor, knowledge: KnowledgeBase
) -> None:
    entry = knowledge.entries[identifier]
    shown = page(entry.page_url)
    through = knowledge.entries.get(entry.contact.through or "")
    contacts = [entry.contact, *([through.contact] if through else [])]
    phones = {re.sub(r"\D", "", each.phone)[1:] for each in contacts if each.phone}
    called = {str(tag["href"]).removeprefix("tel:+33") for tag in shown.soup.select("main a[href^='tel:']")}
    assert called <= phones
    mails = {str(tag["href"]).removeprefix("mailto:") for tag in shown.soup.select("main a[href^='mailto:']")}
    assert mails <= {each.email for each in contacts}
    links = set(shown.links().values())
    ways = called | mails | {href for href in links if href.startswith("https://")}
    assert ways or (through and through.page_url in links) or contacts[0].address, "nobody to turn to"
    if entry.confidence == "mention":
        assert "Mission ESS" in plain(shown.soup.main.get_text(" "))


@pytest.mark.parametrize("identifier", ENTRIES)
def test_an_entry_is_reached_from_its_family_and_leads_back_to_it(
    identifier: str, page: Visitor, knowledge: KnowledgeBase
) -> None:
    entry = knowledge.entries[identifier]
    family = page(page(entry.page_url).link(plain(knowledge.order.families[entry.family])))
    assert identifier in found(family)


def test_what_passes_through_a_structure_is_listed_on_its_page_and_leads_back(
    page: Visitor, knowledge: KnowledgeBase
) -> None:
    carried = [entry for entry in knowledge.entries.values() if entry.via]
    assert carried
    for entry in carried:
        carrier = knowledge.entries[entry.via or ""]
        assert entry.page_url in page(carrier.page_url).links().values()
        assert carrier.page_url in page(entry.page_url).links().values()


def test_no_two_entries_share_a_title_or_a_description(page: Visitor, knowledge: KnowledgeBase) -> None:
    shown = [page(entry.page_url) for entry in knowledge.entries.values()]
    assert len({each.title for each in shown}) == len(shown)
    assert len({str(each.soup.find("meta", attrs={"name": "description"})["content"]) for each in shown}) == len(shown)


@pytest.mark.parametrize(
    "address",
    [
        "/structures/inconnue",
        "/dispositifs/inconnu",
        "/structures/dla",
        "/dispositifs/apes",
        "/structures/APES",
        "/structures/apes/",
        "/structures/..",
        "/structures/%00",
    ],
)
def test_an_unknown_entry_is_a_french_page_that_leads_to_the_directory(address: str, page: Visitor) -> None:
    missing = page(address, 404)
    assert "introuvable" in missing.h1.lower()
    assert "/annuaire" in missing.links().values()


# --- the map


def test_the_map_and_its_list_lead_to_the_same_twenty_searches(page: Visitor, knowledge: KnowledgeBase) -> None:
    shown = page("/annuaire?need=financer&q=pret")
    drawn = [str(tag["href"]) for tag in shown.soup.select("svg.map a")]
    listed = [str(tag["href"]) for tag in shown.soup.select(".toc a")]
    assert sorted(drawn) == sorted(listed)
    assert len(set(drawn)) == len(knowledge.territory.epcis)
    assert all("need=financer" in href and "q=pret" in href for href in drawn)


def test_a_territory_of_the_map_shows_who_serves_it(page: Visitor, knowledge: KnowledgeBase) -> None:
    shown = page("/annuaire?epci=epci-lens-lievin")
    local = [entry for entry in knowledge.entries.values() if "epci-lens-lievin" in entry.territory.epcis]
    said = shown.soup.select_one("[role=status]")
    assert {str(tag["href"]) for tag in said.select("a")} == {entry.page_url for entry in local}
    assert [tag.get_text() for tag in shown.soup.select(".toc a[aria-current]")] == [
        knowledge.structures["epci-lens-lievin"].name
    ]
    assert len(shown.soup.select("svg.map path.here")) == 1


def test_the_map_is_credited_on_every_page(page: Visitor) -> None:
    assert "IGN Admin Express" in plain(page("/annuaire").soup.footer.get_text())


# --- words explained in place


def test_a_word_of_the_glossary_opens_where_the_page_says_it(page: Visitor, knowledge: KnowledgeBase) -> None:
    shown = page("/structures/pas-de-calais-actif")
    buttons = shown.soup.select("main button.term")
    assert buttons
    for button in buttons:
        [opened] = shown.soup.select(f"#{button['popovertarget']}[popover]")
        term = knowledge.terms[str(opened["id"]).removeprefix("mot-")]
        assert plain(term.definition) in plain(opened.get_text())
        assert f"/glossaire#{term.id}" in [str(link["href"]) for link in opened.select("a")]
