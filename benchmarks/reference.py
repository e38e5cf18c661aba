"""The guide beside its references, on the same server: pages rendered from ready data, a bare write, a bare "hello".

``/reference/hello`` answers a word. ``/reference/0``, ``/reference/1``... render the template of each measured page
with the data of one request kept beforehand: what is left of a page when the domain costs nothing. The templates of the
form and of the tracking page ask for their own CSRF token, so their references open a session and set its cookie too;
they leave out reading the address, orienting, making the form and its key, and reading the database.
``/reference/write`` inserts one row, a whole referral made of ready data, and redirects: it leaves out the form, its
CSRF token, the orientation, and all that is written beside the referral.
"""

import secrets
from typing import Any

from flask import Flask, redirect, template_rendered
from jinja2 import Template
from werkzeug.wrappers import Response

from guide.app import create_app
from guide.days import now, today
from guide.drafting import Request, draft_referral
from guide.models import Referral
from guide.orientation import propose
from guide.profile import read_profile
from guide.referring import record_referral
from guide.secrecy import digest, tracking_token
from guide.settings import DEVELOPMENT_SECRET
from guide.understanding.understand import prepare
from guide.web.shared.house import get_database, get_knowledge

ANSWERS = (
    "stage=idee&holder=citoyen&legal_form=aucune&commune=62447&themes=lien-social&needs=clarifier-projet"
    "&needs=rencontrer-pairs&needs=financer&budget_citoyen=non&support=aucun"
)
FORM = f"/demande?{ANSWERS}"
_FORM_KEY = "mesure"
_FORM_TYPE = "application/x-www-form-urlencoded"
PAGES = {
    "accueil": "/",
    "question": "/questionnaire/besoins?stage=idee&holder=citoyen",
    "récapitulatif": f"/questionnaire/recapitulatif?{ANSWERS}",
    "orientation": f"/orientation?{ANSWERS}",
    "structure": "/structures/galilee",
    "annuaire": "/annuaire",
    "recherche": "/annuaire?q=caf%C3%A9+associatif&epci=epci-7-vallees",
    "glossaire": "/glossaire",
    "demande": FORM,
    "suivi": f"/suivi/{tracking_token(DEVELOPMENT_SECRET, _FORM_KEY)}",
}
TALK, SAID = "/assistant", "message=je+cherche+un+local+%C3%A0+B%C3%A9thune"


def make_app() -> Flask:
    """The real application, with the reference views beside its own, and one referral to follow."""
    app = create_app()
    ready: list[tuple[Template, dict[str, Any]]] = []
    app.add_url_rule("/reference/hello", "reference_hello", lambda: "bonjour")
    app.add_url_rule("/reference/<int:number>", "reference", lambda number: render(*ready[number]))
    app.add_url_rule("/reference/write", "reference_write", write, methods=["POST"])
    app.extensions["guide-csrf"].exempt(write)
    with app.app_context():
        keep_one_referral()
        prepare(get_knowledge())
        ready += [capture(app, address) for address in PAGES.values()]
        ready.append(capture(app, TALK, SAID))
        get_database().close()  # a connection must not be shared with the workers that are about to be forked
    return app


def keep_one_referral() -> None:
    """Record the referral that the tracking page shows."""
    knowledge, profile = get_knowledge(), read_profile({"stage": "idee", "commune": "62447"}, get_knowledge())
    path = propose(profile, knowledge, today())
    request = Request(
        name="Camille Fictif",
        email="camille@exemple.fr",
        commune="62447",
        words="Un café de village",
        structures=tuple(proposal.entry.id for proposal in path.proposals[:2]),
        profile=profile,
    )
    draft = draft_referral(
        request, form_key=_FORM_KEY, shown=path, knowledge=knowledge, secret=DEVELOPMENT_SECRET, at=now()
    )
    with get_database().writing() as session:
        record_referral(session, draft, caller=None)


def capture(app: Flask, address: str, said: str | None = None) -> tuple[Template, dict[str, Any]]:
    """Ask for a page once, or say something to it, and keep its template with the data it was given."""
    kept: list[tuple[Template, dict[str, Any]]] = []

    def keep(_: Flask, template: Template, context: dict[str, Any], **__: Any) -> None:
        kept.append((template, dict(context)))

    with template_rendered.connected_to(keep, app):
        client = app.test_client()
        client.post(address, data=said, content_type=_FORM_TYPE) if said else client.get(address)
    return kept[0]


def render(template: Template, context: dict[str, Any]) -> str:
    return template.render(context)


def write() -> Response:
    """Insert one row, in one transaction, with a full sync."""
    at, key = now(), secrets.token_urlsafe(16)
    with get_database().writing() as session:
        session.add(
            Referral(
                reference=f"ESS-{key[:8]}",
                form_key_hash=digest(key),
                received_at=at,
                state_since=at,
                last_contact_at=at,
                name="Camille Fictif",
                email=f"{key}@exemple.fr",
                commune="62447",
                words="Un café de village",
            )
        )
    return redirect("/", 303)
