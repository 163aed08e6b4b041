"""The door from a request to events: which event, as whom, and what events work with."""

from typing import Any

from flask import current_app

from backend.errors import NotFound
from backend.events import players, service
from backend.events.kinds import Kinds
from backend.events.models import Activity, Event, Player
from backend.events.visibility import View
from backend.identity import principal
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


# Everything that a look at an event follows from, in one statement.
_SEEN_SQL = (
    f"SELECT {principal.COLUMNS}, {Event.columns('e')}, {Player.columns('p')}"
    f" FROM {principal.TABLES} LEFT JOIN event e ON e.id = ?"
    " LEFT JOIN player p ON p.event_id = e.id AND p.account_id = a.id WHERE a.id = ?"
)


def seen(event_id: int) -> tuple[Event, Player | None, View]:
    """Return the event, the caller's player in it, and with whose eyes the caller looks.

    Hosts look as hosts, players as players; raises `NotFound`, `NotAPlayer`, `Kicked` or `Banned`.
    """
    account_id, version = bearer()
    rows = current.database().read(_SEEN_SQL, (event_id, account_id))
    who = recognise(account_id, version, rows)
    event_row = rows[0][principal.WIDTH :][: Event.width()]
    player_row = rows[0][principal.WIDTH + Event.width() :]
    if event_row[0] is None:
        raise NotFound
    event = Event.from_row(event_row)
    player = Player.from_row(player_row) if player_row[0] is not None else None
    if who.has("host", event_id):
        return event, player, View.HOST
    if player is None:
        raise players.NotAPlayer
    players.require_active(player.status)
    if player.staff_id is None and who.is_staff:
        player = players.promote(current.database(), scores(), player, who, current.now())
    return event, player, View.OWN
