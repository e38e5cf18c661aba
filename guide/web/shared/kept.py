"""Nothing typed is lost: a form that cannot be taken now comes back on a page of its own, ready to be sent again.

One mechanism for a token that is missing or of another session (400), too many requests (429) and a database that
cannot be written (503). Passwords and codes are never given back.
"""

from collections.abc import Iterator

from flask import Blueprint, Flask, Response, g, make_response, render_template, request
from flask_wtf.csrf import CSRFError, CSRFProtect
from sqlalchemy.exc import SQLAlchemyError

from guide.errors import TooManyError
from guide.settings import Settings
from guide.text import typeset
from guide.web.shared.problems import answer_status, log_fault

_NEVER_GIVEN_BACK = ("csrf_token", "password", "password_again", "current_password", "code")
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
}
WORDS = {  # status -> title, what happened and what to do
    400: (
        "Vérifions avant d’envoyer",
        "Cette page était ouverte depuis longtemps, ou dans une autre fenêtre : par sécurité, confirmez l’envoi.",
    ),
    429: (
        "Un peu de patience",
        "Beaucoup de demandes viennent du même endroit, ou du même contact. Réessayez dans quelques minutes.",
    ),
    503: (
        "Nous n’avons pas pu enregistrer",
        "Le service ne peut rien enregistrer pour l’instant. Rien n’a été envoyé et rien n’est perdu : réessayez.",
    ),
}
_BUSY = 30  # seconds before trying again when the database cannot be written


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
    app.register_error_handler(CSRFError, lambda _: _give_back(400))
    app.register_error_handler(TooManyError, lambda error: _give_back(429, wait=error.wait))
    app.register_error_handler(SQLAlchemyError, _unavailable)


def exempt(app: Flask, blueprint: Blueprint) -> Blueprint:
    """Free of tokens what no session protects: the API."""
    app.extensions["guide-csrf"].exempt(blueprint)
    return blueprint


def _unavailable(error: SQLAlchemyError) -> Response:
    log_fault(error)
    return _give_back(503, wait=_BUSY)


def _give_back(status: int, wait: int | None = None) -> Response:
    """Give a form back with what was typed; what was not a form gets the plain page of the error."""
    secret = any(request.form.get(name) for name in _NEVER_GIVEN_BACK[1:])
    if request.method == "POST" and not secret:
        shown, hidden = list(_typed(shown=True)), list(_typed(shown=False))
        title, what = (typeset(words) for words in WORDS[status])
        said = {"title": title, "what": what, "shown": shown, "hidden": hidden}
        page = render_template("kept.html", **said, reference=g.get("request_id"))
        response = make_response(page, status)
    else:
        response = answer_status(status)
    if wait is not None:
        response.headers["Retry-After"] = str(wait)
    response.headers["Cache-Control"] = "no-store"
    return response


def _typed(*, shown: bool) -> Iterator[tuple[str, str, str]]:
    for name, values in request.form.lists():
        if name not in _NEVER_GIVEN_BACK and (name in LABELS) == shown:
            yield from ((name, value, LABELS.get(name, "")) for value in values if value)
