"""A plain request is read as gunicorn reads it, and its answer has the same bytes."""

import re
from typing import Any

import pytest
from gunicorn.config import Config
from gunicorn.http.message import Request
from gunicorn.http.unreader import IterUnreader
from gunicorn.http.wsgi import create
from hypothesis import given
from hypothesis import strategies as st

from backend.web import plain

READ = (
    b"GET /api/v1/events/1/leaderboards/event?top=10&x=%E5 HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    b"Connection: Keep-Alive\r\nX-Forwarded-For: 1.2.3.4, ::1\r\nX-Forwarded-Proto: https\r\n"
    b'Authorization: Bearer a.b-c_d\r\nIf-None-Match:"x",  W/"y" \r\nAccept:\r\n\r\n'
)
SENT = (
    b"POST /api/v1/login HTTP/1.1\r\nhost: a\r\nContent-Type: application/json\r\n"
    b'Content-Length: 12\r\n\r\n{"code":"1"}'
)
# What is put into a plain request anywhere: most of it makes it malformed, or means something else.
PIECES = [
    *(b"\r\n", b"\n", b"\r", b" ", b"\t", b":", b"?", b"#", b"%00", b"%", b";", b"//", b"\x00"),
    *(b"\xe5", b"_", b"0", b"HTTP/1.0", b"HTTP/1.1", b"GET ", b"HEAD", b"*", b"://", b'"', b"+"),
    *(b"\r\nTransfer-Encoding: chunked", b"\r\nContent-Length: 5", b"\r\nConnection: close"),
    *(b"\r\nExpect: 100-continue", b"\r\nX-Forwarded-Ssl: on", b"\r\nUpgrade: h2c"),
    *(b"\r\nX_Y: 1", b"\r\n folded", b"\r\nHost: b", b"\r\nScript-Name: /api", b"\r\nX-A: 1"),
    *(b"\r\nX-A: 2", b"\r\nTE: trailers", b"\r\nContent-Type: text/plain", b"\r\nCookie: a"),
    READ,
    SENT,
]


@st.composite
def altered(draw: st.DrawFn) -> bytes:
    """Return a plain request with a few changes."""
    data = draw(st.sampled_from([READ, SENT]))
    for _ in range(draw(st.integers(0, 3))):
        start = draw(st.integers(0, len(data)))
        end = start + draw(st.sampled_from([0, 0, 1, 2, 20]))
        data = data[:start] + draw(st.sampled_from([b"", *PIECES])) + data[end:]
    return data


def by_gunicorn(data: bytes) -> tuple[dict[str, Any], bytes]:
    """Return the environment that gunicorn makes of a request, and what came after it."""
    unreader = IterUnreader([data])
    request = Request(Config(), unreader, ("127.0.0.1", 1))
    _, environ = create(request, None, ("127.0.0.1", 1), ("127.0.0.1", 80), Config())
    environ["body"] = request.body.read()
    return environ, unreader.take_buffered()


@given(altered())
def test_what_is_plain_is_what_gunicorn_reads(data: bytes) -> None:
    ours = plain.environ_of(data)
    if ours is None:
        return
    ours["body"] = ours.pop("wsgi.input").read()
    theirs, rest = by_gunicorn(data)
    assert rest == b""
    names = {name for name in theirs if name.startswith(("HTTP_", "CONTENT_"))}
    assert {name: theirs[name] for name in ours.keys() | names} == ours


@pytest.mark.parametrize(
    "data",
    [
        READ[:-1],
        READ + b"G",
        SENT[:-1],
        SENT + SENT,
        READ.replace(b"HTTP/1.1", b"HTTP/1.0"),
        READ.replace(b"GET", b"HEAD"),
        READ.replace(b"/api", b"/%61pi"),
        READ.replace(b"Keep-Alive", b"close"),
        READ.replace(b"\r\nHost", b"\r\nContent-Length: 1\r\nHost"),
        READ.replace(b"\r\nHost", b"\r\nTransfer-Encoding: chunked\r\nHost"),
        READ.replace(b"\r\nHost", b"\r\nX-Forwarded-Ssl: off\r\nHost"),
        READ.replace(b"\r\nHost", b"\r\nX-A: 1\r\nX-a: 2\r\nHost"),
        READ.replace(b"\r\nHost", b"\r\nX_A: 1\r\nHost"),
        READ.replace(b"\r\nHost", b"\r\nX-A: 1" * plain.MAX_FIELDS + b"\r\nHost"),
        READ.replace(b"top=10", b"top=10&a=" + b"a" * plain.MAX_HEAD_BYTES),
        SENT.replace(b"12", b"12, 12"),
        SENT.replace(b"12", "１２".encode()),
        SENT.replace(b"12", b"+12"),
    ],
    ids=lambda data: re.sub(rb"[^ -~]|a{9,}", b".", data).decode()[:90],
)
def test_what_needs_thought_is_not_plain(data: bytes) -> None:
    assert plain.environ_of(READ) and plain.environ_of(SENT)
    assert plain.environ_of(data) is None


def test_limits_are_below_those_of_gunicorn() -> None:
    config = Config()
    assert min(config.limit_request_line, config.limit_request_field_size) > plain.MAX_HEAD_BYTES
    assert config.limit_request_fields > plain.MAX_FIELDS
