"""What holds for every orientation, whatever the answers: profiles drawn from the vocabulary and the real communes."""

import csv
from collections import Counter
from datetime import date
from typing import Any, get_args

import pytest
import yaml
from hypothesis import assume, example, given
from hypothesis import strategies as st

from guide.content.base import KnowledgeBase
from guide.content.models import Entry
from guide.orientation import Path, Proposal, propose
from guide.profile import BudgetCitoyen, Employees, Holder, LegalForm, Profile, Stage, Support, read_profile
from guide.settings import ROOT
from guide.text import capitalise

KNOWLEDGE = ROOT / "knowledge"
# Read without the loader: a broken base must fail its own tests, not the collection of these.
NEEDS = sorted(path.stem for path in (KNOWLEDGE / "needs").glob("*.yaml"))
STRUCTURES = sorted(  # drafts aside: nobody may say that one helps
    path.stem
    for path in (KNOWLEDGE / "structures").glob("*.yaml")
    if not path.read_text(encoding="utf-8").startswith("published: false")
)
THEMES = sorted(yaml.safe_load((KNOWLEDGE / "questions" / "themes.yaml").read_text(encoding="utf-8"))["options"])
OPEN_DOORS = sorted(yaml.safe_load((KNOWLEDGE / "order.yaml").read_text(encoding="utf-8"))["open_doors"])
with (KNOWLEDGE / "territory" / "communes-62.csv").open(encoding="utf-8", newline="") as lines:
    COMMUNES = sorted(row["code_insee"] for row in csv.DictReader(lines))

TODAY = date(2026, 11, 22)
WHEN = ("first", "next", "later")
MOST_NEEDS = 8  # as many as there are cards

days = st.dates(date(2026, 1, 1), date(2029, 12, 31))


def one_of(values: Any) -> st.SearchStrategy[str | None]:
    return st.none() | st.sampled_from(get_args(values))


def some_of(values: list[str], most: int) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(values), unique=True, max_size=most)


# The doors open to all are the first that people have met: they weigh more than chance would give them.
met = some_of(STRUCTURES, 4) | some_of(sorted(set(OPEN_DOORS) & set(STRUCTURES)), 3)

raw_profiles = st.fixed_dictionaries(
    {},
    optional={
        "stage": one_of(Stage),
        "holder": one_of(Holder),
        "legal_form": one_of(LegalForm),
        "employees": one_of(Employees),
        "commune": st.none() | st.sampled_from(COMMUNES),
        "other_communes": some_of(COMMUNES, 3),
        "themes": some_of(THEMES, 3),
        "needs": some_of(NEEDS, MOST_NEEDS),
        "budget_citoyen": one_of(BudgetCitoyen),
        "support": one_of(Support),
        "supported_by": met,
    },
)


def orient(raw: dict[str, Any], knowledge: KnowledgeBase, on: date) -> Path:
    return propose(read_profile(raw, knowledge), knowledge, on)


def places(profile: Profile, knowledge: KnowledgeBase) -> set[str]:
    codes = [code for code in (profile.commune, *profile.other_communes) if code]
    return {knowledge.territory.communes[code].epci.id for code in codes}


def what_rules_out(entry: Entry, profile: Profile, knowledge: KnowledgeBase) -> str | None:
    """Name the answer that rules an entry out, read from the contract and not from the engine."""
    for criterion, rule in entry.requires.items():
        answer = profile.answer(criterion)
        if answer is not None and answer not in (*rule.values, *rule.later):
            return criterion
    here = places(profile, knowledge)
    if here and entry.territory.epcis and not here & set(entry.territory.epcis):
        return "commune"
    if profile.themes and entry.themes and not set(profile.themes) & set(entry.themes):
        return "themes"
    return None


@given(raw=raw_profiles, on=days)
@example(raw={"themes": ["autre"], "needs": ["rencontrer-pairs", "se-former"]}, on=TODAY)
def test_nothing_that_a_known_answer_rules_out_is_proposed(
    raw: dict[str, Any], on: date, knowledge: KnowledgeBase
) -> None:
    path = orient(raw, knowledge, on)
    ruled_out = {
        item.entry.id: why
        for item in path.proposals
        if (why := what_rules_out(item.entry, path.profile, knowledge)) is not None
    }
    assert ruled_out == {}


@given(raw=raw_profiles, on=days)
def test_what_is_not_available_is_ruled_out_by_an_answer_and_by_the_one_it_names(
    raw: dict[str, Any], on: date, knowledge: KnowledgeBase
) -> None:
    path = orient(raw, knowledge, on)
    for item in path.not_available:
        rule = item.entry.requires[item.criterion]
        answer = path.profile.answer(item.criterion)
        assert answer is not None
        assert answer not in (*rule.values, *rule.later)
        assert (item.reason, item.unlock) == (rule.otherwise, rule.unlock)


@given(raw=raw_profiles, on=days)
def test_what_is_proposed_and_what_is_not_available_never_meet(
    raw: dict[str, Any], on: date, knowledge: KnowledgeBase
) -> None:
    path = orient(raw, knowledge, on)
    shown = [item.entry.id for item in (*path.proposals, *path.not_available)]
    assert len(shown) == len(set(shown))


@given(raw=raw_profiles, on=days)
def test_who_already_supports_the_person_is_never_proposed(
    raw: dict[str, Any], on: date, knowledge: KnowledgeBase
) -> None:
    path = orient(raw, knowledge, on)
    assert {item.entry.id for item in path.proposals} & set(path.profile.supported_by) == set()


@given(raw=raw_profiles, on=days)
@example(raw={"holder": "entreprise", "supported_by": ["apes", "cress-hdf", "mission-ess"]}, on=TODAY)
def test_there_are_three_to_eight_proposals(raw: dict[str, Any], on: date, knowledge: KnowledgeBase) -> None:
    assert 3 <= len(orient(raw, knowledge, on).proposals) <= 8


@given(raw=raw_profiles, on=days)
def test_ranks_count_from_one_and_when_never_goes_backwards(
    raw: dict[str, Any], on: date, knowledge: KnowledgeBase
) -> None:
    proposals = orient(raw, knowledge, on).proposals
    assert [item.rank for item in proposals] == list(range(1, len(proposals) + 1))
    moments = [WHEN.index(item.when) for item in proposals]
    assert moments == sorted(moments)
    assert all(item.when != "first" for item in proposals[1:])


@given(raw=raw_profiles, on=days)
def test_there_is_one_clear_first_door(raw: dict[str, Any], on: date, knowledge: KnowledgeBase) -> None:
    assert orient(raw, knowledge, on).proposals[0].when == "first"


@given(raw=raw_profiles, on=days)
def test_only_what_comes_later_names_what_it_comes_after(
    raw: dict[str, Any], on: date, knowledge: KnowledgeBase
) -> None:
    for item in orient(raw, knowledge, on).proposals:
        assert bool(item.after) == (item.when == "later")


@given(raw=raw_profiles, on=days)
def test_scores_are_shares_of_the_best_one(raw: dict[str, Any], on: date, knowledge: KnowledgeBase) -> None:
    scores = [item.score for item in orient(raw, knowledge, on).proposals]
    assert max(scores) == 1.0
    assert min(scores) > 0.0


@given(raw=raw_profiles, on=days)
def test_the_same_answers_on_the_same_day_give_the_same_path(
    raw: dict[str, Any], on: date, knowledge: KnowledgeBase
) -> None:
    path = orient(raw, knowledge, on)
    assert orient(raw, knowledge, on) == path
    # By way of the API and back, null for what was not said: still the same.
    assert orient(path.profile.model_dump(mode="json"), knowledge, on) == path


def is_true(item: Proposal, criterion: str, value: str | None, profile: Profile, knowledge: KnowledgeBase) -> bool:
    entry = item.entry
    if criterion == "open_door":
        return value is None and entry.id in knowledge.order.open_doors
    assert value is not None
    if criterion == "needs":
        return value in profile.needs and value in entry.needs
    if criterion == "themes":
        return value in profile.themes and (value in entry.themes or value in entry.fits.get("themes", ()))
    if criterion == "commune":
        return value == profile.commune and knowledge.territory.communes[value].epci.id in entry.territory.epcis
    if criterion == "other_communes":
        return value in profile.other_communes and knowledge.territory.communes[value].epci.id in entry.territory.epcis
    cared_for = (
        *entry.fits.get(criterion, ()),
        *(entry.requires[criterion].values if criterion in entry.requires else ()),
    )
    return value == profile.answer(criterion) and value in cared_for


@given(raw=raw_profiles, on=days)
def test_every_reason_is_true_of_the_person_and_of_the_card(
    raw: dict[str, Any], on: date, knowledge: KnowledgeBase
) -> None:
    path = orient(raw, knowledge, on)
    for item in path.proposals:
        assert item.reasons
        for reason in item.reasons:
            assert is_true(item, reason.criterion, reason.value, path.profile, knowledge), (item.entry.id, reason)


@given(raw=raw_profiles, on=days)
def test_every_reason_is_a_sentence_that_quotes_the_person(
    raw: dict[str, Any], on: date, knowledge: KnowledgeBase
) -> None:
    for item in orient(raw, knowledge, on).proposals:
        for reason in item.reasons:
            assert reason.text.endswith(".")
            assert not reason.text.endswith("..")
            if reason.criterion in ("commune", "other_communes"):
                assert knowledge.territory.communes[reason.value or ""].at in reason.text
            elif reason.value is not None:
                assert reason.text.startswith(capitalise(knowledge.said(reason.criterion, reason.value)))


@given(raw=raw_profiles, on=days)
def test_every_rule_whose_answer_is_missing_is_to_be_checked(
    raw: dict[str, Any], on: date, knowledge: KnowledgeBase
) -> None:
    path = orient(raw, knowledge, on)
    for item in path.proposals:
        checked = [check.criterion for check in item.checks]
        missing = {criterion for criterion in item.entry.requires if path.profile.answer(criterion) is None}
        if item.entry.territory.epcis and not places(path.profile, knowledge):
            missing.add("commune")
        if item.entry.themes and not path.profile.themes:
            missing.add("themes")
        assert missing <= set(checked)
        assert len(checked) == len(set(checked))
        # And nothing that the person has answered is asked again; "availability" is no question.
        said = {name for name, value in path.profile.model_dump().items() if value and value != "ne-sait-pas"}
        assert not said & set(checked)


@given(raw=raw_profiles, on=days, forgotten=st.sampled_from(["stage", "holder", "legal_form", "employees", "support"]))
def test_not_knowing_an_answer_never_rules_anything_out(
    raw: dict[str, Any], on: date, forgotten: str, knowledge: KnowledgeBase
) -> None:
    path = orient(raw | {forgotten: None}, knowledge, on)
    if path.profile.answer(forgotten) is None:  # another answer may imply it: a cooperative form, its holder
        assert forgotten not in {item.criterion for item in path.not_available}


def main_doors_here_and_now(need: str, profile: Profile, knowledge: KnowledgeBase) -> set[str]:
    """The main doors of a need that are open to this person today, whatever else the person needs.

    Surely open, known better than by a mention, made for this stage, with no rule unmet, and neither the place nor the
    field left to guess: whatever the weights of the rule, nothing may be a better door than the best of these.
    """
    return {
        entry.id
        for entry in knowledge.entries.values()
        if need in entry.needs
        and entry.needs[need].door == "main"
        and entry.availability.status == "open"
        and entry.confidence != "mention"
        and profile.stage in (None, *entry.stages)
        and what_rules_out(entry, profile, knowledge) is None
        and not any(profile.answer(criterion) in rule.later for criterion, rule in entry.requires.items())
        and (entry.territory.everywhere or places(profile, knowledge))
        and (not entry.themes or set(profile.themes) & set(entry.themes))
        and entry.id not in profile.supported_by
    }


@given(raw=raw_profiles, added=st.sampled_from(NEEDS), place=st.integers(0, MOST_NEEDS), on=days)
def test_adding_a_need_never_removes_the_best_door_of_any_need(
    raw: dict[str, Any], added: str, place: int, on: date, knowledge: KnowledgeBase
) -> None:
    """Up to eight needs, each keeps a main door that can be pushed today, wherever the new one is ticked.

    Which of several main doors may change: ties are drawn again for other answers. When a need has one only, it stays.
    """
    before = raw.get("needs", [])
    assume(added not in before and len(before) < MOST_NEEDS)
    path = orient(raw | {"needs": [*before[:place], added, *before[place:]]}, knowledge, on)
    now = {item.entry.id: item.entry for item in path.proposals if item.when != "later"}
    for need in path.profile.needs:
        if main_doors_here_and_now(need, path.profile, knowledge):
            kept = [entry.id for entry in now.values() if need in entry.needs and entry.needs[need].door == "main"]
            assert kept, f"« {need} » n'a plus de porte principale : {sorted(now)}"


@given(raw=raw_profiles, added=st.sampled_from(NEEDS), on=days)
def test_adding_a_need_never_leaves_unanswered_a_need_that_was_answered(
    raw: dict[str, Any], added: str, on: date, knowledge: KnowledgeBase
) -> None:
    before = orient(raw, knowledge, on)
    assume(added not in before.profile.needs and len(before.profile.needs) < MOST_NEEDS)
    after = orient(raw | {"needs": [*before.profile.needs, added]}, knowledge, on)
    assert answered(before) <= answered(after)


def answered(path: Path) -> set[str | None]:
    return {reason.value for item in path.proposals for reason in item.reasons if reason.criterion == "needs"}


@pytest.mark.parametrize("need", NEEDS)
def test_a_need_alone_is_answered_for_every_holder_at_every_stage(need: str, knowledge: KnowledgeBase) -> None:
    # Where fewest local structures act. Public bodies are left out: some needs are met by their own services.
    served = Counter(epci for entry in knowledge.entries.values() for epci in entry.territory.epcis)
    poorest = min(COMMUNES, key=lambda code: served[knowledge.territory.communes[code].epci.id])
    unanswered = [
        (holder, stage)
        for holder in sorted({*get_args(Holder)} - {"collectivite"})
        for stage in get_args(Stage)
        if need
        not in answered(
            orient({"holder": holder, "stage": stage, "commune": poorest, "needs": [need]}, knowledge, TODAY)
        )
    ]
    assert unanswered == []
