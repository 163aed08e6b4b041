"""The processes of an installation, and the one that starts, watches and stops them."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

import click

from backend.config import Settings
from backend.errors import OperatorError
from backend.live.embedded import PrivateRedis, answers, ends_with, socket_path

STOP_SECONDS = 10
# A process that ends this often within a minute will not come up by being started once more.
MOST_RESTARTS = 5
RESTART_WINDOW_SECONDS = 60


@dataclass
class Child:
    """A process to keep running; one that is `finite` may end by itself."""

    name: str
    command: list[str]
    environ: dict[str, str] = field(default_factory=dict)
    finite: bool = False
    process: subprocess.Popen[bytes] | None = None
    ended_at: list[float] = field(default_factory=list)

    def start(self) -> None:
        """Start the process; the kernel ends it should its parent die."""
        self.process = subprocess.Popen(
            self.command,
            env={**os.environ, **self.environ},
            preexec_fn=ends_with(os.getpid()),
            start_new_session=True,
        )

    def has_ended(self) -> bool:
        """Say whether the process ended since it was started."""
        return self.process is not None and self.process.poll() is not None

    def keeps_ending(self, now: float) -> bool:
        """Remember an end; say whether there were too many of late."""
        recent = [at for at in self.ended_at if now - at < RESTART_WINDOW_SECONDS]
        self.ended_at = [*recent, now]
        return len(self.ended_at) > MOST_RESTARTS


class Supervisor:
    """Starts children in order, starts again what dies, stops all in reverse order."""

    def __init__(self, redis: PrivateRedis | None) -> None:
        self._redis = redis
        self._children: list[Child] = []
        self._stopping = False

    def start(self, child: Child) -> None:
        """Start a child and keep it running."""
        child.start()
        self._children.append(child)

    def watch(self) -> int:
        """Watch until told to stop; returns the exit code."""
        signal.signal(signal.SIGTERM, self._on_signal)
        signal.signal(signal.SIGINT, self._on_signal)
        while not self._stopping:
            for child in list(self._children):
                if child.has_ended() and not self._revive(child):
                    return 1
            if self._redis and self._redis.revive():
                click.echo("linka: Redis was started again", err=True)
            time.sleep(0.2)
        return 0

    def _on_signal(self, _signal: int, _frame: FrameType | None) -> None:
        self._stopping = True

    def _revive(self, child: Child) -> bool:
        assert child.process is not None
        code = child.process.returncode
        if child.finite:
            self._children.remove(child)
            return True
        if child.keeps_ending(time.monotonic()):
            click.echo(f"linka: {child.name} keeps ending (exit code {code})", err=True)
            return False
        click.echo(f"linka: {child.name} ended with {code}, starting it again", err=True)
        child.start()
        return True

    def stop(self) -> None:
        """Stop everything, the last started first."""
        for child in reversed(self._children):
            if child.process and child.process.poll() is None:
                _end(child.process)
        if self._redis:
            self._redis.stop()


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def web_server(settings: Settings) -> Child:
    """Return the process that serves HTTP: gunicorn with gevent workers."""
    command = [
        *(sys.executable, "-m", "gunicorn"),
        *("--bind", settings.bind),
        *("--worker-class", "gevent"),
        *("--workers", str(settings.workers)),
        *("--worker-connections", "4000"),
        *("--backlog", "2048"),
        *("--keep-alive", "75"),
        *("--graceful-timeout", "3"),
        *("--timeout", "60"),
        *("--log-level", "warning"),
        "backend.wsgi:app",
    ]
    return Child("server", command)


def worker() -> Child:
    """Return the process that reconciles the boards."""
    return Child("worker", [sys.executable, "-m", "backend.cli", "worker"])


def emulator(settings: Settings) -> Child:
    """Return the emulator of WeChat's server, at the address that the settings name."""
    bind = settings.wechat_url.removeprefix("http://")
    command = [sys.executable, "-m", "miniprogram_stub.cli", "wechat", "--bind", bind]
    secrets = {
        "LINKA_WECHAT_APPID": settings.wechat_appid,
        "LINKA_WECHAT_SECRET": settings.wechat_secret,
    }
    return Child("WeChat emulator", command, secrets)


def require_free(host: str, port: int, setting: str) -> None:
    """Raise `OperatorError` when something else listens on an address."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host.strip("[]"), port))
        except OSError as error:
            raise OperatorError(
                f"cannot listen on {host}:{port} ({error.strerror}); set {setting}"
            ) from None


def private_redis(settings: Settings) -> PrivateRedis | None:
    """Return the private Redis, started, unless one is configured or runs already."""
    if settings.redis_url or answers(socket_path(settings.data_dir)):
        return None
    server = PrivateRedis(settings.data_dir)
    server.start()
    return server


def supervise(redis: PrivateRedis | None, start: Callable[[Supervisor], Any]) -> int:
    """Run what `start` starts until told to stop; everything is stopped in the end."""
    supervisor = Supervisor(redis)
    try:
        start(supervisor)
        return supervisor.watch()
    finally:
        supervisor.stop()
