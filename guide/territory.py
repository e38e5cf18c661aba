"""Communes and intercommunalities of Pas-de-Calais, and how a commune typed freely is recognised.

Source of the figures and names: knowledge/territory/LICENCE.md (Insee, DGCL, La Poste via Etalab, 2026).
"""

import csv
import re
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from rapidfuzz import fuzz, process

from guide.text import normalise, typeset

Match = Literal["exact", "old-name", "close"]

_CLOSE_SPELLING = 80.0  # RapidFuzz ratio, in percent, under which a spelling is not offered
_MOST_SUGGESTIONS = 8
_INSEE_CODE = re.compile(r"(?:\d{2}|2[AB])\d{3}", re.ASCII)
_POSTCODE = re.compile(r"\b\d{5}\b")
_DEPARTEMENT = "62"
_KIND = re.compile(r"^C[ACU] (?:de la |du |des |de |d')?")  # « CA de », « CU d'»: which kind of intercommunality
_OUTLINE = re.compile(r'data-siren="(?P<siren>\d+)" data-x="(?P<x>\d+)" data-y="(?P<y>\d+)" d="(?P<path>[^"]+)"')
_SAINT = re.compile(r"\bst(e?)\b")


@dataclass(frozen=True, slots=True)
class Epci:
    """One intercommunality; ``id`` is also the identifier of its entry in the knowledge base."""

    id: str
    siren: str
    name: str
    communes: int
    outline: str = field(repr=False)  # an SVG path, in a drawing of 1000 by 950
    anchor: tuple[int, int]  # where its name is written in this drawing

    @property
    def label(self) -> str:
        """The shortest name that tells it from the others, for a map: "Lens-Liévin", "Pays d’Opale"."""
        return typeset(_KIND.sub("", self.name).split(",")[0].replace(" - ", "-"))


@dataclass(frozen=True, slots=True)
class Commune:
    """One commune of Pas-de-Calais, known by its INSEE code."""

    code: str
    name: str
    postcodes: tuple[str, ...]
    population: int
    epci: Epci

    @property
    def at(self) -> str:
        """Say where something is: "à Arras", "au Portel", "aux Attaques"."""
        for article, contracted in (("Le ", "au "), ("Les ", "aux ")):
            if self.name.startswith(article):
                return contracted + self.name.removeprefix(article)
        return f"à {self.name}"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A commune that a typed text may mean, and how it was recognised (``typed`` is the name that matched)."""

    commune: Commune
    matched: Match
    typed: str


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a typed text means: one commune, or choices to offer, or the département it lies in, or nothing."""

    commune: Commune | None = None
    choices: tuple[Suggestion, ...] = ()
    elsewhere: str | None = None


def _key(name: str) -> str:
    key = _SAINT.sub(r"saint\1", normalise(name))
    return " ".join(_POSTCODE.sub("", key).split()) or key


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@dataclass(frozen=True)
class Territory:
    """The communes of the département and every name they answer to."""

    communes: dict[str, Commune]
    epcis: dict[str, Epci]
    _by_name: dict[str, list[Suggestion]] = field(repr=False)
    _by_postcode: dict[str, list[Suggestion]] = field(repr=False)
    _elsewhere: dict[str, str] = field(repr=False)

    @classmethod
    def read(cls, folder: Path) -> "Territory":
        """Read the CSV files of ``knowledge/territory``."""
        rows = _read(folder / "epci-62.csv")
        drawn = {
            each["siren"]: each for each in _OUTLINE.finditer((folder / "epci-62.svg").read_text(encoding="utf-8"))
        }
        epcis = {
            row["siren"]: Epci(
                row["id"],
                row["siren"],
                row["nom"],
                int(row["communes_total"]),
                drawn[row["siren"]]["path"],
                (int(drawn[row["siren"]]["x"]), int(drawn[row["siren"]]["y"])),
            )
            for row in rows
        }
        communes = {
            row["code_insee"]: Commune(
                row["code_insee"],
                row["nom"],
                tuple(row["codes_postaux"].split()),
                int(row["population"]),
                epcis[row["epci_siren"]],
            )
            for row in _read(folder / "communes-62.csv")
        }
        by_name: dict[str, list[Suggestion]] = defaultdict(list)
        by_postcode: dict[str, list[Suggestion]] = defaultdict(list)
        for commune in communes.values():
            by_name[_key(commune.name)].append(Suggestion(commune, "exact", commune.name))
            for postcode in commune.postcodes:
                by_postcode[postcode].append(Suggestion(commune, "exact", commune.name))
        for row in _read(folder / "communes-62-anciens-noms.csv"):
            suggestion = Suggestion(communes[row["code_insee_actuel"]], "old-name", row["ancien_nom"])
            by_name[_key(row["ancien_nom"])].append(suggestion)
        elsewhere = {_key(row["nom"]): row["departement_nom"] for row in _read(folder / "communes-hors-62.csv")}
        return cls(communes, {epci.id: epci for epci in epcis.values()}, dict(by_name), dict(by_postcode), elsewhere)

    @property
    def names(self) -> dict[str, list[Suggestion]]:
        """The communes by every name they answer to, folded."""
        return self._by_name

    @property
    def elsewhere(self) -> dict[str, str]:
        """Places outside Pas-de-Calais, by folded name, with their département."""
        return self._elsewhere

    def find_commune(self, code: str) -> Commune | None:
        """Find a commune by its INSEE code."""
        return self.communes.get(code)

    def list_beginning(self, word: str) -> frozenset[str]:
        """List the codes of the communes that have a word beginning like a normalised one, in any of their names."""
        word = _SAINT.sub(r"saint\1", word)
        return frozenset(
            suggestion.commune.code
            for name, suggestions in self._by_name.items()
            if name.startswith(word) or f" {word}" in name
            for suggestion in suggestions
        )

    @property
    def words(self) -> frozenset[str]:
        """Every word of the names of the communes, normalised."""
        return frozenset(word for name in self._by_name for word in name.split())

    def suggest(self, typed: str, most: int = _MOST_SUGGESTIONS) -> list[Suggestion]:
        """List the communes a text may mean: exact names first, then beginnings, then close spellings."""
        key = _key(typed)
        if not key:
            return []
        if key in self._by_postcode or key in self.communes:
            return self._exactly(key)
        names = [key] if key in self._by_name else []
        if len(key) >= 2:
            names += sorted((name for name in self._by_name if name.startswith(key)), key=self._most_peopled)
            names += sorted((name for name in self._by_name if f" {key}" in name), key=self._most_peopled)
        if len(key) >= 3:
            close = process.extract(
                key, self._by_name.keys(), scorer=fuzz.ratio, limit=most, score_cutoff=_CLOSE_SPELLING
            )
            names += [name for name, _, _ in close]
        found: dict[str, Suggestion] = {}
        for name in names:
            for suggestion in self._by_name[name]:
                matched: Match = suggestion.matched if name == key else "close"
                found.setdefault(suggestion.commune.code, Suggestion(suggestion.commune, matched, suggestion.typed))
        return list(found.values())[:most]

    def _most_peopled(self, name: str) -> tuple[int, str]:
        return -self._by_name[name][0].commune.population, name

    def resolve(self, typed: str) -> Resolution:
        """Say which commune a text means; anything below one exact match is offered as choices, never assumed."""
        key = _key(typed)
        postcodes = set(_POSTCODE.findall(normalise(typed)))
        exact = self._exactly(key)
        agreeing = [found for found in exact if not postcodes - {key} or postcodes & set(found.commune.postcodes)]
        if len(agreeing) == 1 and len(exact) == 1 and exact[0].matched == "exact":
            return Resolution(commune=exact[0].commune)
        if postcodes - {key} and not agreeing:
            choices = tuple(choice for code in sorted(postcodes) for choice in self._by_postcode.get(code, []))
            return Resolution(choices=choices, elsewhere=self._elsewhere_name(key, postcodes))
        return Resolution(choices=tuple(self.suggest(typed)), elsewhere=self._elsewhere_name(key, postcodes))

    def _exactly(self, key: str) -> list[Suggestion]:
        """Everything that a text names exactly: a name, a postal code, an INSEE code (five digits may be both)."""
        code = self.communes.get(key)
        by_code = [Suggestion(code, "exact", code.name)] if code else []
        found = [*self._by_postcode.get(key, []), *by_code, *self._by_name.get(key, [])]
        return list({suggestion.commune.code: suggestion for suggestion in found}.values())

    def _elsewhere_name(self, key: str, postcodes: set[str]) -> str | None:
        """Name the place outside Pas-de-Calais that a text means: a département's name, or a plain word for it."""
        outside = {code for code in postcodes if not code.startswith(_DEPARTEMENT)}
        if key in self._elsewhere and (outside or key not in self._by_name):
            return self._elsewhere[key]
        if outside or self.is_elsewhere(key.upper()):
            return "autre département"
        return None

    def is_elsewhere(self, code: str) -> bool:
        """Whether a well-formed INSEE code belongs to another département."""
        return bool(_INSEE_CODE.fullmatch(code)) and not code.startswith(_DEPARTEMENT)
