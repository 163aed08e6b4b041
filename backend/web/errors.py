"""Turns exceptions into the common error body of the API."""

import http
from collections.abc import Callable

import peewee
import structlog
from flask import Flask, Response, current_app, g, jsonify, request
from redis import RedisError
from werkzeug.exceptions import HTTPException

from backend.db import is_away, reason
from backend.errors import LinkaError, Unauthenticated, Unavailable, error_body
from backend.postgres import NoConnectionFree
from backend.web.i18n import language, sentence_for_status
from backend.web.messages import by_field

log = structlog.get_logger(__name__)

# A caller without a valid token gets 401 in place of one of these.
_AFTER_401 = frozenset({400, 404, 408, 413, 415, 422})


# Where the name of the status does not make the slug.
_SLUGS = {
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    414: "uri_too_long",
    422: "invalid",
    431: "headers_too_large",
    500: "internal",
}

# Refusals that are logged, because they may be attacks.
_LOGGED = frozenset({403, 429})


def install(app: Flask, check_caller: Callable[[], object]) -> None:
    """Register the handlers on an app.

    `check_caller` raises `Unauthenticated` if a refused request has no valid token; the caller is
    then told that instead.
    """
    app.extensions["linka.check_caller"] = check_caller
    app.register_error_handler(LinkaError, _linka_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(peewee.OperationalError, _database_away)
    app.register_error_handler(peewee.InterfaceError, _database_away)
    app.register_error_handler(peewee.InternalError, _database_away)
    app.register_error_handler(RedisError, _redis_away)
    app.register_error_handler(NoConnectionFree, _all_busy)
    app.register_error_handler(Exception, _unexpected)


def body_outside(status: int) -> dict[str, object]:
    """Return the body of an error that is answered before Flask knows of the request.

    It is in Chinese, and its `request_id` is empty.
    """
    body = error_body(status, _slug(status), sentence_for_status(status), {})
    return body | {"status": http.HTTPStatus(status).phrase, "request_id": ""}


def refused(status: int) -> Response:
    """Return the response to a request that is refused by a status alone."""
    return response_of(status, error_body(status, _slug(status), sentence_for_status(status), {}))


def response_of(status: int, body: dict[str, object]) -> Response:
    """Return an error body as a response, with the name of its status and the request's id."""
    response = jsonify(
        body | {"status": http.HTTPStatus(status).phrase, "request_id": g.get("request_id", "")}
    )
    response.status_code = status
    return response


def _logged_path() -> str:
    """Return the path without the secret of a pairing or of a link, which would admit its reader."""
    secret = (request.view_args or {}).get("secret")
    return request.path.replace(secret, "-") if secret else request.path


def _unauthenticated(status: int | None) -> LinkaError | None:
    """Return the 401 that takes precedence over this status if the caller has no valid token, else
    None."""
    if status not in _AFTER_401:
        return None
    try:
        current_app.extensions["linka.check_caller"]()
    except Unauthenticated as error:
        return error
    except peewee.DatabaseError as error:
        log.warning("caller_unknown", path=_logged_path(), error=str(error))
    return None


def _linka_error(error: LinkaError) -> Response:
    error = _unauthenticated(error.status) or error
    if error.status in _LOGGED:
        log.info(
            "refused",
            error=error.slug,
            status=error.status,
            method=request.method,
            path=_logged_path(),
            address=request.remote_addr,
        )
    response = response_of(error.status, error.body(language()))
    if error.retry_after_seconds is not None:
        response.headers["Retry-After"] = str(error.retry_after_seconds)
    if error.status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _http_error(error: HTTPException) -> Response:
    earlier = _unauthenticated(error.code)
    if earlier:
        return _linka_error(earlier)
    status = error.code or 500
    response = response_of(
        status, error_body(status, _slug(status), sentence_for_status(status), _fields(error))
    )
    if status == 405 and error.get_response().headers.get("Allow"):
        response.headers["Allow"] = error.get_response().headers["Allow"]
    return response


def _slug(status: int) -> str:
    return _SLUGS.get(status) or http.HTTPStatus(status).phrase.lower().replace(" ", "_")


def _fields(error: HTTPException) -> dict[str, list[str]]:
    messages = getattr(error, "data", {}).get("messages")
    if not isinstance(messages, dict):
        return {}
    return {
        name: [text.said(language()) for text in texts]
        for name, texts in by_field(messages).items()
    }


def _database_away(error: peewee.PeeweeException) -> Response:
    if not is_away(error):
        return _unexpected(error)
    log.error("database_away", path=_logged_path(), error=reason(error))
    return _linka_error(Unavailable(retry_after_seconds=1))


def _all_busy(error: NoConnectionFree) -> Response:
    log.error("no_connection_free", path=_logged_path(), error=str(error))
    return _linka_error(Unavailable(retry_after_seconds=1))


def _redis_away(error: RedisError) -> Response:
    log.error("redis_away", path=_logged_path(), error=str(error))
    return _linka_error(Unavailable(retry_after_seconds=1))


def _unexpected(error: Exception) -> Response:
    log.error("unexpected", path=_logged_path(), exc_info=error)
    return refused(500)
