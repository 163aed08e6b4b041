"""Gives each request an id, and each response the server's time and security headers."""

import re
import secrets

from flask import Flask, Response, abort, g, request

from backend.web import current

# The server's clock for phones, in ms since 1970 (UTC).
TIME_HEADER = "Linka-Time"

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}\Z")


def install(app: Flask) -> None:
    """Register the hooks on an app."""
    app.before_request(_begin)
    app.after_request(_finish)


def _begin() -> None:
    sent = request.headers.get("X-Request-Id", "")
    g.request_id = sent if _REQUEST_ID.match(sent) else secrets.token_hex(16)
    if "\x00" in request.path:
        abort(404)


def _finish(response: Response) -> Response:
    response.headers["X-Request-Id"] = g.get("request_id", "")
    response.headers["X-Content-Type-Options"] = "nosniff"
    if request.path.startswith("/api/v1/"):
        response.headers[TIME_HEADER] = str(current.now())
    if response.status_code == 204:
        del response.headers["Content-Type"]
    if response.mimetype == "application/json":
        response.headers["Cache-Control"] = "no-store"
    return response
