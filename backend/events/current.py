"""Gives requests their event, the caller's player and view, and the objects of this package."""

from collections.abc import Collection
from typing import Any

from flask import Flask, Response, current_app, g, request

from backend.errors import NotFound
from backend.events import players, service
from backend.events.callers import EventCallers
from backend.events.kinds import Kinds
from backend.events.lifecycle import require_valid
from backend.events.models import Activity, Event, Player
from backend.events.names import masked_for_guests
from backend.events.player_counts import count_each
from backend.events.rehearsals import Rehearsals
from backend.events.visibility import View
from backend.identity import audit
from backend.identity.current import bearer, caller, recognise
from backend.kept_counts import KeptCounts
from backend.web import current


def install(app: Flask) -> None:
    """Let an app mask the names of staff in all responses to guests about an event."""
    app.after_request(_mask_for_guests)


def _mask_for_guests(response: Response) -> Response:
    """Mask names if the caller was loaded and is not staff; other operations answer only about the
    caller."""
    if "principal" not in g or g.principal.is_staff or response.mimetype != "application/json":
        return response
    event_id = _event_id(request.view_args or {})
    if event_id is not None and response.status_code < 300:
        shown = response.get_json()
        masked = masked_for_guests(current.database(), event_id, shown)
        if masked != shown:
            response.set_data(current_app.json.dumps(masked) + "\n")
    return response


def _event_id(path: dict[str, Any]) -> int | None:
    """Return the event that a path is about."""
    if "activity_id" not in path:
        return path.get("event_id")
    about = Activity.get_or_none(Activity.id == path["activity_id"])
    return about and int(about.event_id)


def kinds() -> Kinds:
    """The kinds of activity."""
    return current_app.extensions["linka.kinds"]


def scores() -> Any:
    """The scorekeeper, see `players.JoiningScores`."""
    return current_app.extensions["linka.scores"]


def boards() -> Any:
    """The boards, see `service.EventBoards`."""
    return current_app.extensions["linka.boards"]


def feed() -> Any:
    """The feed, see `rehearsals.EventFeed`."""
    return current_app.extensions["linka.feed"]


def callers() -> EventCallers:
    """The reader of the callers of requests about an event."""
    return current_app.extensions["linka.callers"]


def player_counts(event_ids: Collection[int], now: int) -> dict[int, int]:
    """Return {event: number of active players} as phones are shown it, up to a second old."""
    kept: KeptCounts = current_app.extensions["linka.player_counts"]
    return kept.of_all(event_ids, now, count_each)


def rehearsals() -> Rehearsals:
    """The service for rehearsals."""
    return Rehearsals(current.database(), kinds(), boards(), feed())


def hosted(event_id: int) -> Event:
    """Return the event if the caller is its host; raises `NotFound` or `Forbidden`."""
    caller().require("host", event_id)
    event = service.get(event_id)
    audit.about(event_id)
    return event


def activity_of(kind: str, activity_id: int) -> Activity:
    """Return an activity of a kind to any caller with a token.

    Raises `NotFound`, and `ActivityVoided` for a void one. Without a token it raises
    `Unauthenticated`, whether or not the activity exists.
    """
    bearer()
    found = _require(_find(kind, activity_id))
    require_valid(found)
    return found


def hosted_activity(kind: str, activity_id: int) -> tuple[Activity, int]:
    """Return an activity of a kind and the account of the caller, who is its host.

    Raises `NotFound`, `Forbidden` for callers who are not hosts, and `ActivityVoided` for a request
    that changes something in a void activity.
    """
    activity, host = _find(kind, activity_id), caller()
    host.require("host", activity.event_id if activity else 0)
    found = _require(activity)
    audit.about(found.event_id)
    if request.method != "GET":
        require_valid(found)
    return found, host.account_id


def _find(kind: str, activity_id: int) -> Activity | None:
    found = Activity.with_event(activity_id)
    return found if found and found.kind == kind else None


def _require(activity: Activity | None) -> Activity:
    if activity is None:
        raise NotFound
    return activity


def seen(event_id: int) -> tuple[Event, Player | None, View]:
    """Return the event, the caller's player in it, and the caller's view.

    Hosts have the view of hosts, players their own; raises `NotFound`, `NotAPlayer`, `Kicked` or
    `Banned`.
    """
    found = callers().read(event_id, *bearer())
    who, event, player = recognise(found.who), found.event, found.player
    view = found.view()
    assert event is not None
    if found.must_settle:
        player = players.settle(current.database(), scores(), event, who, current.now())
    return event, player, view
