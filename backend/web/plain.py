"""Reads plain HTTP requests and writes their answers, as gunicorn would.

gunicorn's parser, its WSGI environment and its response cost more than a short operation
(`backend.web.short`). A request is plain if it came in one piece, and if its head has nothing that
needs thought: what is said twice, how the body is coded, what happens to the connection. All others
are gunicorn's, which also refuses what is malformed: nothing is refused here.
"""

import re
import time
from functools import lru_cache
from io import BytesIO
from typing import Any

from gunicorn import SERVER
from gunicorn.util import http_date

from backend.web.short import ShortAnswer

# Below the limits of gunicorn for the length of a request line and of a field.
MAX_HEAD_BYTES = 4000
MAX_FIELDS = 50

# A path without percent signs; printable ASCII alone; names of fields without underscores.
_HEAD = re.compile(
    rb"""(GET|POST)[ ](/[!"$&->@-~]*)(?:\?([!"$-~]*))?[ ]HTTP/1\.1\r\n"""
    rb"((?:[A-Za-z0-9-]+:[ -~]*\r\n)*)\r\n",
    re.VERBOSE,
)
# Fields that say how to read the body, or what happens to the connection.
_NOT_PLAIN = frozenset(
    ("HTTP_TRANSFER_ENCODING", "HTTP_EXPECT", "HTTP_UPGRADE", "HTTP_TE", "HTTP_TRAILER")
)
# gunicorn refuses a request if these contradict each other.
_SCHEMES = frozenset(
    ("HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_PROTOCOL", "HTTP_X_FORWARDED_SSL")
)


def environ_of(data: bytes) -> dict[str, Any] | None:
    """Return the WSGI environment of a whole request, as far as short operations need it; None if
    it is not plain."""
    found = _HEAD.match(data)
    if found is None or found.end() > MAX_HEAD_BYTES:
        return None
    method, path, query, head = found.groups(b"")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method.decode(),
        "PATH_INFO": path.decode(),
        "QUERY_STRING": query.decode(),
    }
    lines = head.decode().split("\r\n")
    for line in lines[:-1]:
        name, _, value = line.partition(":")
        key = "HTTP_" + name.upper().replace("-", "_")
        if key in environ:
            return None
        environ[key] = value.strip(" ")
    if (
        len(lines) > MAX_FIELDS
        or environ.get("HTTP_CONNECTION", "keep-alive").lower() != "keep-alive"
        or not _NOT_PLAIN.isdisjoint(environ)
        or len(_SCHEMES & environ.keys()) > 1
    ):
        return None
    return environ if _add_body(environ, data[found.end() :]) else None


def _add_body(environ: dict[str, Any], body: bytes) -> bool:
    """Add what the environment says of the body; return whether the whole body is there, and no
    more."""
    for name in ("CONTENT_TYPE", "CONTENT_LENGTH"):
        if "HTTP_" + name in environ:
            environ[name] = environ.pop("HTTP_" + name)
    environ["wsgi.input"] = BytesIO(body)
    length: str = environ.get("CONTENT_LENGTH", "0")
    return length.isdecimal() and int(length) == len(body)


def encoded(answer: ShortAnswer) -> bytes:
    """Return an answer as gunicorn sends it on a connection that stays open."""
    fields = "".join([f"{name}: {value}\r\n" for name, value in answer.headers])
    head = (
        f"HTTP/1.1 {answer.status}\r\nServer: {SERVER}\r\nDate: {_date(int(time.time()))}\r\n"
        f"Connection: keep-alive\r\n{fields}\r\n"
    )
    return head.encode("latin-1") + answer.body


# Cached, because many answers go out in one second.
@lru_cache(1)
def _date(second: int) -> str:
    date: str = http_date(second)
    return date
