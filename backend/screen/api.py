"""The pages of the big screen, how it is let in, and its stream."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import flask
import peewee
import segno
import structlog
from flask import Response, current_app, redirect, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from backend.clock import Clock
from backend.db import Database
from backend.errors import LinkaError, NotFound
from backend.events import agenda, arrivals, service
from backend.events.current import hosted, kinds
from backend.events.kinds import Kind, ShownSuggestion
from backend.events.live_activities import activities_of
from backend.events.models import Event
from backend.events.passes import COOKIE_SECONDS, cookie_name
from backend.events.play import Play, told_by
from backend.events.screens import (
    EITHER,
    PREVIEW,
    ScreenNotPaired,
    is_admitted,
    is_by_account,
    passes,
    require_pass_or_token,
    screen_view,
)
from backend.events.visibility import View
from backend.identity import audit, principal, sessions
from backend.identity.current import bearer, caller, revocations, session
from backend.live.draining import Draining
from backend.live.hub import Channel, Hub, Watcher
from backend.live.pairing import Pairings, same_key
from backend.live.revocations import Revocations, Watched
from backend.live.sse import respond
from backend.live.streams import OpenStreams
from backend.moderation.api import served
from backend.moderation.pictures import MIMETYPE
from backend.moderation.view import picture_for
from backend.posts import hall
from backend.scoring.current import reader
from backend.screen.schemas import (
    Approval,
    NowBody,
    PairingBody,
    PairingRequest,
    PairingStatus,
    QuietViewsBody,
    ScreenKeyBody,
    StreamHeaders,
    StreamQuery,
)
from backend.screen.show import EventShow
from backend.web import current, static_files
from backend.web.blueprint import Blueprint
from backend.web.pages import harden, in_frame, is_from_another_site

blueprint = Blueprint("screens", __name__, url_prefix="/api/v1", description="The big screen")
pages = static_files.PagesBlueprint(
    "pages",
    __name__,
    url_prefix="/screen",
    template_folder="templates",
    static_folder="static",
    static_url_path="/static",
)
pages.after_request(harden)

log = structlog.get_logger(__name__)

RETRY_SECONDS = 3
# A stream sends nothing, so its right is checked this often and at every revocation.
LOOK_SECONDS = 5.0
EVENT_NUMBER = re.compile(r"[1-9][0-9]{0,15}")
PAIRING_RATE = "60/minute"
MOST_SUGGESTIONS = 8
INVITATION = "拿起手机扫一扫，和同伴一起玩"


blueprint.before_request(require_pass_or_token)


def _pairings() -> Pairings:
    return current_app.extensions["linka.pairings"]


def _plays() -> Mapping[str, Play]:
    return current_app.extensions["linka.plays"]


def _admit(response: Response, event: Event) -> Response:
    response.set_cookie(
        cookie_name(event.id),
        passes().issue(event),
        max_age=COOKIE_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=current.settings().in_production,
    )
    return response


@pages.errorhandler(LinkaError)
def _refuse(error: LinkaError) -> ResponseReturnValue:
    """Answer an error with an HTML page; programs use the API and get the error body."""
    words = "没有这个活动" if error.status == 404 else error.message("zh")
    return render_template("refusal.html", words=words), error.status


@pages.errorhandler(peewee.OperationalError)
@pages.errorhandler(peewee.InterfaceError)
def _wait(error: Exception) -> ResponseReturnValue:
    """Answer with a page that reloads by itself, because the database cannot be reached or is busy."""
    log.error("page_without_database", path=request.path, error=str(error))
    headers = {"Refresh": str(RETRY_SECONDS), "Retry-After": str(RETRY_SECONDS)}
    return render_template("refusal.html", words="正在等数据库回来", waits=True), 503, headers


@pages.route("/")
@pages.route("/<path:number>")
def screen(number: str = "") -> ResponseReturnValue:
    """The big screen of an event, or the page on which it waits for admission.

    With `?preview` a host sees it in a frame of the console, without a pass.
    """
    event = _event(number)
    if "preview" in request.args:
        hosted(event.id)
        return in_frame(_screen(event, "?view=preview"))
    if same_key(request.args.get("key", ""), event.screen_key):
        return _admit(redirect(f"/screen/{event.id}"), event)  # type: ignore[arg-type]
    if not is_admitted(event):
        return render_template("pairing.html", event_id=event.id, title="林卡大屏")
    return _screen(event)


def _screen(event: Event, query: str = "") -> str:
    """Return the page of the big screen; `query` is that of its stream."""
    return render_template(
        "screen.html",
        event=event,
        query=query,
        qr_svg=_qr(event.join_code),
        invitation=_invitation(event),
        kinds=list(kinds()),
        acts={kind.name: _act(kind) for kind in kinds() if kind.screen_scripts},
        told=told_by(_plays().values()),
    )


def _invitation(event: Event) -> str:
    """Return the invitation of the first activity whose kind has one, else one that fits any."""
    said = (kinds()[activity.kind].invitation for activity in activities_of(event.id))
    return next((words for words in said if words), INVITATION)


def _act(kind: Kind) -> str:
    """Return the address of the script that shows an activity of this kind."""
    return f"/screen/kinds/{kind.name}/{static_files.version()}/{kind.screen_scripts[0]}"


@pages.route("/kinds/<string:kind>/<path:file>")
def kind_file(kind: str, file: str) -> Response:
    """A script or style sheet of a kind for the screen."""
    if kind not in kinds().names():
        flask.abort(404)
    return static_files.send(kinds()[kind].screen_folder, file)


def _event(number: str) -> Event:
    """Return the event with this number; all other addresses give the same 404 page."""
    if not EVENT_NUMBER.fullmatch(number):
        raise NotFound
    return service.get(int(number))


def _qr(join_code: str) -> Markup:
    """Return the QR code of a join code as inline SVG; the mini program's scanner reads it."""
    drawn = segno.make(f"linka:join:{join_code}", error="m", micro=False)
    return Markup(  # nosec B704 # drawn by segno
        drawn.svg_inline(omitsize=True, border=2, dark="#10231c", light="#ffffff", svgclass="qr")
    )


@blueprint.route("/screens/pairings", methods=["POST"])
@blueprint.arguments(PairingRequest)
@blueprint.response(201, PairingBody)
@blueprint.refuses(c404="not_found", c429="too_many_requests", c503="unavailable")
@blueprint.doc(security=[])
def begin_pairing(body: dict[str, int]) -> dict[str, Any]:
    """Wait to be let in, under a six-digit code. Anyone may call it."""
    current.limits().hit(PAIRING_RATE, "pairings", request.remote_addr or "")
    event = service.get(body["event_id"])
    pairing = _pairings().begin(f"event:{event.id}", current.now())
    return {
        "pairing_code": pairing.code,
        "secret": pairing.secret,
        "expires_at": pairing.expires_at,
    }


@blueprint.route("/screens/pairings/<string:secret>", methods=["GET"])
@blueprint.response(200, PairingStatus)
@blueprint.refuses(c403="screen_not_paired", c404="not_found", c503="unavailable")
@blueprint.doc(security=[])
def pairing_status(secret: str) -> ResponseReturnValue:
    """Ask whether a host has admitted the screen.

    The cookie comes with the first answer that says so.
    """
    if is_from_another_site():
        raise ScreenNotPaired
    asked, key = _pairings().status(secret)
    about, _, number = asked.partition(":")
    if about != "event":
        raise NotFound
    if key is None:
        return flask.jsonify(status="waiting")
    response = flask.jsonify(status="approved")
    event = service.get(int(number))
    if not same_key(key, event.screen_key[:8]) or not _pairings().finish(secret):
        raise NotFound
    return _admit(response, event)


@blueprint.route("/events/<int:event_id>/screens", methods=["POST"])
@blueprint.arguments(Approval)
@blueprint.response(200, PairingStatus)
@blueprint.refuses(c401="unauthenticated", c403="forbidden", c404="not_found, unknown_pairing_code")
def approve_screen(body: dict[str, str], event_id: int) -> dict[str, str]:
    """Let the screen that shows this code in. Its hosts."""
    event = hosted(event_id)
    rate = (PAIRING_RATE, "approvals", str(caller().account_id))
    current.limits().hit(*rate)
    _pairings().approve(f"event:{event_id}", body["pairing_code"], event.screen_key[:8])
    with current.database().write():
        audit.record(caller().account_id, "screen_approved", f"event:{event_id}", current.now())
    return {"status": "approved"}


@blueprint.route("/events/<int:event_id>/screen-key", methods=["POST"])
@blueprint.response(200, ScreenKeyBody)
@blueprint.refuses(c401="unauthenticated", c403="forbidden", c404="not_found")
def renew_screen_key(event_id: int) -> dict[str, str]:
    """Replace the screen key: the old address and all open screens end. Its hosts."""
    hosted(event_id)
    event = service.renew_screen_key(
        current.database(), event_id, current.now(), caller().account_id
    )
    revocations().tell(event_id=event_id)
    return {"screen_path": f"/screen/{event.id}?key={event.screen_key}"}


@blueprint.route("/events/<int:event_id>/stream", methods=["GET"])
@blueprint.arguments(StreamQuery, location="query")
@blueprint.arguments(StreamHeaders, location="headers")
@blueprint.response(200, content_type="text/event-stream")
@blueprint.refuses(
    c401="unauthenticated",
    c403="screen_not_paired",
    c404="not_found",
    c429="too_many_streams",
    c503="unavailable",
)
@blueprint.doc(security=EITHER)
def stream(query: dict[str, str], headers: dict[str, str], event_id: int) -> Response:
    """Stream what happens, as server-sent events. Screens that were let in, and hosts."""
    draining: Draining = current_app.extensions["linka.draining"]
    draining.refuse()
    view = screen_view(event_id, query["view"])
    database = current.database()
    show = _show(event_id, view)
    hub: Hub = current_app.extensions["linka.hub"]
    channel = Channel(event_id, view.value)
    account_id, is_allowed = _right_of_stream(database, event_id)
    streams: OpenStreams = current_app.extensions["linka.streams"]
    holder = _holder(event_id, account_id, query["view"])
    watching = hub.watching(channel, show, headers.get("last_event_id"))
    holding = streams.holding(holder, None if account_id else event_id)
    return respond(
        _while_allowed(watching, event_id, account_id, is_allowed, revocations(), holding)
    )


def _holder(event_id: int, account_id: int | None, view: str) -> str:
    """Return the holder among whose streams a stream is counted.

    This is a pass or a host; previews of a host are counted separately.
    """
    if account_id is None:
        return passes().holder(request.cookies.get(cookie_name(event_id), ""), current.now())
    return f"preview-{account_id}" if view == PREVIEW else f"account-{account_id}"


def _show(event_id: int, view: View) -> EventShow:
    return EventShow(
        event_id,
        view,
        reader(),
        _plays(),
        current_app.extensions["linka.presence"],
        current.database(),
        current_app.extensions["linka.clock"],
    )


@blueprint.route("/events/<int:event_id>/now", methods=["GET"])
@blueprint.response(200, NowBody)
@blueprint.refuses(c401="unauthenticated", c403="forbidden", c404="not_found", c503="unavailable")
def get_now(event_id: int) -> dict[str, Any]:
    """Show what is on now, as `state` of a host's stream, without the boards and the look.

    Its hosts.
    """
    hosted(event_id)
    return _show(event_id, View.HOST).on()


def _right_of_stream(database: Database, event_id: int) -> tuple[int | None, Callable[[], bool]]:
    """Return the account whose right a stream is (None for a pass), and a function that checks the
    right again."""
    if is_by_account(event_id):
        account_id, version = bearer()
        of_console = session()
        clock: Clock = current_app.extensions["linka.clock"]

        def still_hosts() -> bool:
            # A greenlet that ends with a connection in its hands would keep it for ever.
            try:
                return principal.is_still(database, account_id, version, "host", event_id) and (
                    of_console is None or sessions.holds(of_console.id, clock.now())
                )
            finally:
                database.release()

        return account_id, still_hosts
    signer, cookie = passes(), request.cookies.get(cookie_name(event_id), "")
    clock = current_app.extensions["linka.clock"]
    return None, lambda: signer.still_admits(database, cookie, event_id, clock.now())


@contextmanager
def _while_allowed(
    watching: AbstractContextManager[Watcher],
    event_id: int,
    account_id: int | None,
    is_allowed: Callable[[], bool],
    revoked: Revocations,
    holding: AbstractContextManager[Callable[[], bool]],
) -> Iterator[Watcher]:
    """Watch until the right has ended, which ends the stream; the next request is refused.

    `holding` counts the stream among those of its pass or host while the block runs.
    """
    with holding as holds, watching as watcher:

        def look() -> None:
            if not (is_allowed() and holds()):
                watcher.end()

        with revoked.watching(Watched(event_id, account_id, look, LOOK_SECONDS)):
            yield watcher


@blueprint.route("/events/<int:event_id>/screen-views", methods=["GET"])
@blueprint.response(200, QuietViewsBody)
@blueprint.refuses(c401="unauthenticated", c403="screen_not_paired", c404="not_found")
@blueprint.doc(security=EITHER)
def get_screen_views(event_id: int) -> dict[str, Any]:
    """Show who has arrived, the agenda, suggestions, and pinned posts that guests may read. Screens
    that were admitted, and hosts."""
    screen_view(event_id, "public")
    steps = agenda.steps_of(event_id)
    return {
        "arrivals": arrivals.arrived(event_id),
        "agenda": [
            {
                "id": step.id,
                "title": agenda.title_of(step),
                "minutes": step.minutes,
                "done": step.done_at is not None,
            }
            for step in steps
        ],
        "suggestions": _suggestions(event_id),
        "posts": [
            {
                "id": post.id,
                "title": post.title,
                "text": post.text,
                "column": post.column,
                "picture": post.cover_id and _cover_path(event_id, post.cover_id),
            }
            for post in hall.pinned(current.now())
        ],
    }


def _cover_path(event_id: int, cover_id: int) -> str:
    return f"/api/v1/events/{event_id}/screen-covers/{cover_id}"


def _suggestions(event_id: int) -> list[ShownSuggestion] | None:
    """Return the suggestions in all activities of an event; None if none of them takes suggestions."""
    boxes = [
        (kinds()[activity.kind], activity)
        for activity in activities_of(event_id)
        if kinds()[activity.kind].has_suggestions
    ]
    if not boxes:
        return None
    found = [one for kind, activity in boxes for one in kind.suggested(activity)]
    return sorted(found, key=lambda one: -one.supports)[:MOST_SUGGESTIONS]


@blueprint.route("/events/<int:event_id>/screen-pictures/<int:item_id>", methods=["GET"])
@blueprint.response(200, content_type=MIMETYPE)
@blueprint.refuses(c401="unauthenticated", c403="screen_not_paired", c404="not_found")
@blueprint.doc(security=EITHER)
def get_screen_picture(event_id: int, item_id: int) -> Response:
    """Show a picture that a host approved. Screens that were let in, and hosts."""
    return served(picture_for(event_id, item_id, screen_view(event_id, "public"), None))


@blueprint.route("/events/<int:event_id>/screen-covers/<int:cover_id>", methods=["GET"])
@blueprint.response(200, content_type=MIMETYPE)
@blueprint.refuses(c401="unauthenticated", c403="screen_not_paired", c404="not_found")
@blueprint.doc(security=EITHER)
def get_screen_cover(event_id: int, cover_id: int) -> Response:
    """Show a picture of a post that guests may read. Screens that were let in, and hosts."""
    screen_view(event_id, "public")
    return served(hall.picture(cover_id, current.now()))
