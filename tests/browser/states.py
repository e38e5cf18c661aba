"""Every template of the site, in every state in which somebody may meet it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

GOLD = Path(__file__).parent.parent / "gold" / "profiles.jsonl"

# Answers that open every question: somebody who creates a structure is asked about employees and legal form.
ANSWERS: dict[str, str | list[str]] = {
    "stage": "creation",
    "holder": "citoyen",
    "legal_form": "aucune",
    "employees": "bientot",
    "commune": "62041",
    "other_communes": ["62119", "62193"],
    "themes": ["culture", "lien-social"],
    "needs": ["financer", "etre-ecoute", "choisir-statut"],
    "budget_citoyen": "ne-connais-pas",
    "support": "un-peu",
    "supported_by": ["apes"],
}
SLUGS = {  # question -> its page
    "stage": "etape",
    "holder": "porteur",
    "legal_form": "forme-juridique",
    "employees": "salaries",
    "commune": "commune",
    "themes": "domaine",
    "needs": "besoins",
    "budget_citoyen": "budget-citoyen",
    "support": "accompagnement",
}


@dataclass(frozen=True, slots=True)
class State:
    """One page in one state; ``shows`` is a text of the page that proves the state."""

    name: str
    template: str
    address: str
    status: int = 200
    shows: str = ""

    def __str__(self) -> str:
        return self.name


def address(path: str, **values: str | list[str]) -> str:
    """A path with its query string."""
    return f"{path}?{urlencode(values, doseq=True)}" if values else path


def before(question: str) -> dict[str, str | list[str]]:
    """The answers given before a question is asked."""
    return {name: value for name, value in ANSWERS.items() if list(ANSWERS).index(name) < list(ANSWERS).index(question)}


def sent(question: str, **values: str | list[str]) -> str:
    """The address that the form of a question leads to."""
    return address(f"/questionnaire/{SLUGS[question]}", **before(question), **values, valider="1")


LINES = [json.loads(text)["id"] for text in GOLD.read_text(encoding="utf-8").splitlines()]


def orientation(line: str) -> str:
    """The address of the orientation of one gold profile."""
    for text in GOLD.read_text(encoding="utf-8").splitlines():
        gold = json.loads(text)
        if gold["id"] == line:
            return address("/orientation", **gold["profile"])
    raise LookupError(line)


USUAL = orientation("p01")  # now, next, later, and two that are not proposed


def _states() -> Iterator[State]:
    yield State("home", "home.html", "/", shows="Comment ça marche")
    for question, slug in SLUGS.items():
        yield State(f"question-{slug}", "question.html", address(f"/questionnaire/{slug}", **before(question)))
    yield State("question-answered", "question.html", address("/questionnaire/besoins", **ANSWERS))
    dropped = "Une partie de ce lien"
    yield State("question-dropped", "question.html", "/questionnaire/porteur?stage=inconnue", shows=dropped)
    wrong = "À corriger"
    yield State("error-nothing-ticked", "question.html", sent("stage"), 422, wrong)
    yield State("error-both", "question.html", sent("needs", needs=["financer", "ne-sait-pas"]), 422, wrong)
    yield State("error-no-commune", "question.html", sent("commune"), 422, wrong)
    elsewhere = "Votre projet est ailleurs"
    yield State("error-elsewhere", "question.html", sent("commune", commune_texte="Lille"), 422, elsewhere)
    choose = "Votre commune est-elle dans cette liste"
    yield State("commune-choices", "question.html", sent("commune", commune_texte="62140"), 422, choose)
    other = sent("commune", commune="62041", commune_texte="Arras", other_communes_texte="Arques, Zzyzx")
    yield State("error-other-communes", "question.html", other, 422, "Zzyzx")
    yield State("assistant", "assistant.html", "/assistant", shows="Votre projet ou votre question")
    yield State("assistant-knowing", "assistant.html", address("/assistant", **ANSWERS), shows="Ce que j’ai compris")
    again, recapitulation = "Il reste des questions", "/questionnaire/recapitulatif"
    yield State("recapitulation", "recapitulation.html", address(recapitulation, **ANSWERS), shows="Tout est juste")
    yield State("recapitulation-partial", "recapitulation.html", f"{recapitulation}?stage=idee", shows=again)
    yield State("recapitulation-empty", "recapitulation.html", recapitulation, shows="Aucune réponse")
    yield State("orientation-later", "orientation.html", USUAL, shows="Plus tard")
    yield State("orientation-many-closed", "orientation.html", orientation("p08"), shows="Pas proposé, et pourquoi")
    yield State("orientation-council", "orientation.html", orientation("p14"), shows="Les autres")
    yield State("orientation-troubled", "orientation.html", orientation("p36"), shows="Maintenant")
    yield State("orientation-bare", "orientation.html", orientation("p40"), shows="Maintenant")
    yield State("orientation-dropped", "orientation.html", "/orientation?stage=idee&needs=inconnu", shows=dropped)
    yield State("directory", "directory.html", "/annuaire", shows="Financer")
    yield State("directory-found", "directory.html", "/annuaire?q=scic&epci=epci-arras", shows="pour « scic »")
    yield State("directory-empty", "directory.html", "/annuaire?q=zzyzx", shows="Aucune fiche")
    who, nobody = "/qui-fait-quoi", "/qui-fait-quoi?need=etre-ecoute&de=caf-62"
    yield State("panorama", "panorama.html", who, shows="Les portes, en tableau")
    yield State("panorama-chosen", "panorama.html", f"{who}?need=financer&stage=creation", shows="pour ce choix")
    yield State("panorama-around", "panorama.html", f"{who}?de=apes", shows="Porté ou financé par")
    yield State("panorama-empty", "panorama.html", nobody, shows="Aucune porte")
    yield State("structure", "entry.html", "/structures/apes", shows="Ce que ça ne fait pas")
    yield State("structure-carrying", "entry.html", "/structures/mission-ess", shows="Ce qui passe par")
    yield State("structure-mentioned", "entry.html", "/structures/emergences-62", shows="Simplement cité")
    yield State("dispositif-in-steps", "entry.html", "/dispositifs/budget-citoyen", shows="à vérifier")
    yield State("dispositif", "entry.html", "/dispositifs/dla-collectif", shows="Porté par")
    yield State("dispositif-reserved", "entry.html", "/dispositifs/parcours-implication-usagers", shows="Pour qui")
    yield State("glossary", "glossary.html", "/glossaire", shows="SCIC")
    yield State("glossary-empty", "glossary.html", "/glossaire?q=zzyzx", shows="Aucun mot")
    yield State("cooperation", "cooperation.html", "/cooperation", shows="Les quatre, côte à côte")
    yield State("practice", "practice.html", "/cooperation/mutualisation", shows="Ils l’ont fait")
    inspiring, nowhere = "/projets-inspirants", "/projets-inspirants?theme=sport&epci=epci-henin-carvin"
    yield State("projects", "projects.html", inspiring, shows="projets")
    yield State("projects-found", "projects.html", f"{inspiring}?theme=culture", shows="Tout afficher")
    yield State("projects-empty", "projects.html", nowhere, shows="Aucun projet")
    yield State("project", "project.html", f"{inspiring}/la-croisee", shows="Ce qu’on peut en retenir")
    yield State("places", "places.html", "/territoires", shows="Ce nom désigne plusieurs endroits")
    yield State("places-empty", "places.html", "/territoires?q=zzyzx", shows="Aucun nom")
    yield State("numbers", "numbers.html", "/numeros-utiles", shows="3114")
    yield State("how-it-works", "how_it_works.html", "/comment-ca-marche", shows="Ce que le guide n’est pas")
    easy = "/facile-a-lire"
    yield State("easy-home", "easy_home.html", easy, shows="Vous avez une idée")
    yield State("easy-how-it-works", "easy_how_it_works.html", f"{easy}/comment-ca-marche", shows="Les questions")
    yield State("legal", "legal.html", "/mentions-legales", shows="ne déposent aucun cookie")
    yield State("accessibility", "accessibility.html", "/accessibilite", shows="Voies de recours")
    yield State("site-map", "site_map.html", "/plan-du-site", shows="Plan du site")
    yield State("api", "api.html", "/api/", shows="OpenAPI")
    yield State("not-found", "error.html", "/nulle-part", 404, "Page introuvable")
    yield State("too-long", "", f"/?q={'a' * 9000}", 400, "Demande mal formée")  # refused before any template


STATES = list(_states())
