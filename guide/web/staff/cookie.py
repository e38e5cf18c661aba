"""The cookie of the team: a random key and nothing else. Flask's own session only holds the token of forms."""

from flask import Response, g, request, session

from guide.web.shared.house import get_settings


def cookie_name() -> str:
    """``__Host-``: the browser itself refuses it from another host, or without https."""
    return "__Host-equipe" if get_settings().behind_https else "equipe"


def read_key() -> str | None:
    """The key that the browser sent."""
    return request.cookies.get(cookie_name()) or None


def give_key(response: Response, key: str) -> Response:
    """Give the browser a new key, kept until it is closed, and new tokens for forms."""
    response.set_cookie(cookie_name(), key, httponly=True, secure=get_settings().behind_https, samesite="Lax", path="/")
    return response


def renew_tokens() -> None:
    """Forget the tokens of forms: those given before signing in, or out, are worth nothing after."""
    session.clear()
    g.pop("csrf_token", None)
