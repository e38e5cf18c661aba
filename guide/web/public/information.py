"""Glossary, legal notices, accessibility, site map, and what machines ask for."""

from flask import Blueprint, Response, render_template, request
from sqlalchemy.exc import SQLAlchemyError

from guide.directory import search_terms
from guide.text import printable
from guide.web.public.forms import LONGEST_TEXT
from guide.web.shared.house import get_database, get_knowledge, get_settings

PAGES = {  # address -> template
    "comment-ca-marche": "how_it_works.html",
    "mentions-legales": "legal.html",
    "plan-du-site": "site_map.html",
    "facile-a-lire": "easy_home.html",
    "facile-a-lire/comment-ca-marche": "easy_how_it_works.html",
}


def add_routes(blueprint: Blueprint) -> None:
    """Add the pages of information."""
    blueprint.add_url_rule("/glossaire", "glossary", glossary)
    for slug, template in PAGES.items():
        blueprint.add_url_rule(f"/{slug}", slug, page, defaults={"template": template})
    blueprint.add_url_rule("/robots.txt", "robots", robots)
    blueprint.add_url_rule("/sante", "alive", alive)
    blueprint.add_url_rule("/sante/pret", "ready", ready)


def glossary() -> str:
    """The words of the field, explained for a beginner."""
    q = printable(request.args.get("q", ""), LONGEST_TEXT).strip()
    return render_template("glossary.html", q=q, terms=search_terms(q, get_knowledge()))


def page(template: str) -> str:
    """A page without any question."""
    return render_template(template)


def robots() -> Response:
    """Machines may read everything but the answers of people."""
    lines = ["User-agent: *", "Disallow: /orientation", "Disallow: /questionnaire/", "Disallow: /api/v1/"]
    lines.append(f"Sitemap: {get_settings().public_url}/sitemap.xml")
    return Response("\n".join(lines) + "\n", mimetype="text/plain")


def alive() -> Response:
    """Say that the process answers."""
    return Response("vivant\n", mimetype="text/plain")


def ready() -> Response:
    """Say whether a request could be recorded: the write lock is taken, then let go."""
    try:
        get_database().check_ready()
    except SQLAlchemyError:
        return Response("base de données indisponible\n", status=503, mimetype="text/plain")
    return Response("prêt\n", mimetype="text/plain")
