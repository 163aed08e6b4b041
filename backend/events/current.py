"""The door from a request to events: which event, as whom, and what events work with."""

from typing import Any

from flask import current_app

from backend.errors import NotFound
from backend.events import players, service
from backend.events.kinds import Kinds
from backend.events.models import Activity, Event, Player
from backend.events.visibility import View
from backend.identity.current import bearer, caller, recognise
from backend.web import current


def kinds() -> Kinds:
    """The kinds of activity."""
    return current_app.extensions["linka.kinds"]


def scores() -> Any:
    """The scorekeeper, see `players.Scorekeeper`."""
    return current_app.extensions["linka.scores"]


def boards() -> Any:
    """The boards, see `service.Boards`."""
    return current_app.extensions["linka.boards"]


def feed() -> Any:
    """The feed, see `service.Feed`."""
    return current_app.extensions["linka.feed"]


def hosted(event_id: int) -> Event:
    """Return the event if the caller is its host; raises `NotFound` or `Forbidden`."""
    caller().require("host", event_id)
    return service.get(event_id)


def activity_of(kind: str, activity_id: int) -> Activity:
    """Return an activity of a kind to any caller with a token; raises `NotFound`.

    Who has no token learns not even which activities there are: raises `Unauthenticated`.
    """
    bearer()
    return _require(_find(kind, activity_id))


def hosted_activity(kind: str, activity_id: int) -> tuple[Activity, int]:
    """Return an activity of a kind and the account of its host, who calls.

    Raises `NotFound`, to others than hosts everywhere `Forbidden`.
    """
    activity, host = _find(kind, activity_id), caller()
    host.require("host", activity.event_id if activity else 0)
    return _require(activity), host.account_id


def _find(kind: str, activity_id: int) -> Activity | None:
    return (
        Activity.select(Activity, Event)
        .join(Event)
        .where(Activity.id == activity_id, Activity.kind == kind)
        .first()
    )


def _require(activity: Activity | None) -> Activity:
    if activity is None:
        raise NotFound
    return activity


def seen(event_id: int) -> tuple[Event, Player | None, View]:
    """Return the event, the caller's player in it, and with whose eyes the caller looks.

    Hosts look as hosts, players as players; raises `NotFound`, `NotAPlayer`, `Kicked` or `Banned`.
    """
    look = players.look(current.database(), event_id, *bearer())
    who, event, player = recognise(look.who), look.event, look.player
    if event is None:
        raise NotFound
    is_host = who.has("host", event_id)
    if player is None and not is_host:
        raise players.NotAPlayer
    if player is not None and not is_host:
        players.require_active(player.status)
    if player is not None and player.status == "active" and not look.is_settled:
        player = players.settle(current.database(), scores(), event, who, current.now())
    return event, player, View.HOST if is_host else View.OWN
