"""Drawings as pictures."""

import io
from typing import Any

from PIL import Image

from backend.activities.drawing.painting import COLOURS, PAPER_COLOUR, SIZE, paint
from backend.activities.drawing.strokes import Op

SQUARE: Op = {
    "op": "draw",
    "stroke": 1,
    "colour": 4,
    "width": 2,
    "points": [100, 100, 300, 0, 0, 300, -300, 0, 0, -300],
}


def colours(*ops: Op) -> tuple[str, str]:
    """Return the colour inside the square, and that of a corner."""
    picture = Image.open(io.BytesIO(paint(ops))).convert("RGB")
    assert picture.size == SIZE
    inside, corner = picture.getpixel((125, 125)), picture.getpixel((490, 370))
    return _hex(inside), _hex(corner)


def _hex(colour: Any) -> str:
    return "#" + "".join(f"{part:02x}" for part in colour)


def fill(colour: int, x: int = 200, y: int = 200) -> Op:
    return {"op": "fill", "colour": colour, "x": x, "y": y}


def test_fill_stays_within_its_line() -> None:
    assert colours(SQUARE, fill(7)) == (COLOURS[7], PAPER_COLOUR)
    assert colours(SQUARE, fill(10, 900, 700)) == (PAPER_COLOUR, COLOURS[10])


def test_undo_takes_the_last_mark_and_clear_all() -> None:
    assert colours(SQUARE, fill(7), {"op": "undo"}) == (PAPER_COLOUR, PAPER_COLOUR)
    assert colours(SQUARE, {"op": "clear"}, fill(7)) == (COLOURS[7], COLOURS[7])


def test_batches_of_a_stroke_are_one_mark() -> None:
    more: Op = {**SQUARE, "points": [100, 100, 50, 50]}
    assert colours(SQUARE, more, {"op": "undo"}, fill(7)) == (COLOURS[7], COLOURS[7])


def test_drawing_without_marks_is_paper() -> None:
    assert colours() == (PAPER_COLOUR, PAPER_COLOUR)
