"""The profile: what the contract accepts, what it refuses and why, and what follows from the answers."""

from typing import Any

import pytest

from guide.content.base import KnowledgeBase
from guide.errors import AnswerProblem, InvalidAnswersError
from guide.profile import Profile, read_profile

EVERYTHING: dict[str, Any] = {
    "stage": "idee",
    "holder": "citoyen",
    "legal_form": "aucune",
    "employees": "non",
    "commune": "62041",
    "other_communes": ["62193"],
    "themes": ["culture"],
    "needs": ["financer", "etre-ecoute"],
    "budget_citoyen": "non",
    "support": "aucun",
    "supported_by": ["apes"],
}


def problems(raw: dict[str, Any], knowledge: KnowledgeBase) -> list[AnswerProblem]:
    with pytest.raises(InvalidAnswersError) as refusal:
        read_profile(raw, knowledge)
    return refusal.value.problems


def test_a_full_profile_is_read_as_the_contract_writes_it(knowledge: KnowledgeBase) -> None:
    assert read_profile(EVERYTHING, knowledge).model_dump(mode="json") == EVERYTHING


def test_an_empty_profile_is_valid(knowledge: KnowledgeBase) -> None:
    assert read_profile({}, knowledge) == Profile()


def test_null_means_not_said_in_every_field(knowledge: KnowledgeBase) -> None:
    assert read_profile(dict.fromkeys(Profile.model_fields), knowledge) == Profile()


def test_every_structure_may_be_named_as_already_met(knowledge: KnowledgeBase) -> None:
    # The contract sets no other limit than "known, and each once".
    raw = {"supported_by": sorted(knowledge.structures), "needs": sorted(knowledge.needs)}
    assert len(read_profile(raw, knowledge).supported_by) == len(knowledge.structures)


@pytest.mark.parametrize(
    ("raw", "pointer", "code"),
    [
        ({"stage": "reve"}, "/stage", "valeur-inconnue"),
        ({"stage": ["idee"]}, "/stage", "valeur-inconnue"),
        ({"holder": ""}, "/holder", "valeur-inconnue"),
        ({"employees": True}, "/employees", "valeur-inconnue"),
        ({"needs": ["financment"]}, "/needs/0", "valeur-inconnue"),
        ({"needs": ["financer", "argent"]}, "/needs/1", "valeur-inconnue"),
        ({"themes": ["cirque"]}, "/themes/0", "valeur-inconnue"),
        ({"supported_by": ["dla"]}, "/supported_by/0", "valeur-inconnue"),
        ({"commune": "62999"}, "/commune", "valeur-inconnue"),
        ({"commune": "Arras"}, "/commune", "valeur-inconnue"),
        ({"commune": ""}, "/commune", "valeur-inconnue"),
        ({"other_communes": ["62041", "62999"]}, "/other_communes/1", "valeur-inconnue"),
        ({"commune": 62041}, "/commune", "type-incorrect"),
        ({"commune": "x" * 10_000}, "/commune", "type-incorrect"),
        ({"needs": "financer"}, "/needs", "type-incorrect"),
        ({"needs": {"0": "financer"}}, "/needs", "type-incorrect"),
        ({"needs": [None]}, "/needs/0", "type-incorrect"),
        ({"needs": ["x" * 10_000]}, "/needs/0", "type-incorrect"),
        ({"needs": ["financer", "financer"]}, "/needs/1", "doublon"),
        ({"other_communes": ["62041", "62193", "62041"]}, "/other_communes/2", "doublon"),
        ({"besoins": []}, "/besoins", "champ-inconnu"),
        ({"commune": "59350"}, "/commune", "hors-departement"),
        ({"commune": "2A004"}, "/commune", "hors-departement"),
        ({"other_communes": ["62041", "80021"]}, "/other_communes/1", "hors-departement"),
    ],
)
def test_a_refused_answer_is_pointed_at(raw: dict[str, Any], pointer: str, code: str, knowledge: KnowledgeBase) -> None:
    (problem,) = problems(raw, knowledge)
    assert (problem.pointer, problem.code) == (pointer, code)
    assert problem.detail.endswith(".")


def test_a_pointer_escapes_the_signs_that_json_pointers_reserve(knowledge: KnowledgeBase) -> None:
    # RFC 6901: ~ is written ~0 and / is written ~1.
    (problem,) = problems({"a/b~c": 1}, knowledge)
    assert problem.pointer == "/a~1b~0c"


@pytest.mark.parametrize(
    ("raw", "known"),
    [
        ({"stage": "reve"}, "emergence"),
        ({"legal_form": "sarl"}, "ne-sait-pas"),
        ({"needs": ["argent"]}, "financer"),
        ({"themes": ["cirque"]}, "culture"),
        ({"supported_by": ["personne"]}, "apes"),
        ({"etape": "idee"}, "stage"),
    ],
)
def test_a_refused_answer_comes_with_those_that_are_known(
    raw: dict[str, Any], known: str, knowledge: KnowledgeBase
) -> None:
    (problem,) = problems(raw, knowledge)
    assert problem.known is not None
    assert known in problem.known


def test_every_problem_is_told_at_once(knowledge: KnowledgeBase) -> None:
    raw = {"stage": "reve", "couleur": "bleu", "needs": ["argent", "amour"], "commune": "59350", "themes": "culture"}
    pointers = {problem.pointer for problem in problems(raw, knowledge)}
    assert pointers == {"/stage", "/couleur", "/needs/0", "/needs/1", "/commune", "/themes"}


def test_a_mistyped_value_is_given_back_with_the_problem(knowledge: KnowledgeBase) -> None:
    assert [problem.value for problem in problems({"needs": ["argent", "amour"]}, knowledge)] == ["argent", "amour"]


@pytest.mark.parametrize(
    ("answers", "carrier"),
    [
        ({"holder": "citoyen"}, "citoyen"),
        ({"holder": "citoyen", "legal_form": "ne-sait-pas"}, "citoyen"),
        ({"holder": "citoyen", "legal_form": "aucune"}, "citoyen"),
        ({"holder": "entreprise", "legal_form": "association"}, "association"),
        ({"holder": "association", "legal_form": "scic"}, "entreprise-ess"),
        ({"holder": "association", "legal_form": "scop"}, "entreprise-ess"),
        ({"holder": "entreprise", "legal_form": "scop"}, "entreprise-ess"),
        ({"holder": "citoyen", "stage": "demarrage", "legal_form": "association"}, "association"),
        ({"holder": "association", "legal_form": "aucune"}, "collectif"),
        ({"legal_form": "association"}, "association"),
        ({"legal_form": "scic"}, "entreprise-ess"),
        ({}, None),
    ],
)
def test_the_legal_form_wins_over_the_holder(answers: dict[str, str], carrier: str | None) -> None:
    profile = Profile(**answers)
    assert profile.carrier == carrier
    assert profile.answer("holder") == carrier


def test_an_association_that_says_it_has_another_form_is_no_association() -> None:
    assert Profile(holder="association", legal_form="autre").carrier != "association"


@pytest.mark.parametrize("holder", ["citoyen", "collectif"])
@pytest.mark.parametrize("stage", ["idee", "emergence"])
def test_before_creation_a_form_is_an_aim_and_changes_nobody(stage: str, holder: str) -> None:
    assert Profile(stage=stage, holder=holder, legal_form="scic").carrier == holder


@pytest.mark.parametrize(
    ("support", "holder", "outside"),
    [
        ("aucun", "citoyen", True),
        ("un-peu", "association", True),
        ("reseau", "citoyen", False),
        (None, "citoyen", None),
        ("aucun", None, True),
        (None, None, None),
        ("aucun", "collectivite", False),
        (None, "collectivite", False),
    ],
)
def test_hors_reseau_is_computed_from_the_support(
    support: str | None, holder: str | None, outside: bool | None
) -> None:
    assert Profile(support=support, holder=holder).outside_networks is outside


def test_not_knowing_the_legal_form_is_no_answer_but_not_knowing_the_budget_citoyen_is_one() -> None:
    profile = Profile(legal_form="ne-sait-pas", budget_citoyen="ne-connais-pas")
    assert profile.answer("legal_form") is None
    assert profile.answer("budget_citoyen") == "ne-connais-pas"  # who has never heard of the label does not hold it


def test_an_association_has_the_form_of_an_association() -> None:
    assert Profile(holder="association").answer("legal_form") == "association"
    assert Profile(holder="entreprise-ess").answer("legal_form") is None


def test_communes_give_their_intercommunalities_each_once(knowledge: KnowledgeBase) -> None:
    profile = Profile(commune="62041", other_communes=("62193", "62041"))
    assert list(profile.epcis(knowledge)) == ["epci-arras", "epci-calais"]
    assert Profile().epcis(knowledge) == {}


def test_changing_an_answer_leaves_the_first_profile_alone() -> None:
    profile = Profile(stage="idee", needs=("financer",))
    changed = profile.with_answers(stage="creation")
    assert (profile.stage, changed.stage, changed.needs) == ("idee", "creation", ("financer",))
