"""Gives each request an id, and each response the server's time and security headers."""

import os
import re
from collections.abc import Mapping
from typing import Any

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


def id_of(environ: Mapping[str, Any]) -> str:
    """Return the id that a request brought along, or a new one."""
    sent: str = environ.get("HTTP_X_REQUEST_ID", "")
    return sent if _REQUEST_ID.match(sent) else os.urandom(16).hex()


def count(status: int) -> None:
    """Count an answered request."""
    _ANSWERED[status // 100].inc()


def added_headers(
    given: Mapping[str, str], request_id: str, now: int | None
) -> list[tuple[str, str]]:
    """Return the headers that are added to those of a response.

    `now` is the present moment for an answer of the API, and None for other pages.
    """
    added = [("X-Request-Id", request_id), ("X-Content-Type-Options", "nosniff")]
    if "Content-Security-Policy" not in given:
        added.append(("Content-Security-Policy", _NOTHING))
    if "Referrer-Policy" not in given:
        added.append(("Referrer-Policy", "no-referrer"))
    if now is not None:
        added.append((TIME_HEADER, str(now)))
    is_private = now is not None or given.get("Content-Type") == "application/json"
    if is_private and "Cache-Control" not in given:
        added.append(("Cache-Control", "no-store"))
    return added


def _begin() -> None:
    g.request_id = id_of(request.environ)
    if "\x00" in request.path:
        abort(404)


def _finish(response: Response) -> Response:
    count(response.status_code)
    if response.status_code == 204:
        del response.headers["Content-Type"]
    # The headers are looked through once, because each of werkzeug's own look-ups is slow.
    headers = response.headers
    given = dict(headers)
    if "Cache-Control" in given and given.get("Content-Type") == "application/json":
        headers["Cache-Control"] = "no-store"
    now = current.now() if request.path.startswith("/api/v1/") else None
    headers.extend(added_headers(given, g.get("request_id", ""), now))
    return response
