"""XLSX files to rows: values only, weighed before anything is parsed, refused with macros or a password."""

import warnings
import zipfile
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime, time
from io import BytesIO
from typing import Any

from openpyxl import load_workbook

from guide.errors import TableError
from guide.tables.columns import recognise
from guide.tables.decoding import not_a_table
from guide.tables.rows import MOST_COLUMNS, Collector, Sheet, listed

_LARGEST_UNZIPPED = 16 * 1024 * 1024  # bytes: 5,000 rows of 40 columns take 12
_MOST_PARTS = 500
_LAST_ROW = 1_048_576  # of any spreadsheet
_LOOKED_AT = 40  # rows, to find the headers
_NO_VALUE = "Cette formule n’a pas de résultat enregistré : collez la valeur."
_ERROR = "Le tableur a calculé une erreur : corrigez la cellule, ou videz-la."
_DAMAGED = ("Ce fichier XLSX est abîmé.", "Ouvrez-le dans votre tableur, puis enregistrez-le de nouveau.")

warnings.filterwarnings("ignore", category=UserWarning, module="openpyxl")  # of what it does not keep: nothing is kept


def read_xlsx(data: bytes) -> Sheet:
    """Read the first sheet that has the headers; raise TableError."""
    parts = _weigh(data)
    try:
        return _read(data, has_formulas=any(b"<f>" in part or b"<f " in part for part in parts))
    except TableError:
        raise
    except Exception:  # openpyxl raises whatever the file makes it meet
        raise TableError(*_DAMAGED) from None


def _weigh(data: bytes) -> list[bytes]:
    """Refuse what must not be opened; give the text of the sheets."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            listed_parts = archive.infolist()
            _check_parts(listed_parts)
            types = archive.read("[Content_Types].xml")
            if b"macroEnabled" in types or any(each.filename.lower().endswith(".bin") for each in listed_parts):
                _refuse_macros(listed_parts)
            return [archive.read(each) for each in listed_parts if each.filename.startswith("xl/worksheets/")]
    except TableError:
        raise
    except KeyError:
        raise not_a_table() from None
    except Exception:  # a zip can be broken in as many ways as it has fields
        raise TableError(*_DAMAGED) from None


def _check_parts(parts: list[zipfile.ZipInfo]) -> None:
    if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _LARGEST_UNZIPPED:
        raise TableError(
            "Une fois décompressé, ce fichier est démesuré.", "Copiez les lignes utiles dans un tableau neuf."
        )
    if any(part.flag_bits & 1 for part in parts):
        raise TableError("Ce fichier est protégé par un mot de passe.", "Enregistrez-le sans mot de passe.")
    names = {part.filename for part in parts}
    if "mimetype" in names:
        raise TableError("Ce fichier est au format de LibreOffice.", "Enregistrez-le en XLSX ou en CSV.")
    if "xl/workbook.xml" not in names and "xl/workbook.bin" not in names:
        raise not_a_table()


def _refuse_macros(parts: list[zipfile.ZipInfo]) -> None:
    names = [part.filename.lower() for part in parts]
    if "xl/workbook.bin" in names:
        raise TableError("Le format XLSB ne se lit pas ici.", "Enregistrez le tableau en XLSX ou en CSV.")
    if all(name.startswith("xl/printersettings/") for name in names if name.endswith(".bin")) and not any(
        "vba" in name for name in names
    ):
        return
    raise TableError("Ce fichier contient des macros.", "Enregistrez-le en XLSX, sans macros, ou en CSV.")


def _read(data: bytes, *, has_formulas: bool) -> Sheet:
    with closing(load_workbook(BytesIO(data), read_only=True, data_only=True, keep_links=False)) as book:
        shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        if not shown:
            raise TableError("Ce classeur n’a aucune feuille visible.", "Affichez la feuille du tableau.")
        found = {sheet.title: _headers(sheet) for sheet in shown}
        chosen = max(shown, key=lambda sheet: found[sheet.title])  # the first of equals
        formulas = _formulas(data, chosen.title) if has_formulas else set()
        collector = Collector()
        for number, values in _rows(chosen):
            cells, faults = _texts(values), _faults(values)
            blank = {i for i in range(len(cells)) if (number, i) in formulas and not cells[i]}
            collector.add(number, cells, {**faults, **dict.fromkeys(blank, _NO_VALUE)})
        others = [sheet.title for sheet in shown if sheet is not chosen and found[sheet.title] > 1]
        remarks = (f"Une seule feuille est lue à la fois. Il reste : {listed(others)}.",) if others else ()
        return Sheet(tuple(collector.rows), f"XLSX, feuille « {chosen.title} »", remarks)


def _rows(sheet: Any) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """The rows that hold something, as values; the size that a file says of itself is not believed."""
    sheet.reset_dimensions()
    for number, values in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS + 1, values_only=True), 1):
        if number > _LAST_ROW:
            raise TableError(*_DAMAGED)
        if values.count(None) < len(values):
            yield number, values


def _headers(sheet: Any) -> int:
    best = 0
    for number, values in _rows(sheet):
        if number > _LOOKED_AT:
            break
        best = max(best, len(recognise(_texts(values)).places))
    return best


def _formulas(data: bytes, title: str) -> set[tuple[int, int]]:
    """Where the formulas stand, as row numbers and positions."""
    with closing(load_workbook(BytesIO(data), read_only=True, keep_links=False)) as book:
        sheet: Any = book[title]
        sheet.reset_dimensions()
        rows = sheet.iter_rows(max_col=MOST_COLUMNS + 1)
        found = ((number, cells) for number, cells in enumerate(rows, 1))
        return {(number, i) for number, cells in found for i, cell in enumerate(cells) if cell.data_type == "f"}


def _texts(values: tuple[Any, ...]) -> list[str]:
    return [_text(value) for value in values]


def _faults(values: tuple[Any, ...]) -> dict[int, str]:
    errors = {index for index, value in enumerate(values) if isinstance(value, str) and _is_error(value)}
    return dict.fromkeys(errors, _ERROR)


def _is_error(value: str) -> bool:
    return value in ("#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#N/A", "#NULL!")


def _text(value: Any) -> str:
    """A value as somebody would write it: 62000 and not 62000.0, a date in the French order."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, datetime | date):
        return value.strftime("%d/%m/%Y") if value.year >= 1000 else str(value)
    if isinstance(value, time):
        return value.isoformat("minutes")
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() and abs(value) < 1e15 else f"{value:.15g}"
    return str(value)
