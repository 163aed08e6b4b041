"""`linka up` and `linka serve`: they start the processes of an installation and watch them.

Their own process imports little, so that it starts at once and stays small.
"""

import dataclasses
import os
import socket
import sys
import time

import click

from backend import processes
from backend.config import Settings, settings_in_force
from backend.errors import OperatorError
from backend.live import embedded
from backend.processes import Child, Supervisor, address_of, supervise

LOOK_SECONDS = 0.05


@click.command()
def serve() -> None:
    """启动网站与接口服务（不含后台进程）。 Serve HTTP until stopped."""
    settings = settings_in_force()
    _require_ports(settings, emulated=False)
    redis = None if settings.redis_url else embedded.owned_or_shared(settings.data_dir)

    def start(supervisor: Supervisor) -> None:
        server = processes.fork_server(settings)
        _prepare(supervisor, server)
        _let_go(server, settings)

    supervise(redis, start)


@click.command()
@click.option("--demo", is_flag=True, help="让模拟手机开始玩。 Let stub phones play.")
@click.option("--phones", default=40, show_default=True, help="--demo 的手机数。")
def up(demo: bool, phones: int) -> None:
    """启动一切：Redis、微信模拟器、服务、后台进程。 Start everything; Ctrl-C stops it."""
    settings = settings_in_force()
    emulated = settings.emulates_wechat and "LINKA_WECHAT_URL" not in _given()
    if demo and settings.in_production:
        raise OperatorError("--demo is for trying things out, not for production")
    _require_ports(settings, emulated)
    redis = processes.private_redis(settings)

    def start(supervisor: Supervisor) -> None:
        # No other server takes over in the meantime.
        alone = dataclasses.replace(settings, drain_seconds=0)
        server = processes.fork_server(alone, "--worker")
        _prepare(supervisor, server, "--upgrade")
        if emulated:
            emulator = processes.emulator(settings)
            supervisor.start(emulator)
            # Phones log in as soon as the server is ready.
            _wait_until_it_listens(emulator, settings.wechat_url)
        _let_go(server, settings)
        if demo:
            supervisor.start(_demo(settings, phones))

    supervise(redis, start)


def _given() -> set[str]:
    return {name for name, value in os.environ.items() if name.startswith("LINKA_") and value}


def _require_ports(settings: Settings, emulated: bool) -> None:
    processes.wait_until_free(settings.host, settings.port, "LINKA_BIND")
    if emulated:
        host, port = _host_and_port(settings.wechat_url)
        processes.wait_until_free(host, port, "LINKA_WECHAT_URL or LINKA_BIND")


def _prepare(supervisor: Supervisor, server: Child, *options: str) -> None:
    """Run `linka prepare` while a server imports its code; if it fails, exit with its code."""
    supervisor.start(server)
    child = processes.prepare(*options)
    supervisor.start(child)
    assert child.process is not None
    code = child.process.wait()
    if code:
        raise click.exceptions.Exit(code)


def _let_go(server: Child, settings: Settings) -> None:
    """Return once the server accepts connections; if its process ends instead, exit."""
    server.let_go()
    _wait_until_it_listens(server, address_of(settings))
    if server.has_ended():
        assert server.process is not None
        # A code above 0 has its reason on stderr.
        raise click.exceptions.Exit(max(server.process.wait(), 1))


def _wait_until_it_listens(child: Child, address: str) -> None:
    """Return once a process accepts connections, or has ended."""
    while not child.has_ended():
        try:
            socket.create_connection(_host_and_port(address)).close()
        except OSError:
            time.sleep(LOOK_SECONDS)
        else:
            return


def _host_and_port(address: str) -> tuple[str, int]:
    host, _, port = address.removeprefix("http://").rpartition(":")
    return host.strip("[]"), int(port)


def _demo(settings: Settings, phones: int) -> Child:
    command = [
        *(sys.executable, "-m", "miniprogram_stub.cli", "play"),
        *("--phones", str(phones), "--faults", "--pace", "human", "--keep-open"),
        *("--url", address_of(settings), "--wechat", settings.wechat_url),
    ]
    return Child("demo phones", command, finite=True)
