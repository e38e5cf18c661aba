"""One cell to one value: what it says, or why it cannot be taken, with what is expected and an example."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from guide.contact import find_phones, read_email, read_phone
from guide.errors import UnreadableContactError
from guide.text import normalise

FIRST_YEAR = 2018  # of the first Budget citoyen
_STAGES = {
    "idee": ("idee", "j ai une idee", "idee de projet"),
    "emergence": ("emergence", "prend forme", "mon projet prend forme", "en emergence"),
    "creation": ("creation", "en creation", "en cours de creation"),
    "demarrage": ("demarrage", "moins d un an", "demarre", "lance"),
    "developpement": ("developpement", "en developpement", "consolidation", "fonctionne"),
    "difficulte": ("difficulte", "en difficulte", "fragile"),
}
_BUDGET = {
    "labellise": ("labellise", "labellisee", "laureat", "laureate", "oui"),
    "candidat": ("candidat", "candidate", "depose", "dossier depose", "inscrit", "inscrite", "en cours"),
    "non-retenu": ("non retenu", "non retenue", "refuse", "non labellise", "non labellisee", "pas retenu"),
    "non": ("non", "aucun", "jamais"),
    "ne-connais-pas": ("ne connais pas", "ne connait pas"),
}
_SUPPORT = {
    "aucun": ("non", "aucun", "aucune", "personne"),
    "un-peu": ("un peu", "une ou deux structures", "ponctuel"),
    "reseau": ("oui", "reseau", "suivi", "accompagne", "accompagnee"),
}
_ACCEPTED = {
    "stage": "idée, prend forme, en création, moins d’un an, développement ou difficulté",
    "budget_citoyen": "labellisé, candidat, non retenu ou non",
    "support": "non, un peu ou oui",
}
_LISTS: dict[str, Mapping[str, tuple[str, ...]]] = {"stage": _STAGES, "budget_citoyen": _BUDGET, "support": _SUPPORT}
# How the values are said again.
WORDS = {
    "stage": {
        "idee": "idée",
        "emergence": "le projet prend forme",
        "creation": "en création",
        "demarrage": "moins d’un an",
        "developpement": "développement",
        "difficulte": "difficulté",
    },
    "budget_citoyen": {"labellise": "labellisé", "non-retenu": "non retenu", "ne-connais-pas": "ne connaît pas"},
    "support": {"aucun": "non", "un-peu": "un peu", "reseau": "oui"},
}
_DAY = re.compile(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{2}|\d{4})")
_ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_SPACES = re.compile(r"\s{2,}|\t")  # a no-break space that stands alone is typography
_YEAR = re.compile(r"\b(\d{4})\b")


@dataclass(frozen=True)
class CellError(Exception):
    """A cell that says something else than what is expected."""

    what: str
    expected: str


def clean(text: str) -> str:
    """Take what is invisible out of a cell; raise CellError when it holds what no page may show."""
    if not text.isprintable():
        text = "".join(sign for sign in text if unicodedata.category(sign) != "Cf")
        if any(unicodedata.category(sign) in ("Cc", "Cs", "Cn") and sign not in "\t\r\n" for sign in text):
            raise CellError("Cette cellule contient un signe qui ne s’écrit pas.", "du texte : retapez la cellule")
    return "\n".join(_SPACES.sub(" ", line).strip() for line in text.splitlines()).strip()


def read_choice(key: str, text: str) -> str:
    """One of the values of a list, as people write it."""
    said = normalise(text)
    for value, words in _LISTS[key].items():
        if said in words or said == normalise(value):
            return value
    raise CellError("Cette réponse n’est pas dans la liste.", _ACCEPTED[key])


def read_year(text: str, today: date) -> int:
    """The year of a Budget citoyen, be it in a date."""
    found = _YEAR.findall(text)
    year = int(found[0]) if len(found) == 1 else 0
    if not FIRST_YEAR <= year <= today.year + 1:
        raise CellError(
            "Cette année n’est pas celle d’un Budget citoyen.",
            f"une année de {FIRST_YEAR} à {today.year + 1}, par exemple {today.year}",
        )
    return year


def read_day(text: str, today: date) -> date:
    """A day that was, in French or in international order."""
    expected = f"jour/mois/année, par exemple {today:%d/%m/%Y}"
    if match := _ISO_DAY.match(text):
        year, month, day = map(int, match.groups())
    elif match := _DAY.fullmatch(text):
        day, month, year = map(int, match.groups())
        year += 2000 if year < 100 else 0
    else:
        raise CellError("Cette date ne se lit pas.", expected)
    try:
        found = date(year, month, day)
    except ValueError:
        raise CellError("Cette date n’existe pas.", expected) from None
    if not date(2000, 1, 1) <= found <= today:
        raise CellError("Cette date est à venir, ou bien ancienne.", expected)
    return found


def read_address(text: str) -> str:
    """A mail address."""
    try:
        return read_email(text)
    except UnreadableContactError:
        raise CellError("Cette adresse n’est pas complète.", "une adresse, par exemple prenom@exemple.fr") from None


def read_number(text: str) -> str:
    """A telephone number; spreadsheets take its first zero away."""
    try:
        return read_phone(text if not text.isdigit() or len(text) != 9 else f"0{text}")
    except UnreadableContactError:
        raise CellError("Ce numéro n’est pas complet.", "dix chiffres, par exemple 03 21 00 00 00") from None


def read_contact(text: str) -> tuple[str | None, str | None]:
    """The address and the number that one cell holds together."""
    words = re.split(r"[\s;,/|()<>]+", text)
    addresses = [word.strip(".:") for word in words if "@" in word]
    email = read_address(addresses[0]) if addresses else None
    phones = find_phones(text)
    if email is None and not phones:
        raise CellError(
            "Ni adresse ni numéro ne se lisent ici.",
            "un courriel, un téléphone ou les deux, par exemple 03 21 00 00 00",
        )
    return email, phones[0] if phones else None
