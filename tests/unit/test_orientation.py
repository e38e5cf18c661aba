"""The orientation, by examples: who is sent where, why, what remains to be checked, and what is not open and why."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from guide.content.base import KnowledgeBase
from guide.content.models import Entry
from guide.orientation import Path, Proposal, propose
from guide.profile import Profile
from guide.text import capitalise

ON = date(2026, 11, 22)

# Most examples stand on a small base written here, so that the proofreading of the real one breaks none of them.


def card(identifier: str, **changes: Any) -> Entry:
    """An entry open to everybody, that answers "financer" well unless told otherwise."""
    plain = {
        "id": identifier,
        "kind": "structure",
        "name": f"Structure {identifier}",
        "short_name": f"la structure {identifier}",
        "lexicon": ["mot"] * 8,
        "heard": ["Une phrase."] * 3,
        "family": "financement",
        "summary": "Une structure inventée pour un test.",
        "does": ["Aide."],
        "does_not": ["Ne fait pas tout."],
        "audience": "Tout le monde.",
        "when_to_call": ["Vous essayez.", "Vous recommencez."],
        "stages": ["idee", "emergence", "creation", "demarrage", "developpement", "difficulte"],
        "needs": needs(financer="main"),
        "territory": {"everywhere": True},
        "availability": {"status": "open"},
        "cost": None,
        "calendar": None,
        "how_to_enter": "Appeler.",
        "prepare": ["Rien."],
        "contact": {"through": "mission-ess"},
        "sources": [{"title": "Un test"}],
        "verified_on": "2026-11-22",
        "review_by": "2027-05-22",
        "confidence": "confirmed",
    }
    return Entry.model_validate(plain | changes)


def needs(**doors: str) -> dict[str, dict[str, str]]:
    return {need: {"door": door, "because": f"elle aide à {need}"} for need, door in doors.items()}


def rule(*values: str, **later: str) -> dict[str, Any]:
    return {
        "values": values,
        "otherwise": "Pas pour vous.",
        "unlock": "Un jour.",
        "check": "À vérifier.",
        "later": later,
    }


def base_of(knowledge: KnowledgeBase, *cards: Entry) -> KnowledgeBase:
    """A base that holds these cards only: the first three are also its open doors."""
    doors = {entry.id: "elle écoute" for entry in cards[:3]}
    order = knowledge.order.model_copy(update={"open_doors": doors})
    return replace(knowledge, structures={entry.id: entry for entry in cards}, dispositifs={}, order=order)


def proposed(path: Path) -> list[str]:
    return [proposal.entry.id for proposal in path.proposals]


def find(path: Path, identifier: str) -> Proposal:
    return next(proposal for proposal in path.proposals if proposal.entry.id == identifier)


LABEL = ("parcours-implication-usagers", "parcours-richesses-humaines", "parcours-transition-environnementale")


@pytest.mark.parametrize("answer", ["non", "candidat", "non-retenu", "ne-connais-pas"])
def test_a_holder_without_label_is_told_how_to_get_one(answer: str, knowledge: KnowledgeBase) -> None:
    profile = Profile(
        stage="developpement",
        holder="association",
        budget_citoyen=answer,
        needs=("impliquer-usagers", "ressources-humaines", "transition-ecologique"),
    )
    path = propose(profile, knowledge, ON)
    told = {item.entry.id: item for item in path.not_available}
    for identifier in LABEL:
        assert identifier not in proposed(path)
        assert told[identifier].criterion == "budget_citoyen"
        rule_of_the_card = knowledge.dispositifs[identifier].requires["budget_citoyen"]
        assert (told[identifier].reason, told[identifier].unlock) == (
            rule_of_the_card.otherwise,
            rule_of_the_card.unlock,
        )
        assert told[identifier].unlock


def test_a_labelled_holder_is_offered_the_parcours_of_its_need(knowledge: KnowledgeBase) -> None:
    profile = Profile(
        stage="developpement", holder="association", budget_citoyen="labellise", needs=("impliquer-usagers",)
    )
    path = propose(profile, knowledge, ON)
    assert "parcours-implication-usagers" in proposed(path)
    assert "parcours-implication-usagers" not in {item.entry.id for item in path.not_available}


def test_a_label_not_said_leaves_the_parcours_to_be_checked(knowledge: KnowledgeBase) -> None:
    profile = Profile(stage="developpement", holder="association", needs=("impliquer-usagers",))
    parcours = find(propose(profile, knowledge, ON), "parcours-implication-usagers")
    assert "budget_citoyen" in {check.criterion for check in parcours.checks}


def test_the_dla_waits_for_the_first_employee(knowledge: KnowledgeBase) -> None:
    profile = Profile(stage="demarrage", holder="association", employees="oui", needs=("consolider-emplois",))
    assert find(propose(profile, knowledge, ON), "dla").when != "later"
    soon = find(propose(profile.with_answers(employees="bientot"), knowledge, ON), "dla")
    assert soon.when == "later"
    assert soon.after == knowledge.dispositifs["dla"].requires["employees"].later["bientot"]
    never = propose(profile.with_answers(employees="non"), knowledge, ON)
    assert "dla" not in proposed(never)
    assert "employees" in {item.criterion for item in never.not_available if item.entry.id == "dla"}


@pytest.mark.parametrize("support", ["aucun", "un-peu"])
def test_a_person_whom_nobody_follows_is_offered_the_follow_up(support: str, knowledge: KnowledgeBase) -> None:
    profile = Profile(stage="idee", holder="citoyen", support=support, needs=("etre-ecoute",))
    assert "suivi-hors-reseaux" in proposed(propose(profile, knowledge, ON))


def test_a_person_already_followed_is_told_why_the_follow_up_is_for_others(knowledge: KnowledgeBase) -> None:
    profile = Profile(stage="idee", holder="citoyen", support="reseau", needs=("etre-ecoute",))
    path = propose(profile, knowledge, ON)
    assert "suivi-hors-reseaux" not in proposed(path)
    assert {item.criterion for item in path.not_available if item.entry.id == "suivi-hors-reseaux"} == {"support"}


@pytest.mark.parametrize(
    ("answers", "open_to_it"),
    [
        ({"holder": "association"}, True),
        ({"holder": "association", "legal_form": "scop"}, False),
        ({"holder": "association", "legal_form": "autre"}, False),
        ({"holder": "entreprise", "legal_form": "association"}, True),
        ({"holder": "citoyen", "legal_form": "association", "stage": "demarrage"}, True),
        ({"holder": "citoyen", "legal_form": "association", "stage": "idee"}, False),
    ],
)
def test_the_legal_form_wins_over_the_holder(
    answers: dict[str, str], open_to_it: bool, knowledge: KnowledgeBase
) -> None:
    fund = card("fonds", requires={"holder": rule("association")})
    base = base_of(knowledge, card("une"), card("deux"), card("trois"), fund)
    path = propose(Profile(needs=("financer",), **answers), base, ON)
    # Ruled out or not, and not how high: a card may give way to three others.
    refused = {item.entry.id: item.criterion for item in path.not_available}
    assert refused == ({} if open_to_it else {"fonds": "holder"})


def test_an_answer_not_given_becomes_a_check_and_never_a_refusal(knowledge: KnowledgeBase) -> None:
    strict = card(
        "stricte",
        requires={
            name: rule(value)
            for name, value in {
                "stage": "difficulte",
                "holder": "collectivite",
                "legal_form": "scic",
                "employees": "oui",
                "budget_citoyen": "labellise",
                "support": "reseau",
            }.items()
        },
    )
    path = propose(Profile(needs=("financer",), legal_form="ne-sait-pas"), base_of(knowledge, strict), ON)
    assert path.not_available == ()
    assert [check.criterion for check in path.proposals[0].checks] == [
        "stage",
        "holder",
        "legal_form",
        "employees",
        "budget_citoyen",
        "support",
    ]


def test_a_commune_and_a_field_not_said_become_checks(knowledge: KnowledgeBase) -> None:
    local = card("locale", territory={"epcis": ["epci-arras"]})
    specialist = card("specialiste", themes={"sport": "elle connaît le sport"})
    path = propose(Profile(needs=("financer",)), base_of(knowledge, local, specialist), ON)
    assert [check.criterion for check in find(path, "locale").checks] == ["commune"]
    assert [check.criterion for check in find(path, "specialiste").checks] == ["themes"]


def test_a_local_structure_is_proposed_only_where_it_acts(knowledge: KnowledgeBase) -> None:
    arras = card("arras", territory={"epcis": ["epci-arras"]})
    calais = card("calais", territory={"epcis": ["epci-calais"]})
    base = base_of(knowledge, arras, calais)
    path = propose(Profile(needs=("financer",), commune="62041"), base, ON)
    assert proposed(path) == ["arras"]
    assert path.not_available == ()  # another territory is nothing that one can unlock
    assert [epci.id for epci in path.epcis] == ["epci-arras"]


def test_a_project_over_two_territories_is_offered_the_structures_of_both(knowledge: KnowledgeBase) -> None:
    arras = card("arras", territory={"epcis": ["epci-arras"]})
    calais = card("calais", territory={"epcis": ["epci-calais"]})
    profile = Profile(needs=("financer",), commune="62041", other_communes=("62193",))
    path = propose(profile, base_of(knowledge, arras, calais), ON)
    places = {item.entry.id: (item.reasons[-1].criterion, item.reasons[-1].value) for item in path.proposals}
    assert places == {"arras": ("commune", "62041"), "calais": ("other_communes", "62193")}


def test_a_specialist_is_proposed_only_for_its_field(knowledge: KnowledgeBase) -> None:
    sport = card("sport", themes={"sport": "elle connaît le sport"})
    culture = card("culture", themes={"culture": "elle connaît la culture"})
    base = base_of(knowledge, sport, culture, card("toutes"))
    path = propose(Profile(needs=("financer",), themes=("sport",)), base, ON)
    assert set(proposed(path)) == {"sport", "toutes"}


def test_a_specialist_is_not_proposed_to_a_project_of_another_field_still(knowledge: KnowledgeBase) -> None:
    # "Autre chose" is an answer: the person has read the list of fields, sport included.
    sport = card("sport", themes={"sport": "elle connaît le sport"})
    path = propose(Profile(needs=("financer",), themes=("autre",)), base_of(knowledge, sport, card("toutes")), ON)
    assert proposed(path) == ["toutes"]


def test_who_already_supports_the_person_is_not_proposed_as_new(knowledge: KnowledgeBase) -> None:
    base = base_of(knowledge, card("une"), card("deux"))
    assert set(proposed(propose(Profile(needs=("financer",)), base, ON))) == {"une", "deux"}
    assert proposed(propose(Profile(needs=("financer",), supported_by=("une",)), base, ON)) == ["deux"]
    assert proposed(propose(Profile(supported_by=("une",)), base, ON)) == ["deux"]  # nor as an open door


def test_what_comes_too_soon_is_for_later_and_says_when(knowledge: KnowledgeBase) -> None:
    grown = card("grande", stages=["demarrage", "developpement"])
    base = base_of(knowledge, grown, card("toutes", needs=needs(financer="extra")))
    path = propose(Profile(stage="idee", needs=("financer",)), base, ON)
    assert [(item.entry.id, item.when) for item in path.proposals] == [("toutes", "first"), ("grande", "later")]
    assert find(path, "grande").after
    assert find(propose(Profile(stage="demarrage", needs=("financer",)), base, ON), "grande").when == "first"


def test_a_structure_in_difficulty_is_never_told_to_come_back_later(knowledge: KnowledgeBase) -> None:
    grown = card("grande", stages=["developpement"])
    path = propose(Profile(stage="difficulte", needs=("financer",)), base_of(knowledge, grown), ON)
    assert path.proposals[0].when == "first"


@pytest.mark.parametrize("status", ["unconfirmed", "between_sessions", "full"])
def test_a_door_not_surely_open_is_proposed_with_a_check(status: str, knowledge: KnowledgeBase) -> None:
    base = base_of(knowledge, card("une", availability={"status": status}), card("deux"))
    path = propose(Profile(needs=("financer",)), base, ON)
    assert [check.criterion for check in find(path, "une").checks] == ["availability"]
    assert find(path, "deux").checks == ()
    assert proposed(path) == ["deux", "une"]  # as good, but surely open


def test_a_reason_quotes_the_answer_that_it_meets(knowledge: KnowledgeBase) -> None:
    une = card("une", fits={"support": {"aucun": {"door": "relay", "because": "elle écoute les personnes isolées"}}})
    path = propose(Profile(needs=("financer",), support="aucun"), base_of(knowledge, une), ON)
    reasons = {(reason.criterion, reason.value): reason.text for reason in path.proposals[0].reasons}
    assert set(reasons) == {("needs", "financer"), ("support", "aucun")}
    assert reasons["needs", "financer"].startswith(capitalise(knowledge.needs["financer"].said))
    assert reasons["needs", "financer"].endswith("elle aide à financer.")


def test_a_profile_that_says_nothing_is_shown_the_open_doors(knowledge: KnowledgeBase) -> None:
    path = propose(Profile(), knowledge, ON)
    assert len(path.proposals) == 3
    assert {(reason.criterion, reason.value) for item in path.proposals for reason in item.reasons} == {
        ("open_door", None)
    }
    assert path.not_available == ()
    assert path.proposals[0].when == "first"


def test_when_all_that_fits_comes_later_a_door_open_today_is_first(knowledge: KnowledgeBase) -> None:
    listener = card("ecoute", needs={})
    families = {"financer": "financement", "communiquer": "ateliers", "se-former": "reseau"}
    grown = [
        card(f"grande-{need}", stages=["developpement"], family=family, needs=needs(**{need: "main"}))
        for need, family in families.items()
    ]
    path = propose(Profile(stage="idee", needs=tuple(families)), base_of(knowledge, listener, *grown), ON)
    assert (path.proposals[0].entry.id, path.proposals[0].when) == ("ecoute", "first")


def test_a_real_need_is_answered_before_the_open_doors(knowledge: KnowledgeBase) -> None:
    base = base_of(knowledge, card("a", needs={}), card("b", needs={}), card("c", needs={}), card("banque"))
    path = propose(Profile(needs=("financer",)), base, ON)
    assert proposed(path) == ["banque", "a", "b"]


def test_ten_doors_to_the_same_room_are_not_ten_cards(knowledge: KnowledgeBase) -> None:
    base = base_of(knowledge, *(card(f"banque-{number}") for number in range(10)))
    assert 3 <= len(propose(Profile(needs=("financer",)), base, ON).proposals) < 5


def test_five_financers_do_not_hide_an_equal_door_of_another_kind(knowledge: KnowledgeBase) -> None:
    financers = [card(f"banque-{number}") for number in range(5)]
    base = base_of(knowledge, *financers, card("ecoute", family="accueil"))
    for day in range(10):  # whatever the draw among equals
        assert "ecoute" in proposed(propose(Profile(needs=("financer",)), base, ON + timedelta(days=day)))


def test_many_needs_make_eight_cards_at_most(knowledge: KnowledgeBase) -> None:
    cards = [card(need, needs={need: {"door": "main", "because": "elle aide"}}) for need in knowledge.needs]
    path = propose(Profile(needs=tuple(knowledge.needs)), base_of(knowledge, *cards), ON)
    assert len(path.proposals) == 8


def test_two_equal_doors_take_turns_but_stay_put_for_the_same_answers_on_the_same_day(knowledge: KnowledgeBase) -> None:
    base = base_of(knowledge, card("une"), card("autre"))
    profile = Profile(needs=("financer",))
    assert propose(profile, base, ON) == propose(profile, base, ON)
    firsts = [proposed(propose(profile, base, ON + timedelta(days=day)))[0] for day in range(60)]
    assert 10 < firsts.count("une") < 50  # fair enough: a coin tossed 60 times falls outside once in ten million


def test_a_better_door_is_first_whatever_the_day(knowledge: KnowledgeBase) -> None:
    base = base_of(knowledge, card("bonne"), card("appoint", needs=needs(financer="extra")))
    days = [propose(Profile(needs=("financer",)), base, ON + timedelta(days=day)) for day in range(20)]
    assert {tuple(proposed(path)) for path in days} == {("bonne", "appoint")}


def test_the_path_echoes_its_date_and_its_profile(knowledge: KnowledgeBase) -> None:
    profile = Profile(stage="idee", commune="62041", needs=("financer",))
    path = propose(profile, knowledge, ON)
    assert (path.on, path.profile) == (ON, profile)
    assert [epci.id for epci in path.epcis] == ["epci-arras"]


def test_what_is_refused_without_answering_anything_is_not_listed(knowledge: KnowledgeBase) -> None:
    other = card("hors-sujet", needs=needs(communiquer="main"), requires={"employees": rule("oui")})
    path = propose(Profile(needs=("financer",), employees="non"), base_of(knowledge, card("une"), other), ON)
    assert path.not_available == ()


def test_the_most_useful_refusal_comes_first(knowledge: KnowledgeBase) -> None:
    asked = {"requires": {"employees": rule("oui")}}
    little = card("peu", needs=needs(financer="extra"), **asked)
    much = card("beaucoup", needs=needs(financer="main"), **asked)
    path = propose(Profile(needs=("financer",), employees="non"), base_of(knowledge, little, much), ON)
    assert [item.entry.id for item in path.not_available] == ["beaucoup", "peu"]
