"""The processes of an installation, and the one that starts, watches and stops them."""

import errno
import os
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

import click

from backend import metric_files
from backend.clock import SHARED, SystemClock
from backend.config import WORKER_CONNECTIONS, WORKER_SOCKETS, Settings
from backend.errors import OperatorError
from backend.forked import ForkedProcess
from backend.live.embedded import PrivateRedis, ends_with

STOP_SECONDS = 10
# How long the last requests of a server process may take after its time to drain.
REQUESTS_END_SECONDS = 5
LOOK_SECONDS = 0.2
PORT_SECONDS = 5
# A process that ends repeatedly is restarted after growing pauses, and restarted for ever: a
# missing server may be back soon.
RESTART_WINDOW_SECONDS = 60
RESTARTS_AT_ONCE = 3
LONGEST_PAUSE_SECONDS = 5
# What a server process opens besides its connections.
OTHER_FILES = 200
FILES_NEEDED = WORKER_CONNECTIONS + WORKER_SOCKETS + OTHER_FILES


class StopRequested(SystemExit):
    """The operator or the system asked the supervisor to stop.

    Under gevent a signal's handler runs in the hub, which passes only this sort of exception on.
    """


@dataclass
class Child:
    """A process to keep running; one that is `finite` may end by itself.

    `log` is the file for its output, which otherwise goes to the terminal. After it ended it is
    started again after `pause_seconds` at the earliest. One that is `forked` is a copy of this
    process, with its user and output. One that is `held` goes on once its stdin is closed, see
    `let_go`.
    """

    name: str
    command: list[str]
    environ: dict[str, str] = field(default_factory=dict)
    finite: bool = False
    forked: bool = False
    held: bool = False
    stop_seconds: float = STOP_SECONDS
    log: Path | None = None
    user: str | None = None
    stop_signal: int = signal.SIGTERM
    pause_seconds: float = 0
    process: subprocess.Popen[bytes] | ForkedProcess | None = None
    ended_at: list[float] = field(default_factory=list)
    due_at: float | None = None

    def start(self) -> None:
        """Start the process; the kernel ends it if its parent dies."""
        self.due_at = None
        if self.forked:
            self.process = ForkedProcess(self.command, self.environ)
            return
        with self.log.open("ab") if self.log else nullcontext() as output:
            self.process = subprocess.Popen(  # nosec B603 # our own command
                self.command,
                env={**os.environ, **self.environ},
                stdin=subprocess.PIPE if self.held else subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                user=self.user,
                preexec_fn=ends_with(os.getpid()),
                start_new_session=True,
            )

    def let_go(self) -> None:
        """Let a process go on that is held; when it is started again it need not wait."""
        self.held = False
        if isinstance(self.process, subprocess.Popen) and self.process.stdin:
            self.process.stdin.close()

    def stop(self) -> None:
        """Ask the process to end, even if a signal has stopped it."""
        if self.process:
            self.process.send_signal(self.stop_signal)
            self.process.send_signal(signal.SIGCONT)

    def has_ended(self) -> bool:
        """Say whether the process ended since it was started."""
        return self.process is not None and self.process.poll() is not None

    def plan_restart(self, now: float) -> float:
        """Record that the process ended and return when to start it again: at once, or later if it
        ended often lately."""
        self.ended_at = [at for at in self.ended_at if now - at < RESTART_WINDOW_SECONDS] + [now]
        pause = min(max(len(self.ended_at) - RESTARTS_AT_ONCE, 0), LONGEST_PAUSE_SECONDS)
        self.due_at = now + max(pause, self.pause_seconds)
        return self.due_at


class Supervisor:
    """Starts children in order, restarts those that end, and stops all of them at the end."""

    def __init__(self, redis: PrivateRedis | None) -> None:
        self._redis = redis
        self._clock = SystemClock()
        self._redis_due_at = 0.0
        self._children: list[Child] = []
        self._calls: list[Callable[[], bool]] = []

    def call_until_true(self, call: Callable[[], bool]) -> None:
        """Make a call again and again while watching, until it returns True."""
        self._calls.append(call)

    def start(self, child: Child) -> None:
        """Start a child and keep it running."""
        self._children.append(child)
        self._launch(child)

    def _launch(self, child: Child) -> None:
        """Start a process, whose clock continues with the offset of this one's."""
        os.environ[SHARED] = str(self._clock.offset())
        child.start()

    def watch(self) -> None:
        """Watch the children until a signal comes."""
        while True:
            for child in [child for child in self._children if child.has_ended()]:
                self._revive(child, time.monotonic())
            self._revive_redis(time.monotonic())
            self._clock.offset()
            self._calls = [call for call in self._calls if not call()]
            time.sleep(LOOK_SECONDS)

    def _revive_redis(self, now: float) -> None:
        """Start a private Redis again that ended; if that fails, it is tried again later."""
        if self._redis is None or now < self._redis_due_at:
            return
        try:
            if self._redis.revive():
                click.echo("linka: Redis was started again", err=True)
        except (OperatorError, OSError) as error:
            click.echo(f"linka: {error}; trying again", err=True)
            self._redis_due_at = now + LONGEST_PAUSE_SECONDS

    def _revive(self, child: Child, now: float) -> None:
        assert child.process is not None
        if child.finite:
            self._children.remove(child)
            return
        if child.due_at is None:
            code = child.process.returncode
            click.echo(f"linka: {child.name} ended with {code}, starting it again", err=True)
            child.plan_restart(now)
            metric_files.forget(child.process.pid)
        if child.due_at is not None and now >= child.due_at:
            self._launch(child)

    def stop(self) -> None:
        """Stop the children, and Redis after they have ended."""
        began = time.monotonic()
        for child in reversed(self._children):
            child.stop()
        for child in reversed(self._children):
            if child.process:
                _end(child.process, began + child.stop_seconds - time.monotonic())
        if self._redis:
            self._redis.stop()


def _end(process: subprocess.Popen[bytes] | ForkedProcess, seconds: float) -> None:
    try:
        process.wait(max(seconds, 0))
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def fork_server(settings: Settings, *options: str) -> Child:
    """Return the process that imports the code, and forks the server once it is let go.

    With `--worker` it forks the process in the background, too.
    """
    command = [sys.executable, "-m", "backend.forkserver", *options]
    environ = {"LINKA_DRAIN_SECONDS": str(settings.drain_seconds)}
    stops_within = web_server(settings).stop_seconds + REQUESTS_END_SECONDS
    return Child("fork server", command, environ, held=True, stop_seconds=stops_within)


def prepare(*options: str) -> Child:
    """Return the process that waits for the database and checks the settings."""
    return Child("prepare", [sys.executable, "-m", "backend.cli", "prepare", *options], finite=True)


def web_server(settings: Settings) -> Child:
    """Return the process that serves HTTP: gunicorn with gevent workers.

    After SIGTERM its workers drain for `drain_seconds`, and then have some time for requests that
    are under way.
    """
    stops_within = settings.drain_seconds + REQUESTS_END_SECONDS
    command = [
        *(sys.executable, "-m", "gunicorn"),
        *("--config", "python:backend.preloaded"),
        *("--bind", settings.bind),
        *("--worker-class", "backend.serving.DrainingWorker"),
        *("--workers", str(settings.workers)),
        *("--worker-connections", str(WORKER_CONNECTIONS)),
        *("--backlog", "2048"),
        *("--keep-alive", "75"),
        *("--graceful-timeout", str(stops_within)),
        *("--timeout", "60"),
        *("--log-level", "warning"),
        *(("--logger-class", "backend.serving.JsonLog") if settings.in_production else ()),
        "backend.wsgi:app",
    ]
    environ = {"LINKA_DRAIN_SECONDS": str(settings.drain_seconds)}
    return Child("server", command, environ, stop_seconds=stops_within + STOP_SECONDS)


def worker() -> Child:
    """Return the process that reconciles the boards."""
    return Child("worker", [sys.executable, "-m", "backend.cli", "worker"])


def emulator(settings: Settings) -> Child:
    """Return the emulator of WeChat's server, at the address that the settings name.

    Where the server listens on all addresses the emulator does too, for phones in the network.
    """
    bind = settings.wechat_url.removeprefix("http://")
    if settings.listens_everywhere:
        bind = f"{settings.host}:{bind.rpartition(':')[2]}"
    command = [sys.executable, "-m", "miniprogram_stub.cli", "wechat", "--bind", bind]
    secrets = {
        "LINKA_WECHAT_APPID": settings.wechat_appid,
        "LINKA_WECHAT_SECRET": settings.wechat_secret,
    }
    return Child("WeChat emulator", command, secrets)


def address_of(settings: Settings) -> str:
    """Return the address under which this machine reaches the server."""
    host = "127.0.0.1" if settings.host == "0.0.0.0" else settings.host  # nosec B104 # compared, not bound
    return f"http://{host}:{settings.port}"


class PortTaken(OperatorError):
    """Something else listens on a port."""


def wait_until_free(host: str, port: int, setting: str) -> None:
    """Wait until nothing listens on an address; raises `PortTaken` after `PORT_SECONDS`.

    The processes of a supervisor that was killed need a moment to end.
    """
    deadline = time.monotonic() + PORT_SECONDS
    while True:
        try:
            return require_free(host, port, setting)
        except PortTaken:
            if time.monotonic() > deadline:
                raise
        time.sleep(LOOK_SECONDS)


def require_free(host: str, port: int, setting: str) -> None:
    """Raise `PortTaken` when something else listens on an address, and `OperatorError` when it is not one
    of this machine."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host.strip("[]"), port))
        except OSError as error:
            raised = PortTaken if error.errno == errno.EADDRINUSE else OperatorError
            raise raised(
                f"cannot listen on {host}:{port} ({error.strerror}); set {setting}"
            ) from None


def private_redis(settings: Settings) -> PrivateRedis | None:
    """Start the private Redis and return it; None if another Redis is configured."""
    if settings.redis_url:
        return None
    server = PrivateRedis(settings.data_dir)
    server.start()
    return server


def supervise(redis: PrivateRedis | None, start: Callable[[Supervisor], Any]) -> None:
    """Run the processes that `start` starts until SIGTERM or SIGINT, then stop all of them."""
    _allow_many_connections()
    supervisor = Supervisor(redis)
    with metric_files.ready():
        run_until_stopped(supervisor, start)


def run_until_stopped(supervisor: Supervisor, start: Callable[[Supervisor], Any]) -> None:
    """Run `start`, then watch the processes until SIGTERM or SIGINT; stops them at the end."""
    try:
        for number in _END_SIGNALS:
            signal.signal(number, _raise_stopped)
        start(supervisor)
        supervisor.watch()
    except StopRequested:
        return
    finally:
        supervisor.stop()


def _allow_many_connections() -> None:
    """Raise the limit of open files, and so of connections, to what the machine permits.

    Logs a warning if that is low.
    """
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    warning = file_warning(most)
    if warning:
        click.echo(f"linka: {warning}", err=True)


def file_warning(most: int) -> str | None:
    """Return a warning if a process may open too few files for all its connections; None otherwise."""
    needed = FILES_NEEDED
    if most >= needed or most == resource.RLIM_INFINITY:
        return None
    return (
        f"a process may open only {most} files here, which is enough for about"
        f" {max(most - OTHER_FILES, 0)} phones and screens for each of LINKA_WORKERS; raise the"
        f" hard limit (LimitNOFILE of systemd, ulimit -Hn) to {needed} or more"
    )


_END_SIGNALS = (signal.SIGTERM, signal.SIGINT)


def _raise_stopped(_signal: int, _frame: FrameType | None) -> None:
    """Raise `StopRequested`; further signals are ignored, so that stopping is not interrupted."""
    for number in _END_SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    raise StopRequested
