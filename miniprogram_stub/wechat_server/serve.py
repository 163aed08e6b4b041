"""The emulator as a process: gevent's server around the WSGI application."""

import os
import signal
import socket
from collections.abc import Callable
from typing import Any, BinaryIO

import gevent
from gevent import events, monkey
from gevent.event import Event
from gevent.pywsgi import WSGIHandler, WSGIServer

from miniprogram_stub.wechat_server.bind import Address
from miniprogram_stub.wechat_server.emulator import Emulator
from miniprogram_stub.wechat_server.http import create_app

BACKLOG = 2048
SECONDS_TO_FINISH = 1
LONGEST_LINE = 65_536
MOST_HEADERS = 100


class CannotListen(OSError):
    """The address is in use, not this machine's, or not allowed; the text says which."""


class Headers(dict[str, str]):
    """The headers of a request by their names in small letters, as gevent's server uses them.

    It would read them as those of an e-mail, which takes it a third of its time for a login.
    """

    status = ""

    def __init__(self, source: BinaryIO, _seekable: int) -> None:
        super().__init__()
        self.headers: list[str] = []
        while (line := source.readline(LONGEST_LINE).decode("latin-1")) not in ("\r\n", "\n", ""):
            name, colon, value = line.partition(":")
            is_whole = colon and line.endswith("\n") and name == name.strip()
            if not is_whole or len(self.headers) == MOST_HEADERS:
                self.status = "unreadable or too many"
                return
            self.headers.append(line)
            self[name.lower()] = value.strip()

    def get(self, name: str, default: Any = None) -> Any:
        """Return the value of a header; of equal ones the last."""
        return super().get(name.lower(), default)

    getheader = get

    @property
    def typeheader(self) -> str | None:
        """Return the type of the body."""
        return self.get("content-type")


class CallHandler(WSGIHandler):
    """Serves the requests of a connection."""

    MessageClass = Headers

    def log_request(self) -> None:
        """Do nothing: there is no access log, whose lines would be composed for it all the same."""


def run(address: Address, appid: str, secret: str, *, ready: Callable[[Address], None]) -> None:
    """Serve until SIGTERM or SIGINT; `ready` is called with the address once calls are accepted.

    Takes over the process: patches the standard library for gevent and sets signal handlers.
    Raises `CannotListen`.
    """
    # Without looking for plugins of gevent in all installed packages at each step.
    events.notify_and_call_entry_points = events.notify
    # TLS is not patched: the emulator uses plain HTTP, and `ssl` may be imported already.
    monkey.patch_all(ssl=False)
    stopped = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        gevent.signal_handler(number, stopped.set)
    server = _serving(address, Emulator(appid, secret, sleep=gevent.sleep))
    ready(Address(address.host, server.server_port))
    stopped.wait()
    server.stop(timeout=SECONDS_TO_FINISH)


def _serving(address: Address, emulator: Emulator) -> WSGIServer:
    """Return a started server without an access log; its name is set, or it would ask the DNS."""
    server = WSGIServer(
        _listener(address),
        create_app(emulator),
        log=None,
        environ={"SERVER_NAME": address.host},
        handler_class=CallHandler,
    )
    server.start()
    return server


def _listener(address: Address) -> socket.socket:
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    try:
        listener = socket.create_server(
            (address.host, address.port), family=family, backlog=BACKLOG
        )
    except OSError as error:
        raise CannotListen(f"cannot listen on {address}: {_reason(error)}") from None
    # Head and body go out in two pieces: without this the second waits for the peer's delayed ACK.
    # Accepted connections inherit it.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def _reason(error: OSError) -> str:
    """Return the reason in the words of the system, which has none for failed name lookups."""
    if error.errno is None or error.errno < 0:
        return "no such host"
    return os.strerror(error.errno)
