"""Paints a finished drawing as a PNG. Pure; call it in a child process.

Strokes and fills are replayed by the rules of `screen/sketch.js`. They are first painted as palette
indices without anti-aliasing, so that a fill compares single bytes. The returned picture is half as
large and has colours.
"""

import io
import re
from collections.abc import Sequence
from typing import Any

from PIL import Image, ImageDraw

from backend.activities.drawing.strokes import CANVAS_HEIGHT, CANVAS_WIDTH, Op, Point

# The colours of the phones' palette, then that of the paper: as in `screen/sketch.js`.
COLOURS = (
    *("#1d1d1f", "#7a7a80", "#c4c4c9", "#ffffff", "#d7263d", "#f46036", "#f9a620", "#ffd93d"),
    *("#2e933c", "#8ac926", "#1aa6b7", "#1d6fdc", "#5b3cc4", "#b23a9e", "#ff8fb1", "#7f4f24"),
)
PAPER_COLOUR = "#fffdf6"
WIDTHS = (4, 8, 14, 22, 34, 52)
PAPER = len(COLOURS)
SIZE = (CANVAS_WIDTH // 2, CANVAS_HEIGHT // 2)


def paint(ops: Sequence[Op]) -> bytes:
    """Return a drawing as a PNG of 500 × 375."""
    canvas = Image.new("L", (CANVAS_WIDTH, CANVAS_HEIGHT), PAPER)
    for mark in marks_of(ops):
        if mark["op"] == "fill":
            canvas = _filled(canvas, mark)
        else:
            _line(ImageDraw.Draw(canvas), mark)
    canvas.putpalette([part for colour in (*COLOURS, PAPER_COLOUR) for part in _rgb(colour)])
    written = io.BytesIO()
    shown = canvas.convert("RGB").resize(SIZE, Image.Resampling.BOX)
    shown.quantize(128).save(written, "PNG", optimize=True)
    return written.getvalue()


def marks_of(ops: Sequence[Op]) -> list[dict[str, Any]]:
    """Return the strokes (with absolute points) and fills that remain after undo and clear."""
    marks: list[dict[str, Any]] = []
    for op in ops:
        if op["op"] == "undo":
            marks = marks[:-1]
        elif op["op"] == "clear":
            marks = []
        elif op["op"] == "draw" and marks and marks[-1].get("stroke") == op["stroke"]:
            marks[-1]["points"].extend(_points(op["points"]))
        else:
            marks.append({**op, "points": _points(op.get("points", ()))})
    return marks


def _points(flat: Sequence[int]) -> list[Point]:
    """Return the points of a batch, which stores the first point and then differences."""
    points, x, y = [], 0, 0
    for dx, dy in zip(flat[::2], flat[1::2], strict=True):
        x, y = x + dx, y + dy
        points.append((x, y))
    return points


def _line(draw: ImageDraw.ImageDraw, mark: dict[str, Any]) -> None:
    colour, width = _place(mark["colour"]), WIDTHS[mark["width"]]
    points = mark["points"]
    if len(points) > 1:
        draw.line(points, fill=colour, width=width, joint="curve")
    for x, y in (points[0], points[-1]):
        draw.circle((x, y), width / 2, fill=colour)


def _place(colour: int) -> int:
    return colour if colour < PAPER else 0


def _filled(canvas: Image.Image, mark: dict[str, Any]) -> Image.Image:
    """Return the canvas with the area around a point filled with one colour.

    The area consists of horizontal runs of one colour; runs that touch in neighbouring lines belong
    together.
    """
    width, height = canvas.size
    x, y, colour = min(mark["x"], width - 1), min(mark["y"], height - 1), _place(mark["colour"])
    pixels = bytearray(canvas.tobytes())
    runs = re.compile(re.escape(bytes((pixels[y * width + x],))) + b"+")
    lines = [
        [found.span() for found in runs.finditer(pixels, line * width, (line + 1) * width)]
        for line in range(height)
    ]
    waiting = [(y, y * width + x, y * width + x + 1)]
    while waiting:
        line, left, right = waiting.pop()
        touching = [run for run in lines[line] if run[0] < right and left < run[1]]
        lines[line] = [run for run in lines[line] if run not in touching]
        for start, end in touching:
            pixels[start:end] = bytes((colour,)) * (end - start)
            waiting += [
                (near, start + (near - line) * width, end + (near - line) * width)
                for near in (line - 1, line + 1)
                if 0 <= near < height
            ]
    return Image.frombytes("L", canvas.size, bytes(pixels))


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
