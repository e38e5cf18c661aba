"""Pages to read beside the orientation: cooperation, inspiring projects, places, useful numbers, how it works."""

import re

import pytest
from bs4 import Tag

from guide.content.base import KnowledgeBase
from guide.content.telling import Comparison
from guide.web.public.reading import COMPARED
from tests.web.pages import Page, Visitor, plain


def names(shown: Page) -> list[str]:
    return [plain(tag.get_text()) for tag in shown.soup.select("main h3")]


# --- cooperation


def test_the_four_practices_are_compared_line_by_line(page: Visitor, knowledge: KnowledgeBase) -> None:
    table = page("/cooperation").soup.find("table")
    assert isinstance(table, Tag)
    heads = [plain(tag.get_text()) for tag in table.select("thead th")]
    assert len(heads) == len(knowledge.practices) == 4
    rows = table.select("tbody tr")
    assert len(rows) == len(COMPARED)
    for row, key in zip(rows, COMPARED, strict=True):
        assert row.find("th")["scope"] == "row"
        cells = row.find_all("td")
        assert [cell["data-label"].lower() for cell in cells] == [head.lower().replace("'", "’") for head in heads]
        for cell, practice in zip(cells, knowledge.practices.values(), strict=True):
            assert plain(cell.get_text()) == plain(getattr(practice.compare, key))


def test_the_table_compares_everything_that_the_files_say() -> None:
    assert set(COMPARED) == set(Comparison.model_fields)


def test_each_practice_says_when_to_choose_it_and_how_to_begin(page: Visitor, knowledge: KnowledgeBase) -> None:
    links = page("/cooperation").links().values()
    for practice in knowledge.practices.values():
        assert f"/cooperation/{practice.id}" in links
        shown = page(f"/cooperation/{practice.id}")
        assert shown.h1 == plain(practice.name)
        lists = (practice.when_to_choose, practice.strengths, practice.watch_out, practice.first_steps)
        for said in (practice.summary, practice.definition, *(line for lines in lists for line in lines)):
            assert plain(said) in shown.text
        for example in practice.examples:
            assert plain(example.text) in shown.text
        helping = {knowledge.entries[helper].page_url for helper in practice.who_helps}
        assert helping <= set(shown.links().values())
        assert not any(href == f"/cooperation/{practice.id}" for href in shown.links().values())


# --- inspiring projects


def test_every_project_is_listed_and_tells_its_story(page: Visitor, knowledge: KnowledgeBase) -> None:
    shown = page("/projets-inspirants")
    links = set(shown.links().values())
    assert {f"/projets-inspirants/{project}" for project in knowledge.projects} <= links
    assert str(len(knowledge.projects)) in plain(shown.soup.select_one("main [role=status]").get_text())


def test_the_story_of_every_project_is_whole(page: Visitor, knowledge: KnowledgeBase) -> None:
    for project in knowledge.projects.values():
        shown = page(f"/projets-inspirants/{project.id}")
        assert shown.h1 == plain(project.name)
        for said in (project.summary, project.place, project.lesson, *project.story):
            assert plain(said) in shown.text
        assert {knowledge.entries[helper].page_url for helper in project.helped_by} <= set(shown.links().values())


def test_projects_are_chosen_by_field_and_by_intercommunality(page: Visitor, knowledge: KnowledgeBase) -> None:
    form = page("/projets-inspirants").form("/projets-inspirants")
    shown = page(form.choose("theme", "culture").choose("epci", "epci-arras").address)
    wanted = [
        project
        for project in knowledge.projects.values()
        if "culture" in project.themes and (not project.epcis or "epci-arras" in project.epcis)
    ]
    assert sorted(names(shown)) == sorted(plain(project.name) for project in wanted)
    assert dict(shown.form("/projets-inspirants").pairs)["theme"] == "culture"
    assert len(names(page(shown.link("tout afficher")))) == len(knowledge.projects)


@pytest.mark.parametrize("query", ["theme=forge", "epci=forge", "theme=&epci=", "inconnu=1"])
def test_an_unknown_filter_of_projects_is_as_good_as_none(query: str, page: Visitor, knowledge: KnowledgeBase) -> None:
    shown = page(f"/projets-inspirants?{query}")
    assert len(names(shown)) == len(knowledge.projects)
    assert "forge" not in shown.html


def test_filters_of_projects_without_result_say_what_to_try(page: Visitor) -> None:
    shown = page("/projets-inspirants?theme=sport&epci=epci-henin-carvin")
    assert "Aucun projet" in shown.text
    assert "/questionnaire" in shown.links().values()


# --- places


def test_every_place_leads_to_its_intercommunalities_and_doors(page: Visitor, knowledge: KnowledgeBase) -> None:
    shown = page("/territoires")
    for place in knowledge.places.values():
        section = shown.soup.find(id=place.id).parent
        links = {str(tag["href"]) for tag in section.find_all("a")}
        assert plain(place.note) in plain(section.get_text(" "))
        assert {f"/structures/{epci}" for epci in place.epcis} <= links
        assert (f"/annuaire?epci={place.epcis[0]}" in links) == (len(place.epcis) == 1)
        assert {knowledge.entries[door].page_url for door in place.entries} <= links
        assert ("/questionnaire/commune" in links) == place.ambiguous


@pytest.mark.parametrize(
    ("text", "wanted"), [("audomarois", "Audomarois"), ("l'Audomarois", "Audomarois"), ("odomarois", "Audomarois")]
)
def test_a_place_is_found_by_the_names_that_people_give_it(text: str, wanted: str, page: Visitor) -> None:
    shown = page(page("/territoires").form("/territoires").write("q", text).address)
    assert wanted in names(shown)
    assert len(names(shown)) < 5


def test_a_name_that_is_no_place_leads_to_the_communes(page: Visitor) -> None:
    shown = page("/territoires?q=zzzzzzzz")
    assert "Aucun nom" in shown.text
    assert "/questionnaire/commune" in shown.links().values()


# --- numbers, how it works, steps


def test_a_useful_number_can_be_called_in_one_gesture(page: Visitor, knowledge: KnowledgeBase) -> None:
    shown = page("/numeros-utiles")
    called = [href for href in shown.links("main").values() if href.startswith("tel:")]
    assert called == [f"tel:{number.number}" for number in knowledge.numbers]
    assert "tel:3114" in called


def test_the_page_how_it_works_says_what_the_guide_is_not(page: Visitor) -> None:
    shown = page("/comment-ca-marche")
    for words in ("de trois à huit", "Qui lit quoi", "n’est pas", "numéros utiles"):
        assert plain(words) in shown.text
    assert {"/mentions-legales", "/numeros-utiles", "/questionnaire"} <= set(shown.links().values())


def test_the_home_page_leads_to_what_one_may_read(page: Visitor) -> None:
    assert {"/projets-inspirants", "/cooperation", "/territoires", "/comment-ca-marche"} <= set(
        page("/").links().values()
    )


def test_a_procedure_is_told_in_order_and_its_doubts_are_marked(page: Visitor, knowledge: KnowledgeBase) -> None:
    told = [entry for entry in knowledge.entries.values() if entry.steps]
    assert told
    for entry in told:
        steps = page(entry.page_url).soup.select("main ol.steps > li")
        assert len(steps) == len(entry.steps)
        for tag, step in zip(steps, entry.steps, strict=True):
            assert plain(step.text) in plain(tag.get_text(" "))
            assert bool(re.search("à vérifier$", plain(tag.h3.get_text()))) != step.certain


@pytest.mark.parametrize("address", ["/cooperation/inconnue", "/projets-inspirants/inconnu", "/cooperation/.."])
def test_an_unknown_page_to_read_is_a_french_page(address: str, page: Visitor) -> None:
    assert "introuvable" in page(address, 404).h1.lower()
