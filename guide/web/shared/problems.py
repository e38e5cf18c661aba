"""Errors told clearly: a French page for people, ``application/problem+json`` (RFC 9457) for programs."""

import logging
import traceback
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, g, jsonify, render_template, request
from werkzeug.exceptions import HTTPException, InternalServerError

from guide.errors import AnswerProblem, NotFoundError, UnknownEntryError
from guide.text import typeset

log = logging.getLogger("guide.errors")

_BARE_PAGE = (  # when even the layout is broken
    '<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>{title} · Guide ESS 62</title></head>'
    "<body><main><h1>{title}</h1><p>{what} {then}</p><p>Référence\u00a0: {reference}</p>"
    '<p><a href="/">Revenir à l’accueil</a></p></main></body></html>'
)

# status -> title, what happened, what to do now
WORDS: dict[int, tuple[str, str, str]] = {
    400: ("Demande mal formée", "Le site n’a pas compris cette adresse.", "Repartez de l’accueil : rien n’est perdu."),
    403: ("Accès réservé", "Cette page est réservée.", "Repartez de l’accueil."),
    404: (
        "Page introuvable",
        "Cette page n’existe pas, ou plus.",
        "Cherchez dans l’annuaire, ou repartez de l’accueil.",
    ),
    405: ("Action impossible ici", "Cette page ne se demande pas de cette façon.", "Repartez de l’accueil."),
    413: ("Envoi trop lourd", "Ce qui a été envoyé est trop volumineux.", "Réduisez le texte puis recommencez."),
    414: ("Adresse trop longue", "Cette adresse est trop longue pour être lue.", "Repartez de l’accueil."),
    415: ("Format non reconnu", "Ce format ne se lit pas ici.", "L’API attend du JSON (application/json)."),
    422: ("Réponse non reconnue", "Une réponse n’a pas été comprise.", "Corrigez-la puis recommencez."),
    429: ("Trop de demandes", "Beaucoup de demandes viennent du même endroit.", "Réessayez dans une minute."),
    500: ("Une erreur de notre côté", "Le site a rencontré un problème.", "Réessayez dans un instant."),
    503: ("Service indisponible", "Le site ne répond pas pour l’instant.", "Réessayez dans quelques minutes."),
}


def install(app: Flask) -> None:
    """Answer every error in the language of who asked."""
    app.register_error_handler(HTTPException, _answer)
    for missing in (UnknownEntryError, NotFoundError):
        app.register_error_handler(missing, lambda _: answer_status(404))
    app.register_error_handler(Exception, _answer_fault)


def problem(status: int, detail: str, errors: Iterable[AnswerProblem] = (), code: str | None = None) -> Response:
    """Make a problem document; ``errors`` says where each refused value stands and what is known."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": WORDS.get(status, WORDS[500])[0],
        "status": status,
        "detail": detail,
    }
    listed = [_describe(error) for error in errors]
    if listed:
        body["errors"] = listed
    if code:
        body["code"] = code
    response = jsonify(body)
    response.status_code = status
    response.mimetype = "application/problem+json"
    return response


def _describe(error: AnswerProblem) -> dict[str, Any]:
    described: dict[str, Any] = {"pointer": error.pointer, "value": error.value, "detail": error.detail}
    return described | {"code": error.code} | ({"known": error.known} if error.known is not None else {})


def _answer(error: HTTPException) -> Response:
    status = error.code or 500
    response = answer_status(status)
    for name in ("Allow", "Retry-After"):
        for key, value in error.get_headers():
            if key == name:
                response.headers[name] = value
    return response


def answer_status(status: int, words: tuple[str, str, str] | None = None) -> Response:
    """Answer an error by its status alone, in the language of who asked, or with words of its own."""
    words = words or WORDS.get(status, WORDS[500 if status >= 500 else 400])
    title, what, then = (typeset(text) for text in words)
    if request.path.startswith("/api/"):
        return problem(status, f"{what} {then}" if status != 404 else "Il n’y a rien à cette adresse de l’API.")
    said = {"title": title, "what": what, "then": then, "status": status, "reference": g.get("request_id")}
    try:
        page = render_template("error.html", **said)
    except Exception as error:
        log_fault(error)
        page = _BARE_PAGE.format(**said)
    return Response(page, status=status, mimetype="text/html")


def _answer_fault(error: Exception) -> Response:
    log_fault(error)
    return _answer(InternalServerError())


def log_fault(error: Exception) -> None:
    """Log where it broke, never the message of the error: it may quote what somebody typed."""
    frames = traceback.extract_tb(error.__traceback__)
    where = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames[-6:]]
    extra = {"request": g.get("request_id"), "error": type(error).__name__, "where": where}
    log.error(HTTPStatus.INTERNAL_SERVER_ERROR.phrase, extra=extra)
