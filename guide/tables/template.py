"""The table to fill in: the headers and one example, as CSV and as XLSX."""

import csv
import io

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from guide.tables.columns import TEMPLATE

_BOM = "\ufeff"  # without it, spreadsheets take accents for something else
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\0")


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_DANGEROUS) else text


def csv_template() -> bytes:
    """The table as CSV, as a spreadsheet set in French reads it."""
    written = io.StringIO(newline="")
    lines = csv.writer(written, delimiter=";", lineterminator="\r\n")
    lines.writerow([harmless(column.header) for column in TEMPLATE])
    lines.writerow([harmless(column.example) for column in TEMPLATE])
    return (_BOM + written.getvalue()).encode()


def xlsx_template() -> bytes:
    """The table as XLSX: text everywhere, so that no telephone loses its zero; a second sheet explains."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None  # noqa: S101 - a new workbook has one
    sheet.title = "Porteurs"
    sheet.append([column.header for column in TEMPLATE])
    sheet.append([column.example for column in TEMPLATE])
    for index in range(1, len(TEMPLATE) + 1):
        dimension = sheet.column_dimensions[get_column_letter(index)]
        dimension.width, dimension.number_format = 24, "@"
        head = sheet.cell(1, index)
        head.font, head.fill = Font(bold=True), PatternFill("solid", fgColor="DDEBEE")
        sheet.cell(2, index).number_format = "@"
    sheet.freeze_panes = "A2"
    help_sheet = book.create_sheet("Aide")
    help_sheet.append(["Colonne", "Ce qu’on y écrit"])
    for column in TEMPLATE:
        help_sheet.append([column.header, column.what])
        help_sheet.cell(help_sheet.max_row, 2).alignment = Alignment(wrap_text=True)
    help_sheet.column_dimensions["A"].width, help_sheet.column_dimensions["B"].width = 26, 80
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()
