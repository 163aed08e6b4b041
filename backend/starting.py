"""`linka up` and `linka serve`: they start the processes of an installation and watch them.

Their own process imports little, so that it starts at once and stays small.
"""

import dataclasses
import json
import os
import sys
import time
import urllib.error
import urllib.request

import click

from backend import processes
from backend.config import Settings, settings_in_force
from backend.errors import OperatorError
from backend.live import embedded
from backend.processes import Child, Supervisor, address_of, supervise

START_SECONDS = 120


@click.command()
def serve() -> None:
    """启动网站与接口服务（不含后台进程）。 Serve HTTP until stopped."""
    settings = settings_in_force(_warn)
    _require_ports(settings, emulated=False)
    _prepare()
    redis = None if settings.redis_url else embedded.owned_or_shared(settings.data_dir)
    supervise(redis, lambda supervisor: _start_server(supervisor, settings))


@click.command()
@click.option("--demo", is_flag=True, help="让模拟手机开始玩。 Let stub phones play.")
@click.option("--phones", default=40, show_default=True, help="--demo 的手机数。")
def up(demo: bool, phones: int) -> None:
    """启动一切：Redis、微信模拟器、服务、后台进程。 Start everything; Ctrl-C stops it."""
    settings = settings_in_force(_warn)
    emulated = settings.emulates_wechat and "LINKA_WECHAT_URL" not in _given()
    if demo and settings.in_production:
        raise OperatorError("--demo is for trying things out, not for production")
    _require_ports(settings, emulated)
    _prepare("--upgrade")
    redis = processes.private_redis(settings)

    def start(supervisor: Supervisor) -> None:
        if emulated:
            supervisor.start(processes.emulator(settings))
        supervisor.start(processes.worker())
        # No other server takes over in the meantime.
        _start_server(supervisor, dataclasses.replace(settings, drain_seconds=0))
        if demo:
            supervisor.start(_demo(settings, phones))

    supervise(redis, start)


def _warn(sentence: str) -> None:
    click.echo(f"linka: {sentence}", err=True)


def _prepare(*options: str) -> None:
    """Run `linka prepare`, and end as it does where it fails."""
    child = Child("prepare", [sys.executable, "-m", "backend.cli", "prepare", *options])
    child.start()
    assert child.process is not None
    code = child.process.wait()
    if code:
        raise click.exceptions.Exit(code)


def _given() -> set[str]:
    return {name for name, value in os.environ.items() if name.startswith("LINKA_") and value}


def _require_ports(settings: Settings, emulated: bool) -> None:
    processes.require_free(settings.host, settings.port, "LINKA_BIND")
    if emulated:
        host, _, port = settings.wechat_url.removeprefix("http://").rpartition(":")
        processes.require_free(host, int(port), "LINKA_WECHAT_URL or LINKA_BIND")


def _start_server(supervisor: Supervisor, settings: Settings) -> None:
    server = processes.web_server(settings)
    supervisor.start(server)
    wait_until_it_answers(server, address_of(settings))
    supervisor.call_until_true(Readiness(address_of(settings)).tell)


class Readiness:
    """Prints once that the service is ready, and before that what is missing."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._told = ""

    def tell(self) -> bool:
        """Ask the server and return whether it is ready."""
        missing = _what_is_missing(self._address)
        if not missing:
            click.echo(f"林卡已就绪：{self._address}  接口文档：{self._address}/api/docs")
            if _answers(f"{self._address}/host/"):
                click.echo(f"主持控制台：{self._address}/host/")
            if _answers(f"{self._address}/stub"):
                click.echo(f"浏览器里的手机：{self._address}/stub")
        elif missing != self._told:
            click.echo(f"linka: not ready yet: {missing}", err=True)
        self._told = missing
        return not missing


def _what_is_missing(address: str) -> str:
    """Return what `/readyz` finds wrong, such as `redis away`; nothing when it is fine."""
    try:
        urllib.request.urlopen(f"{address}/readyz", timeout=2).close()  # nosec B310 # our own address
    except urllib.error.HTTPError as error:
        with error:
            parts: dict[str, str] = json.loads(error.read()).get("parts", {})
        missing = ", ".join(f"{part} {state}" for part, state in parts.items() if state != "ok")
        return missing or f"/readyz answers {error.code}"
    except (urllib.error.URLError, OSError):
        return "no answer"
    return ""


def wait_until_it_answers(server: Child, address: str) -> None:
    """Return once a server answers; raises `OperatorError` when it ended, or is too slow."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and not server.has_ended():
        if _answers(f"{address}/healthz"):
            return
        time.sleep(0.1)
    if server.has_ended():
        raise OperatorError("the server did not start; its reason stands above")
    raise OperatorError(f"the server does not answer after {START_SECONDS} s; it is stopped")


def _answers(url: str) -> bool:
    """Say whether there is a page."""
    try:
        urllib.request.urlopen(url, timeout=2).close()  # nosec B310 # our own address
    except OSError:
        return False
    return True


def _demo(settings: Settings, phones: int) -> Child:
    command = [
        *(sys.executable, "-m", "miniprogram_stub.cli", "play"),
        *("--phones", str(phones), "--faults", "--pace", "human", "--keep-open"),
        *("--url", address_of(settings), "--wechat", settings.wechat_url),
    ]
    return Child("demo phones", command, finite=True)
