"""The form of a question: errors that lead to the field, and the comfort that a script adds."""

import re

import pytest
from playwright.sync_api import expect

from guide.content.base import KnowledgeBase
from tests.browser.states import SLUGS, USUAL, address, before, sent
from tests.browser.visitor import WITH_SCRIPT, WITHOUT_SCRIPT, Visitor

pytestmark = pytest.mark.browser
with_script = pytest.mark.parametrize("visitor", WITH_SCRIPT, ids=str, indirect=True)
without_script = pytest.mark.parametrize("visitor", WITHOUT_SCRIPT, ids=str, indirect=True)

_IN_FIELD = "field => field.contains(document.activeElement)"
_SUGGESTED = "field => [...field.list.options].map(option => option.value)"
_COMMUNES = "/questionnaire/communes.json"


@pytest.mark.parametrize("question", ["stage", "commune", "needs"])
def test_an_error_puts_the_focus_on_a_summary_whose_link_leads_to_the_field(visitor: Visitor, question: str) -> None:
    page = visitor.page
    visitor.open(address(f"/questionnaire/{SLUGS[question]}", **before(question)))
    page.get_by_role("button", name="Continuer").click()
    expect(page).to_have_title(re.compile("^Erreur\\s:"))
    visitor.expect_refusal()
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    expect(summary).to_be_in_viewport()
    link = summary.get_by_role("link")
    expect(link).to_have_count(1)
    link.press("Enter")
    field = page.locator(f"#{question}")
    expect(field).to_be_in_viewport()
    if not field.evaluate(_IN_FIELD):  # a group of boxes is not a stop itself: its first box is the next one
        page.keyboard.press("Tab")
    assert field.evaluate(_IN_FIELD)
    expect(field).to_have_accessible_description(re.compile(re.escape(link.inner_text())))


@with_script
def test_communes_are_suggested_while_typing_and_nothing_typed_is_sent(visitor: Visitor) -> None:
    page = visitor.page
    visitor.open(address("/questionnaire/commune", **before("commune")))
    field = page.locator("#commune")
    with page.expect_response(f"**{_COMMUNES}") as answer:
        field.focus()
    assert answer.value.ok
    asked = len(visitor.requests)
    suggestions = page.locator("datalist option")
    field.press_sequentially("st om")
    expect(suggestions).to_have_count(2)
    assert field.evaluate(_SUGGESTED) == ["Saint-Omer", "Saint-Omer-Capelle"]
    field.fill("62140")
    expect(suggestions.first).to_have_attribute("label", re.compile("62140"))
    assert len(field.evaluate(_SUGGESTED)) > 1
    assert [url for url in visitor.requests[asked:] if "/static/" not in url] == []  # a font may still be on its way


@without_script
def test_without_javascript_the_list_of_communes_is_not_even_asked_for(visitor: Visitor) -> None:
    page = visitor.page
    visitor.open(address("/questionnaire/commune", **before("commune")))
    page.locator("#commune").press_sequentially("Hesdin")
    assert not [url for url in visitor.requests if url.endswith(_COMMUNES)]
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_role("alert")).to_contain_text("Hesdin")
    visitor.expect_refusal()


@with_script
def test_i_do_not_know_and_the_other_boxes_untick_one_another(visitor: Visitor, knowledge: KnowledgeBase) -> None:
    page = visitor.page
    visitor.open(address("/questionnaire/domaine", **before("themes")))
    themes = knowledge.questions["themes"]
    assert themes.unknown
    unknown = page.get_by_role("checkbox", name=themes.unknown.label, exact=True)
    culture = page.get_by_role("checkbox", name=themes.options["culture"].label, exact=True)
    sport = page.get_by_role("checkbox", name=themes.options["sport"].label, exact=True)
    culture.check()
    sport.check()
    unknown.check()
    expect(culture).not_to_be_checked()
    expect(sport).not_to_be_checked()
    sport.check()
    expect(unknown).not_to_be_checked()


@without_script
def test_without_javascript_i_do_not_know_beside_other_boxes_is_explained(visitor: Visitor) -> None:
    visitor.open(sent("themes", themes=["culture", "ne-sait-pas"]), 422)
    expect(visitor.page.get_by_role("alert")).to_contain_text("gardez l’un ou l’autre")


@with_script
def test_the_copy_button_copies_the_link_and_says_so(visitor: Visitor) -> None:
    page = visitor.page
    visitor.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visitor.open(USUAL)
    page.get_by_role("button", name="Copier le lien").click()
    expect(page.get_by_role("status").filter(has_text="Le lien est copié")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == page.url


@with_script
def test_the_copy_button_says_what_to_do_when_the_browser_refuses(visitor: Visitor) -> None:
    page = visitor.page
    visitor.open(USUAL)
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('refused')); }")
    page.get_by_role("button", name="Copier le lien").click()
    expect(page.get_by_role("status").filter(has_text="copiez l’adresse")).to_be_visible()


@with_script
def test_the_print_button_prints(visitor: Visitor) -> None:
    page = visitor.page
    visitor.open(USUAL)
    page.evaluate("() => { window.print = () => { window.printed = true; }; }")
    page.get_by_role("button", name="Imprimer").click()
    assert page.evaluate("window.printed === true")


@without_script
def test_without_javascript_no_button_is_shown_that_would_do_nothing(visitor: Visitor) -> None:
    visitor.open(USUAL)
    words = visitor.page.locator("main button[popovertarget]")  # they open by themselves
    expect(visitor.page.get_by_role("main").get_by_role("button")).to_have_count(words.count())
