"""The home page: two doors."""

from flask import Blueprint, render_template

from guide.questionnaire import pages
from guide.web.shared.house import get_knowledge


def add_routes(blueprint: Blueprint) -> None:
    """Add the home page."""
    blueprint.add_url_rule("/", "home", home)


def home() -> str:
    """Two doors: the questions, the directory."""
    knowledge = get_knowledge()
    counts = {"entries": len(knowledge.entries), "projects": len(knowledge.projects)}
    return render_template("home.html", questions=len(pages(knowledge)), **counts)
