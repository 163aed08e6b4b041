"""Gives each request an id, and each response the server's time and security headers."""

import re
import secrets

from flask import Flask, Response, abort, g, request

from backend import metrics
from backend.web import current

# The server's clock for phones, in ms since 1970 (UTC).
TIME_HEADER = "Linka-Time"

# The policy of answers that are no pages: a browser that shows one may do nothing. Pages have a
# policy of their own.
_NOTHING = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
_ANSWERED = {first: metrics.REQUESTS.labels(f"{first}xx") for first in range(1, 6)}
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
    _ANSWERED[response.status_code // 100].inc()
    headers = response.headers
    headers["X-Request-Id"] = g.get("request_id", "")
    headers["X-Content-Type-Options"] = "nosniff"
    headers.setdefault("Content-Security-Policy", _NOTHING)
    headers.setdefault("Referrer-Policy", "no-referrer")
    if request.path.startswith("/api/v1/"):
        headers[TIME_HEADER] = str(current.now())
        headers.setdefault("Cache-Control", "no-store")
    if response.status_code == 204:
        del headers["Content-Type"]
    if response.mimetype == "application/json":
        headers["Cache-Control"] = "no-store"
    return response
