"""Guards around every request: size, headers, log line. Deny by default, and nothing that a visitor typed is kept."""

import logging
import secrets
import sys
import time
from contextlib import suppress
from io import BytesIO
from typing import Any

from flask import Flask, Request, Response, current_app, g, request
from flask.sansio.app import App
from pythonjsonlogger.json import JsonFormatter
from werkzeug.exceptions import BadRequest, HTTPException, RequestEntityTooLarge, UnsupportedMediaType
from werkzeug.middleware.proxy_fix import ProxyFix

from guide.settings import Settings

LARGEST_BODY = 64 * 1024  # bytes; no upload anywhere, but where accept_upload says so
_UPLOADS = "guide-uploads"
_LONGEST_DRAIN = 32 * 1024 * 1024  # bytes read and thrown away, so that who sent too much can read the refusal

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "object-src 'none'",
        "frame-ancestors 'none'",
    )
)

_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # answers live in the query string: no other site may see them
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_ONE_YEAR = 31_536_000  # seconds

log = logging.getLogger("guide.requests")


class _Request(Request):
    """A request whose file stays in memory: it is small, may be personal, and is never written on the disk."""

    def _get_file_stream(self, *_: Any, **__: Any) -> BytesIO:
        return BytesIO()


def install(app: Flask, settings: Settings) -> None:
    """Put the guards around the application."""
    app.request_class = _Request
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    app.config["TRUSTED_HOSTS"] = settings.trusted_hosts
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=0)  # type: ignore[method-assign]
    app.before_request(_open)
    app.after_request(_protect)
    if settings.behind_https:
        app.after_request(_require_https)
    app.after_request(_log)


def accept_upload(app: App, endpoint: str, most: int) -> None:
    """Let a file of some bytes be sent to one endpoint."""
    app.extensions.setdefault(_UPLOADS, {})[endpoint] = most


def install_logs() -> None:
    """One JSON line per event on the standard error, in UTC; the process manager keeps them 6 to 12 months."""
    formatter = JsonFormatter("{asctime}{levelname}{name}{message}", style="{", datefmt="%Y-%m-%dT%H:%M:%SZ")
    formatter.converter = time.gmtime
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    handler.addFilter(_keep_words_out)
    root = logging.getLogger("guide")
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    root.propagate = False


def _keep_words_out(record: logging.LogRecord) -> bool:
    """Drop the trace that a library adds: the message of an error may quote what somebody typed."""
    if record.exc_info:
        record.error = record.exc_info[0].__name__ if record.exc_info[0] else ""
        record.exc_info = record.exc_text = None
        record.msg, record.args = "fault", ()
    return True


def _open() -> None:
    g.request_id = secrets.token_hex(6)
    g.started = time.perf_counter()
    upload = current_app.extensions.get(_UPLOADS, {}).get(request.endpoint) if request.method == "POST" else None
    request.max_content_length = most = upload or LARGEST_BODY
    if request.content_length is not None and request.content_length > most:
        raise RequestEntityTooLarge
    is_file = request.method == "POST" and request.mimetype == "multipart/form-data"
    if is_file and upload is None and request.routing_exception is None:
        raise UnsupportedMediaType  # nobody sends a file here
    if "Transfer-Encoding" in request.headers:
        _read_pieces()


def _read_pieces() -> None:
    """Read a body that comes in pieces, once and for all: badly cut, it is the sender's mistake and not a fault."""
    try:
        request.get_data()
    except HTTPException:
        raise
    except Exception as error:  # each server has its own
        raise BadRequest from error


def _protect(response: Response) -> Response:
    if response.status_code >= 400:
        _drain()
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    if request.endpoint == "static" and response.status_code < 400:
        _hold(response)
        response.headers["Cache-Control"] = f"public, max-age={_ONE_YEAR}, immutable"  # the address carries a hash
    else:
        response.headers.setdefault("Cache-Control", "no-cache")
    return response


def read_body() -> bytes:
    """Read the body of a request, bounded even when it does not say its size."""
    body = request.get_data()
    if request.content_length is None and len(body) >= LARGEST_BODY and request.environ["wsgi.input"].read(1):
        raise RequestEntityTooLarge
    return body


def _drain() -> None:
    """Read what is still being sent: a connection closed under a sender loses the answer on its way back."""
    if not request.content_length and "Transfer-Encoding" not in request.headers:
        return
    body, left = request.environ["wsgi.input"], _LONGEST_DRAIN
    with suppress(Exception):  # badly cut, or its sender is gone: nothing more is awaited
        while left > 0 and (chunk := body.read(min(left, LARGEST_BODY))):
            left -= len(chunk)


def _hold(response: Response) -> None:
    """Read a small static file whole and close it: compressing would replace its stream and leave the file open."""
    response.direct_passthrough = False
    data = response.get_data()
    response.response.close() if hasattr(response.response, "close") else None
    response.set_data(data)


def _require_https(response: Response) -> Response:
    response.headers["Strict-Transport-Security"] = f"max-age={_ONE_YEAR}; includeSubDomains"
    return response


def _log(response: Response) -> Response:
    """Write the route pattern, never the path or the query: they may hold what somebody typed."""
    if request.endpoint != "static":
        spent = (time.perf_counter() - g.get("started", time.perf_counter())) * 1000
        rule = request.url_rule.rule if request.url_rule else "(aucune)"
        known = request.method in ("GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE")
        extra = {
            "request": g.get("request_id", ""),
            "method": request.method if known else "?",
            "route": rule,
            "status": response.status_code,
            "ms": round(spent, 1),
        }
        log.info("request", extra=extra)
    return response
