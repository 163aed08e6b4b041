"""Counts a turn of 你画我猜 again, by its own implementation of the rules in `docs/api.md`. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

BASE_POINTS, TIME_POINTS = 20, 60
FIRST_POINTS = (20, 10, 5)


@dataclass(frozen=True)
class RightGuess:
    """A right guess. `place` and `points` are those of the answer to the guesser. Without an answer
    `place` is None and the points are the ledger's. `at` is the ledger's moment in ms, None if it
    has none.
    """

    player_id: int
    place: int | None
    points: int
    at: int | None


@dataclass(frozen=True)
class SeenTurn:
    """A turn as the phones saw it; `drawn_from` is when the drawing began, in ms."""

    drawer_id: int
    drawn_from: int | None
    draw_ms: int
    is_void: bool
    hits: tuple[RightGuess, ...]


@dataclass(frozen=True)
class TurnResult:
    """The points that a turn must have earned, {player: points}, and impossible answers of the
    server."""

    points: dict[int, int]
    wrong: tuple[tuple[int, str], ...] = ()


def guess_points(used_ms: int, draw_ms: int, place: int) -> int:
    """Return what a right guess earns."""
    left_ms = min(max(draw_ms - used_ms, 0), draw_ms)
    first = FIRST_POINTS[place - 1] if place <= len(FIRST_POINTS) else 0
    return BASE_POINTS + TIME_POINTS * left_ms // draw_ms + first


def drawer_points(guessers: Sequence[int]) -> int:
    """Return the mean of what guessers earned, halves rounded up."""
    return (2 * sum(guessers) + len(guessers)) // (2 * len(guessers)) if guessers else 0


def count(turn: SeenTurn) -> TurnResult:
    """Count a turn that is over."""
    wrong = [(hit.player_id, text) for hit in turn.hits if (text := _wrong_points(hit, turn))]
    wrong += _wrong_places(turn)
    if turn.is_void or not turn.hits:
        return TurnResult({}, tuple(wrong))
    points = {hit.player_id: hit.points for hit in turn.hits}
    points[turn.drawer_id] = drawer_points(list(points.values()))
    return TurnResult(points, tuple(wrong))


def _wrong_points(hit: RightGuess, turn: SeenTurn) -> str:
    """Return what is wrong with the points of a guess; nothing if they are right."""
    if hit.at is None:
        # No entry in the ledger is right for a void turn; for any other turn another check reports
        # it.
        return ""
    if turn.drawn_from is None:
        return "猜中了，却没有人见过这一轮开画"
    used_ms = hit.at - turn.drawn_from
    if not 0 <= used_ms <= turn.draw_ms:
        return f"开画 {used_ms} 毫秒后猜中，不在作画时间内"
    places = (hit.place,) if hit.place else range(1, len(FIRST_POINTS) + 2)
    right = [guess_points(used_ms, turn.draw_ms, place) for place in places]
    if hit.points not in right:
        return f"第 {hit.place} 个猜中，应得 {right[0]} 分，得到 {hit.points} 分"
    return ""


def _wrong_places(turn: SeenTurn) -> list[tuple[int, str]]:
    """Check that places are 1, 2, 3, …, that none is shared, and that the drawer has none."""
    places = sorted(hit.place for hit in turn.hits if hit.place is not None)
    wrong = [
        (hit.player_id, "给自己的画猜词") for hit in turn.hits if hit.player_id == turn.drawer_id
    ]
    if len(set(places)) < len(places) or (places and places[-1] > len(turn.hits)):
        wrong.append((turn.drawer_id, f"{len(turn.hits)} 人猜中，名次是 {places}"))
    return wrong
