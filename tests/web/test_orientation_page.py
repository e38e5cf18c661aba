"""The path as a person reads it: the same as the API gives, explained with their own answers, and easy to change."""

import json
import re
from typing import Any
from urllib.parse import urlencode

import pytest
from bs4 import Tag

from guide.content.base import KnowledgeBase
from guide.profile import read_profile
from guide.questionnaire import answers_of
from tests.test_gold import PROFILES
from tests.web.pages import Page, Visitor, plain

RECYCLERIE = {
    "stage": "idee",
    "holder": "citoyen",
    "legal_form": "aucune",
    "commune": "62041",
    "themes": ["reemploi-environnement"],
    "needs": ["etre-ecoute", "financer"],
    "budget_citoyen": "non",
    "support": "aucun",
}
TITLES = {"first": "Maintenant", "next": "Ensuite", "later": "Plus tard"}


def address_of(profile: dict[str, Any]) -> str:
    return f"/orientation?{urlencode(profile, doseq=True)}"


def orient(page: Visitor, profile: dict[str, Any]) -> dict[str, Any]:
    """What the API answers today."""
    response = page.client.post("/api/v1/orientations", json=profile)
    assert response.status_code == 200
    return response.get_json()


def identifier_of(tag: Tag) -> str:
    """The entry that a heading leads to."""
    return str(tag.select_one("h3 a[href]")["href"]).rsplit("/", 1)[1]


def cards_of(shown: Page) -> list[Tag]:
    return list(shown.soup.select("main article"))


def same_day(page: Visitor, profile: dict[str, Any]) -> tuple[dict[str, Any], Page]:
    """The answer of the API and the page, of the same day even when midnight strikes between the two."""
    shown = page(address_of(profile))
    answer = orient(page, profile)
    if [each["id"] for each in answer["orientations"]] != [identifier_of(card) for card in cards_of(shown)]:
        shown = page(address_of(profile))
    return answer, shown


@pytest.mark.parametrize("line", PROFILES, ids=lambda line: line["id"])
def test_the_page_shows_the_cards_of_the_engine_in_its_order(
    line: dict[str, Any], page: Visitor, knowledge: KnowledgeBase
) -> None:
    said = answers_of(read_profile(line["profile"], knowledge), knowledge).profile
    profile = {name: value for name, value in said.model_dump(mode="json").items() if value}
    answer, shown = same_day(page, profile)
    assert [identifier_of(card) for card in cards_of(shown)] == [each["id"] for each in answer["orientations"]]
    for card, proposal in zip(cards_of(shown), answer["orientations"], strict=True):
        stop = plain(card.find_parent("li").find("h2").get_text())
        assert stop == TITLES[proposal["when"]]
        text = plain(card.get_text())
        assert any(plain(reason["text"]) in text for reason in proposal["reasons"])
        assert all(plain(check["text"]) in text for check in proposal["checks"])


def test_each_stop_of_the_path_comes_once_and_in_order(page: Visitor) -> None:
    answer, shown = same_day(page, {**RECYCLERIE, "stage": "emergence", "needs": ["financer", "devenir-employeur"]})
    stops = [plain(heading.get_text()) for heading in shown.soup.select("main ol h2")]
    wanted = [TITLES[when] for when in TITLES if any(each["when"] == when for each in answer["orientations"])]
    assert stops == wanted
    assert stops[0] == "Maintenant"


def test_one_first_door_stands_out(page: Visitor) -> None:
    shown = page(address_of(RECYCLERIE))
    first = shown.soup.find("h2", string=re.compile("Maintenant")).find_parent("li")
    assert len(first.select("article")) == 1
    assert identifier_of(cards_of(shown)[0]) == identifier_of(first)


def test_each_card_says_all_that_is_needed_before_calling(page: Visitor, knowledge: KnowledgeBase) -> None:
    for card in cards_of(page(address_of(RECYCLERIE))):
        entry, text = knowledge.entries[identifier_of(card)], plain(card.get_text(" "))
        assert plain(entry.name) in text
        assert plain(entry.summary) in text
        assert plain(entry.how_to_enter) in text
        for listed in (entry.does, entry.does_not, entry.prepare):
            assert all(plain(each) in text for each in listed)
        assert str(entry.verified_on.year) in text


def test_each_card_leads_to_its_whole_page(page: Visitor, knowledge: KnowledgeBase) -> None:
    for card in cards_of(page(address_of(RECYCLERIE))):
        entry = knowledge.entries[identifier_of(card)]
        whole = page(str(card.select_one("h3 a")["href"]))
        assert whole.h1 == plain(entry.name)


def test_what_is_not_open_is_told_with_the_reason_and_the_way_in(page: Visitor) -> None:
    profile = {**RECYCLERIE, "needs": ["impliquer-usagers"], "stage": "developpement", "holder": "association"}
    answer, shown = same_day(page, profile)
    assert answer["not_available"]
    closed = shown.soup.find("section", attrs={"aria-labelledby": "pas-encore"}) or shown.soup.main
    text = plain(closed.get_text(" "))
    for item in answer["not_available"]:
        assert closed.select_one(f"a[href='{item['url']}']")
        assert plain(item["reason"]) in text
    unlocks = [plain(item["unlock"]) for item in answer["not_available"][:4] if item["unlock"]]
    assert unlocks
    assert all(unlock in text for unlock in unlocks)
    proposed = {identifier_of(card) for card in cards_of(shown)}
    assert proposed & {item["id"] for item in answer["not_available"]} == set()


def test_every_answer_is_shown_with_a_link_to_change_it_that_keeps_the_rest(
    page: Visitor, knowledge: KnowledgeBase
) -> None:
    shown = page(address_of(RECYCLERIE))
    given = sorted(shown.answers)
    changes = {href for href in shown.links().values() if href.startswith("/questionnaire/") and "recap" not in href}
    slugs = {href.split("?")[0].rsplit("/", 1)[1] for href in changes}
    assert slugs == {knowledge.questions[name].slug for name in RECYCLERIE}
    for href in changes:
        form = page(href).form("/questionnaire/")
        for name, value in given:
            kept = [
                control for control in form.controls if (control.name, control.value) == (name, value) and control.on
            ]
            assert kept or (name == "commune" and form.written("commune_texte") == "Arras")


def test_the_answers_may_be_read_again_from_the_path(page: Visitor) -> None:
    shown = page(address_of(RECYCLERIE))
    recapitulation = page(shown.link("revoir mes réponses"))
    assert recapitulation.path == "/questionnaire/recapitulatif"
    assert sorted(recapitulation.answers) == sorted(shown.answers)
    assert page(recapitulation.link("voir mon chemin")).html == shown.html


def test_the_same_link_gives_the_same_page_whatever_the_order_of_its_answers(page: Visitor) -> None:
    pairs = [
        (name, value) for name, said in RECYCLERIE.items() for value in ([said] if isinstance(said, str) else said)
    ]
    straight, reverse = page(f"/orientation?{urlencode(pairs)}"), page(f"/orientation?{urlencode(pairs[::-1])}")
    assert [identifier_of(card) for card in cards_of(straight)] == [identifier_of(card) for card in cards_of(reverse)]


def test_without_any_answer_one_is_led_to_the_questions(page: Visitor) -> None:
    assert page("/orientation").path == "/questionnaire/etape"
    assert page.client.get("/orientation").status_code == 303


def test_one_answer_is_enough_for_a_path(page: Visitor) -> None:
    for query in ("stage=ne-sait-pas", "commune=62041", "needs=benevoles", "support=reseau", "themes=autre"):
        assert 3 <= len(cards_of(page(f"/orientation?{query}"))) <= 8


def test_who_already_helps_is_not_proposed_as_new(page: Visitor) -> None:
    profile = {**RECYCLERIE, "support": "un-peu", "supported_by": ["apes", "mission-ess"]}
    proposed = {identifier_of(card) for card in cards_of(page(address_of(profile)))}
    assert proposed & {"apes", "mission-ess"} == set()


def test_forged_answers_are_left_aside_and_the_rest_counts(page: Visitor) -> None:
    honest = page(address_of(RECYCLERIE))
    forged = page(address_of({**RECYCLERIE, "themes": [*RECYCLERIE["themes"], "forge"], "employees": "peut-être"}))
    assert [identifier_of(card) for card in cards_of(forged)] == [identifier_of(card) for card in cards_of(honest)]
    assert "forge" not in forged.html
    assert forged.soup.select("main .notice")


def test_a_phone_number_of_a_card_is_one_that_the_knowledge_base_gives(page: Visitor, knowledge: KnowledgeBase) -> None:
    known = {entry.contact.phone for entry in knowledge.entries.values()} | {knowledge.contact.phone}
    digits = {re.sub(r"\D", "", phone)[1:] for phone in known if phone}
    for line in PROFILES[:10]:
        said = answers_of(read_profile(line["profile"], knowledge), knowledge)
        shown = page(f"/orientation?{urlencode(said.pairs)}")
        called = {str(tag["href"]).removeprefix("tel:+33") for tag in shown.soup.select("a[href^='tel:']")}
        assert called <= digits


def test_the_buttons_that_need_a_script_are_hidden_without_it(page: Visitor) -> None:
    buttons = page(address_of(RECYCLERIE)).soup.select("main button[data-do]")
    assert buttons
    assert all(button.has_attr("hidden") for button in buttons)


def test_the_address_holds_the_answers_and_nothing_else(page: Visitor) -> None:
    shown = page(address_of({**RECYCLERIE, "utm_source": "lettre", "nom": "zqmark"}))
    addresses = json.dumps(list(shown.links("body").values()))
    assert "utm_source" not in addresses
    assert "zqmark" not in shown.html


def test_the_path_shows_where_the_project_is_and_leads_to_all_that_acts_there(page: Visitor) -> None:
    shown = page("/orientation?stage=idee&commune=62041&other_communes=62119")
    assert {"/annuaire?epci=epci-arras", "/annuaire?epci=epci-bethune-bruay"} <= set(shown.links().values())
    assert shown.soup.select_one("svg.map path.here")
    assert not page("/orientation?stage=idee").soup.select("svg.map")
