"""One place turns facts into the error body; every refusal of the API looks the same."""

import http
import sqlite3

import peewee
import structlog
from flask import Flask, Response, g, jsonify, request
from playhouse.pool import MaxConnectionsExceeded
from redis import RedisError
from werkzeug.exceptions import HTTPException

from backend.errors import LinkaError, Unavailable
from backend.web.i18n import language, sentence_for_status

log = structlog.get_logger(__name__)

# What webargs calls the places a field came from; people want the field's name only.
_LOCATIONS = ("json", "query", "form", "files", "headers", "path")


def install(app: Flask) -> None:
    """Register the handlers on an app."""
    app.register_error_handler(LinkaError, _linka_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(peewee.OperationalError, _database_away)
    app.register_error_handler(peewee.InterfaceError, _database_away)
    app.register_error_handler(RedisError, _redis_away)
    app.register_error_handler(MaxConnectionsExceeded, _all_busy)
    app.register_error_handler(Exception, _unexpected)


def body(
    status: int, slug: str, message: str, fields: dict[str, list[str]] | None = None
) -> Response:
    """Return the common error body as a response."""
    content: dict[str, object] = {
        "code": status,
        "status": http.HTTPStatus(status).phrase,
        "error": slug,
        "message": message,
        "request_id": g.get("request_id", ""),
    }
    if fields:
        content["errors"] = fields
    response = jsonify(content)
    response.status_code = status
    return response


def _linka_error(error: LinkaError) -> Response:
    response = body(
        error.status, error.slug, error.message(language()), error.field_texts(language())
    )
    if error.retry_after_seconds is not None:
        response.headers["Retry-After"] = str(error.retry_after_seconds)
    if error.status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _http_error(error: HTTPException) -> Response:
    status = error.code or 500
    slug = {404: "not_found", 405: "method_not_allowed", 413: "too_large", 422: "invalid"}.get(
        status, http.HTTPStatus(status).phrase.lower().replace(" ", "_")
    )
    response = body(status, slug, sentence_for_status(status), _fields(error))
    if status == 405 and error.get_response().headers.get("Allow"):
        response.headers["Allow"] = error.get_response().headers["Allow"]
    return response


def _fields(error: HTTPException) -> dict[str, list[str]] | None:
    messages = getattr(error, "data", {}).get("messages")
    if not isinstance(messages, dict):
        return None
    fields: dict[str, list[str]] = {}
    for key, value in messages.items():
        nested = value if key in _LOCATIONS and isinstance(value, dict) else {key: value}
        for name, texts in nested.items():
            fields[str(name)] = _texts(texts)
    return fields


def _texts(value: object) -> list[str]:
    if isinstance(value, list):
        return [str(item) for item in value]
    if isinstance(value, dict):
        return [f"{key}: {text}" for key, inner in value.items() for text in _texts(inner)]
    return [str(value)]


def _database_away(error: peewee.PeeweeException) -> Response:
    cause = error.__cause__ or error.__context__
    if isinstance(cause, sqlite3.OperationalError) and "locked" not in str(cause):
        return _unexpected(error)
    log.error("database_away", path=request.path, error=str(error))
    return _linka_error(Unavailable(retry_after_seconds=1))


def _all_busy(error: MaxConnectionsExceeded) -> Response:
    log.error("no_connection_free", path=request.path, error=str(error))
    return _linka_error(Unavailable(retry_after_seconds=1))


def _redis_away(error: RedisError) -> Response:
    log.error("redis_away", path=request.path, error=str(error))
    return _linka_error(Unavailable(retry_after_seconds=1))


def _unexpected(error: Exception) -> Response:
    log.error("unexpected", path=request.path, exc_info=error)
    return body(500, "internal", sentence_for_status(500))
