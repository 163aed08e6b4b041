"""Says when the server that was started can be used."""

import json
import time
import urllib.error
import urllib.request

import click

from backend.errors import OperatorError
from backend.processes import Child

START_SECONDS = 120
LOOK_SECONDS = 0.05


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
        time.sleep(LOOK_SECONDS)
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
