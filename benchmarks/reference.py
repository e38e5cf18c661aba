"""The guide beside its references, on the same server: pages rendered from ready data, and a bare "hello".

``/reference/hello`` answers a word. ``/reference/0``, ``/reference/1``... render the template of each measured page
with the data of one request kept beforehand: what is left of a page when the domain costs nothing.
"""

from typing import Any

from flask import Flask, template_rendered
from jinja2 import Template

from guide.app import create_app

ANSWERS = (
    "stage=idee&holder=citoyen&legal_form=aucune&commune=62447&themes=lien-social&needs=clarifier-projet"
    "&needs=rencontrer-pairs&needs=financer&budget_citoyen=non&support=aucun"
)
PAGES = {
    "accueil": "/",
    "question": "/questionnaire/besoins?stage=idee&holder=citoyen",
    "récapitulatif": f"/questionnaire/recapitulatif?{ANSWERS}",
    "orientation": f"/orientation?{ANSWERS}",
    "structure": "/structures/galilee",
    "annuaire": "/annuaire",
    "recherche": "/annuaire?q=caf%C3%A9+associatif&epci=epci-7-vallees",
    "glossaire": "/glossaire",
}


def make_app() -> Flask:
    """The real application, with the reference views beside its own."""
    app = create_app()
    ready: list[tuple[Template, dict[str, Any]]] = []
    app.add_url_rule("/reference/hello", "reference_hello", lambda: "bonjour")
    app.add_url_rule("/reference/<int:number>", "reference", lambda number: render(*ready[number]))
    ready += [capture(app, address) for address in PAGES.values()]
    return app


def capture(app: Flask, address: str) -> tuple[Template, dict[str, Any]]:
    """Ask for a page once and keep its template with the data it was given."""
    kept: list[tuple[Template, dict[str, Any]]] = []

    def keep(_: Flask, template: Template, context: dict[str, Any], **__: Any) -> None:
        kept.append((template, dict(context)))

    with template_rendered.connected_to(keep, app):
        app.test_client().get(address)
    return kept[0]


def render(template: Template, context: dict[str, Any]) -> str:
    return template.render(context)
