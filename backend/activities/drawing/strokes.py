"""Drawings as lists of operations: what may be sent, and what is seen when they are replayed. Pure.

The canvas is 1000 × 750, in whole numbers. An operation is one of
`{op: "draw", stroke, colour, width, points: [x0, y0, dx, dy, …]}`, `{op: "undo"}`, `{op: "clear"}` and
`{op: "fill", colour, x, y}`. A stroke comes in batches: each begins with the point where it goes on,
and holds the way from point to point after it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

CANVAS_WIDTH, CANVAS_HEIGHT = 1000, 750
COLOURS, WIDTHS = 16, 6
POINTS_PER_BATCH = 200
# A socket takes messages of 16 KiB.
BATCHES_PER_MESSAGE = 8
# Twenty a second for as long as the longest turn lasts would be 6,000; nobody draws without a pause.
OPS_PER_TURN = 3_000
POINTS_PER_TURN = 20_000
MAX_STROKE = 100_000

Point = tuple[int, int]
Op = dict[str, Any]


@dataclass(frozen=True)
class Mark:
    """What one undo takes away: a stroke, or a fill (`stroke` is None) from its one point."""

    stroke: int | None
    colour: int
    width: int
    points: tuple[Point, ...]


Canvas = tuple[Mark, ...]


class BadStroke(ValueError):
    """A batch that cannot be drawn."""


def encoded(points: Sequence[Point]) -> list[int]:
    """Return points as a batch carries them: the first as it is, the others as differences."""
    flat: list[int] = []
    x = y = 0
    for point_x, point_y in points:
        flat += (point_x - x, point_y - y)
        x, y = point_x, point_y
    return flat


def decoded(flat: Sequence[int]) -> tuple[Point, ...]:
    """Return the points of a batch; raises `BadStroke` unless they are pairs and on the canvas."""
    if not flat or len(flat) % 2:
        raise BadStroke("points come in pairs")
    if len(flat) > 2 * POINTS_PER_BATCH:
        raise BadStroke(f"more than {POINTS_PER_BATCH} points")
    points: list[Point] = []
    x = y = 0
    for dx, dy in zip(flat[::2], flat[1::2], strict=True):
        x, y = x + dx, y + dy
        if not (0 <= x <= CANVAS_WIDTH and 0 <= y <= CANVAS_HEIGHT):
            raise BadStroke("outside the canvas")
        points.append((x, y))
    return tuple(points)


def drawn(canvas: Canvas, op: Op) -> Canvas:
    """Return what is seen after one more operation."""
    match op["op"]:
        case "draw":
            return _with_batch(canvas, op)
        case "fill":
            return (*canvas, Mark(None, op["colour"], 0, ((op["x"], op["y"]),)))
        case "undo":
            return canvas[:-1]
        case _:
            return ()


def _with_batch(canvas: Canvas, op: Op) -> Canvas:
    """A batch goes on with the stroke that was drawn last, or begins another."""
    points = decoded(op["points"])
    last = canvas[-1] if canvas else None
    if last is not None and last.stroke == op["stroke"]:
        return (*canvas[:-1], replace(last, points=last.points + points))
    return (*canvas, Mark(op["stroke"], op["colour"], op["width"], points))


def replay(ops: Iterable[Op], canvas: Canvas = ()) -> Canvas:
    """Return what is seen after operations, from an empty canvas or from one that is there."""
    for op in ops:
        canvas = drawn(canvas, op)
    return canvas


def weight(ops: Iterable[Op]) -> int:
    """Return how many points operations hold."""
    return sum(len(op.get("points", ())) // 2 for op in ops)
