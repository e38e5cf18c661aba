"""From the home page to whom to call, as somebody does it: by what is written on the screen."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from guide.content.base import KnowledgeBase
from guide.content.models import Question
from guide.questionnaire import UNKNOWN, pages
from tests.browser.states import ANSWERS, sent
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser


def box(page: Page, question: Question, value: str, knowledge: KnowledgeBase) -> Locator:
    """The radio button or the tick box of a value, found by the words beside it."""
    if value == UNKNOWN and question.unknown:
        words = [question.unknown.label]
    elif question.kind == "needs":
        words = [knowledge.needs[value].name, knowledge.needs[value].detail]
    elif question.kind == "structures":
        words = [knowledge.structures[value].name]
    else:
        words = [question.options[value].label, question.options[value].hint]
    role = "radio" if question.kind == "single" else "checkbox"
    name = " ".join(word for word in words if word)
    return page.get_by_role(role, name=name, exact=True)


def answer(page: Page, question: Question, values: list[str], knowledge: KnowledgeBase) -> None:
    """Answer one question: type the communes, click the words of the others."""
    if question.kind in ("commune", "communes"):
        names = [knowledge.territory.communes[code].name for code in values]
        page.get_by_label(question.text, exact=True).fill(", ".join(names))
        return
    for value in values:
        choice = box(page, question, value, knowledge)
        page.locator("label").filter(has=choice).click()
        expect(choice).to_be_checked()


def given(question: Question) -> list[str]:
    value = ANSWERS[question.id]
    return [value] if isinstance(value, str) else value


def test_somebody_answers_changes_an_answer_reads_the_path_and_finds_whom_to_call(
    visitor: Visitor, knowledge: KnowledgeBase
) -> None:
    page = visitor.page
    main = page.get_by_role("main")
    heading = page.get_by_role("heading", level=1)
    visitor.open("/")
    main.get_by_role("link", name="Commencer").click()

    for number, step in enumerate(pages(knowledge), 1):
        expect(heading).to_have_text(step.main.text)
        expect(main).to_contain_text(re.compile(rf"Question {number} sur \d"))
        for question in step.questions:
            answer(page, question, given(question), knowledge)
        main.get_by_role("button", name="Continuer").click()

    expect(heading).to_have_text("Vos réponses")
    lines = main.get_by_role("definition")
    for name in ("Arras", "Béthune", "Calais", "Une personne seule"):
        expect(lines.filter(has_text=name)).to_have_count(1)
    themes = knowledge.questions["themes"]
    main.get_by_role("link", name=f"Modifier : {themes.short}").click()
    expect(heading).to_have_text(themes.text)
    expect(box(page, themes, "culture", knowledge)).to_be_checked()
    answer(page, themes, ["sport"], knowledge)
    main.get_by_role("button", name="Continuer").click()
    expect(lines.filter(has_text=themes.options["sport"].label)).to_have_count(1)
    expect(lines.filter(has_text="Arras")).to_have_count(1)

    main.get_by_role("link", name="Voir mon chemin").click()
    expect(heading).to_have_text("Votre chemin")
    path = page.url
    cards = main.get_by_role("article")
    expect(cards.first).to_contain_text("Pourquoi ?")
    expect(cards.first).to_contain_text("À préparer")
    door = cards.first.get_by_role("heading", level=3)
    name = door.inner_text()
    door.get_by_role("link").click()
    expect(heading).to_have_text(name)
    expect(main).to_contain_text("Ce que ça ne fait pas")
    page.go_back()
    assert page.url == path
    expect(heading).to_have_text("Votre chemin")

    page.get_by_role("navigation").get_by_role("link", name="Annuaire").click()
    expect(heading).to_have_text("Annuaire")
    main.get_by_role("searchbox").fill("mission ess")
    main.get_by_role("button", name="Chercher").click()
    expect(main).to_contain_text("pour « mission ess »")
    result = main.get_by_role("listitem").get_by_role("heading").first
    name = result.inner_text()
    result.get_by_role("link").click()
    expect(heading).to_have_text(name)
    number = main.get_by_role("link", name=re.compile(r"^0[\d\s]{9,}$"))
    expect(number).to_have_attribute("href", re.compile(r"^tel:\+33\d{9}$"))  # somebody to call


def test_an_ambiguous_commune_asks_which_one_and_a_choice_goes_on(visitor: Visitor, knowledge: KnowledgeBase) -> None:
    page = visitor.page
    visitor.open(sent("commune", commune_texte="62140"), 422)
    expect(page.get_by_role("alert")).to_contain_text("62140")
    choices = page.get_by_role("group", name="Votre commune est-elle dans cette liste ?").get_by_role("radio")
    assert choices.count() > 1
    for choice in choices.all():
        expect(choice).not_to_be_checked()
    page.get_by_role("radio", name=re.compile("^Hesdin-la-Forêt")).check()
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(knowledge.questions["themes"].text)
    assert "commune=62447" in page.url


def test_a_commune_outside_the_departement_is_never_taken_for_one_of_ours(visitor: Visitor) -> None:
    page = visitor.page
    visitor.open(sent("commune", commune_texte="Lille"), 422)
    expect(page.get_by_role("alert")).to_contain_text("n’est pas dans le Pas-de-Calais")
    expect(page.get_by_role("main").get_by_role("link", name=re.compile("Chambre régionale|CRESS"))).to_be_visible()


def test_i_do_not_know_is_an_answer_to_every_question_that_offers_it(
    visitor: Visitor, knowledge: KnowledgeBase
) -> None:
    page = visitor.page
    visitor.open("/questionnaire")
    for step in pages(knowledge):
        expect(page.get_by_role("heading", level=1)).to_have_text(step.main.text)
        if step.main.kind == "commune":
            assert step.main.unknown
            page.get_by_role("checkbox", name=step.main.unknown.label, exact=True).check()
        elif step.main.unknown or UNKNOWN in step.main.options:
            box(page, step.main, UNKNOWN, knowledge).check()
        else:
            page.get_by_role("radio").last.check()
        page.get_by_role("button", name="Continuer").click()
    page.get_by_role("link", name="Voir mon chemin").click()
    expect(page.get_by_role("article")).not_to_have_count(0)
