"""The private Redis starts despite leftovers of an earlier one, and has one owner."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from backend.live.embedded import OwnedByAnother, PrivateRedis, answers, socket_path


@pytest.fixture
def server(tmp_path: Path) -> Iterator[PrivateRedis]:
    """Return a running server that has something to keep."""
    made = PrivateRedis(tmp_path)
    made.start()
    write(made)
    yield made
    made.stop()


def write(server: PrivateRedis) -> None:
    with redis.Redis(unix_socket_path=str(server.socket)) as client:
        client.set("kept", "x" * 1000)


def read(server: PrivateRedis) -> bytes | None:
    with redis.Redis(unix_socket_path=str(server.socket)) as client:
        return client.get("kept")  # type: ignore[return-value]


def test_what_was_written_is_there_after_stop_and_start(server: PrivateRedis) -> None:
    server.stop()
    assert not answers(server.socket)
    server.start()
    assert read(server) == b"x" * 1000


def test_damaged_data_is_set_aside(server: PrivateRedis, tmp_path: Path) -> None:
    server.stop()
    [file] = (tmp_path / "redis" / "appendonlydir").glob("*.incr.aof")
    file.write_bytes(b"*3 nonsense" + file.read_bytes()[11:])
    server.start()
    assert read(server) is None
    assert len(list((tmp_path / "redis").glob("damaged-*"))) == 1


def test_torn_end_of_the_data_is_no_damage(server: PrivateRedis, tmp_path: Path) -> None:
    server.stop()
    [file] = (tmp_path / "redis" / "appendonlydir").glob("*.incr.aof")
    with file.open("ab") as data:
        data.write(b"*3\r\n$3\r\nSE")
    server.start()
    assert read(server) == b"x" * 1000


def test_second_owner_is_refused(server: PrivateRedis, tmp_path: Path) -> None:
    with pytest.raises(OwnedByAnother, match="set LINKA_DATA_DIR"):
        PrivateRedis(tmp_path).start()
    assert answers(server.socket)


def test_server_without_its_socket_is_started_again(server: PrivateRedis) -> None:
    assert not server.revive()
    server.socket.unlink()
    assert server.revive()
    assert read(server) == b"x" * 1000


def test_long_folder_has_a_socket_elsewhere(tmp_path: Path) -> None:
    folder = tmp_path / ("a-folder-with-a-long-name" * 4)
    server = PrivateRedis(folder)
    server.start()
    assert server.socket == socket_path(folder)
    assert len(str(server.socket)) < 108
    assert answers(server.socket)
    server.stop()
