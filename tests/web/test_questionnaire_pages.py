"""The questionnaire as people walk it: links, forms, going back, changing one's mind, and every way to be wrong."""

import csv
import re
from collections.abc import Mapping
from itertools import pairwise
from urllib.parse import quote, urlencode

import pytest
from bs4 import Tag
from flask.testing import FlaskClient

from guide.content.base import KnowledgeBase
from guide.content.models import Question
from guide.questionnaire import UNKNOWN
from guide.settings import ROOT
from guide.territory import Territory
from tests.web.pages import Form, Page, Visitor, plain

RECAPITULATION = "/questionnaire/recapitulatif"
CAREFUL = {
    "stage": ["emergence"],
    "holder": ["collectif"],
    "legal_form": ["association"],
    "commune": ["62041"],
    "other_communes": ["62765", "62516"],
    "themes": ["tiers-lieu", "culture"],
    "needs": ["etre-ecoute", "financer", "trouver-local"],
    "budget_citoyen": ["candidat"],
    "support": ["un-peu"],
    "supported_by": ["apes"],
}
KINDS_WITH_BOXES = ("single", "multiple", "needs", "structures")
SLUGS = {
    "stage": "etape",
    "holder": "porteur",
    "legal_form": "forme-juridique",
    "employees": "salaries",
    "commune": "commune",
    "themes": "domaine",
    "needs": "besoins",
    "budget_citoyen": "budget-citoyen",
    "support": "accompagnement",
}


def address_of(path: str, answers: Mapping[str, list[str]]) -> str:
    return f"{path}?{urlencode(answers, doseq=True)}"


def question_form(page: Page) -> Form:
    return page.form("/questionnaire/")


def main_question(page: Page, knowledge: KnowledgeBase) -> Question:
    slug = page.path.rsplit("/", 1)[1]
    return next(question for question in knowledge.questions.values() if question.slug == slug)


def fill(form: Form, answers: Mapping[str, list[str]], territory: Territory) -> None:
    """Fill each field that the page shows and that has an answer, as a person would."""
    for name, values in answers.items():
        names = {control.name for control in form.controls if control.kind != "hidden"}
        if f"{name}_texte" in names and values != [UNKNOWN]:
            form.write(f"{name}_texte", ", ".join(territory.communes[code].name for code in values))
        elif name in names:
            form.tick(name, *values)


def walk(page: Visitor, answers: Mapping[str, list[str]], knowledge: KnowledgeBase) -> list[Page]:
    """Answer page after page from the home page; "I do not know", or the last choice, where nothing is said."""
    seen = [page(page("/").link("commencer"))]
    while seen[-1].path != RECAPITULATION:
        assert len(seen) < 12, [each.path for each in seen]
        form, main = question_form(seen[-1]), main_question(seen[-1], knowledge)
        fill(form, answers, knowledge.territory)
        if main.id not in answers:
            form.tick(main.id, form.offers(main.id)[-1])
        seen.append(page(form.address))
    return seen


def targets_of_summary(page: Page) -> list[Tag]:
    """What the links of the summary of errors lead to."""
    found = [page.soup.find(id=str(link["href"])[1:]) for link in page.summary.select("a[href^='#']")]
    assert found
    assert all(found)
    return [tag for tag in found if tag]


def assert_says_what_to_correct(page: Page, field: str) -> str:
    """An error is in the title, in a summary that leads to the field, and tied to the field; give its words."""
    assert page.title.startswith("Erreur :")
    said = plain(page.summary.get_text(" "))
    [target] = targets_of_summary(page)
    around = [target, *target.find_all(["input", "select", "textarea"])]
    assert any(tag.get("name") in (field, f"{field}_texte") for tag in around)
    assert any(tag.get("aria-invalid") == "true" for tag in around), "no field is said to be invalid"
    described = [name for tag in around for name in str(tag.get("aria-describedby", "")).split()]
    messages = [plain(page.soup.find(id=name).get_text(" ")) for name in described]
    words = plain(page.summary.select_one("a").get_text(" "))
    assert any(words in message for message in messages), "the message is not tied to the field"
    return said


# --- the journey


def test_a_person_walks_from_the_home_page_to_the_path(page: Visitor, knowledge: KnowledgeBase) -> None:
    seen = walk(page, CAREFUL, knowledge)
    asked = [main_question(each, knowledge).id for each in seen[:-1]]
    assert asked == ["stage", "holder", "legal_form", "commune", "themes", "needs", "budget_citoyen", "support"]
    recapitulation = seen[-1]
    assert sorted(recapitulation.answers) == sorted((name, value) for name, said in CAREFUL.items() for value in said)
    path = page(recapitulation.link("voir mon chemin"))
    assert path.path == "/orientation"
    assert path.answers == recapitulation.answers


def test_the_recapitulation_says_every_answer_in_the_words_of_the_form(page: Visitor, knowledge: KnowledgeBase) -> None:
    recapitulation = page(address_of(RECAPITULATION, CAREFUL))
    for name, values in CAREFUL.items():
        question = knowledge.questions[name]
        assert plain(question.short) in recapitulation.text
        for value in values:
            labels = {
                **{code: commune.name for code, commune in knowledge.territory.communes.items()},
                **{need.id: need.name for need in knowledge.needs.values()},
                **{structure.id: structure.name for structure in knowledge.structures.values()},
                **{option: said.label for option, said in question.options.items()},
            }
            assert plain(labels[value]) in recapitulation.text


def test_somebody_who_knows_nothing_still_gets_a_path(page: Visitor, knowledge: KnowledgeBase) -> None:
    seen = walk(page, {}, knowledge)
    values = dict(seen[-1].answers)
    assert len(values) == len(seen) - 1
    assert {value for name, value in values.items() if name != "budget_citoyen"} == {UNKNOWN}
    path = page(seen[-1].link("voir mon chemin"))
    assert len(path.soup.select("main article")) >= 3


@pytest.mark.parametrize(
    ("holder", "stage"),
    [
        ("citoyen", "idee"),
        ("association", "difficulte"),
        ("entreprise-ess", "developpement"),
        ("entreprise", "demarrage"),
        ("collectivite", "emergence"),
    ],
)
def test_every_kind_of_holder_reaches_the_end(holder: str, stage: str, page: Visitor, knowledge: KnowledgeBase) -> None:
    seen = walk(page, {"stage": [stage], "holder": [holder]}, knowledge)
    assert 6 <= len(seen) - 1 <= 9
    assert page(seen[-1].link("voir mon chemin")).soup.select("main article")


def test_every_question_says_why_it_is_asked_and_where_one_stands(page: Visitor, knowledge: KnowledgeBase) -> None:
    seen = walk(page, CAREFUL, knowledge)[:-1]
    positions = []
    for each in seen:
        question = main_question(each, knowledge)
        assert each.h1 == plain(question.text)
        assert plain(question.why) in each.text
        progress = each.soup.select_one("main progress")
        assert int(progress["max"]) >= len(seen)
        positions.append(int(progress["value"]))
    assert positions == list(range(1, len(seen) + 1))


def test_the_first_question_has_nothing_before_it_and_the_others_lead_back(
    page: Visitor, knowledge: KnowledgeBase
) -> None:
    seen = walk(page, CAREFUL, knowledge)
    questions = seen[:-1]
    assert not [words for words in questions[0].links() if "précédente" in words]
    for before, after in pairwise(questions):
        back = page(after.link("précédente"))
        assert back.path == before.path
        form, question = question_form(back), main_question(back, knowledge)
        if question.kind in KINDS_WITH_BOXES:
            assert form.ticked(question.id) == CAREFUL[question.id]
        assert dict(back.answers).items() >= dict(before.answers).items()


def test_going_back_then_on_loses_nothing(page: Visitor, knowledge: KnowledgeBase) -> None:
    last = walk(page, CAREFUL, knowledge)[-2]
    here = last
    while any("précédente" in words for words in here.links()):
        here = page(here.link("précédente"))
    while here.path != last.path:
        here = page(question_form(here).address)
        assert here.path != RECAPITULATION or last.path == RECAPITULATION
    assert sorted(here.answers) == sorted(last.answers)


def test_an_answered_questionnaire_resumes_where_it_was_left(page: Visitor) -> None:
    assert page("/questionnaire").path == "/questionnaire/etape"
    assert page("/questionnaire?stage=idee").path == "/questionnaire/porteur"
    assert page("/questionnaire?stage=idee&holder=collectivite").path == "/questionnaire/commune"
    assert page(address_of("/questionnaire", CAREFUL)).path == RECAPITULATION


def test_an_empty_recapitulation_invites_to_begin(page: Visitor) -> None:
    assert page(page(RECAPITULATION).link("commencer")).path == "/questionnaire/etape"


def test_an_unfinished_recapitulation_leads_to_the_next_question(page: Visitor) -> None:
    recapitulation = page(f"{RECAPITULATION}?stage=idee&commune=62041")
    following = page(recapitulation.link("répondre"))
    assert following.path == "/questionnaire/porteur"
    assert sorted(following.answers) == [("commune", "62041"), ("stage", "idee")]


# --- changing one's mind


@pytest.mark.parametrize("name", SLUGS)
def test_sending_a_question_again_unchanged_keeps_everything(
    name: str, page: Visitor, knowledge: KnowledgeBase
) -> None:
    answers = {**CAREFUL, "employees": ["non"], "stage": ["creation"]}
    recapitulation = page(address_of(RECAPITULATION, answers))
    assert sorted(recapitulation.answers) == sorted((key, value) for key, said in answers.items() for value in said)
    modify = page(recapitulation.link(f"modifier : {plain(knowledge.questions[name].short)}"))
    assert modify.path == f"/questionnaire/{SLUGS[name]}"
    again = page(question_form(modify).address)
    assert again.path == RECAPITULATION
    assert sorted(again.answers) == sorted(recapitulation.answers)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("stage", ["idee"]),
        ("holder", ["citoyen"]),
        ("legal_form", ["scic"]),
        ("commune", ["62193"]),
        ("themes", ["sport"]),
        ("needs", ["benevoles", "gouvernance"]),
        ("budget_citoyen", ["labellise"]),
        ("support", ["aucun"]),
        ("themes", [UNKNOWN]),
        ("stage", [UNKNOWN]),
    ],
)
def test_changing_one_answer_keeps_the_rest(
    name: str, values: list[str], page: Visitor, knowledge: KnowledgeBase
) -> None:
    recapitulation = page(address_of(RECAPITULATION, CAREFUL))
    modify = page(recapitulation.link(f"modifier : {plain(knowledge.questions[name].short)}"))
    form = question_form(modify)
    fill(form, {name: values}, knowledge.territory)
    after = page(form.address)
    changed = {**CAREFUL, name: values}
    assert sorted(after.answers) == sorted((key, value) for key, said in changed.items() for value in said)


def test_an_answer_that_is_no_longer_asked_is_left_out(page: Visitor) -> None:
    answers = {"stage": ["idee"], "holder": ["collectivite"], "legal_form": ["scic"], "budget_citoyen": ["non"]}
    recapitulation = page(address_of(RECAPITULATION, answers))
    assert "Forme juridique" not in recapitulation.text
    assert "Budget citoyen" not in recapitulation.text
    assert "legal_form" not in recapitulation.link("voir mon chemin")


def test_changing_the_holder_asks_what_the_new_one_calls_for(page: Visitor) -> None:
    recapitulation = page(f"{RECAPITULATION}?stage=idee&holder=collectivite&commune=62041")
    form = question_form(page(recapitulation.link("modifier : qui porte"))).tick("holder", "citoyen")
    following = page(form.address)
    assert following.path == "/questionnaire/forme-juridique"
    assert ("commune", "62041") in following.answers


# --- refused answers


@pytest.mark.parametrize("name", SLUGS)
def test_sending_nothing_is_told_beside_the_field(name: str, page: Visitor) -> None:
    form = question_form(page(f"/questionnaire/{SLUGS[name]}"))
    said = assert_says_what_to_correct(page(form.address, 422), name)
    assert "question" not in said.lower()


@pytest.mark.parametrize("name", SLUGS)
@pytest.mark.parametrize("forged", ["forgee", "<script>alert(1)</script>", "62041' OR 1=1", "é" * 500])
def test_a_forged_option_is_refused_with_what_to_do(name: str, forged: str, page: Visitor) -> None:
    refused = page(f"/questionnaire/{SLUGS[name]}?{urlencode({name: forged})}&valider=1", 422)
    assert_says_what_to_correct(refused, name)
    assert forged not in refused.html
    assert refused.soup.select("main form button")


@pytest.mark.parametrize("name", ["themes", "needs"])
def test_not_knowing_beside_other_answers_is_asked_again_with_the_boxes_kept(name: str, page: Visitor) -> None:
    chosen = CAREFUL[name]
    refused = page(address_of(f"/questionnaire/{SLUGS[name]}", {name: [*chosen, UNKNOWN], "valider": ["1"]}), 422)
    assert_says_what_to_correct(refused, name)
    assert set(question_form(refused).ticked(name)) == {*chosen, UNKNOWN}


@pytest.mark.parametrize("name", SLUGS)
def test_a_refused_answer_keeps_the_answers_already_given(name: str, page: Visitor) -> None:
    others = {key: said for key, said in CAREFUL.items() if key not in (name, "other_communes", "supported_by")}
    refused = page(address_of(f"/questionnaire/{SLUGS[name]}", {**others, name: ["forgee"], "valider": ["1"]}), 422)
    kept = {(control.name, control.value) for control in question_form(refused).controls if control.kind == "hidden"}
    assert kept >= {(key, value) for key, said in others.items() for value in said}


def test_a_structure_forged_as_already_met_is_refused(page: Visitor) -> None:
    refused = page("/questionnaire/accompagnement?support=un-peu&supported_by=forgee&valider=1", 422)
    assert_says_what_to_correct(refused, "supported_by")


def test_a_commune_of_another_departement_forged_as_a_choice_is_refused(page: Visitor) -> None:
    refused = page("/questionnaire/commune?commune=59350&valider=1", 422)
    assert "Pas-de-Calais" in assert_says_what_to_correct(refused, "commune")


@pytest.mark.parametrize(
    "slug", ["inconnue", "stage", "autres-communes", "accompagne-par", "etape/", "ETAPE", "%00", "é"]
)
def test_an_unknown_question_is_a_french_page_that_leads_home(slug: str, page: Visitor) -> None:
    missing = page(f"/questionnaire/{slug}", 404)
    assert "introuvable" in missing.h1.lower()
    assert missing.soup.select("main a[href='/']")


# --- old links


OLD_LINKS = {
    "a key of long ago": "stage=idee&commune=62041&ancienne_question=oui",
    "an answer of long ago": "stage=idee&commune=62041&themes=ancien-theme",
    "a stage of long ago": "stage=ancienne-etape&commune=62041&holder=citoyen",
    "a need of long ago among others": "commune=62041&needs=financer&needs=ancien-besoin",
    "a commune that has merged": "commune=62041&other_communes=62000&stage=idee",
}


@pytest.mark.parametrize("what", OLD_LINKS)
@pytest.mark.parametrize("path", [RECAPITULATION, "/orientation", "/questionnaire/etape"])
def test_an_old_link_survives_with_a_notice(path: str, what: str, page: Visitor) -> None:
    shown = page(f"{path}?{OLD_LINKS[what]}")
    assert shown.path == path
    [notice] = shown.soup.select("main .notice[role=status]")
    assert "lien" in notice.get_text()
    if path == RECAPITULATION:
        assert "Arras" in shown.text
        assert "ancien" not in shown.link("voir mon chemin")


@pytest.mark.parametrize("path", ["/questionnaire", "/orientation", RECAPITULATION])
def test_an_old_link_of_which_nothing_is_left_says_so(path: str, page: Visitor) -> None:
    shown = page(f"{path}?stage=ancienne-etape&needs=ancien-besoin")
    notices = [plain(notice.get_text()) for notice in shown.soup.select("main .notice")]
    assert any("lien" in notice for notice in notices), f"nothing says on {shown.address} that the link was not read"


def test_a_link_whole_and_known_carries_no_notice(page: Visitor) -> None:
    for path in (RECAPITULATION, "/orientation", "/questionnaire/etape"):
        shown = page(address_of(path, CAREFUL))
        assert shown.soup.select("main .notice[role=status]") == []


def test_an_answer_given_twice_is_kept_once(page: Visitor) -> None:
    recapitulation = page(f"{RECAPITULATION}?stage=idee&stage=idee&needs=financer&needs=financer")
    form = question_form(page(recapitulation.link("modifier : besoins")))
    assert form.ticked("needs") == ["financer"]
    assert form.pairs.count(("stage", "idee")) == 1


# --- the commune


def ask_commune(page: Visitor, text: str, status: int = 422, others: str = "") -> Page:
    form = question_form(page("/questionnaire/commune?stage=idee&holder=citoyen"))
    form.write("commune_texte", text)
    if others:
        form.write("other_communes_texte", others)
    return page(form.address, status)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Arras", "62041"),
        ("  aRRas ", "62041"),
        ("62041", "62041"),
        ("saint omer", "62765"),
        ("St-Omer", "62765"),
        ("BÉTHUNE", "62119"),
        ("Bethune", "62119"),
        ("Boulogne-sur-Mer", "62160"),
        ("boulogne sur mer", "62160"),
        ("L’Écluse", None),
    ],
)
def test_an_exact_name_is_understood_whatever_its_spelling(text: str, code: str | None, page: Visitor) -> None:
    if code is None:
        assert_says_what_to_correct(ask_commune(page, text), "commune")
    else:
        assert ("commune", code) in ask_commune(page, text, 200).answers


def test_a_postal_code_of_several_communes_asks_which(page: Visitor, knowledge: KnowledgeBase) -> None:
    asked = ask_commune(page, "62000")
    assert_says_what_to_correct(asked, "commune")
    form = question_form(asked)
    here = {code for code, commune in knowledge.territory.communes.items() if "62000" in commune.postcodes}
    assert set(form.offers("commune")) == here | {UNKNOWN}
    assert form.written("commune_texte") == "62000"
    assert form.ticked("commune") == []
    assert ("commune", "62263") in page(form.tick("commune", "62263").address).answers


def test_every_commune_of_a_large_postal_code_is_offered(page: Visitor, knowledge: KnowledgeBase) -> None:
    communes = knowledge.territory.communes.items()
    here = {code for code, commune in communes if "62140" in (code, *commune.postcodes)}  # also an Insee code
    assert len(here) > 8
    assert set(question_form(ask_commune(page, "62140")).offers("commune")) == here | {UNKNOWN}


def test_a_postal_code_of_one_commune_is_that_commune(page: Visitor, knowledge: KnowledgeBase) -> None:
    communes = knowledge.territory.communes.values()
    codes = [code for commune in communes for code in commune.postcodes]
    alone = sorted(code for code in set(codes) - knowledge.territory.communes.keys() if codes.count(code) == 1)
    assert alone
    for postcode in alone[:5]:
        [commune] = [each for each in communes if postcode in each.postcodes]
        assert ("commune", commune.code) in ask_commune(page, postcode, 200).answers


def old_names() -> list[tuple[str, str]]:
    with (ROOT / "knowledge/territory/communes-62-anciens-noms.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    return [(row["ancien_nom"], row["code_insee_actuel"]) for row in rows][:: max(1, len(rows) // 8)]


@pytest.mark.parametrize(("name", "code"), old_names())
def test_an_old_name_is_offered_under_the_name_of_today(
    name: str, code: str, page: Visitor, knowledge: KnowledgeBase
) -> None:
    asked = ask_commune(page, name)
    assert_says_what_to_correct(asked, "commune")
    form = question_form(asked)
    assert code in form.offers("commune")
    assert form.ticked("commune") == []
    label = asked.soup.find("input", attrs={"name": "commune", "value": code}).find_parent("label")
    assert plain(knowledge.territory.communes[code].name) in plain(label.get_text(" "))
    assert plain(name).lower() in plain(label.get_text(" ")).lower()
    assert ("commune", code) in page(form.tick("commune", code).address).answers


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("Lille", "Nord"),
        ("lille", "Nord"),
        ("Amiens", "Somme"),
        ("Paris", "Paris"),
        ("59000", ""),
        ("75001", ""),
        ("59350", ""),
    ],
)
def test_a_place_outside_the_departement_is_said_to_be_and_leads_to_somebody(
    text: str, where: str, page: Visitor, knowledge: KnowledgeBase
) -> None:
    refused = ask_commune(page, text)
    said = assert_says_what_to_correct(refused, "commune")
    assert "pas dans le Pas-de-Calais" in said
    assert where in said
    regional = knowledge.structures["cress-hdf"]
    [door] = [href for href in refused.links().values() if href == regional.page_url]
    page(door)
    form = question_form(refused)
    assert form.written("commune_texte") == text
    assert form.ticked("commune") == []


def test_lille_never_becomes_lillers(page: Visitor) -> None:
    refused = ask_commune(page, "Lille")
    assert "62516" not in [value for _, value in refused.answers]
    again = page(question_form(refused).address, 422)
    assert "Nord" in assert_says_what_to_correct(again, "commune")


@pytest.mark.parametrize(
    ("text", "code"),
    [("Lilers", "62516"), ("Bethunne", "62119"), ("Aras", "62041"), ("Boulogne", "62160"), ("Hesdn", "62447")],
)
def test_a_close_spelling_is_offered_and_never_assumed(text: str, code: str, page: Visitor) -> None:
    asked = ask_commune(page, text)
    assert_says_what_to_correct(asked, "commune")
    form = question_form(asked)
    assert code in form.offers("commune")
    assert form.ticked("commune") == []
    assert form.written("commune_texte") == text
    assert page(form.address, 422).path == "/questionnaire/commune"
    assert ("commune", code) in page(form.tick("commune", code).address).answers


def test_a_text_corrected_after_choices_were_offered_wins_over_a_box_left_ticked(page: Visitor) -> None:
    form = question_form(ask_commune(page, "Lilers")).tick("commune", "62516").write("commune_texte", "Arras")
    assert ("commune", "62041") in page(form.address).answers


def test_a_commune_typed_beside_i_do_not_know_is_never_dropped_in_silence(page: Visitor) -> None:
    # Somebody who answered "I do not know yet" comes back, types a commune, and leaves the box ticked.
    form = question_form(page("/questionnaire/commune?stage=idee&commune=ne-sait-pas"))
    assert form.ticked("commune") == [UNKNOWN]
    response = page.client.get(form.write("commune_texte", "Arras").address)
    assert response.status_code == 422 or "commune=62041" in response.headers["Location"]


def test_somebody_who_no_longer_knows_the_commune_may_say_so(page: Visitor) -> None:
    form = question_form(page("/questionnaire/commune?stage=idee&commune=62041"))
    assert form.written("commune_texte") == "Arras"
    assert ("commune", UNKNOWN) in page(form.tick("commune", UNKNOWN).address).answers


def test_not_knowing_the_commune_is_an_answer(page: Visitor) -> None:
    form = question_form(page("/questionnaire/commune?stage=idee"))
    following = page(form.tick("commune", UNKNOWN).address)
    assert ("commune", UNKNOWN) in following.answers
    assert following.path != "/questionnaire/commune"


@pytest.mark.parametrize("text", ["xyzzy", "???", "12", "00000", "a" * 120, "🏡", "<b>Arras</b>"])
def test_an_unknown_commune_is_said_with_what_to_try_and_the_text_kept(text: str, page: Visitor) -> None:
    refused = ask_commune(page, text)
    said = assert_says_what_to_correct(refused, "commune")
    assert "Pas-de-Calais" in said or "choisissez" in said.lower()
    assert question_form(refused).written("commune_texte") == text


def test_a_commune_too_long_to_be_one_is_refused_politely(page: Visitor) -> None:
    refused = ask_commune(page, "Arras " * 300)
    assert_says_what_to_correct(refused, "commune")
    assert question_form(refused).written("commune_texte").startswith("Arras Arras")


def test_every_commune_comes_back_as_itself(client: FlaskClient, knowledge: KnowledgeBase) -> None:
    wrong = []
    for commune in knowledge.territory.communes.values():
        response = client.get(f"/questionnaire/commune?commune_texte={quote(commune.name)}&valider=1")
        if f"commune={commune.code}" not in response.headers.get("Location", ""):
            wrong.append(commune.name)
    assert wrong == []


# --- the other communes


def test_other_communes_are_kept_in_the_order_in_which_they_were_named(page: Visitor) -> None:
    following = ask_commune(page, "Arras", 200, others="Saint-Omer ; lillers, Béthune")
    assert [value for name, value in following.answers if name == "other_communes"] == ["62765", "62516", "62119"]
    back = page(f"/questionnaire/commune?{urlencode(following.answers)}")
    assert question_form(back).written("other_communes_texte") == "Saint-Omer, Lillers, Béthune"


def test_a_commune_named_twice_among_the_others_counts_once(page: Visitor) -> None:
    following = ask_commune(page, "Arras", 200, others="Lillers, lillers, LILLERS")
    assert [value for name, value in following.answers if name == "other_communes"] == ["62516"]


def test_other_communes_are_optional(page: Visitor) -> None:
    assert "other_communes" not in dict(ask_commune(page, "Arras", 200).answers)


@pytest.mark.parametrize("bad", ["xyzzy", "Lilers", "62140", "Lille"])
def test_one_bad_name_among_the_others_is_named_and_everything_typed_is_kept(bad: str, page: Visitor) -> None:
    text = f"Saint-Omer, {bad}"
    refused = ask_commune(page, "Arras", others=text)
    assert bad in assert_says_what_to_correct(refused, "other_communes")
    form = question_form(refused)
    assert form.written("other_communes_texte") == text
    assert form.written("commune_texte") == "Arras"
    following = page(form.write("other_communes_texte", "Saint-Omer").address)
    assert {("commune", "62041"), ("other_communes", "62765")} <= set(following.answers)


def test_a_place_outside_among_the_others_leads_to_somebody_too(page: Visitor, knowledge: KnowledgeBase) -> None:
    refused = ask_commune(page, "Arras", others="Lille")
    assert "pas dans le Pas-de-Calais" in assert_says_what_to_correct(refused, "other_communes")
    assert knowledge.structures["cress-hdf"].page_url in refused.links().values()


def test_too_many_other_communes_are_refused_with_the_limit(page: Visitor, knowledge: KnowledgeBase) -> None:
    names = [commune.name for commune in knowledge.territory.communes.values()][:40]
    refused = ask_commune(page, "Arras", others=", ".join(names))
    assert re.search(r"\d+", assert_says_what_to_correct(refused, "other_communes"))


def test_both_boxes_may_be_wrong_at_once(page: Visitor) -> None:
    refused = ask_commune(page, "Lilers", others="xyzzy")
    assert len(refused.summary.select("a")) == 2
    assert len(targets_of_summary(refused)) == 2


# --- suggestions while typing


def test_the_names_for_suggestions_are_all_there_and_hold_nothing_else(
    client: FlaskClient, knowledge: KnowledgeBase
) -> None:
    response = client.get("/questionnaire/communes.json")
    assert response.mimetype == "application/json"
    names = dict(response.get_json())
    communes = knowledge.territory.communes.values()
    assert names == {commune.name: list(commune.postcodes) for commune in communes}
    assert len(response.get_json()) == len(communes)
    assert "max-age" in response.headers["Cache-Control"]


def test_the_page_of_the_commune_says_where_its_suggestions_are(page: Visitor) -> None:
    box = page("/questionnaire/commune").soup.find("input", attrs={"name": "commune_texte"})
    assert page.client.get(box["data-communes"]).status_code == 200
