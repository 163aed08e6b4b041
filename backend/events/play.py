"""The base class of live games: what phones may send, what is shown, and what is due."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import marshmallow as ma

from backend.events.models import Player
from backend.events.visibility import View
from backend.web.short import ShortOperation


@dataclass(frozen=True)
class Speaker:
    """The player behind a socket or a request, as they were when it was opened.

    Transactions that award points read from the database whether the account still has the seat,
    see `backend.events.players.HOLDER`.
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
class PhoneMessage:
    """A type of message that phones may send; `about` describes it in `docs/api.md`.

    `hear` takes the speaker, the activity's id, the data loaded by `schema`, and the present moment in
    ms. It returns the data of the acknowledgement, or raises a `LinkaError` and has written nothing.
    """

    schema: ma.Schema
    hear: Callable[[Speaker, int, dict[str, Any], int], dict[str, Any]]
    about: str


class Play:
    """The live game of a kind of activity. One object per process, built with its collaborators.

    The result of each method follows from stored facts and `now`, so it is the same in every process,
    and no state is lost when a process ends. The defaults are for kinds without such a part.
    """

    # Messages that phones may send, by type (`<kind>.<verb>`). An HTTP operation does the same.
    messages: Mapping[str, PhoneMessage] = {}
    # Its operations that are answered without Flask.
    short: Sequence[ShortOperation] = ()
    # Whether a hall plays it together; otherwise each person plays alone, at any time.
    is_for_a_hall = True
    # Types of feed messages that are forwarded to phones and screens unchanged, with a description.
    # A change of `shown` is published as a message of type `activity` instead.
    told: Mapping[str, str] = {}
    # Those types of `told` that are too frequent for a new snapshot each time, such as strokes.
    moving: frozenset[str] = frozenset()

    def shown(self, activity_id: int, view: View, now: int) -> dict[str, Any] | None:
        """Return what everybody with this view is shown.

        None before anything has begun, and after its result was dismissed. The dict has at least
        `phase` (str) and `since` (when the phase began); all moments are in ms.
        """
        return None

    def was_played(self, activity_id: int) -> bool:
        """Return whether something of it was played to its end; asked while nothing is shown."""
        return False

    def is_open(self, activity_id: int) -> bool:
        """Return whether phones can take part in it although nothing is shown; asked while nothing
        is shown."""
        return False

    def own(self, activity_id: int, player_id: int, now: int) -> dict[str, Any] | None:
        """Return what only one player is shown, besides `shown`; None for nothing."""
        return None

    def audience(
        self, activity_id: int, data: Mapping[str, Any], now: int
    ) -> frozenset[int] | None:
        """Return the ids of the players to whom a message of the feed is forwarded, None for all."""
        return None

    def pulse(self, activity_id: int, now: int) -> tuple[str, dict[str, Any]] | None:
        """Return (type, data) of a message sent up to ten times a second, None while nothing moves."""
        return None

    def advance(self, activity_id: int, now: int) -> None:
        """Do what has become due, such as scoring a round that is over. Idempotent.

        `linka worker` calls it five times a second for each activity of an open event; several
        processes may call it at the same time.
        """

    def close(self) -> None:
        """Send what was buffered and stop timers, before the process ends."""


def told_by(plays: Iterable[Play]) -> list[str]:
    """Return the types of messages that streams carry for these plays."""
    return sorted(kind for play in plays for kind in play.told)
