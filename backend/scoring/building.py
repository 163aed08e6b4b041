"""Builds whole boards beside the live ones, and replaces these atomically.

Readers never see half a board, and Redis is never busy for long: a hundred thousand players are
written in small steps under temporary names, and Redis serves other clients between the steps.
"""

import json
import secrets
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from redis import Redis, RedisError

from backend.live.breaker import patient
from backend.offload.steps import chunks
from backend.scoring.ranking import Formula
from backend.scoring.scripts import EXCHANGE, RETOTAL, WIPE

_STEP = 1000
# Of these, the points of all members are added up in one step.
_TEAMS_AT_ONCE = 10
# Boards that a crash left unfinished expire after this time.
_LEFTOVER_SECONDS = 600
# Redis needs longer for the totals of a hundred thousand players than a request may wait.
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
        """Yield (key, {member: packed}) of every sorted set but the teams' own boards."""
        found: dict[str, dict[str, int]] = defaultdict(dict)
        for put in self.puts:
            if put.packed is None:
                continue
            found[f"players:{put.board}"][str(put.player_id)] = put.packed
            if put.team_id:
                found[f"team:{put.board}:{put.team_id}"][str(put.player_id)] = put.packed
        yield from found.items()


class BoardBuilder:
    """Builds and removes the boards below a prefix. Every method raises `RedisError`."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._retotal = redis.register_script(RETOTAL)
        self._exchange = redis.register_script(EXCHANGE)
        self._wipe = redis.register_script(WIPE)

    def build(self, here: str, plan: BoardContents) -> None:
        """Replace all boards below `here`, atomically for readers."""
        with patient(_BUILDING_SECONDS):
            self._build(here, plan)

    def _build(self, here: str, plan: BoardContents) -> None:
        made = f"{here}made:{secrets.token_hex(8)}:"
        self._redis.set(made + "begun", "1", ex=_LEFTOVER_SECONDS)
        for commands in _steps(_commands(plan)):
            self._write(made, commands)
        team_ids = plan.team_ids()
        for board in plan.boards():
            for teams in chunks(team_ids, _TEAMS_AT_ONCE):
                self._retotal(keys=[made + "begun"], args=[made, board, _LEFTOVER_SECONDS, *teams])
        if not self._exchange(keys=[made + "begun"], args=[here, made]):
            raise RedisError("Redis lost boards while they were made")

    def _write(self, made: str, commands: Sequence[tuple[str, str, list[Any]]]) -> None:
        with self._redis.pipeline(transaction=False) as pipe:
            for command, name, arguments in commands:
                pipe.execute_command(command, made + name, *arguments)
                pipe.expire(made + name, _LEFTOVER_SECONDS)
            pipe.execute()

    def wipe(self, here: str) -> None:
        """Remove every key of the boards below `here`."""
        with patient(_BUILDING_SECONDS):
            self._wipe(keys=[here + "built"], args=[here])


def _commands(plan: BoardContents) -> Iterator[tuple[str, str, list[Any]]]:
    """Yield (command, key, arguments) for all contents, few members at a time."""
    for name, members in plan.sets():
        for chunk in chunks(members, _STEP):
            yield "SADD", name, chunk
    for name, fields in plan.hashes():
        for chunk in chunks(fields.items(), _STEP):
            yield "HSET", name, [part for pair in chunk for part in pair]
    for name, scores in plan.sorted_sets():
        for chunk in chunks(scores.items(), _STEP):
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
        if size >= 2 * _STEP:
            yield gathered
            gathered, size = [], 0
    if gathered:
        yield gathered
