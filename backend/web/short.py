"""A short way past Flask, for the few requests that phones send most often.

Flask, its hooks and werkzeug's objects cost several times what such a request itself costs. A short
operation answers it with the functions that its view calls, too, if it succeeds as usual. Whatever
is unusual it leaves to Flask, which then serves the request from its beginning with all checks and
refusals. So the short way refuses nothing, and its answers are those that Flask would give;
`tests/web/test_short.py` compares them byte for byte.

The worker of gunicorn (`backend.serving`) asks for a short answer before it parses a request.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from io import BytesIO
from typing import Any, NamedTuple, Protocol

from backend.clock import Clock
from backend.encoding import encoded
from backend.web import clients, requests
from backend.web.i18n import language_of

MAX_BODY_BYTES = 4096
_HOSTS_KEPT = 64

Environ = dict[str, Any]
Headers = list[tuple[str, str]]


class ShortRequest(NamedTuple):
    """A request, with a valid token if one is needed; whether its account has signed out since is not known yet.

    `path` has the groups of the operation's pattern. `body` is JSON, or empty. `at` is the moment
    at which the request came. Account and version are 0 if the operation takes no token.
    """

    account_id: int
    version: int
    path: tuple[str, ...]
    query: bytes
    body: bytes
    language: str
    environ: Mapping[str, Any]
    at: int


class ShortAnswer(NamedTuple):
    """A successful answer; `headers` are those that the response of the view would have."""

    status: str
    headers: Headers
    body: bytes = b""


def json_answer(content: Any) -> ShortAnswer:
    """Return JSON as Flask's `jsonify` does."""
    body = encoded(content) + b"\n"
    headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
    return ShortAnswer("200 OK", headers, body)


class ShortOperation(Protocol):
    """An operation that can answer without Flask. Its pattern matches paths of ASCII alone."""

    @property
    def method(self) -> str:
        """`GET` or `POST`."""

    @property
    def path(self) -> re.Pattern[str]:
        """The pattern of its whole path."""

    @property
    def takes_token(self) -> bool:
        """Whether a caller needs a token."""

    def answer(self, request: ShortRequest) -> ShortAnswer | None:
        """Return the answer; None, or any exception, leaves the request to Flask."""


class ShortOperations:
    """The short operations of an app, and what is checked before one of them is called.

    `read_bearer` returns (account id, version) of an `Authorization` header at a moment, or raises
    an error.
    """

    def __init__(
        self,
        operations: Iterable[ShortOperation],
        read_bearer: Callable[[str, int], tuple[int, int]],
        clock: Clock,
        minimum_client: str,
    ) -> None:
        self._by_method: dict[str, list[ShortOperation]] = defaultdict(list)
        for operation in operations:
            self._by_method[operation.method].append(operation)
        self._read_bearer = read_bearer
        self._clock = clock
        self._minimum_client = minimum_client

    def answer(self, environ: Environ) -> ShortAnswer | None:
        """Return the whole answer to a request, or None if Flask has to serve it."""
        for operation in self._by_method.get(environ["REQUEST_METHOD"], ()):
            found = operation.path.fullmatch(environ["PATH_INFO"])
            if found is not None:
                return self._answer(operation, found.groups(), environ)
        return None

    def _answer(
        self, operation: ShortOperation, path: tuple[str, ...], environ: Environ
    ) -> ShortAnswer | None:
        try:
            request = self._request(operation, path, environ)
            answer = operation.answer(request) if request is not None else None
        except Exception:  # noqa: BLE001 - Flask comes upon it again, and then refuses or logs
            return None
        if answer is None:
            return None
        given = dict(answer.headers)
        added = requests.added_headers(given, requests.id_of(environ), self._clock.now())
        requests.count(int(answer.status[:3]))
        return answer._replace(headers=answer.headers + added)

    def _request(
        self, operation: ShortOperation, path: tuple[str, ...], environ: Environ
    ) -> ShortRequest | None:
        if (
            environ.get("SCRIPT_NAME")
            or "HTTP_COOKIE" in environ
            or not _is_host(environ.get("HTTP_HOST", ""))
            or clients.is_too_old(environ.get(clients.KEY, ""), self._minimum_client)
        ):
            return None
        body = _body_of(environ)
        if body is None:
            return None
        now = self._clock.now()
        account_id, version = 0, 0
        if operation.takes_token:
            account_id, version = self._read_bearer(environ["HTTP_AUTHORIZATION"], now)
        language = language_of(environ.get("HTTP_ACCEPT_LANGUAGE", ""))
        query = environ.get("QUERY_STRING", "").encode("latin-1")
        return ShortRequest(
            account_id, version, path, query, body, language=language, environ=environ, at=now
        )


# Cached, because all phones send the same few.
@lru_cache(_HOSTS_KEPT)
def _is_host(name: str) -> bool:
    """Return whether werkzeug takes a `Host` header, of which a part may be too long, or missing."""
    try:
        name.encode("idna")
    except UnicodeError:
        return False
    return True


def _body_of(environ: Environ) -> bytes | None:
    """Return the body of a request, which Flask can read again; None unless it is short JSON or
    empty."""
    if "HTTP_TRANSFER_ENCODING" in environ:
        return None
    length = environ.get("CONTENT_LENGTH") or "0"
    if length == "0":
        return b""
    if not length.isdecimal() or int(length) > MAX_BODY_BYTES:
        return None
    if environ.get("CONTENT_TYPE") != "application/json":
        return None
    body: bytes = environ["wsgi.input"].read(int(length))
    environ["wsgi.input"] = BytesIO(body)
    return body if len(body) == int(length) else None
