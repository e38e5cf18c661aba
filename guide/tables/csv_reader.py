"""CSV files to rows, whatever the encoding and the separator."""

import csv
import io
import re
from collections.abc import Iterator

from guide.errors import TableError
from guide.tables.columns import recognise
from guide.tables.decoding import decode
from guide.tables.rows import Collector, Sheet

_SEPARATORS = {";": "point-virgule", ",": "virgule", "\t": "tabulation", "|": "barre"}
_SEPARATOR_LINE = re.compile(r"sep=(.)\r?\n?", re.IGNORECASE)  # what Excel writes for itself
_LOOKED_AT = 20  # rows, to find the headers
_FORMULA = "C’est une formule : écrivez le texte ou la valeur."


def read_csv(data: bytes) -> Sheet:
    """Read a CSV file; raise TableError."""
    decoded = decode(data)
    text, offset = decoded.text.removeprefix("\ufeff"), 0
    if said := _SEPARATOR_LINE.match(text):
        text, offset = text[said.end() :], 1
    separator = said[1] if said else max(_SEPARATORS, key=lambda each: _headers(text, each))
    collector = Collector()
    for number, cells in enumerate(_records(text, separator), 1 + offset):
        faults = {index: _FORMULA for index, cell in enumerate(cells) if cell.lstrip().startswith("=")}
        collector.add(number, cells, faults)
    name = _SEPARATORS.get(separator, f"« {separator} »")
    mixed = ("Ce fichier mélange deux encodages : vérifiez les accents.",) if decoded.mixed else ()
    return Sheet(tuple(collector.rows), f"CSV, {decoded.encoding}, séparateur : {name}", mixed)


def _headers(text: str, separator: str) -> tuple[int, int]:
    """How many headers a separator makes appear, then how many columns."""
    best = (0, 0)
    try:
        for number, cells in enumerate(_records(text, separator)):
            if number >= _LOOKED_AT:
                break
            best = max(best, (len(recognise(cells).places), len(cells)))
    except TableError:
        return best
    return best


def _records(text: str, separator: str) -> Iterator[list[str]]:
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=not _is_loose(text, separator))
    except csv.Error as error:
        if "field larger" in str(error):
            raise TableError("Une cellule est démesurée.", "Vérifiez les guillemets du fichier.") from None
        raise TableError(
            "Un guillemet est ouvert et jamais refermé.", "Enregistrez le tableau de nouveau depuis votre tableur."
        ) from None


def _is_loose(text: str, separator: str) -> bool:
    """Whether a quote stands in the middle of a cell: hand-made files are read as they are."""
    try:
        for _ in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True):
            pass
    except csv.Error as error:
        return "expected after" in str(error)
    return False
