"""The child process: takes one call at a time from its worker, within limits, until the worker ends.

Started as `python -m backend.offload.child CPU_SECONDS MEMORY_BYTES` with the channel as its
standard input. Whatever happens to the worker, the child ends with it: between calls it sees the
channel close, during a call the kernel tells it by SIGIO, which ends a process.
"""

import fcntl
import os
import pickle
import resource
import select
import signal
import socket
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from backend.errors import LinkaError
from backend.offload import wire

NICENESS = 5
# The exit code of a child that had too little memory for a call.
OUT_OF_MEMORY = 3


def main() -> None:
    """Serve calls for ever."""
    cpu_seconds, memory_bytes = int(sys.argv[1]), int(sys.argv[2])
    # gunicorn lets its listening sockets be inherited.
    os.closerange(3, resource.getrlimit(resource.RLIMIT_NOFILE)[0])
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Answers of the workers come first.
    os.nice(NICENESS)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    channel = socket.socket(fileno=0)
    channel.setblocking(True)
    while True:
        try:
            request = wire.receive(channel)
            with _ending_with_the_worker(channel), _limited(cpu_seconds):
                reply = _reply(request)
            wire.send(channel, reply)
        except (EOFError, ConnectionError):
            os._exit(0)
        except MemoryError:
            os._exit(OUT_OF_MEMORY)


def _reply(request: bytes) -> bytes:
    function, arguments = pickle.loads(request)  # nosec B301 # from our own worker
    reply: tuple[Any, ...]
    try:
        reply = ("result", function(*arguments))
    except LinkaError as refusal:
        reply = ("refusal", type(refusal), vars(refusal))
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - the worker raises it
        reply = ("failure", traceback.format_exc())
    return pickle.dumps(reply, pickle.HIGHEST_PROTOCOL)


@contextmanager
def _limited(cpu_seconds: int) -> Iterator[None]:
    """End the process, by SIGPROF, when the block uses more processor time than this."""
    signal.setitimer(signal.ITIMER_PROF, cpu_seconds)
    yield
    signal.setitimer(signal.ITIMER_PROF, 0)


@contextmanager
def _ending_with_the_worker(channel: socket.socket) -> Iterator[None]:
    """End the process, by SIGIO, when the worker's side of the channel closes during the block."""
    flags = fcntl.fcntl(channel, fcntl.F_GETFL)
    fcntl.fcntl(channel, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(channel, fcntl.F_SETFL, flags | os.O_ASYNC)
    if select.select([channel], [], [], 0)[0]:
        # The worker says nothing during a call, so it has ended already.
        raise EOFError
    yield
    fcntl.fcntl(channel, fcntl.F_SETFL, flags)


if __name__ == "__main__":
    main()
