"""Any file becomes rows, or one sentence that says what to do; never anything else."""

import io
import zipfile
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guide.errors import TableError
from guide.tables.columns import COLUMNS, TEMPLATE
from guide.tables.reader import Table, read_table
from guide.tables.template import csv_template, harmless, xlsx_template
from tests.tables.files import HEADERS, RENE, ZOE, a_csv, a_zip_bomb, an_xlsx, attempt, repacked, sheet_xml, with_macros


def cells(table: Table) -> list[dict[str, str]]:
    return [{key: row.cells[at] for key, at in table.places.items() if at < len(row.cells)} for row in table.rows]


def refusal(data: bytes) -> str:
    with pytest.raises(TableError) as refused:
        read_table(data)
    return str(refused.value)


# --- encodings and separators


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8"),
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16"),
        ("utf-16-be", "UTF-16"),
        ("utf-32", "UTF-32"),
        ("cp1252", "Windows-1252"),
        ("mac_roman", "Mac OS"),
    ],
)
def test_a_csv_is_read_in_every_usual_encoding_with_every_separator(separator: str, encoding: str, said: str) -> None:
    table = read_table(a_csv(ZOE, RENE, separator=separator, encoding=encoding))
    assert cells(table)[0] == dict(
        zip(("person", "commune", "email", "phone", "project", "fragility"), ZOE, strict=True)
    )
    assert cells(table)[1]["commune"] == "Nœux-les-Mines"
    assert said in table.read_as


@pytest.mark.parametrize("encoding", ["iso8859_15", "cp850"])
def test_a_csv_of_an_old_machine_is_read_too(encoding: str) -> None:
    row = ("Zoé Inventée", "Béthune", "zoe@exemple.fr", "", "Épicerie à vélo", "Déçue, isolée")
    assert cells(read_table(a_csv(row, encoding=encoding)))[0]["project"] == "Épicerie à vélo"


def test_a_file_that_mixes_two_encodings_loses_no_accent_and_says_so() -> None:
    data = a_csv(ZOE, encoding="cp1252") + b"\r\n" + a_csv(RENE, headers=(), encoding="utf-8").strip()
    table = read_table(data)
    assert [row["person"] for row in cells(table)] == ["Zoé Inventée", "René Fictif"]
    assert cells(table)[0]["fragility"] == ZOE[5]
    assert any("mélange deux encodages" in remark for remark in table.remarks)


def test_the_line_that_excel_writes_for_itself_is_skipped_and_still_counted() -> None:
    table = read_table(b"sep=;\r\n" + a_csv(ZOE))
    assert table.rows[0].number == 3
    assert cells(table)[0]["person"] == "Zoé Inventée"


def test_quotes_line_breaks_and_separators_inside_a_cell_stay_in_it() -> None:
    table = read_table('Personne;Courriel;Remarque\nZoé;z@exemple.fr;"a;b\nc ""d"""\n\nRené;r@exemple.fr;e\n'.encode())
    assert cells(table)[0]["remark"] == 'a;b\nc "d"'
    assert [row.number for row in table.rows] == [2, 4]  # as a spreadsheet numbers them, empty ones included


def test_a_quote_in_the_middle_of_a_cell_is_a_quote_and_one_never_closed_is_an_error() -> None:
    assert cells(read_table(b'Personne;Courriel\nZo "la" X;z@exemple.fr\n'))[0]["person"] == 'Zo "la" X'
    assert "jamais refermé" in refusal(b'Personne;Courriel\n"Zoe;z@exemple.fr\nRene;r@exemple.fr\n')


# --- headers


def test_a_title_may_stand_above_and_headers_may_be_named_otherwise() -> None:
    table = read_table("Suivi 2026;;\n;;\nNOM  ;E-mail;Problématique détectée\nZoé;z@exemple.fr;seule\n".encode())
    assert list(table.places) == ["person", "email", "problem"]
    assert table.rows[0].number == 4


def test_a_slip_in_a_header_is_guessed_and_said_and_what_is_unknown_is_said() -> None:
    table = read_table("Personne;Couriel;Pointure\nZoé;z@exemple.fr;38;reste\n".encode())
    assert table.places == {"person": 0, "email": 1}
    said = " ".join(table.remarks)
    assert "« Couriel » est lue comme « Courriel »" in said
    assert "Pointure" in said
    assert "La colonne D n’a pas d’en-tête" in said


@pytest.mark.parametrize(
    ("headers", "said"),
    [
        ("a;b;c", "Aucune ligne d’en-têtes"),
        ("Commune;Courriel", "ne dit qui"),
        ("Personne;Commune", "comment joindre"),
        ("Personne;Nom;Courriel", "Les colonnes A et B disent toutes deux « Personne »"),
    ],
)
def test_headers_that_do_not_do_are_refused_with_what_to_do(headers: str, said: str) -> None:
    assert said in refusal(f"{headers}\nx;y;z\n".encode())


@pytest.mark.parametrize("template", [csv_template, xlsx_template])
def test_the_template_reads_as_the_table_and_its_example_is_not_a_holder(template: object) -> None:
    data = template()  # type: ignore[operator]
    assert "aucune ligne" in refusal(data)
    filled = data.replace(b"Alix Fictif", "Zoé Inventée".encode()) if data.startswith(b"\xef") else data
    if filled is not data:
        table = read_table(filled)
        assert list(table.places) == [column.key for column in TEMPLATE]
        assert table.remarks == ()


def test_no_cell_of_a_template_is_a_formula() -> None:
    assert all(harmless(text) == text for column in COLUMNS for text in (column.header, column.example, column.what))
    for sign in ("=", "+", "-", "@", "\t", "\r", "\0"):
        assert harmless(f"{sign}1") == f"'{sign}1"


# --- spreadsheets


def test_an_xlsx_gives_the_same_rows_as_a_csv() -> None:
    assert cells(read_table(an_xlsx(ZOE, RENE)))[0] == cells(read_table(a_csv(ZOE, RENE)))[0]


def test_numbers_dates_and_booleans_are_written_as_people_write_them() -> None:
    headers = ("Personne", "Téléphone", "Année", "Repéré le", "Remarque", "Code postal")
    table = read_table(an_xlsx(("Zoé", 321000001, 2026.0, date(2026, 3, 14), True, 62400), headers=headers))
    assert table.rows[0].cells == ("Zoé", "321000001", "2026", "14/03/2026", "oui", "62400")


def test_the_sheet_that_has_the_headers_is_read_and_another_one_like_it_is_named() -> None:
    data = an_xlsx(headers=("Note",), Suivi=[HEADERS, ZOE], Archives=[HEADERS, RENE], Divers=[("a", "b")])
    table = read_table(data)
    assert "feuille « Suivi »" in table.read_as
    assert [row["person"] for row in cells(table)] == ["Zoé Inventée"]
    [remark] = table.remarks
    assert "Archives" in remark
    assert "Divers" not in remark


def test_the_value_of_a_formula_is_taken_and_one_without_value_is_a_fault_of_its_cell() -> None:
    data = an_xlsx(("Zoé", "Béthune", "zoe@exemple.fr", "=1+1", "=HYPERLINK(1)", "#REF!"))
    table = read_table(data)
    assert {at: fault.split(" ")[0] for at, fault in table.rows[0].faults.items()} == {3: "Cette", 4: "Cette", 5: "Le"}
    computed = sheet_xml(data).replace(b"<f>1+1</f><v></v>", b"<f>1+1</f><v>2</v>").replace(b"<v />", b"<v/>")
    computed = computed.replace(b"<f>1+1</f><v/>", b"<f>1+1</f><v>2</v>")
    table = read_table(repacked(data, **{"xl__worksheets__sheet1.xml": computed}))
    assert table.rows[0].cells[3] == "2"
    assert 3 not in table.rows[0].faults


def test_a_formula_in_a_csv_is_a_fault_and_a_telephone_with_its_prefix_is_not() -> None:
    [row] = read_table(a_csv(("=cmd|' /C calc'!A0", "Béthune", "z@exemple.fr", "+33 3 21 00 00 01", "- un", "@x"))).rows
    assert list(row.faults) == [0]


def test_an_impossible_date_of_a_spreadsheet_is_a_fault_of_its_cell() -> None:
    headers = ("Personne", "Courriel", "Repéré le")
    data = an_xlsx(("Zoé", "z@exemple.fr", date(2026, 3, 14)), headers=headers)
    broken = sheet_xml(data).replace(b"<v>46095</v>", b"<v>99999999999</v>")
    assert broken != sheet_xml(data)
    [row] = read_table(repacked(data, **{"xl__worksheets__sheet1.xml": broken})).rows
    assert list(row.faults) == [2]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (with_macros(), "contient des macros"),
        (b"PK\x03\x04" + b"garbage" * 20, "abîmé"),
        (an_xlsx(ZOE)[:-200], "abîmé"),
        (an_xlsx(ZOE)[:3000] + bytes(200) + an_xlsx(ZOE)[3200:], "abîmé"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "ancien format"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "mot de passe"),
        (b"%PDF-1.7 ...", "pas un tableau"),
        (bytes(range(256)) * 20, "pas un tableau"),
        (b"", "vide"),
        (b" \r\n ", "vide"),
        (b"x" * (2 * 1024 * 1024 + 1), "2 Mo"),
        (b"Personne;Courriel\n" + b"x" * 200_000, "démesurée"),
        (a_csv(), "aucune ligne"),
        (a_csv(*[("Zoé", "", "z@exemple.fr")] * 5_001), "plus de 5000 lignes"),
        (a_csv(("Zoé", *["x"] * 60)), "plus de 40 colonnes"),
        (an_xlsx(("Zoé", *["x"] * 60)), "plus de 40 colonnes"),
        (b"\xff\xfea", "abîmé"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_read_is_refused_in_one_clear_sentence(data: bytes, said: str) -> None:
    assert said in refusal(data)


def test_a_zip_bomb_is_refused_before_it_is_opened() -> None:
    bomb = a_zip_bomb()
    assert len(bomb) < 100_000
    assert "démesuré" in refusal(bomb)


def test_a_file_of_libreoffice_or_of_words_says_how_to_save_it() -> None:
    for name, said in (("mimetype", "LibreOffice"), ("word/document.xml", "pas un tableau")):
        written = io.BytesIO()
        with zipfile.ZipFile(written, "w") as archive:
            archive.writestr(name, "x")
            archive.writestr("[Content_Types].xml", "<Types/>")
        assert said in refusal(written.getvalue())


def test_entities_are_never_expanded() -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY x "ha">]>'
    evil = sheet_xml(an_xlsx(ZOE)).replace(b"<worksheet", bomb + b"<worksheet", 1)
    assert "abîmé" in refusal(repacked(an_xlsx(ZOE), **{"xl__worksheets__sheet1.xml": evil}))


@pytest.mark.parametrize("row", [b"99999999999", b"1048577", b"9" * 5000, b"-4", b"x"])
def test_a_row_that_lies_about_its_number_ends_at_once(row: bytes) -> None:
    evil = sheet_xml(an_xlsx(ZOE, RENE)).replace(b'<row r="3"', b'<row r="' + row + b'"')
    assert evil != sheet_xml(an_xlsx(ZOE, RENE))
    data = repacked(an_xlsx(ZOE, RENE), **{"xl__worksheets__sheet1.xml": evil})
    table = attempt(data)
    assert table is None or len(table.rows) in (1, 2)


def test_empty_rows_far_below_cost_nothing_and_count_for_nothing() -> None:
    far = sheet_xml(an_xlsx(ZOE)).replace(b"</sheetData>", b'<row r="1048576"><c r="A1048576"/></row></sheetData>')
    assert len(read_table(repacked(an_xlsx(ZOE), **{"xl__worksheets__sheet1.xml": far})).rows) == 1


# --- anything at all


@settings(max_examples=300)
@given(st.binary(max_size=400))
def test_no_bytes_make_the_reader_fail_otherwise(data: bytes) -> None:
    for start in (b"", b"PK\x03\x04", b"\xff\xfe", b"Personne;Courriel\n", b"sep="):
        attempt(start + data)


@given(st.text(max_size=300), st.sampled_from(["utf-8", "utf-16", "cp1252"]), st.sampled_from([";", ",", "\t"]))
def test_any_text_in_a_cell_is_read_or_refused(text: str, encoding: str, separator: str) -> None:
    quoted = text.replace('"', '""')
    data = f'Personne{separator}Courriel{separator}Remarque\nZ{separator}z@exemple.fr{separator}"{quoted}"'
    table = attempt(data.encode(encoding, "replace"))
    if table and encoding == "utf-16" and text.strip() and not text.lstrip().startswith("="):
        assert table.rows[0].cells[2] == text


_PIECES = an_xlsx(ZOE, RENE)


@given(st.integers(0, len(_PIECES) - 1), st.binary(min_size=1, max_size=30))
def test_a_spreadsheet_with_some_bytes_changed_is_read_or_refused(at: int, noise: bytes) -> None:
    attempt(_PIECES[:at] + noise + _PIECES[at + len(noise) :])


@given(st.binary(max_size=200), st.integers(0, 800))
def test_a_sheet_with_odd_xml_is_read_or_refused(noise: bytes, at: int) -> None:
    xml = sheet_xml(_PIECES)
    attempt(repacked(_PIECES, **{"xl__worksheets__sheet1.xml": xml[:at] + noise + xml[at:]}))
