"""Bodies of requests: read within a time limit, refused when too large, malformed or not UTF-8."""

import time
from collections.abc import Callable, Iterable, Iterator
from socket import SHUT_RDWR, socket
from typing import Any

import gevent
from flask import Flask, abort, request
from gunicorn.http.errors import ParseException
from werkzeug.exceptions import BadRequest, HTTPException, RequestTimeout
from werkzeug.wsgi import ClosingIterator

MAX_BODY_BYTES = 256 * 1024
MAX_UPLOAD_BYTES = 2 * 1024 * 1024
_PIECE_BYTES = 16 * 1024


def install(app: Flask, seconds: int) -> None:
    """Let an app read bodies for so many seconds at most, before hooks that are registered later
    run."""
    app.config["MAX_CONTENT_LENGTH"] = MAX_UPLOAD_BYTES
    app.before_request(_read)
    app.wsgi_app = TimedBodies(app.wsgi_app, seconds)  # type: ignore[method-assign]


def _read() -> None:
    if request.method not in ("POST", "PUT", "DELETE") or request.mimetype == "multipart/form-data":
        return
    if (request.content_length or 0) > MAX_BODY_BYTES:
        abort(413)
    data = request.get_data(cache=True)
    # A chunked body has no Content-Length.
    if len(data) > MAX_BODY_BYTES:
        abort(413)
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        abort(400)


class TimedBodies:
    """Middleware: under gunicorn a body must have come within so many seconds.

    The part that the application did not read is read after the response and dropped, within the
    same time. A connection with a late or malformed body is closed, because the beginning of the
    next request is unknown.
    """

    def __init__(self, app: Callable[..., Iterable[bytes]], seconds: float) -> None:
        self._app = app
        self._seconds = seconds

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        connection = environ.get("gunicorn.socket")
        has_body = environ.get("CONTENT_LENGTH") or "HTTP_TRANSFER_ENCODING" in environ
        if connection is None or not has_body:
            return self._app(environ, start_response)
        body = environ["wsgi.input"] = _TimedBody(environ["wsgi.input"], self._seconds)
        return ClosingIterator(
            self._app(environ, start_response), lambda: _drop_rest(body, connection)
        )


class _TimedBody:
    """An input stream that raises `RequestTimeout` or `BadRequest` once the body is late or
    malformed."""

    def __init__(self, body: Any, seconds: float) -> None:
        self._body = body
        self._ends_at = time.monotonic() + seconds
        self._problem: HTTPException | None = None

    def read(self, size: int = -1) -> bytes:
        return self._within(self._body.read, size)

    def readline(self, size: int = -1) -> bytes:
        return self._within(self._body.readline, size)

    def readlines(self, _hint: int = -1) -> list[bytes]:
        return list(self)

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.readline, b"")

    def _within(self, read: Callable[[int], bytes], size: int) -> bytes:
        if self._problem is None:
            late = RequestTimeout()
            try:
                with gevent.Timeout(max(self._ends_at - time.monotonic(), 0), late):
                    return read(size)
            except RequestTimeout:
                self._problem = late
            except (OSError, ParseException):
                self._problem = BadRequest()
        raise self._problem


def _drop_rest(body: _TimedBody, connection: socket) -> None:
    try:
        while body.read(_PIECE_BYTES):
            continue
    except HTTPException:
        try:
            connection.shutdown(SHUT_RDWR)
        except OSError:
            return
