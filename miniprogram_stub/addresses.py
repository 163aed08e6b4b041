"""Finds the default addresses of the server and of the WeChat emulator."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from miniprogram_stub.wechat_server import bind

LOOPBACK = "127.0.0.1"


class BadUrl(ValueError):
    """The text is not the address of a server; the message says which and why."""


def server_url(url: str | None, environment: Mapping[str, str]) -> str:
    """Return the given address, else that of `LINKA_BIND`; raises `BadUrl` and `BadBind`."""
    if url:
        return _checked(url)
    address = bind.parse(environment.get("LINKA_BIND", "") or bind.SERVICE_BIND)
    host = LOOPBACK if address.host in bind.WILDCARDS else address.host
    return f"http://{bind.Address(host, address.port)}"


def wechat_url(url: str | None, environment: Mapping[str, str]) -> str:
    """Return the given address, else `LINKA_WECHAT_URL`, else the one beside `LINKA_BIND`.

    Raises `BadUrl` and `BadBind`.
    """
    url = url or environment.get("LINKA_WECHAT_URL", "")
    return _checked(url) if url else f"http://{bind.default_address(environment)}"


def away(server: str, wechat: str, failure: Exception) -> str:
    """Return the sentence that names the server which did not answer, and the reason."""
    if str(failure).startswith("login:fail"):
        return (
            f"微信模拟器没有答复（{wechat}）：{failure}；地址由 --wechat 或 LINKA_WECHAT_URL 指定"
        )
    return f"服务器没有答复（{server}）：{failure}"


def _checked(url: str) -> str:
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or parts.query or parts.fragment:
        raise BadUrl(f"{url!r} 不是服务器地址，应形如 http://127.0.0.1:8000")
    return url.rstrip("/")
