"""Files as a spreadsheet writes them, made for each test."""

import io
import zipfile
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook

from guide.errors import TableError
from guide.tables.reader import Table, read_table

HEADERS = ("Personne", "Commune", "Courriel", "Téléphone", "Projet", "Pourquoi fragile")
ZOE = (
    "Zoé Inventée",
    "Béthune",
    "zoe@exemple.fr",
    "03 21 00 00 01",
    "L’épicerie",
    "«\u00a0isolée\u00a0», à 20 km – l’été",
)
RENE = ("René Fictif", "Nœux-les-Mines", "rene@exemple.fr", "", "Un café", "Déçu, déjà refusé")


def a_csv(
    *rows: Sequence[str], headers: Sequence[str] = HEADERS, separator: str = ";", encoding: str = "utf-8"
) -> bytes:
    lines = [separator.join(f'"{cell}"' if separator in cell else cell for cell in row) for row in (headers, *rows)]
    return "\r\n".join(lines).encode(encoding, "replace")


def an_xlsx(*rows: Sequence[Any], headers: Sequence[str] = HEADERS, **sheets: list[Sequence[Any]]) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (headers, *rows):
        sheet.append(list(row))
    for title, more in sheets.items():
        other = book.create_sheet(title)
        for row in more:
            other.append(list(row))
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def repacked(data: bytes, **changes: bytes | None) -> bytes:
    """The same archive with some parts replaced, added, or taken out (None); « __ » stands for « / »."""
    parts = {name.replace("__", "/"): content for name, content in changes.items()}
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new:
        for each in old.infolist():
            if each.filename not in parts:
                new.writestr(each.filename, old.read(each))
        for name, content in parts.items():
            if content is not None:
                new.writestr(name, content)
    return written.getvalue()


def a_zip_bomb() -> bytes:
    """Some kilobytes that would become tens of megabytes."""
    return repacked(an_xlsx(ZOE), **{"xl__sharedStrings.xml": b"\0" * 40_000_000})


def with_macros() -> bytes:
    return repacked(an_xlsx(ZOE), **{"xl__vbaProject.bin": b"\xd0\xcf\x11\xe0"})


def sheet_xml(data: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read("xl/worksheets/sheet1.xml")


def attempt(data: bytes) -> Table | None:
    """Read a file that may be anything: a refusal says what is wrong and what to do."""
    try:
        return read_table(data)
    except TableError as error:
        refused = error
    assert refused.what.endswith(".")
    assert refused.then.endswith(".")
    return None
