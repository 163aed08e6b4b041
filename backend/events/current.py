"""The door from a request to events: which event, as whom, and what events work with."""

from typing import Any

from flask import current_app

from backend.events import players, service
from backend.events.kinds import Kinds
from backend.events.models import Event, Player
from backend.events.visibility import View
from backend.identity.current import caller
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


def hosted(event_id: int) -> Event:
    """Return the event if the caller is its host; raises `NotFound` or `Forbidden`."""
    principal = caller()
    principal.require("host", event_id)
    return service.get(event_id)


def seen(event_id: int) -> tuple[Event, Player | None, View]:
    """Return the event, the caller's player in it, and with whose eyes the caller looks.

    Hosts look as hosts, players as players; raises `NotFound`, `NotAPlayer`, `Kicked` or `Banned`.
    """
    principal = caller()
    event = service.get(event_id)
    if principal.has("host", event_id):
        return event, players.of_account(event_id, principal.account_id), View.HOST
    player = players.require(event_id, principal.account_id)
    if player.staff_id is None and principal.is_staff:
        player = players.promote(current.database(), scores(), player, principal, current.now())
    return event, player, View.OWN
