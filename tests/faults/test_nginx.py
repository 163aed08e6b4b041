"""What nginx itself refuses looks like a refusal of Linka."""

import json
import re
import socket
from collections.abc import Iterator

import pytest

from backend.cluster.nginx import SITE
from backend.web.errors import body_outside
from tests.faults.nginx import nginx
from tests.support import free_port


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """Return the port of nginx in front of a server that is away."""
    with nginx([f"127.0.0.1:{free_port()}"]) as port:
        yield port


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"nothing\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/9.9\r\nHost: linka\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: linka\r\nTransfer-Encoding: gzip\r\n\r\n", 400),
        (b"TRACE / HTTP/1.1\r\nHost: linka\r\n\r\n", 405),
        (b"GET /?" + b"x" * 8192 + b" HTTP/1.1\r\nHost: linka\r\n\r\n", 414),
        (b"GET / HTTP/1.1\r\nHost: linka\r\nA: " + b"x" * 8192 + b"\r\n\r\n", 431),
    ],
    ids=["no-request", "no-host", "version", "coding", "method", "long-line", "large-header"],
)
def test_what_nginx_refuses_has_the_body_of_the_api(port: int, sent: bytes, status: int) -> None:
    with socket.create_connection(("127.0.0.1", port), 10) as caller:
        caller.sendall(sent)
        answer = b"".join(iter(lambda: caller.recv(65536), b""))
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head[9:12] == str(status).encode()
    assert b"\r\nContent-Type: application/json\r\n" in head
    assert json.loads(body) == body_outside(status)


def test_http_without_tls_is_refused_as_malformed() -> None:
    # The nginx of the tests has no TLS.
    site = SITE.read_text(encoding="utf-8")
    [statuses] = re.findall(r"(?m)^    error_page (.+) =400 /refused/malformed;$", site)
    assert "497" in statuses.split()
