"""What a stub player draws: some shapes, a fill, and now and then an undo. Pure."""

import math
from collections.abc import Sequence
from random import Random
from typing import Any

WIDTH, HEIGHT = 1000, 750
COLOURS, WIDTHS = 16, 6
POINTS_PER_BATCH = 12
# While the finger is down, the line is sent in batches; so many go into one message.
BATCHES_PER_MESSAGE = 3
CHANCE_OF_UNDO, CHANCE_OF_FILL, CHANCE_OF_CLEAR = 0.25, 0.3, 0.08

Op = dict[str, Any]
Point = tuple[int, int]


def sketch(random: Random) -> list[Op]:
    """Return a drawing as operations, in the order in which they are drawn."""
    ops: list[Op] = []
    for stroke in range(1, random.randint(3, 6) + 1):
        ops += _stroke(stroke, random)
        if random.random() < CHANCE_OF_UNDO:
            ops.append({"op": "undo"})
        elif random.random() < CHANCE_OF_FILL:
            ops.append(_fill(random))
        elif random.random() < CHANCE_OF_CLEAR:
            ops.append({"op": "clear"})
    return ops


def portion(ops: Sequence[Op], first: int) -> list[Op]:
    """Return the content of one message from an operation on: several batches, or one other
    operation."""
    if ops[first]["op"] != "draw":
        return [ops[first]]
    found: list[Op] = []
    for op in ops[first : first + BATCHES_PER_MESSAGE]:
        if op["op"] != "draw":
            break
        found.append(op)
    return found


def encoded(points: Sequence[Point]) -> list[int]:
    """Return points in the form of a batch: the first as it is, then the differences."""
    flat = list(points[0])
    for before, after in zip(points, points[1:], strict=False):
        flat += (after[0] - before[0], after[1] - before[1])
    return flat


def _stroke(number: int, random: Random) -> list[Op]:
    """Return a stroke in batches, each of which begins where the one before ended."""
    points = random.choice((_line, _ring))(random)
    style = {
        "stroke": number,
        "colour": random.randrange(COLOURS),
        "width": random.randrange(WIDTHS),
    }
    starts = range(0, max(len(points) - 1, 1), POINTS_PER_BATCH - 1)
    return [
        {"op": "draw", **style, "points": encoded(points[start : start + POINTS_PER_BATCH])}
        for start in starts
    ]


def _line(random: Random) -> list[Point]:
    """Return a line as an unsteady hand draws it."""
    x, y = random.uniform(0, WIDTH), random.uniform(0, HEIGHT)
    to_x, to_y = random.uniform(0, WIDTH), random.uniform(0, HEIGHT)
    steps = random.randint(4, 25)
    return [
        _on_canvas(
            x + (to_x - x) * step / steps + random.uniform(-4, 4),
            y + (to_y - y) * step / steps + random.uniform(-4, 4),
        )
        for step in range(steps + 1)
    ]


def _ring(random: Random) -> list[Point]:
    """Return an oval, which may touch the edge."""
    x, y = random.uniform(0, WIDTH), random.uniform(0, HEIGHT)
    wide, high = random.uniform(20, 200), random.uniform(20, 200)
    steps = random.randint(8, 30)
    turns = [2 * math.pi * step / steps for step in range(steps + 1)]
    return [_on_canvas(x + wide * math.cos(turn), y + high * math.sin(turn)) for turn in turns]


def _on_canvas(x: float, y: float) -> Point:
    return min(max(round(x), 0), WIDTH), min(max(round(y), 0), HEIGHT)


def _fill(random: Random) -> Op:
    colour = random.randrange(COLOURS)
    return {
        "op": "fill",
        "colour": colour,
        "x": random.randint(0, WIDTH),
        "y": random.randint(0, HEIGHT),
    }
