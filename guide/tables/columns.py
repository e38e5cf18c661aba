"""The columns of the Mission ESS's table: one list for the template, the page that explains them, and the reading."""

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from guide.text import normalise

_CLOSE = 88.0  # percent of likeness under which a header is not guessed


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its header, what to write in it, an example, and the other headers that it answers to."""

    key: str
    header: str
    what: str
    example: str
    others: tuple[str, ...] = ()


COLUMNS = (
    Column(
        "person",
        "Personne",
        "Prénom et nom du porteur ou de la porteuse. Obligatoire s’il n’y a pas de structure.",
        "Alix Fictif",
        ("nom", "nom prenom", "prenom nom", "porteur", "porteur de projet", "personne a contacter", "referent"),
    ),
    Column("first_name", "Prénom", "Seulement si le tableau met le prénom à part.", "", ("prenoms",)),
    Column(
        "structure",
        "Structure",
        "Association, collectif ou entreprise, si elle existe. Obligatoire s’il n’y a pas de personne.",
        "La Ruche inventée",
        ("association", "nom de la structure", "organisme", "organisation", "collectif", "raison sociale"),
    ),
    Column("commune", "Commune", "Commune du projet, dans le Pas-de-Calais.", "Béthune", ("ville", "localite", "lieu")),
    Column("postcode", "Code postal", "Facultatif : il départage deux communes.", "62400", ("cp",)),
    Column(
        "email",
        "Courriel",
        "Adresse électronique. Il faut un courriel ou un téléphone.",
        "alix@exemple.fr",
        ("mail", "email", "e mail", "mel", "adresse mail", "adresse email", "adresse electronique"),
    ),
    Column(
        "phone",
        "Téléphone",
        "Numéro, tel qu’on le compose.",
        "03 21 00 00 00",
        ("tel", "portable", "mobile", "numero", "numero de telephone", "telephone portable"),
    ),
    Column(
        "contact",
        "Contact",
        "Si le courriel et le téléphone sont dans la même cellule.",
        "",
        ("coordonnees", "contacts"),
    ),
    Column(
        "project",
        "Projet",
        "Son nom, ou quelques mots : 160 signes au plus.",
        "Un café associatif",
        ("nom du projet", "intitule", "intitule du projet", "initiative", "idee"),
    ),
    Column(
        "summary",
        "Présentation du projet",
        "Quelques lignes.",
        "Ouvrir un lieu où se retrouver.",
        ("description", "description du projet", "resume", "objet"),
    ),
    Column(
        "stage",
        "Étape",
        "Idée, prend forme, en création, moins d’un an, développement ou difficulté.",
        "Idée",
        ("stade", "avancement", "etape du projet"),
    ),
    Column(
        "budget_citoyen",
        "Budget citoyen",
        "Labellisé, candidat, non retenu ou non.",
        "Candidat",
        ("statut budget citoyen", "budget citoyen statut", "statut", "label", "labellisation"),
    ),
    Column(
        "budget_year",
        "Année",
        "Année du Budget citoyen, sur quatre chiffres.",
        "2026",
        ("annee budget citoyen", "annee du budget citoyen", "edition", "millesime"),
    ),
    Column(
        "fragility",
        "Pourquoi fragile",
        "Ce qui fait penser que la personne est fragile ou isolée. Elle peut demander à le lire.",
        "Seule pour porter le projet.",
        ("fragilite", "motif", "motif de fragilite", "pourquoi juge fragile", "raison", "motif du signalement"),
    ),
    Column(
        "problem",
        "Problème pressenti",
        "Ce qui semble manquer ou bloquer. Elle peut demander à le lire.",
        "Ne sait pas quel statut choisir.",
        ("probleme", "problematique", "problematique pressentie", "problematique detectee", "difficulte", "besoin"),
    ),
    Column(
        "support",
        "Déjà accompagné",
        "Non, un peu ou oui : dit si la personne est hors réseau.",
        "Non",
        ("accompagnement", "accompagnement actuel", "accompagne", "deja accompagnee"),
    ),
    Column(
        "noticed_on",
        "Repéré le",
        "Une date : jour, mois, année.",
        "14/03/2026",
        ("date", "date de reperage", "date du signalement", "signale le", "reperee le"),
    ),
    Column(
        "remark",
        "Remarque",
        "Tout autre mot utile. Elle peut demander à le lire.",
        "",
        ("remarques", "observation", "observations", "commentaire", "commentaires", "note", "notes"),
    ),
)
BY_KEY = {column.key: column for column in COLUMNS}
# What the template holds: the others are for tables that already exist.
TEMPLATE = tuple(column for column in COLUMNS if column.key not in ("first_name", "contact"))
_BY_NAME = {normalise(name): column.key for column in COLUMNS for name in (column.header, *column.others)}


@dataclass(frozen=True, slots=True)
class Headers:
    """What a row of headers means: the place of each column, and what is to be said of the others."""

    places: dict[str, int]
    guessed: dict[str, str]  # key -> what stood there
    repeated: dict[str, tuple[int, int]]  # key -> both places
    unknown: dict[int, str]


def recognise(cells: Sequence[str]) -> Headers:
    """Say which column each header names; a slip of the pen is guessed, and said."""
    headers = Headers({}, {}, {}, {})
    guesses: list[tuple[int, str, str]] = []
    for index, cell in enumerate(cells):
        name = normalise(cell)
        if key := _BY_NAME.get(name):
            _place(headers, key, index)
        elif name:
            close = process.extractOne(name, _BY_NAME.keys(), scorer=fuzz.ratio, score_cutoff=_CLOSE)
            guesses.append((index, cell, _BY_NAME[close[0]] if close and len(name) > 3 else ""))
    for index, cell, key in guesses:  # exact names first: a guess never takes their place
        if key and key not in headers.places:
            headers.places[key], headers.guessed[key] = index, " ".join(cell.split())
        else:
            headers.unknown[index] = " ".join(cell.split())
    return headers


def _place(headers: Headers, key: str, index: int) -> None:
    if key in headers.places:
        headers.repeated[key] = (headers.places[key], index)
    else:
        headers.places[key] = index
