"""The second reading: what a curator is told to look at, without stopping the service; and the holes of the base."""

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import yaml

from guide.content.base import KnowledgeBase
from guide.content.coverage import Hole, list_holes, why
from guide.content.coverage_report import coverage_report
from guide.content.loader import load_knowledge
from guide.content.proofreading import proofread
from guide.errors import KnowledgeError
from guide.settings import ROOT
from tests.content.test_bad_files import GOOD, TRIAL

KNOWLEDGE = ROOT / "knowledge"
TODAY = date(2026, 11, 24)
FULL = (
    GOOD.replace("  - Rien.", "  - Rien.\n  - Rien d'autre.")
    .replace("  - Aide à essayer.", "  - Aide à essayer.\n  - Aide encore.")
    .replace("  - Ne fait rien d'autre.", "  - Ne fait rien d'autre.\n  - Ne prête rien.")
)


@pytest.fixture
def read_with(tmp_path: Path) -> Callable[[str], dict[str, list[str]]]:
    """Read the real base with one more entry; return what is told about that entry, by subject."""
    shutil.copytree(KNOWLEDGE, tmp_path / "knowledge")

    def read(text: str) -> dict[str, list[str]]:
        (tmp_path / "knowledge" / TRIAL).write_text(text, encoding="utf-8")
        told = proofread(load_knowledge(tmp_path / "knowledge"), TODAY)
        return {
            subject: [found.message for found in findings if found.file == TRIAL]
            for subject, findings in told.items()
            if any(found.file == TRIAL for found in findings)
        }

    return read


Read = Callable[[str], dict[str, list[str]]]


def test_a_full_entry_is_left_in_peace(read_with: Read) -> None:
    assert read_with(FULL) == {}


@pytest.mark.parametrize(
    ("old", "new", "subject", "words"),
    [
        ("review_by: 2027-05-22", "review_by: 2026-11-23", "À relire", "23/11/2026"),
        ("  - Aide encore.\n  - Aide à recommencer.\n", "", "Fiches minces", "does 1/3"),
        ("  - Rien d'autre.\n", "", "Fiches minces", "prepare 1/2"),
        ('contact: {phone: "03 21 00 00 00", to_check: [phone]}', "contact: {}", "Fiches minces", "joindre"),
        ("year: 2026", "year: 2023", "Sources anciennes", "2023"),
        ("year: 2026", "year: null", "Sources anciennes", "aucune n'est datée"),
        ("audience: Personne.", f"audience: {'Mot ' * 26}", "Phrases longues", "26 mots"),
        ("audience: Personne.", "audience: Les amis du ZZZ.", "Sigles sans leurs mots", "« ZZZ »"),
        ("lexicon: [pour voir", "lexicon: [pas de calais actif", "Mots partagés", "pas-de-calais-actif.yaml"),
    ],
)
def test_what_deserves_another_look_is_told(read_with: Read, old: str, new: str, subject: str, words: str) -> None:
    assert old in FULL
    told = read_with(FULL.replace(old, new))
    assert list(told) == [subject]
    assert any(words in message for message in told[subject])
    assert all(" ; " in message for message in told[subject])  # the rule, then the remedy


def test_an_expression_owned_by_too_many_entries_is_told(tmp_path: Path) -> None:
    base = tmp_path / "knowledge"
    shutil.copytree(KNOWLEDGE, base)
    for number in "abcd":
        text = (
            FULL.replace("Structure", f"Structure {number}")
            .replace("oudr", f"oudr{number}")
            .replace("Qui veut", f"Qui {number} veut")
        )
        (base / f"structures/essai-{number}.yaml").write_text(text, encoding="utf-8")
    words = proofread(load_knowledge(base), TODAY)["Mots partagés"]
    told = [found for found in words if "« pour voir »" in found.message]
    assert len(told) == 1
    assert "4 fiches" in told[0].message


# --- coverage


def test_every_hole_of_the_base_is_explained(knowledge: KnowledgeBase) -> None:
    assert [hole for hole in list_holes(knowledge) if why(knowledge, hole) is None] == []


def test_no_explanation_outlives_its_hole(knowledge: KnowledgeBase) -> None:
    assert proofread(knowledge, TODAY)["Trous comblés"] == []


def test_a_hole_that_nothing_explains_is_an_error(tmp_path: Path) -> None:
    shutil.copytree(KNOWLEDGE, tmp_path / "knowledge")
    path = tmp_path / "knowledge/holes.yaml"
    told = yaml.safe_load(path.read_text(encoding="utf-8"))
    lost = told["holes"].pop(0)
    path.write_text(yaml.safe_dump(told, allow_unicode=True), encoding="utf-8")
    with pytest.raises(KnowledgeError) as refusal:
        load_knowledge(tmp_path / "knowledge")
    [finding] = refusal.value.findings
    assert finding.startswith(f"knowledge/needs/{lost['need']}.yaml:1: ")
    assert "holes.yaml" in finding


def test_a_hole_is_a_need_that_no_first_door_and_no_relay_answers(knowledge: KnowledgeBase) -> None:
    holes = list_holes(knowledge)
    for need in knowledge.needs:
        for stage in knowledge.questions["stage"].options:
            served = any(
                stage in entry.stages and need in entry.needs and entry.needs[need].door in ("main", "relay")
                for entry in knowledge.entries.values()
            )
            assert (Hole(need, stage, None) in holes) != served


def test_the_document_of_coverage_is_up_to_date(knowledge: KnowledgeBase) -> None:
    written = (ROOT / "docs" / "couverture.md").read_text(encoding="utf-8")
    assert written == coverage_report(knowledge), "lancer `make knowledge` puis enregistrer docs/couverture.md"


def test_the_document_of_coverage_counts_what_the_base_holds(knowledge: KnowledgeBase) -> None:
    report = coverage_report(knowledge)
    assert f"| structures | {len(knowledge.structures)} |" in report
    assert f"| dispositifs | {len(knowledge.dispositifs)} |" in report
    for need in knowledge.needs.values():
        assert report.count(f"| {need.name} |") == 2  # by stage, by intercommunality
