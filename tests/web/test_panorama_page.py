"""« Qui fait quoi ? » as a page: the form, the picture, and the same in a table."""

import re

import pytest

from guide.content.base import KnowledgeBase
from tests.web.pages import Page, Visitor, plain

FILTERS = ("need", "stage", "epci", "de")


def drawn(shown: Page, *, lit: bool) -> set[str]:
    """The entries of the picture, in full colour or faded."""
    links = shown.soup.select("figure svg a")
    return {str(tag["href"]) for tag in links if ("off" not in tag["class"]) == lit}


def listed(shown: Page) -> list[str]:
    return [str(tag["href"]) for tag in shown.soup.select("details tbody th a")]


def choose(page: Visitor, **choices: str) -> Page:
    form = page("/qui-fait-quoi").form("/qui-fait-quoi")
    for name, value in choices.items():
        form.choose(name, value)
    return page(form.address)


def test_the_picture_and_the_table_lead_to_every_entry(page: Visitor, knowledge: KnowledgeBase) -> None:
    shown = page("/qui-fait-quoi")
    everybody = {entry.page_url for entry in knowledge.entries.values()}
    assert drawn(shown, lit=True) == set(listed(shown)) == everybody
    assert len(listed(shown)) == len(everybody)
    assert drawn(shown, lit=False) == set()
    assert f"{len(everybody)} portes" in shown.text


def test_the_same_question_is_answered_in_two_choices(page: Visitor) -> None:
    shown = choose(page, need="financer", epci="epci-lens-lievin")
    assert {"/dispositifs/pret-honneur", "/dispositifs/microcredit", "/structures/adie"} <= drawn(shown, lit=True)
    assert set(listed(shown)) == drawn(shown, lit=True)
    assert all(tag.has_attr("open") for tag in shown.soup.select("main details"))


@pytest.mark.parametrize("name", FILTERS)
def test_a_choice_is_kept_in_the_form_and_can_be_undone(name: str, page: Visitor, knowledge: KnowledgeBase) -> None:
    [control] = page("/qui-fait-quoi").form("/qui-fait-quoi").named(name)
    shown = choose(page, **{name: control.offered[-1]})
    [kept] = shown.form("/qui-fait-quoi").named(name)
    assert kept.value == control.offered[-1]
    assert drawn(shown, lit=False)
    assert len(listed(page(shown.link("Tout remettre")))) == len(knowledge.entries)


@pytest.mark.parametrize("name", FILTERS)
def test_an_unknown_choice_is_as_good_as_none(name: str, page: Visitor, knowledge: KnowledgeBase) -> None:
    shown = page(f"/qui-fait-quoi?{name}=forge")
    assert len(listed(shown)) == len(knowledge.entries)
    assert "forge" not in shown.html


def test_a_choice_that_nobody_answers_says_what_to_do(page: Visitor) -> None:
    shown = page("/qui-fait-quoi?need=etre-ecoute&de=caf-62")
    assert "Aucune porte" in plain(shown.soup.select_one("[role=status]").get_text())
    assert "/questionnaire" in shown.links().values()


def test_the_picture_is_for_the_eyes_alone_and_its_links_are_no_stop_of_the_keyboard(page: Visitor) -> None:
    drawing = page("/qui-fait-quoi").soup.select_one("figure svg")
    assert drawing["aria-hidden"] == "true"
    assert all(tag["tabindex"] == "-1" for tag in drawing.select("a"))


def test_who_funds_is_said_on_both_entries_with_its_source(page: Visitor, knowledge: KnowledgeBase) -> None:
    for told in knowledge.funding:
        for one, other in ((told.who, told.whom), (told.whom, told.who)):
            shown = page(knowledge.entries[one].page_url)
            assert knowledge.entries[other].page_url in shown.links().values()
            assert plain(told.because) in shown.text
            assert plain(told.sources[0].title) in shown.text


def test_the_picture_is_one_click_away_from_every_page(page: Visitor) -> None:
    assert page("/glossaire").link("Qui fait quoi", "header") == "/qui-fait-quoi"
    assert re.search(r'aria-current="page">Qui', page("/qui-fait-quoi").html)
