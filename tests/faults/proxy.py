"""A TCP proxy between Linka and a server, which can stop passing data on, delay it, or break
connections.
"""

import contextlib
import select
import socket
import threading
import time
from collections import deque

from psycopg.conninfo import conninfo_to_dict

CHUNK = 65536


class Proxy:
    """Passes bytes on to an address. It listens on a port of its own."""

    def __init__(self, target: tuple[str, int] | str) -> None:
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port: int = self._listener.getsockname()[1]
        self._passes = threading.Event()
        self._passes.set()
        self._lock = threading.Lock()
        self._pairs: set[tuple[socket.socket, socket.socket]] = set()
        self._is_closed = False
        self._refuses = False
        self.delay_seconds = 0.0
        threading.Thread(target=self._accept, daemon=True).start()

    def fall_silent(self) -> None:
        """Keep all connections and accept new ones, but pass nothing on."""
        self._passes.clear()

    def heal(self) -> None:
        """Pass on the held-back data and everything that follows."""
        self._passes.set()

    def refuse(self) -> None:
        """Break all connections and refuse new ones, as a stopped server does."""
        self._refuses = True
        self.cut()

    def accept(self) -> None:
        """Take new connections again."""
        self._refuses = False

    def cut(self) -> None:
        """Break all connections."""
        with self._lock:
            for pair in self._pairs:
                for end in pair:
                    with contextlib.suppress(OSError):
                        end.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Close the proxy."""
        self._is_closed = True
        self._listener.close()
        self.heal()
        self.cut()

    def _accept(self) -> None:
        while not self._is_closed:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            if self._refuses:
                near.close()
            else:
                threading.Thread(target=self._join, args=(near,), daemon=True).start()

    def _join(self, near: socket.socket) -> None:
        with near:
            self._passes.wait()
            try:
                far = _connected(self._target)
            except OSError:
                return
            with far:
                self._pass_on_both_ways(near, far)

    def _pass_on_both_ways(self, near: socket.socket, far: socket.socket) -> None:
        pair = (near, far)
        with self._lock:
            self._pairs.add(pair)
        back = threading.Thread(target=self._pass_on, args=(far, near), daemon=True)
        back.start()
        self._pass_on(near, far)
        back.join()
        with self._lock:
            self._pairs.discard(pair)

    def _pass_on(self, source: socket.socket, sink: socket.socket) -> None:
        """Pass on bytes in one direction, each chunk half a round trip after it came."""
        held: deque[tuple[float, bytes]] = deque()
        is_open = True
        with contextlib.suppress(OSError):
            while is_open or held:
                until = held[0][0] - time.monotonic() if held else None
                sources = [source] if is_open else []
                readable, _, _ = select.select(sources, [], [], until and max(until, 0))
                if readable:
                    data = source.recv(CHUNK)
                    is_open = bool(data)
                    if data:
                        held.append((time.monotonic() + self.delay_seconds / 2, data))
                while held and held[0][0] <= time.monotonic():
                    self._passes.wait()
                    sink.sendall(held.popleft()[1])
        with contextlib.suppress(OSError):
            sink.shutdown(socket.SHUT_WR)


def _connected(target: tuple[str, int] | str) -> socket.socket:
    if isinstance(target, tuple):
        connection = socket.create_connection(target)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(target)
    return connection


def server_address(url: str) -> tuple[str, int] | str:
    """Return where the PostgreSQL of an address listens."""
    given = conninfo_to_dict(url)
    host, port = str(given.get("host", "127.0.0.1")), given.get("port", 5432)
    return f"{host}/.s.PGSQL.{port}" if host.startswith("/") else (host, int(port))


def through(url: str, port: int, name: str = "") -> str:
    """Return the address of the same database, or of another one on its server, through a port of
    this machine.
    """
    given = conninfo_to_dict(url)
    login = f"{given['user']}:{given.get('password') or ''}"
    return f"postgresql://{login}@127.0.0.1:{port}/{name or given['dbname']}"
