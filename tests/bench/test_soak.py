"""`make soak` for five minutes: it plays, measures, and reports growth."""

import subprocess
import sys

import pytest

from tests.bench.soak import Sample, growth
from tests.installation import ROOT


@pytest.mark.timeout(900)
def test_soak_of_five_minutes_finds_nothing() -> None:
    command = [sys.executable, "-m", "tests.bench.soak", "--minutes", "5", "--people", "60"]
    done = subprocess.run(
        # Slow requests here show only how busy the machine is.
        [*command, "--most-ms", "60000"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=850,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "60 people with a socket each" in done.stdout


def test_what_grows_after_everybody_came_is_named() -> None:
    arriving, warm = Sample(10, 50, 100, 1), Sample(40, 200, 500, 10)
    flat, grown = Sample(100, 205, 510, 10.5), Sample(100, 300, 900, 30)
    assert growth([arriving, warm, flat], 100) == []
    assert [line.split()[0] for line in growth([arriving, warm, grown], 100)] == [
        "memory_mb",
        "descriptors",
        "redis_mb",
    ]
