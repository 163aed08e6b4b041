"""Drawings replay: to the same picture, from any point, whatever was drawn, undone and cleared."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.activities.drawing.strokes import POINTS_PER_BATCH, BadStroke, decoded, weight
from tests.drawing.canvas import Mark, drawn, encoded, replay

POINTS = st.lists(st.tuples(st.integers(0, 1000), st.integers(0, 750)), min_size=1, max_size=8)
DRAWS = st.builds(
    lambda stroke, points: {
        "op": "draw",
        "stroke": stroke,
        "colour": 1,
        "width": 2,
        "points": encoded(points),
    },
    st.integers(0, 3),
    POINTS,
)
FILLS = st.just({"op": "fill", "colour": 3, "x": 5, "y": 6})
OPS = st.lists(DRAWS | FILLS | st.sampled_from([{"op": "undo"}, {"op": "clear"}]), max_size=30)


def draw(stroke: int, *points: tuple[int, int]) -> dict[str, Any]:
    """Return a batch."""
    return {"op": "draw", "stroke": stroke, "colour": 0, "width": 1, "points": encoded(points)}


@given(POINTS)
def test_coding_round_trips(points: list[tuple[int, int]]) -> None:
    assert decoded(encoded(points)) == tuple(points)


def test_only_the_first_point_is_written_whole() -> None:
    assert encoded([(500, 300), (503, 299), (503, 305)]) == [500, 300, 3, -1, 0, 6]


@given(OPS, st.integers(0, 30))
def test_any_beginning_and_the_rest_equal_the_whole(ops: list[dict[str, Any]], at: int) -> None:
    assert replay(ops[at:], replay(ops[:at])) == replay(ops)


@given(OPS, POINTS)
def test_undo_takes_a_new_stroke_back(ops: list[dict[str, Any]], points: Any) -> None:
    assert replay([*ops, draw(99, *points), {"op": "undo"}]) == replay(ops)


@given(OPS, st.lists(POINTS, min_size=1, max_size=4))
def test_undo_takes_all_batches_of_a_stroke_back(ops: list[dict[str, Any]], parts: Any) -> None:
    batches = [draw(99, *points) for points in parts]
    assert replay([*ops, *batches, {"op": "undo"}]) == replay(ops)


@given(OPS)
def test_clear_empties(ops: list[dict[str, Any]]) -> None:
    assert replay([*ops, {"op": "clear"}]) == ()


def test_undo_of_nothing_is_harmless() -> None:
    assert drawn((), {"op": "undo"}) == ()


def test_batches_of_a_stroke_are_one_mark() -> None:
    canvas = replay([draw(1, (0, 0), (5, 5)), draw(1, (5, 5), (9, 9)), draw(2, (1, 1))])
    assert canvas == (
        Mark(1, 0, 1, ((0, 0), (5, 5), (5, 5), (9, 9))),
        Mark(2, 0, 1, ((1, 1),)),
    )


def test_fill_is_a_mark_of_its_own() -> None:
    fill = {"op": "fill", "colour": 3, "x": 5, "y": 6}
    assert replay([draw(1, (0, 0)), fill, {"op": "undo"}]) == replay([draw(1, (0, 0))])


@pytest.mark.parametrize(
    "flat",
    [
        [],
        [1],
        [1, 2, 3],
        [1001, 0],
        [0, 751],
        [-1, 0],
        [0, 0, -1, 0],
        [999, 0, 2, 0],
        [0, 0] * (POINTS_PER_BATCH + 1),
    ],
)
def test_batch_that_cannot_be_drawn_is_refused(flat: list[int]) -> None:
    with pytest.raises(BadStroke):
        decoded(flat)


def test_weight_counts_points() -> None:
    assert weight([draw(1, (0, 0), (5, 5)), {"op": "undo"}, draw(2, (1, 1))]) == 3
