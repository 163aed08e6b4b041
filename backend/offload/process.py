"""The worker's side of a child process: starts it, queues calls, enforces the limits."""

import os
import pickle
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import structlog

from backend.errors import Unavailable
from backend.offload import wire
from backend.offload.child import OUT_OF_MEMORY
from backend.offload.errors import Busy, OffloadFailed, TooDemanding

log = structlog.get_logger(__name__)

Result = TypeVar("Result")

REAP_SECONDS = 5
_LOOK_SECONDS = 0.002
_TOO_MUCH_TIME = -signal.SIGPROF


@dataclass(frozen=True)
class CallLimits:
    """What one call may use, and how many may wait.

    Processor time and memory say that the input is at fault; the time by the clock, which is
    longer, says that the machine is too busy.
    """

    cpu_seconds: int
    memory_bytes: int
    wall_seconds: float
    waiting_calls: int
    waiting_seconds: float


class OffloadProcess:
    """One child process that serves one call at a time; the others wait for their turn.

    It is started by the first call and again after it ended. Threads and greenlets may share it.
    Under gevent a call lets other greenlets run.
    """

    def __init__(self, limits: CallLimits) -> None:
        self._limits = limits
        self._places = threading.BoundedSemaphore(limits.waiting_calls + 1)
        self._turn = threading.Lock()
        self._child: _Child | None = None

    def run(self, function: Callable[..., Result], *arguments: Any) -> Result:
        """Call a function of a module in the child process and return its result.

        Arguments are pickled; the result holds plain values and dataclasses of ours. Raises what
        the function raises as a `LinkaError`; `Busy` when too many calls wait or the time is up;
        `TooDemanding` when the call used too much processor time or memory; `Unavailable` when the
        child was ended by something else; `OffloadFailed` for an error of the function's.

        A call whose child is ended by something else is sent once more if that child has answered
        calls before, so the function must have no effects.

        Give connections back first: the call may wait.
        """
        request = pickle.dumps((function, arguments), pickle.HIGHEST_PROTOCOL)
        with self._my_turn():
            payload = self._ask(request)
        kind, *content = wire.read_reply(payload)
        if kind == "refusal":
            raise _refusal(*content)
        if kind == "failure":
            raise OffloadFailed(content[0])
        result: Result = content[0]
        return result

    @contextmanager
    def _my_turn(self) -> Iterator[None]:
        if not self._places.acquire(blocking=False):
            raise Busy
        try:
            if not self._turn.acquire(timeout=self._limits.waiting_seconds):
                raise Busy
            try:
                yield
            finally:
                self._turn.release()
        finally:
            self._places.release()

    def _ask(self, request: bytes) -> bytes:
        if self._child is not None and self._child.has_ended():
            self._forget()
        if self._child is not None:
            try:
                return self._ask_child(self._child, request)
            except Unavailable:
                # It may have been ended while it was idle, a moment before the kernel said so.
                log.warning("offload_repeated")
        self._child = _started(self._limits)
        return self._ask_child(self._child, request)

    def _ask_child(self, child: "_Child", request: bytes) -> bytes:
        answered = False
        try:
            payload = child.ask(request, self._limits.wall_seconds)
            answered = True
            return payload
        except TimeoutError:
            log.error("offload_timed_out", wall_seconds=self._limits.wall_seconds)
            raise Busy from None
        except (EOFError, ConnectionError):
            raise _reason(child.reap()) from None
        finally:
            # Also when this greenlet is killed: the reply of the child may still come, so it cannot
            # be used.
            if not answered:
                self._forget()

    def _forget(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.end()

    @property
    def pid(self) -> int | None:
        """The child's process id, None while there is no child."""
        return self._child.pid if self._child else None

    def close(self) -> None:
        """End the child once the call under way is over; the next call starts a new one."""
        with self._turn:
            self._forget()


class _Child:
    """A running child process and the channel to it."""

    def __init__(self, pid: int, channel: socket.socket) -> None:
        self.pid = pid
        self._channel = channel
        self._returncode: int | None = None
        self._is_reaped = False

    def ask(self, request: bytes, seconds: float) -> bytes:
        """Send a call and return the reply; raises `TimeoutError`, `EOFError` or `ConnectionError`."""
        deadline = time.monotonic() + seconds
        self._channel.settimeout(seconds)
        wire.send(self._channel, request)
        return wire.receive(self._channel, deadline)

    def has_ended(self) -> bool:
        """Say whether the process has ended."""
        if not self._is_reaped:
            try:
                pid, status = os.waitpid(self.pid, os.WNOHANG)
            except ChildProcessError:
                # Somebody else in this process waited for it.
                self._is_reaped = True
            else:
                if pid:
                    self._is_reaped = True
                    self._returncode = os.waitstatus_to_exitcode(status)
        return self._is_reaped

    def reap(self) -> int | None:
        """Wait for a process that ends; returns its exit code, or minus the signal that ended it."""
        deadline = time.monotonic() + REAP_SECONDS
        while not self.has_ended() and time.monotonic() < deadline:
            time.sleep(_LOOK_SECONDS)
        return self._returncode

    def end(self) -> None:
        """End the process at once."""
        self._channel.close()
        if not self.has_ended():
            os.kill(self.pid, signal.SIGKILL)
            self.reap()


def _started(limits: CallLimits) -> _Child:
    ours, theirs = socket.socketpair()
    command = [
        *(sys.executable, "-m", "backend.offload.child"),
        *(str(limits.cpu_seconds), str(limits.memory_bytes)),
    ]
    environ = {name: value for name, value in os.environ.items() if not name.startswith("LINKA_")}
    with theirs:
        # Unlike a fork, this neither copies the worker's memory map nor runs any of its code.
        pid = os.posix_spawn(
            sys.executable,
            command,
            environ,
            file_actions=[(os.POSIX_SPAWN_DUP2, theirs.fileno(), 0)],
        )
    return _Child(pid, ours)


def _reason(returncode: int | None) -> Exception:
    """Return the reason that a caller gets if a child ended during the call."""
    if returncode in (_TOO_MUCH_TIME, OUT_OF_MEMORY):
        log.warning("offload_refused", returncode=returncode)
        return TooDemanding()
    log.error("offload_ended", returncode=returncode)
    return Unavailable(retry_after_seconds=1)


def _refusal(kind: type[Exception], state: dict[str, Any]) -> Exception:
    """Return the refusal that the function in the child raised."""
    refusal = kind.__new__(kind)
    vars(refusal).update(state)
    return refusal


# A photograph of 16 million pixels takes a second, a search a fifth of one.
SHORT = CallLimits(
    cpu_seconds=5,
    memory_bytes=512_000_000,
    wall_seconds=20,
    waiting_calls=32,
    waiting_seconds=10,
)
# Tables of many thousand rows take some seconds. Proxies wait for 90 seconds.
LONG = CallLimits(
    cpu_seconds=20,
    memory_bytes=512_000_000,
    wall_seconds=50,
    waiting_calls=8,
    waiting_seconds=30,
)


class Offload:
    """The child processes of a worker: `short` for calls that a phone waits for, `long` for files
    of hosts, so that nobody on a phone waits for a table."""

    def __init__(self, short: CallLimits = SHORT, long: CallLimits = LONG) -> None:
        self.short = OffloadProcess(short)
        self.long = OffloadProcess(long)

    def close(self) -> None:
        """End both child processes."""
        self.short.close()
        self.long.close()
