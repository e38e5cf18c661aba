"""A curator's mistakes: each is told with its file, its line, the rule and the remedy, in French, and all at once."""

import re
import shutil
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from guide.content.loader import load_knowledge
from guide.errors import KnowledgeError
from guide.settings import ROOT

KNOWLEDGE = ROOT / "knowledge"
TRIAL = "structures/essai.yaml"

# A file without a mistake, written here so that each case breaks it in one place and knows the line.
GOOD = """\
name: Structure d'essai
short_name: la structure d'essai
also_known_as: [Structure pour voir]
lexicon: [pour voir, essayer une fois, à l'essai, tester pour rire, une fois pour voir, lessai, éssai, essaie]
heard:
  - On voudrait voir ce que ça donne.
  - Jvoudrai essayé.
  - Qui veut voir avec nous ce que ça donnera ?
family: accompagnement
summary: "Une structure inventée : elle sert aux tests."
does:
  - Aide à essayer.
  - Aide à recommencer.
does_not:
  - Ne fait rien d'autre.
audience: Personne.
when_to_call:
  - Vous voulez essayer.
  - Vous voulez recommencer.
stages: [idee, emergence]
needs:
  financer:
    door: main
    because: cette structure prête de quoi essayer
themes:
  sport: cette structure connaît le sport
territory: {everywhere: true}
requires:
  employees:
    values: [oui]
    otherwise: Il faut un salarié.
    unlock: Dès la première embauche.
    check: "À vérifier : y a-t-il un salarié ?"
    later: {bientot: Dès la première embauche.}
steps:
  - {title: Essayer, when: Un jour, text: On essaie., certain: false}
  - {title: Recommencer, text: On recommence.}
availability: {status: open, note: Toute l'année.}
cost: null
calendar: null
how_to_enter: Appeler.
prepare:
  - Rien.
via: apes
contact: {phone: "03 21 00 00 00", to_check: [phone]}
sources:
  - {title: Un test, year: 2026}
  - {title: Un autre test, year: null}
verified_on: 2026-11-22
review_by: 2027-05-22
confidence: to_check
"""

# The words of pydantic and of PyYAML, which no curator has to know.
ENGLISH = re.compile(r"\b(should|valid|input|field|required|must|expected|found|while|or|characters?|instance)\b")


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A copy of the real base, in which one may break anything."""
    shutil.copytree(KNOWLEDGE, tmp_path / "knowledge")
    return tmp_path / "knowledge"


def findings(base: Path) -> list[str]:
    with pytest.raises(KnowledgeError) as refusal:
        load_knowledge(base)
    return refusal.value.findings


def break_file(base: Path, name: str, old: str, new: str) -> int:
    """Change one place of a file; return the line of the change."""
    path = base / name
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} is {text.count(old)} times in {name}"
    path.write_text(text.replace(old, new), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def explained(finding: str, name: str, line: int, *words: str) -> bool:
    return finding.startswith(f"knowledge/{name}:{line}: ") and all(word in finding for word in words)


def test_the_trial_file_is_good_before_it_is_broken(base: Path) -> None:
    (base / TRIAL).write_text(GOOD, encoding="utf-8")
    assert load_knowledge(base).structures["essai"].review_by == date(2027, 5, 22)


def test_a_draft_may_lack_the_words_of_people_and_is_left_out(base: Path) -> None:
    draft = yaml.safe_load(GOOD) | {"published": False}
    for key in ("lexicon", "heard", "when_to_call"):
        del draft[key]
    (base / TRIAL).write_text(yaml.safe_dump(draft, allow_unicode=True), encoding="utf-8")
    assert "essai" not in load_knowledge(base).entries


def test_a_draft_is_read_as_closely_as_the_rest(base: Path) -> None:
    (base / TRIAL).write_text("published: false\n" + GOOD.replace("Personne.", "<b>Personne</b>."), encoding="utf-8")
    (finding,) = findings(base)
    assert explained(finding, TRIAL, GOOD[: GOOD.index("audience:")].count("\n") + 2, "HTML")


def test_what_leads_to_a_draft_leads_nowhere(base: Path) -> None:
    (base / TRIAL).write_text("published: false\n" + GOOD, encoding="utf-8")
    put("who_helps", ["essai"])(base / "practices/mutualisation.yaml")
    (finding,) = findings(base)
    assert finding.startswith("knowledge/practices/mutualisation.yaml:")
    assert "« essai » inconnue ou non publiée" in finding


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8"])
@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_a_file_saved_by_any_common_editor_is_read(base: Path, encoding: str, end: str) -> None:
    (base / TRIAL).write_bytes(GOOD.replace("\n", end).encode(encoding))
    assert load_knowledge(base).structures["essai"].name == "Structure d’essai"


MISTAKES = [
    # what is written, what replaces it, words of the rule, words of the remedy
    pytest.param("  - Aide à essayer.", "\t- Aide à essayer.", "tabulation", "espaces", id="a tab for an indent"),
    pytest.param("  financer:", "\tfinancer:", "tabulation", "espaces", id="a tab before a key"),
    pytest.param("audience: Personne.", "audience: Un : deux.", "« : »", "guillemets", id="a colon without quotes"),
    pytest.param(
        "how_to_enter: Appeler.", 'how_to_enter: "Appeler" vite.', "YAML", "guillemets", id="a word after the quotes"
    ),
    pytest.param("cost: null", "cost: null\ncost: Gratuit.", "deux fois", "n'en garder qu'une", id="a key twice"),
    pytest.param(
        "    door: main", "    door: main\n    door: extra", "deux fois", "n'en garder qu'une", id="a deep key twice"
    ),
    pytest.param(
        "audience: Personne.", "audience: Personne.\naudiance: Toi.", "audiance", "connues", id="an unknown key"
    ),
    pytest.param("    door: main", "    door: main\n    porte: main", "porte", "README", id="an unknown key, deeper"),
    pytest.param("via: apes", "id: essai", "« id »", "retirer", id="a key that the name of the file gives"),
    pytest.param("audience: Personne.", "audience:", "texte", "guillemets", id="a text left blank"),
    pytest.param("audience: Personne.", 'audience: ""', "vide", "retirer", id="an empty text"),
    pytest.param("audience: Personne.", "audience: 62", "texte", "guillemets", id="a number for a text"),
    pytest.param("stages: [idee, emergence]", "stages: idee", "liste", "crochets", id="a text for a list"),
    pytest.param("stages: [idee, emergence]", "stages: []", "trop courte", "au moins 1", id="an empty list"),
    pytest.param("territory: {everywhere: true}", "territory: partout", "bloc", "clé", id="a text for a block"),
    pytest.param("territory: {everywhere: true}", "territory: {everywhere: oui}", "true", "false", id="oui for true"),
    pytest.param(
        "territory: {everywhere: true}", "territory: {everywhere: }", "true", "false", id="everywhere left blank"
    ),
    pytest.param("year: 2026", "year: récente", "nombre", "attendu", id="a word for a year"),
    pytest.param(
        "verified_on: 2026-11-22", "verified_on: 2026-02-30", "date", "2026-11-22", id="a day that does not exist"
    ),
    pytest.param(
        "verified_on: 2026-11-22", "verified_on: 22/11/2026", "date", "2026-11-22", id="a date as one says it"
    ),
    pytest.param("verified_on: 2026-11-22", "verified_on: 2026", "date", "2026-11-22", id="a year for a date"),
    pytest.param("verified_on: 2026-11-22", "verified_on: oui", "date", "2026-11-22", id="a word for a date"),
    pytest.param("review_by: 2027-05-22", "review_by:", "date", "2026-11-22", id="a date left blank"),
    pytest.param("audience: Personne.", "audience: <b>Personne</b>.", "HTML", "simple", id="HTML in a text"),
    pytest.param("  - Aide à essayer.", "  - Aide à **essayer**.", "Markdown", "simple", id="Markdown in a text"),
    pytest.param("Aide à essayer.", "Lire [ici](http://x.fr).", "Markdown", "simple", id="a link in a text"),
    pytest.param("confidence: to_check", "confidence: sur", "« sur »", "mention", id="an unknown confidence"),
    pytest.param("status: open", "status: ouvert", "« ouvert »", "unconfirmed", id="an unknown availability"),
    pytest.param("door: main", "door: grande", "« grande »", "relay", id="an unknown door"),
    pytest.param("  employees:", "  salaries:", "salaries", "employees", id="an unknown criterion"),
    pytest.param("via: apes", "via: L'APES", "identifiant", "minuscules", id="a name for an identifier"),
    pytest.param('summary: "', f'summary: "{"x" * 200}', "trop long", "signes", id="a summary too long"),
    pytest.param("lexicon: [pour voir", f"lexicon: [{'x' * 61}", "trop long", "60 signes", id="words too long"),
    pytest.param("tester pour rire, une fois pour voir, ", "", "trop courte", "au moins 8", id="too few words"),
    pytest.param("  - Vous voulez essayer.\n", "", "trop courte", "au moins 2", id="one situation only"),
    pytest.param(
        "  - Vous voulez essayer.",
        "  - Vous voulez essayer." + "\n  - Vous insistez." * 3,
        "liste trop longue",
        "4 au plus",
        id="too many situations",
    ),
    pytest.param("lexicon: [pour voir", "lexicon: [62", "texte", "guillemets", id="a number among words"),
    pytest.param("  - Jvoudrai essayé.", "  -", "texte", "guillemets", id="a sentence left blank"),
    pytest.param("  - Jvoudrai essayé.", "  - <i>Jvoudrai</i>", "HTML", "simple", id="HTML in a sentence heard"),
    pytest.param("  - Jvoudrai essayé.", '  - "Jvoudrai" essayé.', "YAML", "guillemets", id="half a quoted sentence"),
    pytest.param(
        "  - Vous voulez essayer.", "\t- Vous voulez essayer.", "tabulation", "espaces", id="a tab in when_to_call"
    ),
    pytest.param("  - Vous voulez essayer.", "  - Vous : essayez.", "texte", "guillemets", id="a colon in a line"),
    pytest.param("certain: false", "certain: on", "true", "false", id="on for true"),
    pytest.param("certain: false", "certain: peut-être", "true", "false", id="a doubt about a doubt"),
    pytest.param(
        "title: Essayer, when", "title: Essayer, titre: Non, when", "titre", "README", id="an unknown key of a step"
    ),
    pytest.param("text: On essaie., ", "", "text", "ajouter", id="a step that says nothing"),
    pytest.param(
        "family: accompagnement", "family: accompagnement\npublished: off", "true", "false", id="off for false"
    ),
    # What no file can see of itself.
    pytest.param(
        "  - Jvoudrai essayé.",
        "  - On voudrait voir ce que ça donne !",
        "essai.yaml",
        "la garder",
        id="a sentence heard twice in one file",
    ),
    pytest.param("family: accompagnement", "family: amis", "« amis »", "accueil", id="an unknown family"),
    pytest.param("stages: [idee, emergence]", "stages: [idee, reve]", "« reve »", "emergence", id="an unknown stage"),
    pytest.param("  financer:", "  financment:", "« financment »", "financer", id="an unknown need"),
    pytest.param("  sport:", "  cirque:", "« cirque »", "sport", id="an unknown theme"),
    pytest.param("via: apes", "via: personne", "« personne »", "identifiant", id="an unknown via"),
    pytest.param(
        "contact: {", "contact: {through: nulle-part, ", "« nulle-part »", "identifiant", id="an unknown through"
    ),
    pytest.param("{everywhere: true}", "{epcis: [epci-lille]}", "« epci-lille »", "epci-arras", id="an unknown epci"),
    pytest.param("{everywhere: true}", "{note: Ici.}", "territoire", "everywhere: true", id="no territory"),
    pytest.param(
        "{everywhere: true}",
        "{everywhere: true, epcis: [epci-arras]}",
        "territoire",
        "pas les deux",
        id="two territories",
    ),
    pytest.param("    values: [oui]", "    values: [peut-etre]", "« peut-etre »", "bientot", id="an unknown answer"),
    pytest.param(
        "[Structure pour voir]", "[l'A.P.E.S.]", "A.P.E.S.", "apes.yaml", id="a name that another entry bears"
    ),
    pytest.param(
        "confidence: to_check", "confidence: mention", "mention", "mission-ess", id="a mention with its own phone"
    ),
]


@pytest.mark.parametrize(("old", "new", "rule", "remedy"), MISTAKES)
def test_a_mistake_is_told_with_its_file_its_line_the_rule_and_the_remedy(
    base: Path, old: str, new: str, rule: str, remedy: str
) -> None:
    (base / TRIAL).write_text(GOOD, encoding="utf-8")
    line = break_file(base, TRIAL, old, new)
    (finding,) = findings(base)
    assert finding.startswith(f"knowledge/{TRIAL}:")
    assert rule in finding
    assert remedy in finding
    assert not ENGLISH.search(finding)
    # Where two lines quarrel (a key twice, a mention and its contact), either may be named.
    told = int(finding.split(":")[1])
    assert told in (line, line + new.count("\n"), *(other_lines(old)))


def other_lines(old: str) -> list[int]:
    """The line that a finding may name instead of the broken one, when the quarrel is with another key."""
    situations = dict.fromkeys(("  - Vous voulez essayer.", "  - Vous voulez essayer.\n"), "when_to_call:")
    elsewhere = {"confidence: to_check": "contact:", **situations}
    return [GOOD[: GOOD.index(elsewhere[old])].count("\n") + 1] if old in elsewhere else []


def test_a_mistake_in_the_only_line_of_a_list_is_told_once(base: Path) -> None:
    # The list is not too short: its one line is wrong.
    (base / TRIAL).write_text(GOOD, encoding="utf-8")
    line = break_file(base, TRIAL, "Ne fait rien d'autre.", "Ne fait <b>rien</b> d'autre.")
    (finding,) = findings(base)
    assert explained(finding, TRIAL, line, "HTML")


def test_a_quote_never_closed_is_told_at_the_line_that_opens_it(base: Path) -> None:
    # The parser stumbles at the end of the file, which is of no use to a curator.
    (base / TRIAL).write_text(GOOD, encoding="utf-8")
    line = break_file(base, TRIAL, 'phone: "03 21 00 00 00"', 'phone: "03 21 00 00 00')
    (finding,) = findings(base)
    assert explained(finding, TRIAL, line, "YAML", "guillemets")


def test_a_quote_closed_by_the_next_one_is_told_before_the_end_of_the_file(base: Path) -> None:
    (base / TRIAL).write_text(GOOD, encoding="utf-8")
    line = break_file(base, TRIAL, 'un salarié ?"', "un salarié ?")
    (finding,) = findings(base)
    told = int(finding.split(":")[1])
    assert explained(finding, TRIAL, told, "YAML", "guillemets")
    assert line <= told <= GOOD[: GOOD.index("contact:")].count("\n") + 1  # where the next quote stands


@pytest.mark.parametrize("key", ["name", "does_not", "territory", "availability", "sources", "confidence", "cost"])
def test_a_missing_key_is_named(base: Path, key: str) -> None:
    written = yaml.safe_load(GOOD)
    del written[key]
    (base / TRIAL).write_text(yaml.safe_dump(written, allow_unicode=True), encoding="utf-8")
    (finding,) = findings(base)
    assert explained(finding, TRIAL, 1, key, "manquante", "README")


def test_a_missing_key_deeper_is_told_at_its_block(base: Path) -> None:
    (base / TRIAL).write_text(GOOD, encoding="utf-8")
    line = break_file(base, TRIAL, "    otherwise: Il faut un salarié.\n", "")
    (finding,) = findings(base)
    told = int(finding.split(":")[1])
    assert explained(finding, TRIAL, told, "otherwise", "manquante")
    assert line - 2 <= told <= line  # `employees:` or one of its keys


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"", "bloc"),
        (b"# rien\n", "bloc"),
        (b"- une\n- liste\n", "bloc"),
        (b"juste une phrase\n", "bloc"),
        ("name: Écopôle\n".encode("latin-1"), "UTF-8"),
        ("name: Écopôle\n".encode("utf-16"), "UTF-8"),
        (b"name: a\n---\nname: b\n", "YAML"),
        (b"name: *rien\n", "YAML"),
        (b"name: un\x0bdeux\n", "caract"),
        (b"name: un\x00deux\n", "caract"),
    ],
    ids=[
        "an empty file",
        "a comment only",
        "a list",
        "a sentence",
        "a file in Latin-1",
        "a file in UTF-16",
        "two documents",
        "an unknown alias",
        "a control character pasted from a word processor",
        "a NUL",
    ],
)
def test_a_file_that_is_no_entry_at_all_is_told(base: Path, content: bytes, rule: str) -> None:
    (base / TRIAL).write_bytes(content)
    (finding,) = findings(base)
    assert finding.startswith(f"knowledge/{TRIAL}:")
    assert rule in finding
    assert not ENGLISH.search(finding)


def test_a_file_name_that_is_no_identifier_is_told(base: Path) -> None:
    (base / "structures/Structure d'Essai.yaml").write_text(GOOD, encoding="utf-8")
    (finding,) = findings(base)
    assert explained(finding, "structures/Structure d'Essai.yaml", 1, "identifiant", "minuscules")


def test_a_name_given_twice_tells_who_has_it_already(base: Path) -> None:
    (base / TRIAL).write_text(GOOD, encoding="utf-8")
    (base / "structures/essai-bis.yaml").write_text(GOOD, encoding="utf-8")
    told = findings(base)
    assert len(told) == 5  # the name, the other name that it is known by, and the three sentences heard
    assert all("structures/essai" in finding.split(": ", 1)[1] for finding in told)


def append(text: str) -> Callable[[Path], None]:
    def change(path: Path) -> None:
        path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")

    return change


def put(key: str, value: Any) -> Callable[[Path], None]:
    """Set one key of a file, comments lost: these are copies."""

    def change(path: Path) -> None:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        content[key] = value
        path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")

    return change


@pytest.mark.parametrize(
    ("name", "change", "rule"),
    [
        ("order.yaml", append("couleur: bleu\n"), "couleur"),
        ("order.yaml", put("open_doors", {"personne": "elle écoute"}), "« personne »"),
        ("order.yaml", Path.unlink, "fichier absent"),
        ("contacts.yaml", Path.unlink, "fichier absent"),
        ("contacts.yaml", put("phone", 321216216), "texte"),
        (
            "needs/essai.yaml",
            lambda path: path.write_bytes((path.parent / "financer.yaml").read_bytes()),
            "« essai »",
        ),
        ("needs/financer.yaml", append("couleur: bleu\n"), "couleur"),
        ("questions/support.yaml", append("couleur: bleu\n"), "couleur"),
        ("questions/support.yaml", put("kind", "choix"), "« choix »"),
        ("questions/support.yaml", put("asked_with", "couleur"), "« couleur »"),
        ("questions/support.yaml", put("asked_when", [{"holder": ["personne"]}]), "« personne »"),
        ("terms/dla.yaml", put("see", ["nulle-part"]), "« nulle-part »"),
        ("terms/dla.yaml", put("sources", []), "trop courte"),
        ("terms/dla.yaml", put("example", "<b>Un</b> exemple"), "HTML"),
        ("needs/financer.yaml", put("heard", ["une", "deux", "trois"]), "au moins 4"),
        ("questions/stage.yaml", append("    lexicon: [une idee]\n"), "YAML"),
        ("practices/mutualisation.yaml", put("compare", {"goal": "Partager"}), "money"),
        ("practices/mutualisation.yaml", put("see", ["nulle-part"]), "« nulle-part »"),
        ("practices/mutualisation.yaml", put("who_helps", ["personne"]), "« personne »"),
        ("practices/mutualisation.yaml", put("examples", [{"name": "Un", "where": "Ici", "year": 2015}]), "text"),
        ("practices/mutualisation.yaml", put("verified_on", "hier"), "date"),
        ("projects/la-croisee.yaml", put("themes", ["cirque"]), "« cirque »"),
        ("projects/la-croisee.yaml", put("epcis", ["epci-lille"]), "« epci-lille »"),
        ("projects/la-croisee.yaml", put("helped_by", ["personne"]), "« personne »"),
        ("projects/la-croisee.yaml", put("summary", "x" * 161), "160 signes"),
        ("places/ternois.yaml", put("epcis", []), "au moins 1"),
        ("places/ternois.yaml", put("epcis", ["epci-lille"]), "« epci-lille »"),
        ("places/ternois.yaml", put("entries", ["personne"]), "« personne »"),
        ("places/ternois.yaml", put("ambiguous", True), "retirer ambiguous"),
        ("places/ternois.yaml", put("ambiguous", "on"), "true ou false"),
        ("places/ternois.yaml", put("also_known_as", ["l'Audomarois"]), "audomarois.yaml"),
        ("numbers.yaml", put("numbers", []), "trop courte"),
        ("numbers.yaml", Path.unlink, "fichier absent"),
        ("holes.yaml", put("holes", [{"need": "financment", "because": "Non."}]), "« financment »"),
        (
            "funding.yaml",
            put("funding", [{"who": "inconnue", "whom": "apes", "because": "Non.", "sources": [{"title": "Une"}]}]),
            "« inconnue »",
        ),
        ("holes.yaml", put("holes", [{"need": "financer", "stages": ["reve"], "because": "Non."}]), "« reve »"),
        ("acronyms.yaml", put("known", ["ESS"]), "bloc"),
    ],
    ids=[
        "an unknown key in the order",
        "an unknown open door",
        "no order",
        "no contact",
        "a phone that is a number",
        "a need without a place",
        "an unknown key of a need",
        "an unknown key of a question",
        "an unknown kind of question",
        "a question asked with none",
        "a question asked after an answer that does not exist",
        "a term that leads nowhere",
        "a term without a source",
        "HTML in an example",
        "too few sentences heard",
        "a line at the wrong depth",
        "a comparison without its lines",
        "a practice that leads nowhere",
        "a practice that nobody helps",
        "an example that tells nothing",
        "a practice verified yesterday",
        "a project of an unknown field",
        "a project from elsewhere",
        "a project helped by nobody",
        "a summary that is too long",
        "a place without an intercommunality",
        "a place from elsewhere",
        "a place with an unknown door",
        "a doubtful place with one meaning",
        "on for true in a place",
        "a name that another place bears",
        "no number",
        "no file of numbers",
        "a hole in an unknown need",
        "a funding by nobody",
        "a hole at an unknown stage",
        "acronyms without a reason",
    ],
)
def test_the_other_files_are_watched_as_closely(
    base: Path, name: str, change: Callable[[Path], None], rule: str
) -> None:
    change(base / name)
    told = findings(base)
    assert any(finding.startswith(f"knowledge/{name}:") for finding in told)
    assert any(rule in finding for finding in told)
    assert not any(ENGLISH.search(finding) for finding in told)


@pytest.mark.parametrize("name", ["stage", "themes", "commune"])
def test_a_question_that_has_lost_its_file_is_told(base: Path, name: str) -> None:
    (base / "questions" / f"{name}.yaml").unlink()
    assert any("order.yaml" in finding and f"« {name} »" in finding for finding in findings(base))


def test_a_condition_on_themes_is_refused(base: Path) -> None:
    # One may tick several fields: a condition reads one answer, and would shut the card to everybody.
    (base / TRIAL).write_text(GOOD, encoding="utf-8")
    line = break_file(base, TRIAL, "  employees:\n    values: [oui]", "  themes:\n    values: [sport]")
    told = [finding for finding in findings(base) if "themes" in finding]
    assert told
    assert told[0].startswith((f"knowledge/{TRIAL}:{line}: ", f"knowledge/{TRIAL}:{line + 1}: "))


def test_a_need_without_a_door_and_an_intercommunality_without_a_file_are_told(base: Path) -> None:
    for path in [*base.glob("structures/*.yaml"), *base.glob("dispositifs/*.yaml")]:
        entry = yaml.safe_load(path.read_text(encoding="utf-8"))
        if "communiquer" in entry["needs"]:
            del entry["needs"]["communiquer"]
        if "epci-audruicq" in entry["territory"].get("epcis", ()):
            entry["territory"] = {"everywhere": True}
        path.write_text(yaml.safe_dump(entry, allow_unicode=True), encoding="utf-8")
    told = findings(base)
    assert len(told) == 2
    assert any(finding.startswith("knowledge/needs/communiquer.yaml:1: ") and "porte" in finding for finding in told)
    assert any("« epci-audruicq »" in finding for finding in told)


def test_mistakes_of_writing_in_several_files_come_all_at_once(base: Path) -> None:
    (base / TRIAL).write_text(GOOD, encoding="utf-8")
    first = break_file(base, TRIAL, "audience: Personne.", "audience: <b>Personne</b>.")
    second = break_file(base, TRIAL, "review_by: 2027-05-22", "review_by: bientôt")
    (base / "terms/essai.yaml").write_text("name: Essai\nsources: [\n", encoding="utf-8")
    (base / "needs/essai.yaml").write_bytes(b"")
    (base / "contacts.yaml").unlink()
    told = findings(base)
    assert len(told) == 5
    assert [finding for finding in told if explained(finding, TRIAL, first, "HTML")]
    assert [finding for finding in told if explained(finding, TRIAL, second, "date")]
    for name in ("terms/essai.yaml", "needs/essai.yaml", "contacts.yaml"):
        assert [finding for finding in told if finding.startswith(f"knowledge/{name}:")]


def test_mistakes_of_meaning_in_several_files_come_all_at_once(base: Path) -> None:
    (base / TRIAL).write_text(GOOD, encoding="utf-8")
    lines = {
        "« financment »": break_file(base, TRIAL, "  financer:", "  financment:"),
        "« personne »": break_file(base, TRIAL, "via: apes", "via: personne"),
    }
    put("see", ["nulle-part"])(base / "terms/couveuse.yaml")
    told = findings(base)
    assert len(told) == 3
    for word, line in lines.items():
        assert [finding for finding in told if explained(finding, TRIAL, line, word)]
    assert [
        finding
        for finding in told
        if finding.startswith("knowledge/terms/couveuse.yaml:") and "« nulle-part »" in finding
    ]


def test_a_mistake_of_writing_does_not_hide_one_of_meaning(base: Path) -> None:
    (base / TRIAL).write_text(GOOD, encoding="utf-8")
    line = break_file(base, TRIAL, "  financer:", "  financment:")
    append("couleur: bleu\n")(base / "terms/dla.yaml")
    told = findings(base)
    assert [finding for finding in told if "couleur" in finding]
    assert [finding for finding in told if explained(finding, TRIAL, line, "« financment »")]


def test_the_whole_message_is_ready_to_be_printed(base: Path) -> None:
    (base / TRIAL).write_bytes(b"")
    (base / "needs/essai.yaml").write_bytes(b"")
    with pytest.raises(KnowledgeError) as refusal:
        load_knowledge(base)
    title, *lines = str(refusal.value).splitlines()
    assert title.endswith(":")
    assert lines == refusal.value.findings


def junk_everywhere(junk: Any) -> dict[str, Any]:
    """A file whose every value is of the wrong sort, at every depth."""
    shallow = dict.fromkeys(yaml.safe_load(GOOD), junk)
    return shallow | {
        "needs": {"financer": {"door": junk, "because": junk}, "autre": junk},
        "themes": {"sport": junk},
        "territory": {"everywhere": junk, "epcis": [junk], "note": junk},
        "requires": {
            "employees": dict.fromkeys(("values", "otherwise", "unlock", "check", "later"), junk),
            "stage": {"values": [junk], "otherwise": junk, "check": junk, "later": {"idee": junk}},
        },
        "fits": {"support": {"aucun": {"door": junk, "because": junk}}},
        "availability": {"status": junk, "note": junk},
        "contact": dict.fromkeys(("phone", "email", "address", "website", "to_check", "through"), junk),
        "sources": [{"title": junk, "year": junk}, junk],
    }


@pytest.mark.parametrize(
    "junk",
    [None, 0, 2026, -1, True, "", "n'importe quoi", "x" * 5000, [], ["a"], [[1]], {}, {"a": 1}, date(2026, 11, 22)],
    ids=lambda junk: f"{type(junk).__name__} {str(junk)[:12]}",
)
def test_whatever_is_written_in_the_wrong_place_is_explained_in_french(junk: Any, tmp_path: Path) -> None:
    # The trial file alone: what is wrong in it must be told before anything is missed elsewhere.
    base = tmp_path / "knowledge"
    (base / "structures").mkdir(parents=True)
    for name in ("order.yaml", "contacts.yaml", "holes.yaml", "funding.yaml", "acronyms.yaml", "numbers.yaml"):
        shutil.copy(KNOWLEDGE / name, base / name)
    (base / "language").symlink_to(KNOWLEDGE / "language")
    (base / TRIAL).write_text(yaml.safe_dump(junk_everywhere(junk), allow_unicode=True), encoding="utf-8")
    told = findings(base)
    assert len(told) > 10
    assert [finding for finding in told if not re.match(rf"knowledge/{TRIAL}:\d+: \S", finding)] == []
    assert [finding for finding in told if ENGLISH.search(finding.split(" : ", 1)[-1])] == []


@given(st.text(alphabet="ab:-[]{}&*\"'#|>!%@`?,\n\t \x07\x85é🙂", max_size=40) | st.binary(max_size=20))
@example("a: &a [*a]")
@example("? [a, b]\n: c")
@example("<<: 1\n")
def test_whatever_a_file_holds_the_loader_explains_and_never_crashes(content: str | bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder) / "knowledge"
        (base / "structures").mkdir(parents=True)
        for name in ("order.yaml", "contacts.yaml", "holes.yaml", "funding.yaml", "acronyms.yaml", "numbers.yaml"):
            shutil.copy(KNOWLEDGE / name, base / name)
        (base / "language").symlink_to(KNOWLEDGE / "language")
        (base / TRIAL).write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
        assert all(finding.startswith(f"knowledge/{TRIAL}:") for finding in findings(base))
