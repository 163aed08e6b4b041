"""Kept connections are used again, unless the other side has closed them; no request is
repeated."""

import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from backend.wechat.connections import ConnectionFailed, Connections

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
CLOSING = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}"


class Side:
    """A server controlled by the test: accepts one connection at a time and sends what the test
    says."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(5)
        self._pool = ThreadPoolExecutor(1)
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}/wechat"
        self.asked: list[bytes] = []
        self.connections: list[socket.socket] = []

    def takes_one(self) -> None:
        """Accept a connection as soon as one comes."""
        self._pool.submit(lambda: self.connections.append(self._listener.accept()[0]))

    def says(self, answer: bytes, *, then_hangs_up: bool = False) -> None:
        """Answer the next request on the newest connection."""
        self._pool.submit(self._say, answer, then_hangs_up)

    def _say(self, answer: bytes, then_hangs_up: bool) -> None:
        connection = self.connections[-1]
        self.asked.append(connection.recv(65536))
        connection.sendall(answer)
        if then_hangs_up:
            connection.close()

    def hangs_up(self) -> None:
        """Close the newest connection."""
        self._pool.submit(self.connections[-1].close).result()

    def close(self) -> None:
        """Close everything."""
        self._pool.shutdown()
        for connection in [*self.connections, self._listener]:
            connection.close()


@pytest.fixture
def side() -> Iterator[Side]:
    """Return the other side, to whom somebody may connect."""
    with closing(Side()) as side:
        side.takes_one()
        yield side


@pytest.fixture
def connections(side: Side) -> Connections:
    """Return connections to the other side."""
    return Connections(side.url, 5)


def test_path_of_the_address_comes_before_the_target(side: Side, connections: Connections) -> None:
    side.says(ANSWER)
    assert connections.get("/sns/x?a=1") == (200, b"{}")
    assert side.asked[0].startswith(b"GET /wechat/sns/x?a=1 HTTP/1.1\r\n")


def test_connection_is_used_again(side: Side, connections: Connections) -> None:
    for _ in range(3):
        side.says(ANSWER)
        connections.get("/")
    assert (len(side.connections), len(side.asked)) == (1, 3)


def test_connection_that_was_closed_meanwhile_is_not_used(
    side: Side, connections: Connections
) -> None:
    side.says(ANSWER)
    connections.get("/")
    side.hangs_up()
    side.takes_one()
    side.says(ANSWER)
    assert connections.get("/") == (200, b"{}")
    assert len(side.connections) == 2


def test_connection_that_the_other_side_ends_is_not_kept(
    side: Side, connections: Connections
) -> None:
    side.says(CLOSING)
    connections.get("/")
    side.takes_one()
    side.says(ANSWER)
    assert connections.get("/") == (200, b"{}")


def test_question_whose_answer_was_lost_is_not_asked_again(
    side: Side, connections: Connections
) -> None:
    side.says(ANSWER)
    connections.get("/")
    side.says(b"", then_hangs_up=True)
    with pytest.raises(ConnectionFailed, match="^EOFError$"):
        connections.get("/?js_code=once")
    assert len(side.asked) == 2


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1\r\n}\r\n0\r\n\r\n",
        b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n" + ANSWER,
    ],
)
def test_answer_in_chunks_and_one_that_was_announced_are_read(
    side: Side, connections: Connections, answer: bytes
) -> None:
    for _ in range(2):
        side.says(answer)
        assert connections.get("/") == (200, b"{}")
    assert len(side.connections) == 1


def test_answer_without_a_length_ends_with_the_connection(
    side: Side, connections: Connections
) -> None:
    side.says(b"HTTP/1.1 200 OK\r\n\r\n{}", then_hangs_up=True)
    assert connections.get("/") == (200, b"{}")


@pytest.mark.parametrize("answer", [ANSWER[:-1], ANSWER[:20], b"{}"])
def test_half_an_answer_is_none(side: Side, connections: Connections, answer: bytes) -> None:
    side.says(answer, then_hangs_up=True)
    with pytest.raises(ConnectionFailed):
        connections.get("/")
