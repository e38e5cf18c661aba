"""A conversation with the guide, as somebody has it: with and without JavaScript, on a telephone and on a desk."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from guide.content.base import KnowledgeBase
from tests.browser.gestures import judge
from tests.browser.test_layout import STICKING_OUT
from tests.browser.visitor import WITH_SCRIPT, WITHOUT_SCRIPT, Screen, Visitor, welcome

pytestmark = pytest.mark.browser
with_script = pytest.mark.parametrize("visitor", WITH_SCRIPT, ids=str, indirect=True)
without_script = pytest.mark.parametrize("visitor", WITHOUT_SCRIPT, ids=str, indirect=True)

ALONE = "g une idee de café asso vers hesdin mais jsuis seule"
COMPARE = "quelle différence entre Galilée et Pas-de-Calais Actif ?"
_PAGE = "**/assistant*"


def box(page: Page) -> Locator:
    return page.locator("#message")


def answers(page: Page) -> Locator:
    return page.get_by_role("log").locator(".answered")


def say(page: Page, message: str) -> Locator:
    """Send a message; the answer that came."""
    before = answers(page).count()
    box(page).fill(message)
    page.get_by_role("button", name="Envoyer").click()
    expect(answers(page)).to_have_count(before + 1)
    return answers(page).last


def look(visitor: Visitor) -> None:
    """Judge the page on screen; axe needs scripts to run."""
    if visitor.screen.javascript:
        judge(visitor)
    else:
        assert visitor.page.evaluate(STICKING_OUT) == []


def chip(page: Page, words: str) -> Locator:
    return page.get_by_role("button", name=re.compile(rf"{words}.*retirer"))


def test_five_turns_lead_to_a_path_that_holds_what_was_said(visitor: Visitor, knowledge: KnowledgeBase) -> None:
    page = visitor.page
    visitor.open("/assistant")
    expect(say(page, "on cherche un local à Béthune").get_by_role("heading").first).to_be_visible()
    expect(say(page, "c'est quoi le DLA ?")).to_contain_text("Dispositif local d’accompagnement")
    expect(say(page, "c'est gratuit ?")).to_contain_text("DLA")
    say(page, "et à Calais ?")
    expect(chip(page, "Calais")).to_be_visible()
    expect(say(page, COMPARE).get_by_role("table")).to_be_visible()
    look(visitor)
    said = page.get_by_role("log").locator(".said")
    expect(said).to_have_count(5)
    expect(said.first).to_contain_text("Béthune")
    expect(box(page)).to_have_value("")
    page.get_by_role("link", name="Voir mon chemin complet").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Votre chemin")
    assert "commune=62193" in page.url


def test_one_screen_of_a_telephone_says_what_was_understood_whom_to_call_why_and_how_to_reach_somebody(
    visitor: Visitor, knowledge: KnowledgeBase
) -> None:
    page = visitor.page
    if visitor.screen.width == 320:
        page.set_viewport_size({"width": 320, "height": 700})
    visitor.open("/assistant")
    answer = say(page, ALONE)
    first = answer.get_by_role("heading").first
    for seen in (
        page.locator(".said").last,
        first,
        first.locator("xpath=following-sibling::p").first,
        chip(page, "Une idée"),
        chip(page, "Hesdin-la-Forêt"),
        chip(page, "Faire le point"),
        page.get_by_role("link", name="Demander à être contacté·e"),
    ):
        expect(seen).to_be_in_viewport(ratio=1)
    look(visitor)
    answer.locator("summary").click()
    expect(answer.get_by_role("list", name="Ensuite").get_by_role("link").first).to_be_visible()
    look(visitor)
    expect(page.get_by_role("link", name="Demander à être contacté·e").first).to_have_attribute(
        "href", re.compile(r"/demande\?.*commune=62447")
    )


def test_the_box_of_the_home_page_begins_a_conversation(visitor: Visitor) -> None:
    page = visitor.page
    visitor.open("/")
    field = page.get_by_label("Dites-le avec vos mots")
    expect(field).to_be_in_viewport(ratio=1)
    field.fill(ALONE)
    page.get_by_role("button", name="Voir qui peut m’aider").click()
    expect(answers(page)).to_have_count(1)
    say(page, "c'est gratuit ?")
    expect(page.locator(".said").first).to_contain_text("hesdin")


def test_what_is_understood_may_be_taken_away(visitor: Visitor) -> None:
    page = visitor.page
    visitor.open("/assistant")
    say(page, "je cherche un local à Béthune")
    box(page).fill("pas encore envoyé")
    chip(page, "Béthune").click()
    expect(chip(page, "Béthune")).to_have_count(0)
    expect(chip(page, "Trouver un local")).to_be_visible()
    expect(page.get_by_text("C’est retiré").first).to_be_in_viewport()
    expect(box(page)).to_have_value("pas encore envoyé")
    chip(page, "Trouver un local").click()
    expect(page.locator(".removable")).to_have_count(0)
    say(page, "merci")
    expect(page.locator(".said")).to_have_count(2)


def test_a_choice_is_said_in_one_click_and_a_text_being_written_stays(visitor: Visitor) -> None:
    page = visitor.page
    visitor.open("/assistant")
    answer = say(page, "je cherche un local à Béthune")
    expect(answer).to_contain_text("Où en est votre projet")
    box(page).fill("et puis")
    choices = page.get_by_role("group", name=re.compile("Où en est votre projet"))
    choices.get_by_role("button", name="Une idée").click()
    expect(answers(page)).to_have_count(2)
    expect(page.locator(".said").last).to_contain_text("Une idée")
    expect(chip(page, "Une idée")).to_be_visible()
    expect(choices).to_have_count(0)
    expect(box(page)).to_have_value("et puis")


def test_two_structures_are_compared_side_by_side_or_one_line_after_the_other(visitor: Visitor) -> None:
    page = visitor.page
    visitor.open("/assistant")
    table = say(page, COMPARE).get_by_role("table")
    expect(table).to_contain_text("Ce que ça ne fait pas")
    cells = table.get_by_role("row").last.locator("td")
    one, other = cells.first.bounding_box(), cells.last.bounding_box()
    assert one
    assert other
    assert (one["y"] == other["y"]) == (visitor.screen.width > 320)
    assert cells.first.get_attribute("data-label") == "Galilée"
    expect(page.get_by_role("link", name="Pas-de-Calais Actif").locator("visible=true").first).to_be_visible()


def test_somebody_in_distress_sees_the_number_without_scrolling(visitor: Visitor) -> None:
    page = visitor.page
    visitor.open("/assistant")
    answer = say(page, "je veux en finir avec la vie")
    number = answer.get_by_role("link", name="Appeler le 3114")
    expect(number).to_be_in_viewport(ratio=1)
    expect(number).to_have_attribute("href", "tel:3114")
    expect(page.locator(".chip-button")).to_have_count(0)  # nothing else to answer
    look(visitor)


def test_somebody_tired_is_answered_gently_without_that_number(visitor: Visitor) -> None:
    page = visitor.page
    visitor.open("/assistant")
    answer = say(page, "je suis épuisée, je n'y arrive plus")
    expect(answer).to_have_class(re.compile("gently"))
    expect(answer.get_by_role("link", name="3114")).to_have_count(0)
    expect(answer.get_by_role("link", name=re.compile("^Appeler le 03"))).to_be_in_viewport(ratio=1)
    look(visitor)


@with_script
def test_an_empty_message_is_told_beside_the_box(visitor: Visitor) -> None:
    page = visitor.page
    visitor.open("/assistant")
    page.get_by_role("button", name="Envoyer").click()
    expect(page.get_by_role("status")).to_contain_text("Écrivez votre question")
    expect(box(page)).to_be_focused()
    expect(box(page)).to_have_attribute("aria-invalid", "true")
    visitor.expect_refusal()
    look(visitor)
    say(page, ALONE)
    expect(page.get_by_role("status")).to_be_empty()
    expect(box(page)).not_to_have_attribute("aria-invalid", "true")


@without_script
def test_an_empty_message_is_told_above_without_javascript(visitor: Visitor) -> None:
    page = visitor.page
    visitor.open("/assistant")
    say(page, ALONE)
    page.get_by_role("button", name="Envoyer").click()
    expect(page.get_by_role("alert")).to_be_focused()
    visitor.expect_refusal()
    look(visitor)
    expect(page.locator(".said")).to_have_count(1)  # nothing of the thread is lost


@with_script
def test_a_keyboard_is_enough_and_the_focus_stays_in_the_box(visitor: Visitor) -> None:
    page = visitor.page
    visitor.open("/assistant")
    box(page).focus()
    page.keyboard.type("je cherche un local")
    page.keyboard.press("Enter")  # a new line, as in every box where one tells a story
    page.keyboard.type("à Béthune")
    expect(box(page)).to_have_value("je cherche un local\nà Béthune")
    page.keyboard.press("Control+Enter")
    expect(answers(page)).to_have_count(1)
    expect(box(page)).to_be_focused()
    expect(box(page)).to_have_value("")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    expect(chip(page, "Trouver un local")).to_be_focused()
    page.keyboard.press("Enter")
    expect(chip(page, "Trouver un local")).to_have_count(0)
    expect(box(page)).to_be_focused()
    page.keyboard.type("c'est quoi le DLA ?")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Envoyer")).to_be_focused()
    page.keyboard.press("Enter")
    expect(answers(page)).to_have_count(2)
    expect(box(page)).to_be_focused()


@without_script
def test_a_keyboard_is_enough_without_javascript(visitor: Visitor) -> None:
    page = visitor.page
    visitor.open("/assistant")
    box(page).focus()
    page.keyboard.type(ALONE)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(answers(page)).to_have_count(1)
    page.keyboard.press("Tab")  # from the last message, where the page opens
    expect(answers(page).get_by_role("link").first).to_be_focused()


@with_script
def test_a_message_is_sent_once_while_the_answer_is_on_its_way(visitor: Visitor) -> None:
    page = visitor.page
    held: list[Route] = []
    visitor.open("/assistant")
    page.route(_PAGE, lambda route: held.append(route))  # noqa: PLW0108 - Playwright asks for a function
    box(page).fill(ALONE)
    send = page.get_by_role("button", name="Envoyer")
    send.click()
    send.click()
    box(page).press("Control+Enter")
    log = page.get_by_role("log")
    expect(log).to_have_attribute("aria-busy", "true")
    expect(page.get_by_role("status")).to_contain_text("Je cherche")
    assert len(held) == 1
    box(page).fill("la suite")  # one may go on writing
    held[0].continue_()
    expect(answers(page)).to_have_count(1)
    expect(log).not_to_have_attribute("aria-busy", "true")
    expect(page.get_by_role("status")).to_be_empty()
    expect(box(page)).to_have_value("la suite")
    page.unroute(_PAGE)


@with_script
def test_an_answer_that_does_not_come_keeps_the_words(visitor: Visitor) -> None:
    page = visitor.page
    visitor.open("/assistant")
    visitor.context.set_offline(True)
    box(page).fill(ALONE)
    page.get_by_role("button", name="Envoyer").click()
    expect(page.get_by_role("status")).to_contain_text("vos mots sont toujours là")
    visitor.context.set_offline(False)
    assert all("ERR_INTERNET_DISCONNECTED" in fault for fault in visitor.faults)
    visitor.faults.clear()
    expect(box(page)).to_have_value(ALONE)
    page.get_by_role("button", name="Envoyer").click()
    expect(answers(page)).to_have_count(1)


def test_the_way_back_from_a_card_finds_the_conversation_again(visitor: Visitor) -> None:
    page = visitor.page
    visitor.open("/")
    page.get_by_label("Dites-le avec vos mots").fill(ALONE)
    page.get_by_role("button", name="Voir qui peut m’aider").click()
    say(page, "c'est quoi le DLA ?")
    answers(page).last.get_by_role("link", name="Lire la fiche").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("DLA")
    page.go_back()
    expect(page.locator(".said")).to_have_count(2)
    expect(chip(page, "Hesdin-la-Forêt")).to_be_visible()
    say(page, "c'est gratuit ?")
    page.get_by_role("link", name="Recommencer").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator(".said")).to_have_count(0)


def test_the_keyboard_of_a_telephone_does_not_come_back_over_the_answer(browser: Browser, server: str) -> None:
    visitor = welcome(browser, server, Screen(320), has_touch=True, is_mobile=True)
    try:
        page = visitor.page
        visitor.open("/assistant")
        box(page).fill(ALONE)
        page.get_by_role("button", name="Envoyer").tap()
        expect(answers(page)).to_have_count(1)
        expect(answers(page).last).to_be_focused()
        expect(page.locator(".said").last).to_be_in_viewport(ratio=1)
        visitor.check()
    finally:
        visitor.context.close()


def test_needs_are_ticked_from_words_beside_the_question(visitor: Visitor, knowledge: KnowledgeBase) -> None:
    page = visitor.page
    visitor.open("/questionnaire/besoins?stage=idee")
    page.get_by_text("Dites-le avec vos mots, nous cochons pour vous").click()
    page.get_by_role("textbox", name="Ce qui vous manque").fill("on manque de bénévoles")
    page.get_by_role("button", name="Cocher d’après mes mots").click()
    expect(page.get_by_role("status").filter(has_text="Cochés d’après vos mots")).to_be_visible()
    expect(page.locator("input[value=benevoles]")).to_be_checked()
    look(visitor)
    page.get_by_role("link", name="Dites-le avec vos mots").click()
    expect(chip(page, "Une idée")).to_be_visible()


@pytest.mark.parametrize("width", [320, 1280])
def test_the_guide_is_one_link_away(invite: Callable[[Screen], Visitor], width: int) -> None:
    visitor = invite(Screen(width))
    visitor.open("/annuaire")
    link = visitor.page.get_by_role("navigation", name="Principale").get_by_role("link", name="Une question")
    expect(link).to_be_in_viewport(ratio=1)
    link.click()
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text("Dites-le avec vos mots")
