"""Pages that have not changed do not travel again: the browser asks, and is told so."""

import hashlib

from flask import Flask, Response, request

_LENGTH = 20  # signs of the hash: enough to tell two versions of one page apart


def install(app: Flask) -> None:
    """Mark the public pages, and answer who holds the same one."""
    app.after_request(mark)


def mark(response: Response) -> Response:
    """Give a page the hash of its content; one that must not be kept is left alone."""
    public = response.mimetype == "text/html" and response.headers.get("Cache-Control") == "no-cache"
    if response.status_code != 200 or request.method not in ("GET", "HEAD") or not public:
        return response
    page = response.get_data()
    if b'name="csrf_token"' in page:  # a form to send: its page is made for one browser, and sets a cookie
        return response
    tag = hashlib.sha256(page).hexdigest()[:_LENGTH]
    response.set_etag(tag)
    held = {
        each.split(":")[0] for each in request.if_none_match.as_set(include_weak=True)
    }  # « tag:br » once compressed
    if tag in held:
        response.status_code = 304
        response.set_data(b"")
        del response.headers["Content-Length"]
    return response
