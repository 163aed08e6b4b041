"""One phone: the functions of `wx` that the mini program uses, for one WeChat user. Like `wx`, it
treats any HTTP status as a success and fails only when no reply came. It has no cookies and no
PATCH.
"""

import json
import threading
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from miniprogram_stub.storage import Storage
from miniprogram_stub.transport import CONNECTIONS, HttpReply, NetworkFailure, Outgoing, Transport

METHODS = ("OPTIONS", "GET", "HEAD", "POST", "PUT", "DELETE", "TRACE", "CONNECT")
SAMPLE_APPID = "wxlinkasample0001"
TIMEOUT_SECONDS = 60.0


class RequestFailed(Exception):
    """No reply came; `errMsg` says which call failed and why, as `wx` words it."""

    def __init__(self, err_msg: str) -> None:
        super().__init__(err_msg)
        self.errMsg = err_msg


class Phone:
    """The phone of the person whom the WeChat emulator knows as `user`.

    `wechat_url` is the emulator's address: it stands for WeChat on this phone.
    """

    def __init__(
        self,
        user: str,
        wechat_url: str,
        transport: Transport,
        storage: Storage | None = None,
        appid: str = SAMPLE_APPID,
    ) -> None:
        self.user = user
        self._wechat_url = wechat_url.rstrip("/")
        self._transport = transport
        self._storage = storage or Storage()
        self._header = {
            "content-type": "application/json",
            "referer": f"https://servicewechat.com/{appid}/devtools/page-frame.html",
            "user-agent": "MicroMessenger (Linka stub phone)",
        }
        self._in_flight = threading.BoundedSemaphore(CONNECTIONS)

    def login(self) -> dict[str, str]:
        """Get a code from WeChat, valid once and for five minutes; raises `RequestFailed`."""
        try:
            reply = self._send(
                "POST", f"{self._wechat_url}/__emulator__/codes", {"user": self.user}, {}
            )
        except NetworkFailure as failure:
            raise RequestFailed(f"login:fail {failure}") from None
        data = _data(reply)
        if reply.status != 200 or not isinstance(data, dict) or "code" not in data:
            raise RequestFailed(f"login:fail status {reply.status}")
        return {"code": data["code"], "errMsg": "login:ok"}

    def request(
        self,
        url: str,
        method: str = "GET",
        data: Any = None,
        header: Mapping[str, str] | None = None,
        timeout_seconds: float = TIMEOUT_SECONDS,
        response_type: str = "text",
    ) -> dict[str, Any]:
        """Call a server: `{data, statusCode, header, errMsg}`; raises `RequestFailed`.

        The data of a GET go into the query, of others into a JSON body. A JSON reply comes parsed,
        any other as text; a good one as bytes when the response type is `arraybuffer`.
        """
        if method not in METHODS:
            raise ValueError(f"a mini program cannot send {method}")
        try:
            reply = self._send(method, url, data, header or {}, timeout_seconds)
        except NetworkFailure as failure:
            raise RequestFailed(f"request:fail {failure}") from None
        as_bytes = response_type == "arraybuffer" and reply.status < 400
        return {
            "data": reply.body if as_bytes else _data(reply),
            "statusCode": reply.status,
            "header": reply.header,
            "errMsg": "request:ok",
        }

    def get_storage(self, key: str, default: Any = None) -> Any:
        """Return the value that is stored under a key."""
        return self._storage.get(key, default)

    def set_storage(self, key: str, value: Any) -> None:
        """Store a value."""
        self._storage.set(key, value)

    def remove_storage(self, key: str) -> None:
        """Remove a value."""
        self._storage.remove(key)

    def close(self) -> None:
        """Close all connections."""
        self._transport.close()

    def _send(
        self,
        method: str,
        url: str,
        data: Any,
        header: Mapping[str, str],
        timeout_seconds: float = TIMEOUT_SECONDS,
    ) -> HttpReply:
        body = None
        if data is not None and method in ("GET", "HEAD"):
            url = f"{url}{'&' if '?' in url else '?'}{urlencode(data)}"
        elif data is not None:
            body = json.dumps(data, ensure_ascii=False).encode()
        request = Outgoing(method, url, {**self._header, **header}, body)
        with self._in_flight:
            return self._transport.send(request, timeout_seconds)


def _data(reply: HttpReply) -> Any:
    text = reply.body.decode("utf-8", "replace")
    if not text:
        return ""
    try:
        return json.loads(text)
    except ValueError:
        return text
