"""What every request gets: an id, a bounded body, text that can be read, safe headers."""

import re
import secrets

from flask import Flask, Response, abort, g, request

MAX_BODY_BYTES = 256 * 1024
MAX_UPLOAD_BYTES = 2 * 1024 * 1024
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}\Z")


def install(app: Flask) -> None:
    """Register the hooks on an app."""
    app.config["MAX_CONTENT_LENGTH"] = MAX_UPLOAD_BYTES
    app.before_request(_begin)
    app.after_request(_finish)


def _begin() -> None:
    sent = request.headers.get("X-Request-Id", "")
    g.request_id = sent if _REQUEST_ID.match(sent) else secrets.token_hex(16)
    if "\x00" in request.path:
        abort(404)
    if request.method in ("POST", "PUT") and request.mimetype != "multipart/form-data":
        if (request.content_length or 0) > MAX_BODY_BYTES:
            abort(413)
        data = request.get_data(cache=True)
        # A body in chunks has no length in its head.
        if len(data) > MAX_BODY_BYTES:
            abort(413)
        try:
            data.decode("utf-8")
        except UnicodeDecodeError:
            abort(400)


def _finish(response: Response) -> Response:
    response.headers["X-Request-Id"] = g.get("request_id", "")
    response.headers["X-Content-Type-Options"] = "nosniff"
    if response.status_code == 204:
        del response.headers["Content-Type"]
    if response.mimetype == "application/json":
        response.headers["Cache-Control"] = "no-store"
    return response
