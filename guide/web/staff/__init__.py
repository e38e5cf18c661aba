"""Pages of the team, behind a sign-in: deny by default (guard.py), never cached, never indexed."""

from flask import Blueprint, Response

from guide.accounts.passwords import Hasher
from guide.errors import NotFoundError
from guide.settings import Settings
from guide.web.shared.problems import answer_status
from guide.web.staff import (
    absences,
    account,
    appointments,
    closing,
    components,
    contacts,
    desk,
    diagnoses,
    dossier,
    guard,
    handing,
    imports,
    introductions,
    links,
    pauses,
    signing_in,
    team,
)


def make_blueprint(settings: Settings) -> Blueprint:
    """Gather the pages of the team behind their guard."""
    blueprint = Blueprint("staff", __name__, url_prefix="/equipe")
    hasher = Hasher(settings.argon2_memory)
    blueprint.record_once(lambda state: state.app.extensions.setdefault(guard.HASHER, hasher))
    blueprint.before_request(guard.guard)
    blueprint.after_request(_keep_private)
    blueprint.context_processor(lambda: {"me": guard.signed_in_account()})
    blueprint.register_error_handler(NotFoundError, lambda _: answer_status(404))
    entering, of_a_dossier = (
        (signing_in, links, account, absences, team),
        (contacts, introductions, appointments, diagnoses, pauses, handing, closing),
    )
    for room in (*entering, desk, dossier, *of_a_dossier, imports, components):
        room.add_routes(blueprint)
    return blueprint


def _keep_private(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
