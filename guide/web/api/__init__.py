"""The JSON API, version 1: the same engine as the pages. Open, read-only, no cookie, nothing stored."""

from flask import Blueprint, Flask, Response
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from guide.settings import Settings
from guide.web.api import description, views

CALLS = "120 per minute"  # per address and per worker; reading pages is never limited


def make_blueprint(app: Flask, settings: Settings) -> Blueprint:
    """Gather the calls, under one limit of calls."""
    blueprint = Blueprint("api", __name__)
    views.add_routes(blueprint)
    description.add_routes(blueprint)
    blueprint.after_request(_open_to_other_sites)
    limiter = Limiter(
        get_remote_address, app=app, enabled=settings.rate_limits == "on", storage_uri="memory://", headers_enabled=True
    )
    limiter.limit(CALLS)(blueprint)
    return blueprint


def _open_to_other_sites(response: Response) -> Response:
    """Partners' pages may call the API from a browser: it holds nothing private and knows no cookie."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Allow-Headers"] = "Content-Type"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
