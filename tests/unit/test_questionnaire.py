"""The questionnaire: answers replayed at each request, branches, and "je ne sais pas" everywhere."""

from collections.abc import Mapping, Sequence
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guide.content.base import KnowledgeBase
from guide.errors import UnknownEntryError
from guide.profile import Holder, Profile, Stage, read_profile
from guide.questionnaire import (
    UNKNOWN,
    Answers,
    Page,
    answers_of,
    get_page,
    known_values,
    next_page,
    pages,
    reachable_pages,
    replay,
)


def asked(answers: Answers, knowledge: KnowledgeBase) -> list[str]:
    return [page.main.id for page in reachable_pages(answers, knowledge)]


def walk(first: Mapping[str, Sequence[str]], knowledge: KnowledgeBase) -> list[Page]:
    """Answer every page that comes, with the given answers or the least that can be said, as a person would."""
    seen: list[Page] = []
    raw: dict[str, Sequence[str]] = {}
    first = {"budget_citoyen": ["ne-connais-pas"], **first}
    while page := next_page(replay(raw, knowledge), knowledge):
        assert page not in seen, f"{page.main.id} is asked twice"
        seen.append(page)
        raw[page.main.id] = first.get(page.main.id, (UNKNOWN,))
    return seen


def test_the_first_question_is_where_the_project_stands(knowledge: KnowledgeBase) -> None:
    page = next_page(replay({}, knowledge), knowledge)
    assert page is not None
    assert page.main.id == "stage"


def test_every_field_of_the_profile_has_its_question(knowledge: KnowledgeBase) -> None:
    assert {question.id for page in pages(knowledge) for question in page.questions} == set(Profile.model_fields)


def test_a_companion_is_asked_on_the_page_of_its_question(knowledge: KnowledgeBase) -> None:
    companions = {page.main.id: [question.id for question in page.companions] for page in pages(knowledge)}
    assert companions["commune"] == ["other_communes"]
    assert companions["support"] == ["supported_by"]
    assert sum(map(len, companions.values())) == 2


def test_a_page_is_found_by_its_slug_and_an_unknown_one_is_refused(knowledge: KnowledgeBase) -> None:
    for page in pages(knowledge):
        assert get_page(page.main.slug, knowledge) == page
    for slug in ("inconnue", "", "stage", knowledge.questions["other_communes"].slug):
        with pytest.raises(UnknownEntryError):
            get_page(slug, knowledge)


@pytest.mark.parametrize("holder", [*get_args(Holder), UNKNOWN])
@pytest.mark.parametrize("stage", [*get_args(Stage), UNKNOWN])
def test_everybody_reaches_the_end_in_at_most_nine_pages(stage: str, holder: str, knowledge: KnowledgeBase) -> None:
    seen = walk({"stage": [stage], "holder": [holder]}, knowledge)
    assert 6 <= len(seen) <= 9
    assert [page.main.id for page in seen if page.main.id in ("commune", "themes", "needs", "support")] == [
        "commune",
        "themes",
        "needs",
        "support",
    ]


def test_not_knowing_is_an_answer_to_every_question(knowledge: KnowledgeBase) -> None:
    answers = replay({page.main.id: [UNKNOWN] for page in pages(knowledge)}, knowledge)
    assert next_page(answers, knowledge) is None
    assert answers.dropped == ()


def test_who_knows_nothing_has_said_nothing(knowledge: KnowledgeBase) -> None:
    answers = replay({page.main.id: [UNKNOWN] for page in pages(knowledge)}, knowledge)
    assert answers.profile == Profile(legal_form="ne-sait-pas")  # a value of the contract, which is no answer either
    assert all(
        answers.profile.answer(name) is None for name in ("stage", "holder", "legal_form", "employees", "support")
    )


def test_an_answer_not_known_keeps_every_branch_open(knowledge: KnowledgeBase) -> None:
    answers = replay({"stage": [UNKNOWN], "holder": [UNKNOWN]}, knowledge)
    assert asked(answers, knowledge) == [page.main.id for page in pages(knowledge)]


@pytest.mark.parametrize(
    ("holder", "not_asked"),
    [
        ("association", {"legal_form"}),
        ("entreprise", {"legal_form", "budget_citoyen"}),
        ("collectivite", {"legal_form", "employees", "budget_citoyen"}),
        ("entreprise-ess", set()),
    ],
)
def test_each_holder_is_asked_only_what_makes_sense(holder: str, not_asked: set[str], knowledge: KnowledgeBase) -> None:
    reached = asked(replay({"stage": ["developpement"], "holder": [holder]}, knowledge), knowledge)
    assert {page.main.id for page in pages(knowledge)} - set(reached) == not_asked


@pytest.mark.parametrize(
    ("stage", "is_asked"), [("idee", False), ("emergence", False), ("creation", True), ("demarrage", True)]
)
def test_a_person_is_asked_about_employees_from_creation_on(
    stage: str, is_asked: bool, knowledge: KnowledgeBase
) -> None:
    assert ("employees" in asked(replay({"stage": [stage], "holder": ["citoyen"]}, knowledge), knowledge)) is is_asked


def test_answers_of_a_branch_no_longer_reachable_are_dropped(knowledge: KnowledgeBase) -> None:
    raw = {
        "stage": ["creation"],
        "holder": ["citoyen"],
        "legal_form": ["scic"],
        "employees": ["non"],
        "support": ["aucun"],
    }
    assert set(replay(raw, knowledge).values) == set(raw)
    changed = replay(raw | {"holder": ["collectivite"]}, knowledge)
    assert set(changed.values) == {"stage", "holder", "support"}


def test_the_order_of_the_query_string_does_not_matter(knowledge: KnowledgeBase) -> None:
    raw = {"stage": ["creation"], "holder": ["citoyen"], "legal_form": ["scic"], "needs": ["financer", "etre-ecoute"]}
    turned = {name: list(reversed(values)) for name, values in reversed(raw.items())}
    assert replay(turned, knowledge) == replay(raw, knowledge)
    assert replay(turned, knowledge).pairs == replay(raw, knowledge).pairs


def test_an_old_link_survives_a_change_of_the_questionnaire(knowledge: KnowledgeBase) -> None:
    raw = {"stage": ["reve"], "couleur": ["bleu"], "holder": ["citoyen"], "needs": ["financer", "disparu"]}
    answers = replay(raw, knowledge)
    assert answers.profile == Profile(holder="citoyen", needs=("financer",))
    assert answers.dropped == ("stage", "needs", "couleur")
    page = next_page(answers, knowledge)
    assert page is not None
    assert page.main.id == "stage"  # the answer that means nothing any more is asked again


@pytest.mark.parametrize(
    "raw",
    [
        {"stage": ["idee", "creation"]},
        {"commune": ["62041", "62193"]},
        {"commune": ["59350"]},
        {"legal_form": [UNKNOWN, "scic"], "holder": ["citoyen"]},
        {"needs": [UNKNOWN, "financer"]},
    ],
)
def test_answers_that_contradict_one_another_are_put_aside_and_said(
    raw: dict[str, list[str]], knowledge: KnowledgeBase
) -> None:
    answers = replay(raw, knowledge)
    assert len(answers.dropped) == 1
    assert all(UNKNOWN not in values for values in answers.values.values())


def test_a_value_given_twice_counts_once_and_a_blank_one_not_at_all(knowledge: KnowledgeBase) -> None:
    answers = replay({"needs": ["financer", "financer", ""], "stage": [""]}, knowledge)
    assert answers.values == {"needs": ("financer",)}
    assert answers.dropped == ()


def test_several_communes_keep_the_order_in_which_they_were_named(knowledge: KnowledgeBase) -> None:
    answers = replay({"commune": ["62041"], "other_communes": ["62765", "62193", "62765"]}, knowledge)
    assert answers.profile.other_communes == ("62765", "62193")


def test_a_companion_alone_does_not_answer_the_page(knowledge: KnowledgeBase) -> None:
    raw = {page.main.id: [UNKNOWN] for page in pages(knowledge)} | {"budget_citoyen": ["non"]}
    del raw["commune"]
    page = next_page(replay(raw | {"other_communes": ["62193"]}, knowledge), knowledge)
    assert page is not None
    assert page.main.id == "commune"


def test_one_page_can_be_answered_again_and_the_others_kept(knowledge: KnowledgeBase) -> None:
    answers = replay({"stage": ["idee"], "commune": ["62041"], "other_communes": ["62193"]}, knowledge)
    page = get_page("commune", knowledge)
    assert answers.without(page.questions).pairs == [("stage", "idee")]


def test_a_question_knows_its_values(knowledge: KnowledgeBase) -> None:
    assert set(known_values(knowledge.questions["needs"], knowledge)) == set(knowledge.needs)
    assert set(known_values(knowledge.questions["supported_by"], knowledge)) == set(knowledge.structures)
    assert set(known_values(knowledge.questions["commune"], knowledge)) == set(knowledge.territory.communes)
    assert set(known_values(knowledge.questions["stage"], knowledge)) == set(get_args(Stage))


def test_a_profile_comes_back_as_the_answers_that_make_it(knowledge: KnowledgeBase) -> None:
    profile = Profile(stage="idee", holder="citoyen", legal_form="aucune", commune="62041", needs=("financer",))
    assert answers_of(profile, knowledge).profile == profile


def test_a_form_that_wins_over_the_holder_is_not_lost_on_the_way_to_the_questionnaire(knowledge: KnowledgeBase) -> None:
    # The API accepts a company that is a cooperative; the questionnaire must not turn it back into another company.
    profile = Profile(stage="developpement", holder="entreprise", legal_form="scop")
    assert answers_of(profile, knowledge).profile.carrier == profile.carrier


@st.composite
def query_strings(draw: st.DrawFn, knowledge: KnowledgeBase) -> dict[str, list[str]]:
    """Anything a link may hold: good answers, forged ones, several at once, names of no question."""
    raw = {}
    for question in knowledge.questions.values():
        good = st.sampled_from(sorted(known_values(question, knowledge)))
        values = st.lists(st.one_of(good, good, st.just(UNKNOWN), st.text(max_size=5)), max_size=4)
        raw[question.id] = draw(values)
    return raw | draw(st.dictionaries(st.text(max_size=5), st.lists(st.text(max_size=5), max_size=2), max_size=2))


@given(data=st.data())
def test_whatever_the_link_holds_its_replay_is_a_valid_profile_and_stays_the_same(
    data: st.DataObject, knowledge: KnowledgeBase
) -> None:
    answers = replay(data.draw(query_strings(knowledge)), knowledge)
    again: dict[str, list[str]] = {}
    for name, value in answers.pairs:
        again.setdefault(name, []).append(value)
    assert replay(again, knowledge) == Answers(answers.values)
    profile = answers.profile
    assert read_profile(profile.model_dump(mode="json"), knowledge) == profile
    assert answers_of(profile, knowledge).profile == profile
    reached = {question.id for page in reachable_pages(answers, knowledge) for question in page.questions}
    assert set(answers.values) <= reached
