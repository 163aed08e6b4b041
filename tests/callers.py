"""Who calls operations, for tests: callers, and what each kind of activity declares of its own.

Each kind has a module `operations` in its folder of `tests`: `PREFIX` of its addresses, `OPERATIONS`
by method and path, `SETTINGS` (the schemas of its settings), and `begin(game)`, which lets something
happen in a game and returns the ids of what it left. Tests of all operations go over these modules.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from backend.activities import KINDS
from tests.support import Phone

NOBODY, GUEST, GUEST_PLAYER, STAFF_PLAYER = "nobody", "guest", "guest player", "staff player"
# A browser with the pass of the event's big screen, and the leader of another team than the
# player's.
SCREEN, LEADER = "screen", "leader"
HOST_ELSEWHERE, HOST_HERE, HOST = "host of another event", "host of this event", "host"
TRAINER_, ADMIN_ = "trainer", "admin"

HOSTS = {HOST_HERE, HOST, ADMIN_}
PLAYERS = {GUEST_PLAYER, STAFF_PLAYER}
ANYONE = PLAYERS | HOSTS | {GUEST, LEADER, HOST_ELSEWHERE, TRAINER_}
EVERYBODY = ANYONE | {NOBODY, SCREEN}


@dataclass(frozen=True)
class Operation:
    """Who may call an operation, and a call that is well formed.

    All others who have a token are refused with status 403, or as `refused_as` says.
    `own_refusal` is the slug for a player whose own turn or drawing it is about.
    """

    callers: set[str]
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    takes_a_file: bool = False
    refused_as: tuple[int, str] | None = None
    own_refusal: str = ""


@dataclass(frozen=True)
class Game:
    """A game in an open event, its host, and two players; with `player_acts` it is the turn of
    `player`, where only one of them may act."""

    host: Phone
    player: Phone
    event_id: int
    activity_id: int
    player_acts: bool = False


def kinds() -> Iterator[tuple[str, Any]]:
    """Yield (kind, its module `operations`)."""
    for name in KINDS.names():
        yield name, import_module(f"tests.{name}.operations")
