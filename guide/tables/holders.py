"""Rows to project holders: each one typed, or the list of what is wrong, by line and column."""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any

from guide.tables import cells
from guide.tables.cells import CellError
from guide.tables.columns import BY_KEY
from guide.tables.reader import Table
from guide.tables.rows import Row, letter
from guide.territory import Resolution, Territory
from guide.text import capitalise, join_words, normalise

_LONGEST = {"person": 120, "first_name": 60, "structure": 120, "project": 160, "commune": 120, "postcode": 20}
_SHOWN = 60  # signs of a refused cell


@dataclass(frozen=True, slots=True)
class Problem:
    """What cannot be taken: where, what stood there, why, and what is expected."""

    line: int
    column: str
    letter: str
    found: str
    what: str
    expected: str = ""


@dataclass(frozen=True, slots=True)
class Doubt:
    """What deserves a look, and prevents nothing."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Holder:
    """A project holder, as one row tells of them. None: not said."""

    line: int = field(compare=False)
    person: str | None = None
    structure: str | None = None
    commune: str | None = None  # INSEE code
    place: str | None = None  # what was written, when it names no commune for sure
    email: str | None = None
    phone: str | None = None
    project: str | None = None
    summary: str | None = None
    stage: str | None = None
    budget_citoyen: str | None = None
    budget_year: int | None = None
    fragility: str | None = None
    problem: str | None = None
    support: str | None = None
    noticed_on: str | None = None  # ISO
    remark: str | None = None

    @classmethod
    def of(cls, said: dict[str, Any]) -> "Holder":
        """The holder of a row that was kept."""
        year = said.get("budget_year")
        return cls(line=0, **{**said, "budget_year": int(year) if year else None})

    @property
    def name(self) -> str:
        """Whom to ask for."""
        return self.person or self.structure or ""

    @property
    def said(self) -> dict[str, str]:
        """What the row says, by field, as it is kept."""
        named = ((each.name, getattr(self, each.name)) for each in fields(self) if each.name != "line")
        return {name: str(value) for name, value in named if value is not None}

    @property
    def fingerprint(self) -> str:
        """The same for the same row, however it is spaced and capitalised."""
        return fingerprint(self.said)


def fingerprint(said: dict[str, str]) -> str:
    """What makes two rows the same."""
    folded = {name: " ".join(value.casefold().split()) for name, value in sorted(said.items())}
    return hashlib.sha256(json.dumps(folded, ensure_ascii=False).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Reading:
    """What a table says."""

    holders: tuple[Holder, ...]
    problems: tuple[Problem, ...]
    doubts: tuple[Doubt, ...]


def read_holders(table: Table, territory: Territory, today: date) -> Reading:
    """Read every row; a row with a problem gives no holder."""
    reader = _Reader(table, territory, today)
    holders = [holder for row in table.rows if (holder := reader.read(row)) is not None]
    return Reading(tuple(holders), tuple(reader.problems), tuple(reader.doubts))


class _Reader:
    """Reads the rows of one table, and remembers what was wrong."""

    def __init__(self, table: Table, territory: Territory, today: date) -> None:
        self.problems: list[Problem] = []
        self.doubts: list[Doubt] = []
        self._places, self._territory, self._today = table.places, territory, today
        self._resolved: dict[str, Resolution] = {}
        self._seen: dict[tuple[str, ...], int] = {}
        self._whole: dict[str, int] = {}

    def read(self, row: Row) -> Holder | None:
        before = len(self.problems)
        text = {key: said for key in self._places if (said := self._text(row, key))}
        self._check_lengths(row, text)
        values: dict[str, Any] = {
            **{key: text.get(key) for key in ("structure", "project", "summary", "fragility", "problem", "remark")},
            "person": " ".join(filter(None, [text.get("first_name"), text.get("person")])) or None,
            **{key: self._value(row, key, text, read) for key, read in self._readers.items()},
        }
        self._read_contact(row, text, values)
        if len(self.problems) == before:
            self._require(row, values)
        if len(self.problems) > before:
            return None
        self._read_place(row, text, values)
        holder = Holder(line=row.number, **values)
        self._compare(row, holder)
        return holder if len(self.problems) == before else None

    @property
    def _readers(self) -> dict[str, Callable[[str], Any]]:
        return {
            "email": cells.read_address,
            "phone": cells.read_number,
            "stage": lambda text: cells.read_choice("stage", text),
            "budget_citoyen": lambda text: cells.read_choice("budget_citoyen", text),
            "support": lambda text: cells.read_choice("support", text),
            "budget_year": lambda text: cells.read_year(text, self._today),
            "noticed_on": lambda text: cells.read_day(text, self._today).isoformat(),
        }

    def _text(self, row: Row, key: str) -> str:
        index = self._places[key]
        if index in row.faults:
            self._refuse(row, key, row.faults[index])
            return ""
        try:
            return cells.clean(row.cells[index]) if index < len(row.cells) else ""
        except CellError as error:
            self._refuse(row, key, error.what, error.expected)
            return ""

    def _value(self, row: Row, key: str, text: dict[str, str], read: Callable[[str], Any]) -> Any:
        if key not in text:
            return None
        try:
            return read(text[key])
        except CellError as error:
            self._refuse(row, key, error.what, error.expected, text[key])
            return None

    def _check_lengths(self, row: Row, text: dict[str, str]) -> None:
        for key, longest in _LONGEST.items():
            if (length := len(text.get(key, ""))) > longest:
                more = " : mettez la suite dans « Présentation du projet »" if key == "project" else ""
                self._refuse(row, key, f"Ce texte a {length} signes.", f"{longest} signes au plus{more}", text[key])

    def _read_contact(self, row: Row, text: dict[str, str], values: dict[str, Any]) -> None:
        both = self._value(row, "contact", text, cells.read_contact) or (None, None)
        values["email"], values["phone"] = values["email"] or both[0], values["phone"] or both[1]

    def _require(self, row: Row, values: dict[str, Any]) -> None:
        if not (values["person"] or values["structure"]):
            key = "person" if "person" in self._places else "structure"
            self._refuse(row, key, "Cette ligne ne dit pas qui.", "le nom d’une personne ou d’une structure")
        if not (values["email"] or values["phone"]):
            key = next(key for key in ("email", "phone", "contact") if key in self._places)
            self._refuse(row, key, "Rien ne permet de joindre la personne.", "un courriel ou un téléphone")

    def _refuse(self, row: Row, key: str, what: str, expected: str = "", found: str = "") -> None:
        found = " ".join(found.split())
        found = found if len(found) <= _SHOWN else f"{found[:_SHOWN]}…"
        at = letter(self._places[key])
        self.problems.append(Problem(row.number, BY_KEY[key].header, at, found, what, expected))

    def _read_place(self, row: Row, text: dict[str, str], values: dict[str, Any]) -> None:
        written = " ".join(filter(None, [text.get("postcode"), text.get("commune")]))
        values["commune"] = values["place"] = None
        if not written:
            self.doubts.append(Doubt(row.number, "La commune n’est pas dite."))
            return
        resolution = self._resolve(written, text.get("commune"))
        if resolution.commune:
            values["commune"] = resolution.commune.code
            return
        values["place"] = written
        self.doubts.append(Doubt(row.number, _about_place(written, resolution)))

    def _resolve(self, written: str, name: str | None) -> Resolution:
        if written not in self._resolved:
            found = self._territory.resolve(written)
            self._resolved[written] = found if found.choices or found.commune else self._territory.resolve(name or "")
        return self._resolved[written]

    def _compare(self, row: Row, holder: Holder) -> None:
        """A row that stands twice is said; the same project of the same person, told otherwise, must be settled."""
        if self._whole.setdefault(holder.fingerprint, row.number) != row.number:
            return
        key = (normalise(holder.name), normalise(holder.project or ""))
        contacts = [(*key, contact) for contact in (holder.email, holder.phone) if contact]
        same = next((self._seen[each] for each in contacts if each in self._seen), None)
        for each in contacts:
            self._seen.setdefault(each, row.number)
        if same is not None:
            column = "person" if "person" in self._places else "structure"
            what = f"La ligne {same} parle déjà de cette personne et de ce projet, autrement."
            self._refuse(row, column, what, "une seule ligne : réunissez les deux", holder.name)


def _about_place(written: str, resolution: Resolution) -> str:
    names = list(dict.fromkeys(choice.commune.name for choice in resolution.choices))[:4]
    where = f"« {written} »"
    if resolution.elsewhere:
        return f"{where} n’est pas dans le Pas-de-Calais ({resolution.elsewhere}) : la ligne entre sans commune."
    if not names:
        return f"{where} n’est pas une commune connue : la ligne entre sans commune."
    return f"{where} n’est pas une commune connue. Est-ce {join_words(names, 'ou')} ? La ligne entre sans commune."


def label(key: str) -> str:
    """The words of a field that was said, for the team."""
    return "Commune, telle qu’elle est écrite" if key == "place" else BY_KEY[key].header


def describe(said: dict[str, str], territory: Territory) -> Iterator[tuple[str, str]]:
    """What a row says, in words and in the order of the columns."""
    for key in fields(Holder):
        value = said.get(key.name)
        if value is not None:
            yield label(key.name), _in_words(key.name, value, territory)


def _in_words(key: str, value: str, territory: Territory) -> str:
    if key == "commune":
        commune = territory.find_commune(value)
        return commune.name if commune else value
    if key == "noticed_on":
        return f"{date.fromisoformat(value):%d/%m/%Y}"
    return capitalise(cells.WORDS.get(key, {}).get(value, value))
