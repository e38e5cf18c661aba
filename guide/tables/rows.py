"""What every reader gives: rows of texts, numbered as the spreadsheet numbers them, and the limits of both."""

from dataclasses import dataclass, field

from guide.errors import TableError
from guide.text import join_words, typeset

LARGEST_FILE = 2 * 1024 * 1024  # bytes
MOST_ROWS, MOST_COLUMNS = 5_000, 40
LONGEST_CELL = 4_000  # signs
_MOST_SIGNS = 4_000_000  # in the whole table
_SHOWN_OF_TOO_LONG = 80


@dataclass(frozen=True, slots=True)
class Row:
    """One row that holds something. ``faults``: what the reader could not take as a value, by position."""

    number: int
    cells: tuple[str, ...]
    faults: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of a file, and how they were read, in words."""

    rows: tuple[Row, ...]
    read_as: str
    remarks: tuple[str, ...] = ()


class Collector:
    """Gathers the rows of a file, and stops where the limits are."""

    def __init__(self) -> None:
        """Nothing yet."""
        self.rows: list[Row] = []
        self._signs = 0

    def add(self, number: int, cells: list[str], faults: dict[int, str]) -> None:
        """Keep a row that holds something; raise TableError when there are too many, too wide or too heavy."""
        for index, cell in enumerate(cells):
            if len(cell) > LONGEST_CELL:
                faults.setdefault(index, f"Ce texte est trop long : {len(cell)} signes, {LONGEST_CELL} au plus.")
                cells[index] = cell[:_SHOWN_OF_TOO_LONG] + "…"
        while cells and not cells[-1].strip() and len(cells) - 1 not in faults:
            cells.pop()
        if not cells:
            return
        self._signs += sum(map(len, cells))
        self.rows.append(Row(number, tuple(cells), faults))
        self._check(number, len(cells))

    def _check(self, number: int, width: int) -> None:
        if width > MOST_COLUMNS:
            what = f"La ligne {number} a plus de {MOST_COLUMNS} colonnes."
            raise TableError(what, "Gardez les colonnes du modèle.")
        if len(self.rows) > MOST_ROWS + 1:  # and the headers
            raise TableError(f"Ce tableau a plus de {MOST_ROWS} lignes.", "Coupez-le en plusieurs fichiers.")
        if self._signs > _MOST_SIGNS:
            raise TableError("Ce tableau contient trop de texte.", "Coupez-le en plusieurs fichiers.")


def listed(words: list[str], most: int = 8) -> str:
    """Say names between guillemets: « a », « b » et « c »."""
    shown = [f"« {word} »" for word in words[:most]]
    return typeset(join_words([*shown, "d’autres"] if len(words) > most else shown))


def letter(index: int) -> str:
    """The letter of a column, as spreadsheets show it: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, left = divmod(index - 1, 26)
        letters = chr(65 + left) + letters
    return letters
