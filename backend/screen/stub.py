"""The phone in the browser: `/stub` and `/stub/phone`, in development only.

The files are those that `make phone` builds from the mini program; no package of Linka holds them.
People log in through the emulator of WeChat, as on any phone: these routes read no data.
"""

from pathlib import Path
from urllib.parse import urlsplit

import flask
from flask import Response
from flask.typing import ResponseReturnValue

from backend.config import WECHAT_API
from backend.web import current

BUILT = Path(__file__).parents[2] / "build" / "phone"
NOT_BUILT = "手机页面还没有生成：请在代码目录运行 make phone（需要 npm）。\n"

blueprint = flask.Blueprint("stub", __name__, url_prefix="/stub")


def is_built() -> bool:
    """Say whether the files are there."""
    return (BUILT / "phone.js").exists()


def emulator() -> str | None:
    """Return the emulator's address as the caller reaches it, without a login that it may carry.

    None if this server uses WeChat itself. If the server listens on all addresses, its emulator
    does so too, and a phone in the hall reaches it at the same host.
    """
    settings = current.settings()
    if settings.wechat_url == WECHAT_API:
        return None
    parts = urlsplit(settings.wechat_url)
    host = parts.netloc.rpartition("@")[2]
    if settings.listens_everywhere and settings.emulates_wechat:
        asked = flask.request.host.rpartition(":")[0] or flask.request.host
        host = f"{asked}:{parts.port}"
    return f"{parts.scheme}://{host}"


@blueprint.route("")
def page() -> ResponseReturnValue:
    """A page with several phones and the controls of a tester."""
    return _page("stub.html")


@blueprint.route("/phone")
def phone() -> ResponseReturnValue:
    """One phone, which fills the window; without `?user=` the page asks for the person who holds
    it."""
    return _page("phone.html" if flask.request.args.get("user") else "who.html")


@blueprint.route("/files/settings.json")
def settings() -> ResponseReturnValue:
    """Return the address of WeChat's emulator, null if this server uses WeChat itself."""
    return {"emulator": emulator()}


@blueprint.route("/files/<path:name>")
def file(name: str) -> ResponseReturnValue:
    """A file of the phone."""
    return flask.send_from_directory(BUILT, name)


@blueprint.after_request
def _harden(response: Response) -> Response:
    """Set headers that allow our own scripts and styles, and the emulator as the only other server."""
    server = f"ws://{flask.request.host} wss://{flask.request.host}"
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
        f"media-src 'self' blob:; connect-src 'self' {server} {emulator() or ''}; "
        "frame-src 'self'; frame-ancestors 'self'; base-uri 'none'; form-action 'none'"
    )
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-cache"
    return response


def _page(name: str) -> ResponseReturnValue:
    if not is_built():
        return Response(NOT_BUILT, status=503, mimetype="text/plain")
    return flask.send_from_directory(BUILT, name)
