"""The rules of a contest: the order of its phases, deadlines, ties. Pure."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from backend.scoring.ranking import ranks

KIND = "contest"
VERSION = "contest-1"

IDLE, LOBBY, QUESTION, REVEAL, BOARD, PODIUM, DONE = (
    "idle",
    "lobby",
    "question",
    "reveal",
    "board",
    "podium",
    "done",
)
# How long after the end of the time an answer still counts.
GRACE_MS = 500


@dataclass(frozen=True)
class ContestPosition:
    """The phase of a contest, and the position of its round."""

    phase: str
    position: int


@dataclass(frozen=True)
class Timing:
    """How long the phases of a contest that runs by itself last."""

    lobby_seconds: int
    reveal_seconds: int
    board_seconds: int


def follows(where: ContestPosition, action: str, rounds: int) -> ContestPosition | None:
    """Return the position to which an action of the host leads, None if it is not allowed now.

    `begin`, `next` (question), `reveal`, `board`, `podium`, `dismiss`.
    """
    phase, position = where.phase, where.position
    if action == "begin" and phase in (IDLE, DONE):
        return ContestPosition(LOBBY, 0)
    if action == "next" and phase in (LOBBY, REVEAL, BOARD) and position < rounds:
        return ContestPosition(QUESTION, position + 1)
    if action == "reveal" and phase == QUESTION:
        return ContestPosition(REVEAL, position)
    if action == "board" and phase == REVEAL:
        return ContestPosition(BOARD, position)
    if action == "podium" and phase in (REVEAL, BOARD):
        return ContestPosition(PODIUM, position)
    if action == "dismiss" and phase in (LOBBY, PODIUM):
        return ContestPosition(DONE, position)
    return None


def is_there(where: ContestPosition, action: str, position: int | None) -> bool:
    """Return whether an action has been done before, by a double tap or another host.

    `position` is the round that the host means. `next` counts as done only while its question is
    on: later, a host may mean the following round.
    """
    if action in ("next", "reveal", "board") and position is None:
        return False
    if action == "next":
        return where == ContestPosition(QUESTION, position or 1)
    order = {"reveal": (REVEAL, BOARD, PODIUM), "board": (BOARD, PODIUM)}
    if action in order:
        assert position is not None
        return 0 < position < where.position or (
            where.position == position and where.phase in order[action]
        )
    return {"begin": LOBBY, "podium": PODIUM, "dismiss": DONE}[action] == where.phase


def due(
    where: ContestPosition, since_ms: int, seconds: int, rounds: int, timing: Timing
) -> str | None:
    """Return the action that is due in a contest that runs by itself, None before it is due.

    `since_ms` is how long the phase has lasted, pauses not counted; `seconds` the question's time.
    """
    if where.phase == LOBBY and since_ms >= timing.lobby_seconds * 1000:
        return "next"
    if where.phase == QUESTION and since_ms >= seconds * 1000 + GRACE_MS:
        return "reveal"
    if where.phase == REVEAL and since_ms >= timing.reveal_seconds * 1000:
        return "board"
    if where.phase == BOARD and since_ms >= timing.board_seconds * 1000:
        return "next" if where.position < rounds else "podium"
    return None


def in_time(used_ms: int, seconds: int) -> bool:
    """Return whether an answer counts after so much used time; pauses are not part of it."""
    return used_ms < seconds * 1000 + GRACE_MS


def streak_after(before: int | None, correct: bool) -> int:
    """Return the streak after a round; `before` is the one before it, None without an answer."""
    return (before or 0) + 1 if correct else 0


def ranked(
    points: Mapping[int, int], playoffs: Sequence[Mapping[int, int]] = ()
) -> list[tuple[int, int]]:
    """Return (place, player) in order: by points, then by playoffs; equals share the place.

    `points` is {player: points} of the contest. Each playoff is {player: time used} of those who
    were right in it: right comes before wrong, and of two who are right the faster.
    """

    def strength(player: int) -> tuple[float, ...]:
        return (-points[player], *(times.get(player, math.inf) for times in playoffs))

    ordered = sorted(points, key=lambda one: (strength(one), one))
    return list(zip(ranks([strength(player) for player in ordered]), ordered, strict=True))


def tied_after(
    points: Mapping[int, int], playoffs: Sequence[Mapping[int, int]] = (), places: int = 3
) -> list[int]:
    """Return the players who share one of the first places, of several the highest; else nobody.

    Those without points do not play off.
    """
    by_place: dict[int, list[int]] = {}
    for place, player in ranked(points, playoffs):
        if place <= places and points[player] > 0:
            by_place.setdefault(place, []).append(player)
    return next((same for _, same in sorted(by_place.items()) if len(same) > 1), [])


def distribution(offered: Sequence[str], choices: Sequence[str]) -> dict[str, int]:
    """Return {letter: how many chose it}; of several letters in a choice each counts."""
    counted = dict.fromkeys(offered, 0)
    for choice in choices:
        for letter in choice.split(","):
            counted[letter] += 1
    return counted
