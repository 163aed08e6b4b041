"""The checks before an event that follow from numbers alone."""

import pytest

from backend.console.preflight import clock_line


@pytest.mark.parametrize(
    "apart_ms, level",
    [(0, "green"), (1_000, "green"), (1_001, "yellow"), (5_000, "yellow"), (5_001, "red")],
)
def test_clocks_may_be_a_second_apart(apart_ms: int, level: str) -> None:
    assert clock_line(apart_ms).level == level
