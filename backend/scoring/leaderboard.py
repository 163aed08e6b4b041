"""Live boards on Redis sorted sets: a view of the standings that can be thrown away at any moment.

Keys of event 42 start with `linka:{e42}:` (its frozen twin's with `linka:{e42}:frozen:`):

* `whole`: the name of the build that readers see; without it there is no whole board here.
  `builds`: the names of all builds, see `building`. `revision`: grows with every change.

Keys of a build start with its name as well, `linka:{e42}:<name>:`:

* `players:<board>` and `teams:<board>`: sorted sets of packed scores, see `ranking`.
* `team:<board>:<team>`: the packed scores of a team's members.
* `versions:<board>`: the version of each standing that was put; older ones are ignored.
* `cards`: names to show, `p<player>` and `t<team>`. `headcounts`, `formula`: for team scores.
* `untotalled`: `<board> <team>` of team scores that are older than their members' scores.
* `boards`, `team_ids`: which of both there are. `begun`: it is not whole yet.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from redis import Redis, RedisError
from redis.commands.core import Script

from backend.encoding import encoded
from backend.gathering import Gathering
from backend.live import feed
from backend.live.trips import RoundTrips
from backend.offload.steps import chunks
from backend.scoring.building import (
    BoardBuilder,
    BoardContents,
    Card,
    PackedStanding,
    TeamCard,
    text_of,
)
from backend.scoring.ledger import FINAL
from backend.scoring.ranking import Formula, unpack_points, unpack_team
from backend.scoring.scripts import AROUND, CARD, OWN, PUT, TOP, TOTAL

# Id, name, team and points of a row.
Facts = tuple[int, str, str | None, float]

NEIGHBOURS = 5
_VERSIONS_AT_ONCE = 5000
_FACTS_KEPT = 20_000
# Redis takes a millisecond for so many members of a set.
_READ_AT_ONCE = 1000


class BoardRow(NamedTuple):
    """One row of a board; a row that is not revealed yet has only its rank.

    A team's row has `members`, how many came to the event, and no `team`.
    """

    rank: int
    id: int | None
    name: str | None
    team: str | None
    points: float | None
    members: int | None = None


@dataclass(frozen=True)
class Board:
    """The result of a read; `version` changes with every change of the event's boards."""

    version: int
    total: int
    rows: list[BoardRow]


@dataclass(frozen=True)
class TopRequest:
    """A request for the first `count` rows of a board, which many readers make."""

    event_id: int
    board: str
    scope: str
    count: int
    frozen: bool = False


class Showing(NamedTuple):
    """Standings of one player, or of many, to show; `gain` is the message for the feed, None for a
    change that says nothing about points."""

    event_id: int
    gain: dict[str, Any] | None
    puts: Sequence[PackedStanding]


class NotBuilt(Exception):
    """Redis has no complete board of this event; rebuild it from the standings."""


class Leaderboard:
    """The boards of all events. Every method raises `RedisError` when Redis is away."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._trips = RoundTrips(redis)
        self._put = redis.register_script(PUT)
        self._puts: Gathering[Showing, int] = Gathering(self._put_all)
        self._top = redis.register_script(TOP)
        self._own = redis.register_script(OWN)
        self._around = redis.register_script(AROUND)
        self._card = redis.register_script(CARD)
        self._total = redis.register_script(TOTAL)
        self._builder = BoardBuilder(redis)
        self._newest: tuple[Any, Board] | None = None

    def put(
        self, event_id: int, puts: Sequence[PackedStanding], gain: dict[str, Any] | None
    ) -> int:
        """Show standings and tell the feed, atomically; older versions change nothing.

        Returns the rank of the first standing's player on its board (0: not on it). Callers at the
        same moment share a script call. Raises `NotBuilt`.
        """
        return self._puts.do(Showing(event_id, gain, puts))

    def _put_all(self, showings: Sequence[Showing]) -> list[int | Exception]:
        """Return the rank of each, or its error; one script call for each event."""
        ranks: dict[int, int | Exception] = {}
        for event_id in {one.event_id for one in showings}:
            places = [at for at, one in enumerate(showings) if one.event_id == event_id]
            try:
                found = self.put_each(event_id, [showings[at] for at in places])
            except (RedisError, NotBuilt) as error:
                ranks |= dict.fromkeys(places, error)
            else:
                ranks |= zip(places, found, strict=True)
        return [ranks[at] for at in range(len(showings))]

    def put_each(self, event_id: int, showings: Sequence[Showing]) -> list[int]:
        """Do what `put` does for several callers of one event, and return the rank of each."""
        arguments: list[Any] = [prefix(event_id), feed.key(event_id)]
        for one in showings:
            arguments += (encoded(one.gain) if one.gain else "", len(one.puts))
            for put in one.puts:
                arguments += put.arguments()
        ranks: list[int] = self._trips.run(self._put, prefix(event_id) + "whole", arguments)
        if not ranks:
            raise NotBuilt
        return ranks

    def top(
        self,
        asked: TopRequest,
        known: int = -1,
        own: Sequence[int] = (),
        *,
        own_frozen: bool = False,
    ) -> tuple[Board | None, list[BoardRow | None]]:
        """Return the rows asked for and the own rows of players, read in one round trip.

        The board is None if the reader has the present revision already; a row is None for a
        player who is not on the board. During a ceremony, own rows are not the final ones. Raises
        `NotBuilt`.
        """
        here, names = prefix(asked.event_id, asked.frozen), prefix(asked.event_id)
        rows = [here, names, asked.board, asked.scope, asked.count, known]
        wanted = [(self._top, here + "whole", rows)]
        if own:
            board_of_own = asked.board.removeprefix(FINAL)
            wanted.append(self._own_call(asked.event_id, board_of_own, own, own_frozen))
        found, *owned = self._trips.run_all(wanted)
        board = None if found and len(found) == 1 else self._read_once(found, asked.scope)
        return board, _own_rows(owned[0], own) if own else []

    def _read_once(self, found: Any, scope: str) -> Board:
        """Decode a reply once for all callers of the same round trip, which get the same object."""
        newest = self._newest
        if newest is None or newest[0] is not found:
            newest = self._newest = (found, _board(found, scope))
        return newest[1]

    def row(
        self, event_id: int, board: str, player_id: int, *, frozen: bool = False
    ) -> BoardRow | None:
        """Return a player's own row; raises `NotBuilt`."""
        players = (player_id,)
        call = self._own_call(event_id, board, players, frozen)
        [row] = _own_rows(self._trips.run(*call), players)
        return row

    def _own_call(
        self, event_id: int, board: str, players: Sequence[int], frozen: bool
    ) -> tuple[Script, str, list[Any]]:
        here = prefix(event_id, frozen)
        return self._own, here + "whole", [here, prefix(event_id), board, *players]

    def around(
        self, event_id: int, board: str, players: Sequence[int], *, frozen: bool = False
    ) -> list[Board]:
        """Return each player with up to five above and below; raises `NotBuilt`.

        There are no rows for a player who is not on the board.
        """
        here = prefix(event_id, frozen)
        arguments = [here, prefix(event_id), board, NEIGHBOURS, *players]
        found = self._trips.run(self._around, here + "whole", arguments)
        if found is None:
            raise NotBuilt
        return [_board(one, "players") for one in found]

    def revision(self, event_id: int, *, frozen: bool = False) -> int:
        """Return the number that changes with every change; raises `NotBuilt`."""
        name, revision = self._redis.mget(
            prefix(event_id, frozen) + "whole", prefix(event_id, frozen) + "revision"
        )
        if name is None:
            raise NotBuilt
        return int(revision or 0)

    def _whole(self, event_id: int, frozen: bool = False) -> str:
        """Return how the keys of the whole boards begin; if there are none, no key begins so."""
        here = prefix(event_id, frozen)
        name = self._redis.get(here + "whole")
        return f"{here}{text_of(name) if name else 'none'}:"

    def has_frozen(self, event_id: int, board: str) -> bool:
        """Say whether the frozen twin has a board of this name."""
        return bool(self._redis.sismember(self._whole(event_id, True) + "boards", board))

    def set_card(self, event_id: int, card: Card, team: TeamCard | None) -> None:
        """Store a player's names and tell the feed, because there may be one more player."""
        arguments = [prefix(event_id), feed.key(event_id), card.field, card.text]
        if team:
            arguments += [str(team.team_id), team.field, team.text, str(team.headcount)]
        self._card(keys=[prefix(event_id) + "whole"], args=arguments)

    def remove_card(self, event_id: int, player_id: int) -> None:
        """Forget a player's names."""
        self._redis.hdel(self._whole(event_id) + "cards", f"p{player_id}")

    def player_count(self, event_id: int) -> int:
        """Return how many players take part, guests included; 0 if there are no whole boards."""
        here = self._whole(event_id)
        return int(self._redis.hlen(here + "cards")) - int(self._redis.hlen(here + "headcounts"))

    def stale(
        self, event_id: int, versions: Iterable[tuple[str, int, int]]
    ) -> set[tuple[str, int]]:
        """Return those of (board, player, version) whose version on the board is older.

        Raises `NotBuilt`.
        """
        wanted: dict[str, dict[int, int]] = defaultdict(dict)
        for board, player_id, version in versions:
            wanted[board][player_id] = version
        self.revision(event_id)
        here = self._whole(event_id)
        return {
            (board, player_id)
            for board, players in wanted.items()
            for player_id, known in self._versions(f"{here}versions:{board}", list(players))
            if known < players[player_id]
        }

    def _versions(self, name: str, players: Sequence[int]) -> Iterator[tuple[int, int]]:
        """Yield (player, version on the board), 0 for a player who is not on it."""
        for asked in chunks(players, _VERSIONS_AT_ONCE):
            known: Any = self._redis.hmget(name, [str(player_id) for player_id in asked])
            yield from zip(asked, (int(version or 0) for version in known), strict=True)

    def build(
        self,
        event_id: int,
        formula: Formula,
        puts: Sequence[PackedStanding],
        cards: Sequence[Card],
        teams: Sequence[TeamCard],
        *,
        frozen: bool = False,
    ) -> None:
        """Replace all boards of an event (or its frozen twin) by these standings, atomically."""
        plan = BoardContents(formula, puts, () if frozen else cards, teams)
        self._builder.build(prefix(event_id, frozen), plan)

    def wipe(self, event_id: int, *, frozen: bool = False) -> None:
        """Remove every key of an event's boards (or of its frozen twin)."""
        self._builder.wipe(prefix(event_id, frozen))

    def tidy(self, event_id: int) -> None:
        """Remove what builds that a crash ended have left."""
        for frozen in (False, True):
            self._builder.tidy(prefix(event_id, frozen))

    def contents(
        self, event_id: int, *, frozen: bool = False
    ) -> dict[str, list[tuple[str, float]]]:
        """Return all sorted sets of players and teams, as {key without prefix: rows}, the best row
        first; nothing if there are no whole boards. What changes meanwhile may be read as before or
        as after."""
        self._total(keys=[prefix(event_id, frozen) + "whole"], args=[prefix(event_id, frozen)])
        here = self._whole(event_id, frozen)
        boards = sorted(text_of(name) for name in self._redis.smembers(here + "boards"))
        names = [f"{scope}:{board}" for board in boards for scope in ("players", "teams")]
        found = {name: self._in_steps(here + name) for name in names}
        return {
            name: sorted(rows.items(), key=lambda row: (row[1], row[0]), reverse=True)
            for name, rows in found.items()
            if rows
        }

    def members(
        self, event_id: int, teams: Sequence[tuple[str, int]], *, frozen: bool = False
    ) -> dict[tuple[str, int], dict[int, int]]:
        """Return {(board, team): {player: packed}} for these boards and teams."""
        here = self._whole(event_id, frozen)
        return {
            (board, team_id): {
                int(player): int(packed)
                for player, packed in self._in_steps(f"{here}team:{board}:{team_id}").items()
            }
            for board, team_id in teams
        }

    def _in_steps(self, name: str) -> dict[str, float]:
        """Return a sorted set of any size, read in steps between which Redis serves other clients."""
        rows = self._redis.zscan_iter(name, count=_READ_AT_ONCE)
        return {text_of(member): float(score) for member, score in rows}

    def labels(self, event_id: int) -> dict[str, dict[str, str]]:
        """Return what boards show besides scores: `cards`, `headcounts` and `formula`."""
        here = self._whole(event_id)
        return {
            name: {
                text_of(field): text_of(value)
                for field, value in self._redis.hscan_iter(f"{here}{name}", count=_READ_AT_ONCE)
            }
            for name in ("cards", "headcounts", "formula")
        }

    def not_built(self, event_ids: Sequence[int]) -> list[int]:
        """Return the events without complete boards."""
        with self._redis.pipeline(transaction=False) as pipe:
            for event_id in event_ids:
                pipe.exists(prefix(event_id) + "whole")
            found = pipe.execute()
        return [
            event_id for event_id, is_built in zip(event_ids, found, strict=True) if not is_built
        ]


def prefix(event_id: int, frozen: bool = False) -> str:
    """Return how all keys of an event's boards begin; the braces keep them on one Redis node."""
    return f"linka:{{e{event_id}}}:frozen:" if frozen else f"linka:{{e{event_id}}}:"


def _board(found: Any, scope: str) -> Board:
    """Read what TOP returns: revision, total, start, first rank, [id, score…], [card…],
    [members…]."""
    if not found:
        raise NotBuilt
    revision, total, start, first, flat, cards, members = found
    read: Callable[[bytes, bytes, bytes | None], Facts] = (
        _team_facts if scope == "teams" else _player_facts
    )
    rows: list[BoardRow] = []
    before, rank = None, int(first)
    for position, (member, packed, card) in enumerate(
        zip(flat[::2], flat[1::2], cards, strict=True), start=int(start) + 1
    ):
        if before not in (None, packed):
            rank = position
        before = packed
        came = int(members[len(rows)]) if members else None
        rows.append(BoardRow(rank, *read(member, packed, card), came))
    return Board(int(revision or 0), int(total), rows)


def _own_rows(found: Any, players: Sequence[int]) -> list[BoardRow | None]:
    """Read what OWN returns: rank, packed score and card of each player."""
    if found is None:
        raise NotBuilt
    return [
        BoardRow(row[0], *_player_facts(str(player_id).encode(), row[1], row[2])) if row else None
        for player_id, row in zip(players, found, strict=True)
    ]


# Cached, because few rows of a board change between two reads.
@lru_cache(_FACTS_KEPT)
def _player_facts(member: bytes, packed: bytes, card: bytes | None) -> Facts:
    """Return id, name, team and points of a player."""
    return int(member), *_names(card), unpack_points(float(packed))


@lru_cache(_FACTS_KEPT)
def _team_facts(member: bytes, packed: bytes, card: bytes | None) -> Facts:
    """Return id, name, nothing and points of a team."""
    return int(member), *_names(card), unpack_team(float(packed))


def _names(card: bytes | None) -> tuple[str, str | None]:
    """Return the names on a card."""
    name, team, *_ = [*json.loads(card), None] if card else ("", None)
    return name, team
