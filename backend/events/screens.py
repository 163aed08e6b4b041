"""Checks requests of a big screen, which come from a screen that was let in or from a host."""

from typing import Any

from flask import current_app, request

from backend.errors import Forbidden
from backend.events import service
from backend.events.current import hosted
from backend.events.models import Event
from backend.events.passes import ScreenPasses, cookie_name
from backend.events.visibility import View
from backend.identity.current import caller, has_bearer
from backend.web import current

# For `doc(security=…)` of an operation for a screen that was let in, or for a host.
EITHER: list[dict[str, list[str]]] = [{"screen": []}, {"token": []}, {"console": []}]
# Views of a stream: the public view for a screen; everything, for hosts; the public view, for
# hosts.
PUBLIC, HOST, PREVIEW = VIEWS = ("public", "host", "preview")


class ScreenNotPaired(Forbidden):
    """The screen has neither the key nor a host's approval."""

    slug = "screen_not_paired"
    zh = "这块大屏还没有配对。"
    en = "This screen has not been paired."


def require_pass_or_token() -> None:
    """Refuse callers that have neither a pass nor a token, before any other check.

    For `before_request` of a blueprint; only operations for `EITHER` are concerned. Raises
    `ScreenNotPaired`, or what `caller` raises.
    """
    view: Any = current_app.view_functions[request.endpoint or ""]
    if view._apidoc.get("manual_doc", {}).get("security") != EITHER:
        return
    if is_by_account((request.view_args or {})["event_id"]):
        caller()
    else:
        event_id = (request.view_args or {})["event_id"]
        if not passes().is_for(
            request.cookies.get(cookie_name(event_id), ""), event_id, current.now()
        ):
            raise ScreenNotPaired


def is_by_account(event_id: int) -> bool:
    """Return whether an account lets a request in rather than a pass.

    A browser may have both. The cookie of the console then counts for views that the pass does not
    open, so that a screen beside the console shows the public view. A pass opens the public view
    alone.
    """
    if "Authorization" in request.headers:
        return True
    has_pass = cookie_name(event_id) in request.cookies
    return has_bearer() and (not has_pass or request.args.get("view", PUBLIC) != PUBLIC)


def passes() -> ScreenPasses:
    """The object that signs and reads passes."""
    return current_app.extensions["linka.passes"]


def is_admitted(event: Event) -> bool:
    """Return whether the request has a valid pass for an event."""
    sent = request.cookies.get(cookie_name(event.id), "")
    return passes().admits(sent, event, current.now())


def screen_view(event_id: int, asked: str) -> View:
    """Return the view of a request with a pass or a token; `asked` is one of `VIEWS`.

    Raises `ScreenNotPaired`, or `Forbidden` for an account that is no host.
    """
    if is_by_account(event_id):
        hosted(event_id)
        return View.HOST if asked == HOST else View.SCREEN
    event = service.get(event_id)
    if asked != PUBLIC or not is_admitted(event):
        raise ScreenNotPaired
    return View.SCREEN
