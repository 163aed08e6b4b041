"""`make soak` for a very short time: it plays, measures, and reports growth."""

import subprocess
import sys

from tests.bench.soak import Sample, growth
from tests.installation import ROOT


def test_a_short_soak_finds_nothing() -> None:
    command = [sys.executable, "-m", "tests.bench.soak", "--minutes", "0.3", "--people", "20"]
    done = subprocess.run(
        # Slow requests here show only how busy the machine is.
        [*command, "--most-ms", "60000"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "20 people with a socket each" in done.stdout


def test_what_grows_after_everybody_came_is_named() -> None:
    arriving, warm = Sample(10, 50, 100, 1), Sample(40, 200, 500, 10)
    flat, grown = Sample(100, 205, 510, 10.5), Sample(100, 300, 900, 30)
    assert growth([arriving, warm, flat], 100) == []
    assert [line.split()[0] for line in growth([arriving, warm, grown], 100)] == [
        "memory_mb",
        "descriptors",
        "redis_mb",
    ]
