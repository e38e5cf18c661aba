"""A row becomes a holder, or problems by line and column; and what becomes of it beside what is already here."""

from datetime import date
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guide.content.base import KnowledgeBase
from guide.tables.comparing import Comparison, Fate, Known, Somebody, compare, identities
from guide.tables.holders import Holder, Reading, describe, read_holders
from guide.tables.reader import read_table
from tests.tables.files import RENE, ZOE, a_csv, an_xlsx, attempt

TODAY = date(2026, 11, 24)


def read(knowledge: KnowledgeBase, headers: str, *rows: str) -> Reading:
    return read_holders(read_table("\n".join([headers, *rows]).encode()), knowledge.territory, TODAY)


def known(holder: Holder, reference: str = "ESS-222222") -> Known:
    return Known(uuid4(), uuid4(), reference, holder.said)


def fates(comparison: Comparison) -> list[Fate]:
    return [row.fate for row in comparison.rows]


def never(_: Holder) -> bool:
    return False


def test_a_whole_row_is_read(knowledge: KnowledgeBase) -> None:
    reading = read(
        knowledge,
        "Prénom;Nom;Structure;Commune;CP;Coordonnées;Projet;Étape;Budget citoyen;Édition;Accompagnement;Repéré le",
        "Zoé;Inventée;La Ruche;Bethune;62400;z@Exemple.fr / 03.21.00.00.01;Café;En création;Lauréat;2025;Un peu;3/2/26",
    )
    assert reading.problems == ()
    [holder] = reading.holders
    assert holder == Holder(
        2,
        person="Zoé Inventée",
        structure="La Ruche",
        commune="62119",
        email="z@exemple.fr",
        phone="+33321000001",
        project="Café",
        stage="creation",
        budget_citoyen="labellise",
        budget_year=2025,
        support="un-peu",
        noticed_on="2026-02-03",
    )
    said = dict(describe(holder.said, knowledge.territory))
    assert said["Commune"] == "Béthune"
    assert said["Budget citoyen"] == "Labellisé"
    assert said["Repéré le"] == "03/02/2026"


@pytest.mark.parametrize(
    ("header", "cell", "what", "expected"),
    [
        ("Courriel", "zoe@", "adresse n’est pas complète", "prenom@exemple.fr"),
        ("Téléphone", "03 21", "numéro n’est pas complet", "03 21 00 00 00"),
        ("Contact", "voir Léa", "Ni adresse ni numéro", "un courriel, un téléphone"),
        ("Année", "1850", "n’est pas celle", "2018 à 2027"),
        ("Année", "2025 ou 2026", "n’est pas celle", "2018 à 2027"),
        ("Repéré le", "31/02/2026", "n’existe pas", "jour/mois/année"),
        ("Repéré le", "45/13/2026", "n’existe pas", "jour/mois/année"),
        ("Repéré le", "hier", "ne se lit pas", "jour/mois/année"),
        ("Repéré le", "2031-01-01", "à venir", "jour/mois/année"),
        ("Budget citoyen", "peut-être", "pas dans la liste", "labellisé, candidat"),
        ("Étape", "mûr", "pas dans la liste", "prend forme"),
        ("Déjà accompagné", "bof", "pas dans la liste", "un peu"),
        ("Projet", "x" * 161, "161 signes", "Présentation du projet"),
        ("Remarque", "a\0b", "ne s’écrit pas", "retapez"),
        ("Remarque", "=1+1", "formule", ""),
        ("Remarque", "x" * 4001, "trop long", ""),
    ],
)
def test_what_is_wrong_is_said_with_line_column_and_what_is_expected(
    knowledge: KnowledgeBase, header: str, cell: str, what: str, expected: str
) -> None:
    other = "Courriel" if header != "Courriel" else "Téléphone"
    contact = "zoe@exemple.fr" if other == "Courriel" else "0321000001"
    reading = read(knowledge, f"Personne;{other};{header}", f"Zoé;{contact};{cell}")
    assert reading.holders == ()
    [problem] = reading.problems
    assert (problem.line, problem.column, problem.letter) == (2, header, "C")
    assert what in problem.what
    assert expected in problem.expected


def test_somebody_to_name_and_a_way_to_reach_them_are_asked(knowledge: KnowledgeBase) -> None:
    reading = read(
        knowledge, "Personne;Structure;Courriel;Téléphone", ";;;", ";;z@exemple.fr;", "Zoé;;;", ";Ruche;;0321000001"
    )
    assert [(each.line, each.column) for each in reading.problems] == [(3, "Personne"), (4, "Courriel")]
    assert [holder.name for holder in reading.holders] == ["Ruche"]


def test_a_commune_that_is_not_known_lets_the_row_in_with_a_doubt_and_suggestions(knowledge: KnowledgeBase) -> None:
    rows = ["A;a@exemple.fr;Betune", "B;b@exemple.fr;Lille", "C;c@exemple.fr;Xyzzyx", "D;d@exemple.fr;"]
    reading = read(knowledge, "Personne;Courriel;Commune", *rows)
    assert [(holder.commune, holder.place) for holder in reading.holders] == [
        (None, "Betune"),
        (None, "Lille"),
        (None, "Xyzzyx"),
        (None, None),
    ]
    told = [doubt.text for doubt in reading.doubts]
    assert "Est-ce Béthune" in told[0]
    assert "n’est pas dans le Pas-de-Calais" in told[1]
    assert "n’est pas une commune connue" in told[2]
    assert "n’est pas dite" in told[3]


def test_invisible_signs_are_taken_out_and_a_telephone_gets_its_zero_back(knowledge: KnowledgeBase) -> None:
    reading = read(knowledge, "Personne;Téléphone", "\u200bZoé \u00a0 Inv\u00adentée\ufeff;321000001")
    [holder] = reading.holders
    assert (holder.person, holder.phone) == ("Zoé Inventée", "+33321000001")


def test_the_same_person_told_twice_otherwise_is_an_error_and_two_projects_are_two_rows(
    knowledge: KnowledgeBase,
) -> None:
    rows = ["Zoé;z@exemple.fr;Café;a", "Zoé;z@exemple.fr;Vélo;a", "Zoé;z@exemple.fr;Café;b", "Zoé ;z@exemple.fr;café;A"]
    reading = read(knowledge, "Personne;Courriel;Projet;Remarque", *rows)
    [problem] = reading.problems
    assert problem.line == 4
    assert "La ligne 2 parle déjà" in problem.what
    assert fates(compare(reading.holders, [], [], never)) == [Fate.NEW, Fate.NEW, Fate.REPEATED]


def test_the_same_table_again_changes_nothing_whatever_its_format(knowledge: KnowledgeBase) -> None:
    first = read_holders(read_table(a_csv(ZOE, RENE, encoding="cp1252")), knowledge.territory, TODAY).holders
    before = [known(holder) for holder in first]
    again = read_holders(read_table(an_xlsx(RENE, ZOE)), knowledge.territory, TODAY).holders
    assert fates(compare(again, before, [], never)) == [Fate.SAME, Fate.SAME]


@pytest.mark.parametrize(
    ("column", "value", "field"),
    [
        (0, "Zoé Inventé", "person"),
        (1, "Arras", "commune"),
        (2, "z@exemple.fr", "email"),
        (4, "La crêperie", "project"),
    ],
)
def test_a_row_that_changed_is_recognised_and_what_changed_is_known(
    knowledge: KnowledgeBase, column: int, value: str, field: str
) -> None:
    def holders(*rows: tuple[str, ...]) -> tuple[Holder, ...]:
        return read_holders(read_table(a_csv(*rows)), knowledge.territory, TODAY).holders

    [zoe] = holders(ZOE)
    changed = tuple(value if index == column else cell for index, cell in enumerate(ZOE))
    [row] = compare(holders(changed), [known(zoe)], [], never).rows
    assert row.fate is Fate.CHANGED
    assert list(row.changes) == [field]


def test_one_row_imported_before_answers_for_one_row_only(knowledge: KnowledgeBase) -> None:
    rows = ["Zoé;z@exemple.fr;Café", "Zoé;z@exemple.fr;Vélo"]
    first = read(knowledge, "Personne;Courriel;Projet", *rows).holders
    comparison = compare(first, [known(first[0])], [], never)
    assert fates(comparison) == [Fate.SAME, Fate.NEW]


def test_a_new_row_that_looks_like_somebody_of_the_desk_is_said(knowledge: KnowledgeBase) -> None:
    def somebody(reference: str, name: str, **said: str) -> Somebody:
        return Somebody(uuid4(), reference, name, said.get("email"), said.get("phone"), said.get("commune"))

    people = [
        somebody("ESS-AAAAAA", "Quelqu’un", email="zoe@exemple.fr"),
        somebody("ESS-BBBBBB", "Autre", phone="+33321000001"),
        somebody("ESS-CCCCCC", "INVENTEE Zoe", commune="62119"),
        somebody("ESS-DDDDDD", "Zoé Inventée", commune="62041"),
    ]
    [holder] = read_holders(read_table(a_csv(ZOE)), knowledge.territory, TODAY).holders
    comparison = compare([holder], [], people, never)
    told = " ".join(doubt.text for doubt in comparison.doubts)
    assert "ESS-AAAAAA" in told
    assert "ESS-BBBBBB" in told
    assert "ESS-CCCCCC" in told
    assert "ESS-DDDDDD" not in told
    assert fates(comparison) == [Fate.NEW]


def test_somebody_who_was_forgotten_does_not_come_back(knowledge: KnowledgeBase) -> None:
    [holder] = read_holders(read_table(a_csv(ZOE)), knowledge.territory, TODAY).holders
    forgotten = set(identities(holder, lambda text: text)[:1])
    comparison = compare([holder], [], [], lambda each: not forgotten.isdisjoint(identities(each, lambda text: text)))
    assert fates(comparison) == [Fate.FORGOTTEN]


def test_what_is_shown_and_what_is_confirmed_are_told_apart(knowledge: KnowledgeBase) -> None:
    [holder] = read_holders(read_table(a_csv(ZOE)), knowledge.territory, TODAY).holders
    first = compare([holder], [], [], never)
    assert first.digest == compare([holder], [], [], never).digest
    assert first.digest != compare([holder], [known(holder)], [], never).digest


@given(
    st.lists(st.text(alphabet=st.characters(exclude_characters='\r\n";')), min_size=6, max_size=6),
    st.sampled_from(["Date", "Année", "Contact", "Étape", "Commune", "CP"]),
)
def test_no_row_makes_the_reading_fail(knowledge: KnowledgeBase, texts: list[str], header: str) -> None:
    rows = f"Personne;Courriel;Téléphone;Projet;Remarque;{header}\nZ;z@e.fr;;;;\n" + ";".join(texts)
    if table := attempt(rows.encode("utf-8", "replace")):
        reading = read_holders(table, knowledge.territory, TODAY)
        assert all(problem.what for problem in reading.problems)
        assert all(holder.name and (holder.email or holder.phone) for holder in reading.holders)
