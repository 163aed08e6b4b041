"""A real server refuses slow and malformed bodies, and closes their connections."""

import http.client
import json
import socket
import threading
from collections.abc import Callable, Iterator

import pytest

from tests.installation import Installation

SECONDS = 1
CHUNKED = "Transfer-Encoding: chunked"


@pytest.fixture(scope="module")
def server(install: Callable[..., Installation]) -> Installation:
    """Return an installation that waits a second for a body."""
    made = install(LINKA_BODY_SECONDS=str(SECONDS))
    made.up()
    return made


@pytest.fixture
def wire(server: Installation) -> Iterator[socket.socket]:
    """Return a connection to the server."""
    host, _, port = server.bind.partition(":")
    with socket.create_connection((host, int(port)), timeout=20) as opened:
        yield opened


def begin(wire: socket.socket, path: str, *headers: str) -> None:
    """Send the head of a POST."""
    lines = [f"POST {path} HTTP/1.1", "Host: linka", *headers, "", ""]
    wire.sendall("\r\n".join(lines).encode())


def answer_of(wire: socket.socket) -> tuple[int, str]:
    """Read until the server ends the connection; return the only answer's status and slug."""
    got = b""
    while piece := wire.recv(65536):
        got += piece
    head, _, body = got.partition(b"\r\n\r\n")
    assert got.count(b"HTTP/1.1 ") == 1, got
    return int(head.split()[1]), json.loads(body)["error"]


@pytest.mark.parametrize(
    ("path", "kind", "expected"),
    [
        ("/api/v1/login", "application/json", (408, "request_timeout")),
        ("/api/v1/me/binding", "application/json", (401, "unauthenticated")),
        ("/api/v1/nothing", "text/plain", (401, "unauthenticated")),
        ("/healthz", "multipart/form-data; boundary=b", (405, "method_not_allowed")),
    ],
)
def test_body_that_drips_ends_with_its_time(
    wire: socket.socket, path: str, kind: str, expected: tuple[int, str]
) -> None:
    begin(wire, path, f"Content-Type: {kind}", "Content-Length: 1000")
    over = threading.Event()

    def drip() -> None:
        try:
            while not over.wait(0.1):
                wire.sendall(b" ")
        except OSError:
            return

    dripping = threading.Thread(target=drip)
    dripping.start()
    try:
        assert answer_of(wire) == expected
    finally:
        over.set()
        dripping.join()


def test_body_of_which_nothing_comes_ends_with_its_time(wire: socket.socket) -> None:
    begin(wire, "/api/v1/login", "Content-Type: application/json", CHUNKED)
    assert answer_of(wire) == (408, "request_timeout")


@pytest.mark.parametrize(
    "chunks",
    [
        b"zz\r\n{}\r\n0\r\n\r\n",
        b"-1\r\n{}\r\n0\r\n\r\n",
        b"2\r\n{}zz0\r\n\r\n",
        b"2;=\x01\r\n{}\r\n0\r\n\r\n",
        b"2\r\n{}\r\n0\r\nno trailer\r\n\r\n",
        b"\r\n\r\n",
        b"f" * 20_000 + b"\r\n",
    ],
    ids=lambda chunks: ascii(chunks[:12]),
)
def test_malformed_chunks_are_a_bad_request(wire: socket.socket, chunks: bytes) -> None:
    begin(wire, "/api/v1/login", "Content-Type: application/json", CHUNKED)
    wire.sendall(chunks)
    assert answer_of(wire) == (400, "bad_request")


def test_body_that_comes_in_time_is_read_and_the_connection_stays(wire: socket.socket) -> None:
    for _ in range(2):
        begin(wire, "/api/v1/login", "Content-Type: application/json", CHUNKED)
        for piece in (b"1\r\n", b"{\r\n", b"1\r\n}\r\n", b"0\r\n\r\n"):
            wire.sendall(piece)
        answer = http.client.HTTPResponse(wire)
        answer.begin()
        assert answer.status == 422
        assert json.loads(answer.read())["errors"].keys() == {"code"}
