"""The WSGI application: every path is WeChat's, except what lies under `/__emulator__/`.

Load tests log thousands of people in through this, on the same machine as the service under test.
So WeChat's side is plain WSGI, at a fifth of what a Flask request costs; the control API is Flask,
which is imported at its first call.
"""

import errno
from collections.abc import Iterable
from functools import cache
from urllib.parse import parse_qsl
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from miniprogram_stub.wechat_server.calls import Call, is_control
from miniprogram_stub.wechat_server.emulator import Emulator

LARGEST_BODY = 1024 * 1024
STATUS_LINES = {200: "200 OK", 500: "500 Internal Server Error"}


def create_app(emulator: Emulator) -> WSGIApplication:
    """The application over an emulator."""

    @cache
    def control_app() -> WSGIApplication:
        from miniprogram_stub.wechat_server import control  # noqa: PLC0415

        return control.create_app(emulator)

    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if is_control(environ["PATH_INFO"]):
            return control_app()(environ, start_response)
        reply = emulator.handle(_call(environ))
        if reply.dropped:
            # The server treats this as a closed connection, and closes without an answer.
            raise ConnectionResetError(errno.ECONNRESET, "dropped on purpose")
        start_response(
            STATUS_LINES[reply.status],
            [("Content-Type", reply.content_type), ("Content-Length", str(len(reply.body)))],
        )
        return [reply.body]

    return application


def _call(environ: WSGIEnvironment) -> Call:
    """The request as the emulator sees it; the first of equal parameters counts.

    A body that is too long is cut, so that it is not valid JSON.
    """
    method = environ["REQUEST_METHOD"]
    query = environ.get("QUERY_STRING", "")
    return Call(
        method,
        environ["PATH_INFO"],
        dict(reversed(parse_qsl(query, keep_blank_values=True))),
        environ["wsgi.input"].read(LARGEST_BODY) if method == "POST" else b"",
    )
