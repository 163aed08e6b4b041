"""The picture that operations of a drawing lead to, as the pages draw it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from backend.activities.drawing.strokes import Op, Point, decoded


@dataclass(frozen=True)
class Mark:
    """What one undo takes away: a stroke, or a fill (`stroke` is None) from its one point."""

    stroke: int | None
    colour: int
    width: int
    points: tuple[Point, ...]


Canvas = tuple[Mark, ...]


def encoded(points: Sequence[Point]) -> list[int]:
    """Return points as a batch carries them: the first as it is, the others as differences."""
    flat: list[int] = []
    x = y = 0
    for point_x, point_y in points:
        flat += (point_x - x, point_y - y)
        x, y = point_x, point_y
    return flat


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
