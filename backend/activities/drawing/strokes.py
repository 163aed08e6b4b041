"""Drawings as lists of operations: what may be sent. Pure.

The canvas is 1000 × 750, in whole numbers. An operation is one of
`{op: "draw", stroke, colour, width, points: [x0, y0, dx, dy, …]}`, `{op: "undo"}`, `{op: "clear"}` and
`{op: "fill", colour, x, y}`. A stroke comes in batches: each begins with the point where it goes on,
and holds the way from point to point after it.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from backend.errors import Sentence

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


class BadStroke(ValueError):
    """A batch that cannot be drawn; `sentence` is the reason."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(sentence.en)
        self.sentence = sentence


def decoded(flat: Sequence[int]) -> tuple[Point, ...]:
    """Return the points of a batch; raises `BadStroke` unless they are pairs and on the canvas."""
    if not flat or len(flat) % 2:
        raise BadStroke(Sentence("坐标须成对。", "Points come in pairs."))
    if len(flat) > 2 * POINTS_PER_BATCH:
        raise BadStroke(
            Sentence(
                f"一次最多 {POINTS_PER_BATCH} 个点。",
                f"There are more than {POINTS_PER_BATCH} points.",
            )
        )
    points: list[Point] = []
    x = y = 0
    for dx, dy in zip(flat[::2], flat[1::2], strict=True):
        x, y = x + dx, y + dy
        if not (0 <= x <= CANVAS_WIDTH and 0 <= y <= CANVAS_HEIGHT):
            raise BadStroke(Sentence("画到画布外面了。", "A point lies outside the canvas."))
        points.append((x, y))
    return tuple(points)


def batches_of(said: Mapping[str, Any]) -> list[Op]:
    """Return the batches that a phone sent as operations."""
    return [{"op": "draw", **batch} for batch in said["batches"]]


def fill_of(said: Mapping[str, Any]) -> list[Op]:
    """Return the fill that a phone sent as an operation."""
    return [{"op": "fill", "colour": said["colour"], "x": said["x"], "y": said["y"]}]


def weight(ops: Iterable[Op]) -> int:
    """Return how many points operations hold."""
    return sum(len(op.get("points", ())) // 2 for op in ops)
