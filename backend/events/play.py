"""What a kind of activity that is played live offers: to sockets, to the big screen, to the clock."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import marshmallow as ma

from backend.events.models import Player
from backend.events.visibility import View


@dataclass(frozen=True)
class Speaker:
    """The player behind a socket or a request, as they were when it was opened.

    What decides about points asks the database anew whether the account still has the seat, see
    `backend.events.players.HOLDER`.
    """

    player_id: int
    event_id: int
    name: str
    team_id: int | None
    team_name: str | None
    is_staff: bool
    account_id: int


def speaker_of(player: Player) -> Speaker:
    """Return a player as a speaker."""
    return Speaker(
        player.id,
        player.event_id,
        player.name,
        player.team_id,
        player.team_name,
        player.staff_id is not None,
        player.account_id,
    )


@dataclass(frozen=True)
class Word:
    """A message that phones may send; `about` is its line in the table of messages.

    `hear` takes the speaker, the activity's id, the data that `schema` read, and now; it returns
    the data of the acknowledgement. It raises `LinkaError`s, and then nothing was written.
    """

    schema: ma.Schema
    hear: Callable[[Speaker, int, dict[str, Any], int], dict[str, Any]]
    about: str


class Play:
    """A kind of activity that is played live. Built once per process, with its collaborators.

    Each method reads what it needs from stored facts and from `now`: it gives the same answer in
    every process, and nothing is lost with one. A default says that the kind has nothing of it.
    """

    # Messages that phones may send, by type; a type is `<kind>.<verb>`. Each has an HTTP twin.
    words: Mapping[str, Word] = {}
    # Types of messages of the feed that every phone and screen gets as they are, and what they
    # mean. What changes what is `shown` is published as `activity` instead.
    told: Mapping[str, str] = {}
    # Those of `told` that come too often for a new snapshot each time, such as strokes.
    moving: frozenset[str] = frozenset()

    def shown(self, activity_id: int, view: View, now: int) -> dict[str, Any] | None:
        """Return what all who look with this view see, the same for each of them.

        None while the activity is not on: nothing was begun, or its result was dismissed. Else
        `phase` (a word) and `since` (when it began, in ms) are there; every moment is in ms.
        """
        return None

    def own(self, activity_id: int, player_id: int, now: int) -> dict[str, Any] | None:
        """Return what one player alone sees, to be laid over `shown`; None when there is nothing."""
        return None

    def audience(
        self, activity_id: int, data: Mapping[str, Any], now: int
    ) -> frozenset[int] | None:
        """Return the players who are told a message of the feed with this data, None for all."""
        return None

    def pulse(self, activity_id: int, now: int) -> tuple[str, dict[str, Any]] | None:
        """Return (type, data) of what moves ten times a second just now, else None."""
        return None

    def advance(self, activity_id: int, now: int) -> None:
        """Do what has become due, such as scoring a round that is over; harmless when repeated.

        The worker calls it several times a second for every activity of an open event, and
        several processes may do so at once.
        """

    def close(self) -> None:
        """Send what is not sent yet, and stop timers; the process ends."""
