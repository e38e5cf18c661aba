"""A file to a table: which format it is, where its headers stand, which columns it has."""

from collections.abc import Sequence
from dataclasses import dataclass

from guide.errors import TableError
from guide.tables.columns import BY_KEY, COLUMNS, Headers, recognise
from guide.tables.csv_reader import read_csv
from guide.tables.decoding import not_a_table
from guide.tables.rows import LARGEST_FILE, MOST_ROWS, Row, Sheet, letter, listed
from guide.tables.xlsx_reader import read_xlsx
from guide.text import join_words, normalise

_LOOKED_AT = 20  # rows
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # old Office files, and those that a password protects
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_BINARY = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x1f\x8b",
    b"{\\rtf",
    b"<!DOCTYPE",
    b"<html",
)


@dataclass(frozen=True, slots=True)
class Table:
    """A table ready to be read row by row: the place of each column, and what is to be said of how it was read."""

    rows: tuple[Row, ...]
    places: dict[str, int]
    read_as: str
    remarks: tuple[str, ...] = ()


def read_table(data: bytes) -> Table:
    """Read a CSV or XLSX file, by what it holds and not by its name; raise TableError, and nothing else."""
    if len(data) > LARGEST_FILE:
        raise TableError(
            f"Ce fichier dépasse {LARGEST_FILE // 1024 // 1024} Mo.", "Gardez les colonnes et les lignes utiles."
        )
    if not data.strip():
        raise TableError("Ce fichier est vide.", "Vérifiez que vous avez choisi le bon.")
    return _find_table(_read_sheet(data))


def _read_sheet(data: bytes) -> Sheet:
    if data.startswith(b"PK"):
        return read_xlsx(data)
    if data.startswith(_OLE):
        if _ENCRYPTED in data:
            raise TableError("Ce fichier est protégé par un mot de passe.", "Enregistrez-le sans mot de passe.")
        raise TableError("C’est l’ancien format d’Excel (XLS).", "Enregistrez le tableau en XLSX ou en CSV.")
    if data.startswith(_BINARY):
        raise not_a_table()
    return read_csv(data)


def _find_table(sheet: Sheet) -> Table:
    """Find the headers among the first rows: a title may stand above them."""
    candidates = [(recognise(row.cells), index) for index, row in enumerate(sheet.rows[:_LOOKED_AT])]
    headers, at = max(candidates, key=lambda each: len(each[0].places), default=(Headers({}, {}, {}, {}), 0))
    _check(headers)
    rows = tuple(row for row in sheet.rows[at + 1 :] if not _is_example(row, headers))
    if not rows:
        raise TableError("Ce tableau n’a aucune ligne sous ses en-têtes.", "Ajoutez au moins une ligne.")
    if len(rows) > MOST_ROWS:
        raise TableError(f"Ce tableau a plus de {MOST_ROWS} lignes.", "Coupez-le en plusieurs fichiers.")
    nameless = _nameless(sheet.rows[at], rows)
    return Table(rows, headers.places, sheet.read_as, (*sheet.remarks, *_remarks(headers), *nameless))


def _is_example(row: Row, headers: Headers) -> bool:
    """Whether this is the example of the template, left there."""
    places = [(key, index) for key, index in headers.places.items() if index < len(row.cells)]
    same = [key for key, index in places if row.cells[index] == BY_KEY[key].example != ""]
    return {"person", "email"} <= set(same)


def _nameless(headers: Row, rows: Sequence[Row]) -> list[str]:
    """Say which columns hold something under no header."""
    width = max(len(row.cells) for row in rows)
    named = {index for index, cell in enumerate(headers.cells) if normalise(cell)}
    filled = [
        i for i in range(width) if i not in named and any(i < len(row.cells) and row.cells[i].strip() for row in rows)
    ]
    return [f"La colonne {letter(index)} n’a pas d’en-tête : elle n’est pas lue." for index in filled]


def _check(headers: Headers) -> None:
    places = headers.places
    if len(places) < 2:
        names = join_words([f"« {column.header} »" for column in COLUMNS[:4]])
        raise TableError(
            "Aucune ligne d’en-têtes n’est reconnue.", f"Mettez en tête les colonnes du modèle : {names}, par exemple."
        )
    if headers.repeated:
        key, (first, second) = next(iter(headers.repeated.items()))
        what = f"Les colonnes {letter(first)} et {letter(second)} disent toutes deux « {BY_KEY[key].header} »."
        raise TableError(what, "Gardez-en une, ou renommez l’autre.")
    if not places.keys() & {"person", "structure"}:
        raise TableError("Aucune colonne ne dit qui.", "Ajoutez une colonne « Personne » ou « Structure ».")
    if not places.keys() & {"email", "phone", "contact"}:
        raise TableError(
            "Aucune colonne ne dit comment joindre la personne.", "Ajoutez une colonne « Courriel » ou « Téléphone »."
        )


def _remarks(headers: Headers) -> list[str]:
    guessed = [f"La colonne « {was} » est lue comme « {BY_KEY[key].header} »." for key, was in headers.guessed.items()]
    if not headers.unknown:
        return guessed
    names = listed(list(headers.unknown.values()))
    return [*guessed, f"Ce qui n’est pas lu, faute d’une colonne connue : {names}."]
