"""The arithmetic of the figures, and the shape of `bench.json`."""

import json
from pathlib import Path

import pytest

from tests.bench.figures import Figure, Repeat, write

REPEATS = (Repeat(1000.0, 500.0), Repeat(2000.0, 500.0), Repeat(4000.0, 1800.0))


def test_the_ratio_is_the_median_of_the_repeats() -> None:
    figure = Figure("mix", 0.3, REPEATS)
    assert (figure.ratio, figure.value, figure.baseline) == (0.45, 500.0, 2000.0)


@pytest.mark.parametrize(("target", "met"), [(0.3, True), (0.45, True), (0.46, False)])
def test_a_target_is_met_from_its_own_value_on(target: float, met: bool) -> None:
    assert Figure("mix", target, REPEATS).met is met


def test_a_scenario_that_failed_has_missed_its_target() -> None:
    assert not Figure("mix", 0.0, REPEATS, "3 answers were not a 200").met


def test_the_file_holds_name_ratio_value_baseline_and_unit(tmp_path: Path) -> None:
    path = tmp_path / "data" / "bench.json"
    write([Figure("mix", 0.3, REPEATS), Figure("login", 0.2, (), "no answer in time")], path)
    assert json.loads(path.read_text()) == {
        "mix": {"ratio": 0.45, "value": 500.0, "baseline": 2000.0, "unit": "requests/s"}
    }
