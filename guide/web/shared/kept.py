"""Nothing typed is lost: a form that cannot be taken now comes back on a page of its own, ready to be sent again.

One mechanism for a token that is missing or of another session (400), too many requests (429), a database that
cannot be written (503), and a session of the team that ended while somebody was writing: the form then travels sealed
through the sign-in, for the account that was writing it and no other. Passwords and codes are never given back.
"""

import base64
import json
import zlib

from flask import Blueprint, Flask, Response, g, make_response, render_template, request
from flask_wtf.csrf import CSRFError, CSRFProtect
from sqlalchemy.exc import SQLAlchemyError

from guide.errors import TooManyError
from guide.secrecy import seal, unseal
from guide.settings import Settings
from guide.web.shared.problems import answer_status, log_fault

_SECRETS = ("password", "password_again", "current_password", "code")
_NEVER_GIVEN_BACK = ("csrf_token", *_SECRETS, "kept", "sealed")
# What the person typed, shown again under its name; every other field travels hidden.
LABELS = {
    "name": "Votre nom",
    "email": "Votre adresse électronique",
    "phone": "Votre téléphone",
    "commune_texte": "La commune du projet",
    "project_name": "Le nom du projet",
    "words": "Votre projet en quelques lignes",
    "helper": "Qui aide la personne",
    "text": "Votre message",
    "message": "Votre message",
    "mots": "Vos mots",
    "word": "Un mot pour la personne",
    "word_after": "Un mot pour la personne",
    "note": "Votre note",
    "findings": "Les constats",
    "needs": "Les besoins",
    "interest": "L’intérêt d’un parcours ou d’un dispositif",
    "attention": "Les points d’attention",
    "question": "Votre question",
    "colleague_name": "Prénom et nom de la personne",
    "colleague_email": "Son adresse électronique",
}
_BUSY = 30  # seconds before trying again when the database cannot be written
_KEPT_FOR = 8 * 3600  # seconds that a sealed form waits for its author: a day of work


def install(app: Flask, settings: Settings) -> None:
    """Ask every form for its token, and keep what was typed whatever happens."""
    secure = settings.behind_https
    app.config.update(
        SESSION_COOKIE_NAME="__Host-guide" if secure else "guide",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session: somebody may write for an hour
        WTF_CSRF_SSL_STRICT=False,  # it wants the referrer that secret links must not send
    )
    app.extensions["guide-csrf"] = CSRFProtect(app)
    app.register_error_handler(CSRFError, lambda _: give_back(400))
    app.register_error_handler(TooManyError, lambda error: give_back(429, wait=error.wait))
    app.register_error_handler(SQLAlchemyError, _unavailable)


def exempt(app: Flask, blueprint: Blueprint) -> Blueprint:
    """Free of tokens what no session protects: the API, the assistant."""
    app.extensions["guide-csrf"].exempt(blueprint)
    return blueprint


def _unavailable(error: SQLAlchemyError) -> Response:
    log_fault(error)
    return give_back(503, wait=_BUSY)


def give_back(status: int, wait: int | None = None) -> Response:
    """Give a form back with what was typed; what was not a form gets the plain page of the error."""
    if request.method == "POST" and not _holds_a_secret():
        response = _draw(status, _own_address(), _typed())
    else:
        response = answer_status(status)
    if wait is not None:
        response.headers["Retry-After"] = str(wait)
    response.headers["Cache-Control"] = "no-store"
    return response


def seal_form(server_secret: str, owner: str) -> str | None:
    """Seal the form being sent for its owner, to be given back after a sign-in; None when there is nothing to keep."""
    fields = _typed()
    if not fields or _holds_a_secret():
        return None
    packed = zlib.compress(json.dumps({"action": _own_address(), "fields": fields}).encode(), 9)
    return seal(server_secret, f"kept|{owner}", base64.b85encode(packed).decode())


def open_sealed(server_secret: str, owner: str, sealed: str | None) -> Response | None:
    """The page that gives a sealed form back to its owner; None for anybody else, or when its time is over."""
    text = unseal(server_secret, f"kept|{owner}", sealed, seconds=_KEPT_FOR) if sealed else None
    if text is None:
        return None
    form = json.loads(zlib.decompress(base64.b85decode(text)))
    response = _draw(200, form["action"], [(name, value) for name, value in form["fields"]])
    response.headers["Cache-Control"] = "no-store"
    return response


def _draw(status: int, action: str, fields: list[tuple[str, str]]) -> Response:
    shown = [(name, value, LABELS[name]) for name, value in fields if name in LABELS]
    hidden = [(name, value) for name, value in fields if name not in LABELS]
    said = {"status": status, "action": action, "shown": shown, "hidden": hidden, "reference": g.get("request_id")}
    return make_response(render_template("kept.html", **said), status)


def _own_address() -> str:
    return request.full_path if request.query_string else request.path


def _holds_a_secret() -> bool:
    return any(request.form.get(name) for name in _SECRETS)


def _typed() -> list[tuple[str, str]]:
    given = ((name, value) for name, values in request.form.lists() for value in values)
    return [(name, value) for name, value in given if value and name not in _NEVER_GIVEN_BACK]
