"""Pages to read beside the orientation: cooperation, inspiring projects, the places people name, useful numbers."""

from flask import Blueprint, abort, render_template, request
from wtforms import StringField

from guide.content.base import KnowledgeBase
from guide.directory import Query, list_projects, search_places
from guide.text import printable
from guide.web.public.filters import epci_url
from guide.web.public.forms import LONGEST_TEXT, GetForm
from guide.web.shared.house import get_knowledge

COMPARED = {  # what the table compares, in the order in which one asks
    "goal": "Le but",
    "examples_of_use": "Par exemple",
    "who_decides": "Qui lance",
    "commitment": "Le rythme",
    "duration": "La durée",
    "legal_form": "Le cadre",
    "money": "L’argent",
}


class ProjectsForm(GetForm):
    """Filters of the inspiring projects: only what some project answers is offered."""

    theme = StringField()
    epci = StringField()

    def options(self, knowledge: KnowledgeBase) -> dict[str, list[tuple[str, str]]]:
        """The values and words of each filter."""
        projects, themes = knowledge.projects.values(), knowledge.questions["themes"].options
        used = {theme for project in projects for theme in project.themes}
        epcis = {epci for project in projects for epci in project.epcis}
        names = ((epci, knowledge.structures[epci].name) for epci in epcis)
        return {
            "theme_options": [(value, option.label) for value, option in themes.items() if value in used],
            "epci_options": sorted(names, key=lambda pair: pair[1]),
        }

    def chosen(self, knowledge: KnowledgeBase) -> tuple[str | None, str | None]:
        """The theme and the intercommunality asked for; an unknown one is as good as none."""
        given = {name: {value for value, _ in pairs} for name, pairs in self.options(knowledge).items()}
        theme = self.theme.data if self.theme.data in given["theme_options"] else None
        return theme, self.epci.data if self.epci.data in given["epci_options"] else None


def add_routes(blueprint: Blueprint) -> None:
    """Add the pages to read."""
    blueprint.add_url_rule("/cooperation", "cooperation", cooperation)
    blueprint.add_url_rule("/cooperation/<identifier>", "practice", practice)
    blueprint.add_url_rule("/projets-inspirants", "projects", projects)
    blueprint.add_url_rule("/projets-inspirants/<identifier>", "project", project)
    blueprint.add_url_rule("/territoires", "places", places)
    blueprint.add_url_rule("/numeros-utiles", "numbers", numbers)


def cooperation() -> str:
    """The four practices, compared line by line."""
    return render_template("cooperation.html", practices=list(get_knowledge().practices.values()), compared=COMPARED)


def practice(identifier: str) -> str:
    """One practice, whole."""
    found = get_knowledge().practices.get(identifier) or abort(404)
    return render_template("practice.html", practice=found, compared=COMPARED)


def projects() -> str:
    """The local projects, by field and by intercommunality."""
    knowledge, form = get_knowledge(), ProjectsForm(request.args)
    theme, epci = form.chosen(knowledge)
    found = list_projects(knowledge, theme=theme, epci=epci)
    options = form.options(knowledge)
    return render_template("projects.html", found=found, theme=theme, epci=epci, **options)


def project(identifier: str) -> str:
    """The story of one project."""
    found = get_knowledge().projects.get(identifier) or abort(404)
    return render_template("project.html", project=found)


def places() -> str:
    """The names that people give to the places of the département, and the doors that are there."""
    q = printable(request.args.get("q", ""), LONGEST_TEXT).strip()
    found = search_places(q, get_knowledge())
    return render_template("places.html", q=q, places=found, url_of=lambda epci: epci_url(Query(), epci))


def numbers() -> str:
    """The numbers that answer what the guide does not."""
    return render_template("numbers.html", numbers=get_knowledge().numbers)
