"""Builds whole boards beside the live ones, and replaces these atomically.

Readers never see half a board, and Redis is never busy for long: a hundred thousand players are
written in small steps under a name of their own, and Redis serves other clients between the steps.
One key says which build is the board; to exchange them, it alone is set. Keys of earlier builds are
removed in steps, too.
"""

import json
import secrets
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, NamedTuple

from redis import Redis, RedisError

from backend.live.breaker import patient
from backend.offload.steps import chunks
from backend.scoring.ranking import Formula
from backend.scoring.scripts import FINISH, LEFTOVER, RETOTAL

# So many members are written, or added up for the totals of teams, at once.
STEP = 1000
# Redis frees small sets at once, each in some 10 µs.
_KEYS_AT_ONCE = 100
# The total of a team takes as long as adding up so many members.
_TEAM_MEMBERS = 10
# A build that has taken longer was left by a crash, and may be removed.
_LONGEST_SECONDS = 600
# How long a reply may take while boards are built; a request waits less.
_BUILDING_SECONDS = 5.0


class PackedStanding(NamedTuple):
    """A standing as the board stores it; `packed` None removes the player from the board."""

    board: str
    player_id: int
    packed: int | None
    version: int
    team_id: int | None

    def arguments(self) -> tuple[str, int, int | str, int, int | str]:
        """Return the five arguments that the scripts take."""
        packed = "gone" if self.packed is None else self.packed
        return self.board, self.player_id, packed, self.version, self.team_id or ""


@dataclass(frozen=True)
class Card:
    """The names of a player."""

    player_id: int
    name: str
    team_name: str | None

    @property
    def field(self) -> str:
        """Its field in the hash `cards`."""
        return f"p{self.player_id}"

    @property
    def text(self) -> str:
        """The value of the field."""
        return json.dumps([self.name, self.team_name], ensure_ascii=False)


@dataclass(frozen=True)
class TeamCard:
    """A team's name and its head-count on the roster."""

    team_id: int
    name: str
    headcount: int

    @property
    def field(self) -> str:
        """The field of the hash of cards."""
        return f"t{self.team_id}"

    @property
    def text(self) -> str:
        """What is kept there."""
        return json.dumps([self.name], ensure_ascii=False)


@dataclass(frozen=True)
class BoardContents:
    """What the boards of an event are to hold."""

    formula: Formula
    puts: Sequence[PackedStanding]
    cards: Sequence[Card]
    teams: Sequence[TeamCard]

    def boards(self) -> list[str]:
        """Return the names of the boards."""
        return sorted({put.board for put in self.puts})

    def hashes(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Yield (key, fields) of every hash; no hash is empty."""
        formula = self.formula
        yield (
            "formula",
            {"kind": formula.kind, "best": formula.best, "minimum": formula.minimum},
        )
        players = {card.field: card.text for card in self.cards}
        yield "cards", players | {card.field: card.text for card in self.teams}
        yield "headcounts", {str(team.team_id): team.headcount for team in self.teams}
        versions: dict[str, dict[str, int]] = defaultdict(dict)
        for put in self.puts:
            versions[put.board][str(put.player_id)] = put.version
        for board, fields in versions.items():
            yield f"versions:{board}", fields

    def sets(self) -> Iterator[tuple[str, list[Any]]]:
        """Yield (key, members) of every set."""
        yield "boards", self.boards()
        yield "team_ids", self.team_ids()

    def team_ids(self) -> list[int]:
        """Return the teams that have a player on a board, or a card."""
        seated = {put.team_id for put in self.puts if put.team_id and put.packed is not None}
        return sorted(seated | {team.team_id for team in self.teams})

    def sorted_sets(self) -> Iterator[tuple[str, Mapping[str, int]]]:
        """Yield (key, {member: packed}) of every sorted set but the teams' own boards, the worst
        first: Redis takes half the time for members in order."""
        found: dict[str, dict[str, int]] = defaultdict(dict)
        for put in self.puts:
            if put.packed is None:
                continue
            found[f"players:{put.board}"][str(put.player_id)] = put.packed
            if put.team_id:
                found[f"team:{put.board}:{put.team_id}"][str(put.player_id)] = put.packed
        for name, scores in found.items():
            yield name, dict(sorted(scores.items(), key=lambda pair: pair[1]))

    def teams_in_steps(self, board: str) -> Iterator[list[int]]:
        """Yield the teams of a board; those of one step have few members together."""
        sizes = Counter(
            put.team_id
            for put in self.puts
            if put.board == board and put.team_id and put.packed is not None
        )
        step: list[int] = []
        members = 0
        for team_id, size in sorted(sizes.items()):
            if step and members + size + _TEAM_MEMBERS > STEP:
                yield step
                step, members = [], 0
            step.append(team_id)
            members += size + _TEAM_MEMBERS
        if step:
            yield step


class BoardBuilder:
    """Builds and removes the boards below a prefix. Every method raises `RedisError`."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._retotal = redis.register_script(RETOTAL)
        self._finish = redis.register_script(FINISH)
        self._leftover = redis.register_script(LEFTOVER)

    def build(self, here: str, plan: BoardContents) -> None:
        """Replace all boards below `here`, atomically for readers."""
        with patient(_BUILDING_SECONDS):
            name = secrets.token_hex(4)
            begun = f"{here}{name}:begun"
            self._redis.set(begun, "1", ex=_LONGEST_SECONDS)
            self._redis.sadd(here + "builds", name)
            try:
                self._write(f"{here}{name}:", plan)
                is_whole = self._finish(keys=[begun], args=[here, name])
            except BaseException:
                with suppress(RedisError):
                    self._redis.unlink(begun)
                raise
            if not is_whole:
                # Their names are lost, too.
                self._remove(here, name, plan.boards(), plan.team_ids())
                raise RedisError("Redis lost boards while they were built")
            self._tidy(here)

    def _write(self, prefix: str, plan: BoardContents) -> None:
        for commands in _steps(_commands(plan)):
            with self._redis.pipeline(transaction=False) as pipe:
                for command, name, arguments in commands:
                    pipe.execute_command(command, prefix + name, *arguments)
                pipe.execute()
        for board in plan.boards():
            for teams in plan.teams_in_steps(board):
                self._retotal(keys=[prefix + "boards"], args=[prefix, board, *teams])

    def tidy(self, here: str) -> None:
        """Remove what earlier builds, or those that a crash ended, have left below `here`."""
        with patient(_BUILDING_SECONDS):
            self._tidy(here)

    def wipe(self, here: str) -> None:
        """Remove every key of the boards below `here` except the revision; readers see all boards
        or none."""
        with patient(_BUILDING_SECONDS):
            self._redis.unlink(here + "whole")
            self._tidy(here)

    def _tidy(self, here: str) -> None:
        for found in self._leftover(keys=[here + "builds"], args=[here]):
            name = text_of(found)
            members = (f"{here}{name}:boards", f"{here}{name}:team_ids")
            boards, teams = (self._redis.smembers(member) for member in members)
            self._remove(here, name, map(text_of, boards), list(map(text_of, teams)))

    def _remove(
        self, here: str, name: str, boards: Iterable[str], teams: Sequence[int | str]
    ) -> None:
        prefix = f"{here}{name}:"
        for keys in chunks(_keys_of(boards, teams), _KEYS_AT_ONCE):
            self._redis.unlink(*(prefix + key for key in keys))
        self._redis.srem(here + "builds", name)


def text_of(value: bytes | str) -> str:
    """Return a reply of Redis as text."""
    return value.decode() if isinstance(value, bytes) else value


def _keys_of(boards: Iterable[str], teams: Sequence[int | str]) -> Iterator[str]:
    """Yield all keys of a build; those that tell the others' names come last."""
    for board in boards:
        yield from (f"team:{board}:{team}" for team in teams)
        yield from (f"{name}:{board}" for name in ("players", "teams", "versions"))
    yield from ("cards", "headcounts", "formula", "untotalled", "boards", "team_ids")


def _commands(plan: BoardContents) -> Iterator[tuple[str, str, list[Any]]]:
    """Yield (command, key, arguments) for all contents, few members at a time."""
    for name, members in plan.sets():
        for chunk in chunks(members, STEP):
            yield "SADD", name, chunk
    for name, fields in plan.hashes():
        for chunk in chunks(fields.items(), STEP):
            yield "HSET", name, [part for pair in chunk for part in pair]
    for name, scores in plan.sorted_sets():
        for chunk in chunks(scores.items(), STEP):
            yield "ZADD", name, [part for member, score in chunk for part in (score, member)]


def _steps(
    commands: Iterable[tuple[str, str, list[Any]]],
) -> Iterator[list[tuple[str, str, list[Any]]]]:
    """Group commands into batches for one round trip each."""
    gathered: list[tuple[str, str, list[Any]]] = []
    size = 0
    for command in commands:
        gathered.append(command)
        size += len(command[2])
        if size >= 2 * STEP:
            yield gathered
            gathered, size = [], 0
    if gathered:
        yield gathered
