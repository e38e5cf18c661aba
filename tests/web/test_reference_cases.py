"""What advisers say of an orientation becomes a reference case: two clicks, no personal data, replayed by the bench."""

import json

import pytest

from benchmarks import bench
from guide.content.base import KnowledgeBase
from guide.models import JournalLine, ReferenceCase
from guide.models.journal import LineKind
from guide.orientation import propose
from guide.profile import read_profile
from tests.web.pages import plain
from tests.web.team import READER, Colleague, Team
from tests.web.test_staff_desk import PROFILE, ask, kept


@pytest.fixture
def reference(team: Team, knowledge: KnowledgeBase) -> str:
    return ask(team, knowledge)


@pytest.fixture
def officer(team: Team) -> Colleague:
    return team.signed_in()


def say(officer: Colleague, reference: str, right: str | None = None) -> str:
    page = officer.open(f"/equipe/dossiers/{reference}")
    good, other = page.forms(f"/equipe/dossiers/{reference}/orientation")
    return officer.send(other.choose("right", right) if right else good).text


def export(team: Team) -> list[dict[str, object]]:
    result = team.app.test_cli_runner().invoke(args=["knowledge", "cases"])
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in team.settings.cases.read_text(encoding="utf-8").splitlines()]


def test_a_good_orientation_is_one_click_and_names_the_first_door(
    team: Team, officer: Colleague, reference: str, knowledge: KnowledgeBase
) -> None:
    first = propose(PROFILE, knowledge, team.now().date()).proposals[0].entry.id
    assert "L’équipe la juge bonne" in say(officer, reference)
    [case] = kept(team, ReferenceCase)
    assert (case.good, case.right_entry) == (True, first)


def test_the_right_door_is_chosen_and_the_last_word_counts(team: Team, officer: Colleague, reference: str) -> None:
    say(officer, reference)
    for _ in range(2):
        assert "La bonne porte, d’après l’équipe : Galilée" in plain(say(officer, reference, "galilee"))
    [case] = kept(team, ReferenceCase)
    assert (case.good, case.right_entry, case.staff_id) == (False, "galilee", officer.id)
    assert [line.kind for line in kept(team, JournalLine)].count(LineKind.JUDGED) == 2


def test_the_export_holds_neither_a_name_nor_words_nor_the_commune_and_can_be_replayed(
    team: Team, officer: Colleague, reference: str, knowledge: KnowledgeBase, capsys: pytest.CaptureFixture[str]
) -> None:
    say(officer, reference, "galilee")
    [case] = export(team)
    written = team.settings.cases.read_text(encoding="utf-8")
    for secret in ("Alix", "café", "62447", reference):
        assert secret not in written
    profile = read_profile(case["profile"], knowledge)  # type: ignore[arg-type]
    assert profile.needs == PROFILE.needs
    assert list(profile.epcis(knowledge)) == list(PROFILE.epcis(knowledge))
    assert case["expected"] == [["galilee"]]
    assert team.settings.cases.stat().st_mode & 0o077 == 0
    bench.replay_cases(knowledge, team.settings.cases)
    said = capsys.readouterr().out
    assert "c001 galilee : absent" in said
    assert "0 en premier" in said


def test_what_nobody_judged_is_an_empty_file(team: Team, officer: Colleague, reference: str) -> None:
    assert reference
    assert export(team) == []


def test_a_made_up_entry_or_a_request_without_a_path_is_nowhere(team: Team, officer: Colleague, reference: str) -> None:
    page = officer.open(f"/equipe/dossiers/{reference}")
    form = page.forms(f"/equipe/dossiers/{reference}/orientation")[1]
    form.named("right")[0].value = "nulle-part"
    assert officer.post(form).status_code == 404
    assert kept(team, ReferenceCase) == []


def test_a_reader_does_not_judge(team: Team, reference: str) -> None:
    reader = team.signed_in(READER, name="Sacha Lecteur")
    page = reader.open(f"/equipe/dossiers/{reference}")
    assert page.forms(f"/equipe/dossiers/{reference}/orientation") == []
