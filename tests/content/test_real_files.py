"""Every real file of the base, read again without the loader: what a reader of the site counts on."""

import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml
from pydantic import BaseModel

from guide import profile
from guide.content.base import KnowledgeBase
from guide.content.findings import Finding
from guide.content.models import Entry, Hole, Holes, Need, Option, Question, Step, Term
from guide.content.proofreading import proofread
from guide.content.reader import read_document
from guide.content.telling import Comparison, Example, Place, Practice, Project, UsefulNumber, UsefulNumbers
from guide.settings import ROOT
from guide.text import NARROW_NO_BREAK_SPACE, NO_BREAK_SPACE

KNOWLEDGE = ROOT / "knowledge"
README = (KNOWLEDGE / "README.md").read_text(encoding="utf-8")
FILES = sorted(KNOWLEDGE.rglob("*.yaml"))
ENTRIES = sorted([*KNOWLEDGE.glob("structures/*.yaml"), *KNOWLEDGE.glob("dispositifs/*.yaml")])
TOLD = sorted(path for folder in ("practices", "projects", "places") for path in KNOWLEDGE.glob(f"{folder}/*.yaml"))
DATED = [*ENTRIES, *TOLD]
SOURCED = sorted([*DATED, *KNOWLEDGE.glob("terms/*.yaml")])

STRAIGHT = re.compile(r"\w'[\w«]|\"")
LOOSE = re.compile(r" [;:!?»]|« |\.\.\.")
TWICE = re.compile(f"[ {NO_BREAK_SPACE}{NARROW_NO_BREAK_SPACE}]{{2}}")


def name_of(path: Path) -> str:
    return str(path.relative_to(KNOWLEDGE))


def read(path: Path) -> dict[str, Any]:
    found = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


def texts(value: object) -> Iterator[str]:
    """Every text inside a loaded value, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, BaseModel):
        yield from texts(value.model_dump())
    elif isinstance(value, dict):
        yield from texts(tuple(value.values()))
    elif isinstance(value, list | tuple):
        for item in value:
            yield from texts(item)


def everything(knowledge: KnowledgeBase) -> Iterator[tuple[str, str]]:
    """Every text of the base as the site shows it, with the identifier of what says it."""
    folders: tuple[dict[str, Any], ...] = (
        knowledge.entries,
        knowledge.needs,
        knowledge.questions,
        knowledge.terms,
        knowledge.practices,
        knowledge.projects,
        knowledge.places,
        {number.id: number for number in knowledge.numbers},
    )
    for items in folders:
        for identifier, item in items.items():
            for text in texts(item):
                yield identifier, text
    for text in (*texts(knowledge.order), *texts(knowledge.contact)):
        yield "order", text


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_a_file_is_named_as_an_identifier(path: Path) -> None:
    # A question is named as the field of the profile that it fills, hence the underscore.
    allowed = r"[a-z]+(_[a-z]+)*" if path.parent.name == "questions" else r"[a-z0-9]+(-[a-z0-9]+)*"
    assert re.fullmatch(allowed, path.stem)


def test_no_file_is_left_aside_by_the_loader(knowledge: KnowledgeBase) -> None:
    # A ".yml", a copy left by an editor, a file in the wrong folder: read by nobody, and nobody would know.
    for folder in ("structures", "dispositifs", "needs", "questions", "terms", "practices", "projects", "places"):
        drafts = {path.name for path in ENTRIES if path.parent.name == folder and read(path).get("published") is False}
        assert {path.name for path in (KNOWLEDGE / folder).glob("*")} == drafts | {
            f"{identifier}.yaml" for identifier in getattr(knowledge, folder)
        }


@cache
def last_verification() -> date:
    return max(read(path)["verified_on"] for path in ENTRIES)


@pytest.mark.parametrize("path", SOURCED, ids=name_of)
def test_every_fact_has_a_source_and_none_younger_than_its_verification(path: Path) -> None:
    item = read(path)
    assert item["sources"]
    checked = item.get("verified_on") or last_verification()  # a term of the glossary bears no date
    for source in item["sources"]:
        assert source["title"].strip()
        assert source["year"] is None or 1900 <= source["year"] <= checked.year  # the law of 1901 is quoted


@pytest.mark.parametrize("path", DATED, ids=name_of)
def test_an_entry_is_to_be_read_again_after_its_verification(path: Path) -> None:
    entry = read(path)
    assert entry["verified_on"] < entry["review_by"]
    assert (entry["review_by"] - entry["verified_on"]).days <= 366


@pytest.mark.parametrize("path", ENTRIES, ids=name_of)
def test_an_entry_is_reached_by_its_own_contact_or_through_another(path: Path) -> None:
    contact = read(path)["contact"]
    ways = {key for key in ("phone", "email", "address", "website", "through") if contact.get(key)}
    assert ways
    assert set(contact.get("to_check", ())) <= ways


@pytest.mark.parametrize("path", ENTRIES, ids=name_of)
def test_a_simple_mention_leads_to_the_mission_ess(path: Path) -> None:
    entry = read(path)
    if entry["confidence"] == "mention":
        assert entry["contact"] == {"through": "mission-ess"}  # nothing else is sure enough to be printed


def test_some_entries_are_mentions_and_some_are_not() -> None:
    # Without both kinds, the rule above would be checked on nothing.
    kinds = {read(path)["confidence"] for path in ENTRIES}
    assert {"mention", "to_check", "confirmed"} <= kinds


@pytest.mark.parametrize("path", ENTRIES, ids=name_of)
def test_an_entry_says_in_few_words_why_it_is_proposed(path: Path) -> None:
    entry = read(path)
    assert len(entry["summary"]) <= 160  # as knowledge/README.md promises to the reader on a phone
    fits = [fit for answers in entry.get("fits", {}).values() for fit in answers.values()]
    for because in (*(fit["because"] for fit in (*entry["needs"].values(), *fits)), *entry.get("themes", {}).values()):
        assert not because.rstrip().endswith((".", "!", "?", ":", ";"))  # the site ends the sentence itself


@pytest.mark.parametrize("path", ENTRIES, ids=name_of)
def test_a_situation_in_which_to_call_is_a_whole_sentence(path: Path) -> None:
    for situation in read(path).get("when_to_call", ()):
        assert situation[0].isupper()
        assert situation.endswith((".", "?", "»")), situation


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_an_expression_is_a_few_words_and_is_said_once_in_its_file(path: Path) -> None:
    item = read(path)
    lists = [item, *item.get("options", {}).values()] if isinstance(item.get("options", {}), dict) else [item]
    for holder in lists:
        expressions = [str(expression) for expression in holder.get("lexicon", ())]
        assert [expression for expression in expressions if len(expression.split()) > 8] == []
        assert len(set(expressions)) == len(expressions)


def test_no_private_number_stands_among_the_useful_ones(knowledge: KnowledgeBase) -> None:
    assert all(re.fullmatch(r"\d{2,4}", number.number) for number in knowledge.numbers)
    assert "3114" in [number.number for number in knowledge.numbers]


def test_the_four_practices_are_there_with_people_who_help(knowledge: KnowledgeBase) -> None:
    assert len(knowledge.practices) == 4
    assert all(practice.who_helps and practice.examples for practice in knowledge.practices.values())


def test_a_place_of_several_intercommunalities_sends_to_the_commune(knowledge: KnowledgeBase) -> None:
    silent = [
        place.id for place in knowledge.places.values() if place.ambiguous and "commune" not in place.note.lower()
    ]
    assert silent == []


def test_every_intercommunality_is_named_by_some_place(knowledge: KnowledgeBase) -> None:
    named = {epci for place in knowledge.places.values() for epci in place.epcis}
    assert set(knowledge.territory.epcis) == named


@pytest.mark.parametrize("path", ENTRIES, ids=name_of)
def test_a_refusal_says_how_the_door_could_open(path: Path) -> None:
    for criterion, rule in read(path).get("requires", {}).items():
        assert rule.get("unlock"), criterion


def test_every_text_wears_french_typography(knowledge: KnowledgeBase) -> None:
    wrong = [
        (name, text) for name, text in everything(knowledge) for rule in (STRAIGHT, LOOSE, TWICE) if rule.search(text)
    ]
    assert wrong == []


def test_guillemets_open_and_close(knowledge: KnowledgeBase) -> None:
    wrong = [(name, text) for name, text in everything(knowledge) if text.count("«") != text.count("»")]
    assert wrong == []


def test_no_text_holds_markup_or_a_control_character(knowledge: KnowledgeBase) -> None:
    wrong = [
        (name, text) for name, text in everything(knowledge) if re.search(r"<\w|</|\*\*|\]\(|[\x00-\x1f\x7f]", text)
    ]
    assert wrong == []


def late_files(knowledge: KnowledgeBase, today: date) -> list[Finding]:
    return proofread(knowledge, today)["À relire"]


def test_nothing_is_to_be_read_again_before_its_date_and_everything_after(knowledge: KnowledgeBase) -> None:
    dated = (knowledge.entries, knowledge.practices, knowledge.projects, knowledge.places)
    dates = [item.review_by for items in dated for item in items.values()]
    assert late_files(knowledge, min(dates)) == []
    late = late_files(knowledge, date(9999, 1, 1))
    assert len(late) == len(dates)
    for finding in late:
        path = ROOT / "knowledge" / finding.file
        assert path.read_text(encoding="utf-8").splitlines()[finding.line - 1].startswith("review_by:")


@pytest.mark.parametrize(
    ("question", "answers"),
    [
        ("stage", profile.Stage),
        ("holder", profile.Holder),
        ("legal_form", profile.LegalForm),
        ("employees", profile.Employees),
        ("budget_citoyen", profile.BudgetCitoyen),
        ("support", profile.Support),
    ],
)
def test_a_question_offers_exactly_the_answers_of_the_contract(question: str, answers: Any) -> None:
    options = read(KNOWLEDGE / "questions" / f"{question}.yaml")["options"]
    assert list(options) == list(get_args(answers))


def test_every_question_can_be_reached_by_a_slug_of_its_own() -> None:
    slugs = [read(path)["slug"] for path in KNOWLEDGE.glob("questions/*.yaml")]
    assert len(slugs) == len(set(slugs)) == len(profile.Profile.model_fields)


DOCUMENTED = [
    Entry,
    Step,
    Need,
    Question,
    Option,
    Term,
    Practice,
    Comparison,
    Example,
    Project,
    Place,
    UsefulNumber,
    Hole,
]


@pytest.mark.parametrize("model", DOCUMENTED, ids=lambda model: model.__name__)
def test_every_key_is_documented_for_curators(model: type[BaseModel]) -> None:
    given_by_the_file = {"id", "kind"} if model is Entry else {"id"}
    keys = set(model.model_fields) - given_by_the_file
    assert {key for key in keys if not re.search(rf"\b{key}\b", README)} == set()


EXAMPLES = re.findall(r"## ([^\n]+)\n\n```yaml\n(.*?)```", README, re.DOTALL)
MODELS: dict[str, tuple[type[BaseModel], dict[str, str]]] = {
    "structure": (Entry, {"id": "exemple", "kind": "structure"}),
    "besoin": (Need, {"id": "exemple"}),
    "question": (Question, {"id": "stage"}),
    "mot": (Term, {"id": "exemple"}),
    "pratique": (Practice, {"id": "exemple"}),
    "projet": (Project, {"id": "exemple"}),
    "pays": (Place, {"id": "exemple"}),
    "numéros": (UsefulNumbers, {}),
    "trou": (Holes, {}),
}


def test_the_guide_for_curators_shows_one_example_of_each_kind_of_file() -> None:
    assert len(EXAMPLES) == len(MODELS)


@pytest.mark.parametrize(("title", "example"), EXAMPLES, ids=[title for title, _ in EXAMPLES])
def test_an_example_for_curators_is_a_file_that_loads(title: str, example: str, tmp_path: Path) -> None:
    path = tmp_path / "exemple.yaml"
    path.write_text(example, encoding="utf-8")
    (model, given) = next(found for word, found in MODELS.items() if word in title)
    assert model.model_validate(read_document(path).value | given)
