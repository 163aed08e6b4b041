"""Which address the emulator listens on."""

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

SERVICE_BIND = "127.0.0.1:8000"
PORT_OFFSET = 1000
HTTP_PORT = 80
HIGHEST_PORT = 65535
WILDCARDS = ("0.0.0.0", "::")
LOOPBACK = "127.0.0.1"
HOST_AND_PORT = re.compile(
    r"(\[(?P<ipv6>[0-9a-f:.]+)\]|(?P<name>[a-z0-9._-]+)):(?P<port>[0-9]{1,5})",
    re.ASCII | re.IGNORECASE,
)


class BadBind(ValueError):
    """The address cannot be listened on; the text says which and why."""


@dataclass(frozen=True)
class Address:
    """A host and a port; port 0 is any free one."""

    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


def parse(text: str) -> Address:
    """Read `HOST:PORT` or `[IPV6]:PORT`; raises `BadBind`."""
    found = HOST_AND_PORT.fullmatch(text)
    if found is None or int(found["port"]) > HIGHEST_PORT:
        raise BadBind(f"{text!r} is not HOST:PORT with a port up to {HIGHEST_PORT}")
    return Address(found["name"] or found["ipv6"], int(found["port"]))


def default_address(environment: Mapping[str, str]) -> Address:
    """Where the service looks for the emulator; raises `BadBind`.

    That is `LINKA_WECHAT_URL` when it names this machine, else the port of `LINKA_BIND` plus 1000
    (minus 1000 where that is no port any more).
    """
    url = environment.get("LINKA_WECHAT_URL", "")
    if url.startswith("http://"):
        address = _of_url(url)
        if is_loopback(address.host):
            return address
    service = parse(environment.get("LINKA_BIND", "") or SERVICE_BIND)
    port = service.port + PORT_OFFSET
    return Address(
        LOOPBACK if service.host in WILDCARDS else service.host,
        port if port <= HIGHEST_PORT else service.port - PORT_OFFSET,
    )


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _of_url(url: str) -> Address:
    try:
        parts = urlsplit(url)
        return Address(parts.hostname or "", parts.port or HTTP_PORT)
    except ValueError:
        raise BadBind("LINKA_WECHAT_URL names no host and port") from None
