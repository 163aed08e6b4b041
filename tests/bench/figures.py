"""Figures: what was measured against the baseline, as a table and as `bench.json`."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from rich.table import Table

from tests.bench.processor import Spent, middle, rounded

UNIT = "requests/s"
MOST_LOST = 0.2
# A row of the table in docs/performance.md: `name` and ratio.
_KEPT = re.compile(r"^\| `(\w+)` \| ([\d.]+) ", re.MULTILINE)


@dataclass(frozen=True)
class Repeat:
    """One measurement and the baseline right before it, in requests per second.

    Also the processor time of a request, where it was measured.
    """

    baseline: float
    value: float
    bare: Spent | None = None
    spent: Spent | None = None

    @property
    def ratio(self) -> float:
        """How the measurement compares with the baseline."""
        return self.value / self.baseline


@dataclass(frozen=True)
class Figure:
    """A scenario's repeats; one that failed says why and counts as missed.

    A limit is what a value must not be above; its ratio is the limit by the value.
    """

    name: str
    target: float
    repeats: Sequence[Repeat]
    failure: str = ""
    unit: str = UNIT
    is_limit: bool = False

    @property
    def ratio(self) -> float:
        """The median of the repeats' ratios, which is not the ratio of the medians."""
        ratio = median(repeat.ratio for repeat in self.repeats)
        return 1 / ratio if self.is_limit else ratio

    @property
    def value(self) -> float:
        """The median of the measurements."""
        return median(repeat.value for repeat in self.repeats)

    @property
    def baseline(self) -> float:
        """The median of the baselines."""
        return median(repeat.baseline for repeat in self.repeats)

    @property
    def spent(self) -> tuple[Spent, Spent] | None:
        """The medians of the processor time of a request: the baseline's, and ours.

        None if not measured.
        """
        found = [(one.bare, one.spent) for one in self.repeats if one.bare and one.spent]
        if not found:
            return None
        return middle([bare for bare, _ in found]), middle([ours for _, ours in found])

    @property
    def met(self) -> bool:
        """Whether the target is met."""
        return not self.failure and self.ratio >= self.target

    def as_json(self) -> dict[str, Any]:
        """Return what `bench.json` says of it."""
        result = {
            "ratio": round(self.ratio, 4),
            "value": round(self.value, 1),
            "baseline": round(self.baseline, 1),
            "unit": self.unit,
        }
        if self.spent:
            bare, ours = self.spent
            result["processor_us"] = {"bare": rounded(bare), "ours": rounded(ours)}
        return result


def table(figures: Sequence[Figure]) -> Table:
    """Return the table to print."""
    result = Table(title="Linka against its bare counterparts (medians)", title_justify="left")
    result.add_column("name")
    for name in ("value", "baseline", "unit", "ratio", "target"):
        result.add_column(name, justify="right")
    result.add_column("ok")
    for figure in figures:
        result.add_row(figure.name, *_cells(figure))
    return result


def _cells(figure: Figure) -> tuple[str, ...]:
    if figure.failure:
        return "-", "-", "-", "-", f"{figure.target:.2f}", f"[red]FAILED: {figure.failure}[/red]"
    return (
        _number(figure.value),
        _number(figure.baseline),
        figure.unit,
        f"{figure.ratio:.3f}",
        f"{figure.target:.2f}",
        "[green]yes[/green]" if figure.met else "[red]MISSED[/red]",
    )


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.2f}"


def processor_table(figures: Sequence[Figure]) -> Table:
    """Return the table of processor time to print."""
    result = Table(
        title="Processor time of one request in µs (medians; beside it what shares the machine)",
        title_justify="left",
    )
    result.add_column("name")
    for name in ("bare", "workers", "database", "Redis", "bare by ours", "emulator", "load"):
        result.add_column(name, justify="right")
    for figure in figures:
        if figure.failure or not figure.spent:
            continue
        bare, ours = figure.spent
        parts = (bare.served, ours.workers, ours.database, ours.redis)
        row = [*(f"{part:,.0f}" for part in parts), f"{bare.served / ours.served:.3f}"]
        result.add_row(figure.name, *row, f"{ours.emulator:,.0f}", f"{ours.load:,.0f}")
    return result


def fallen(figures: Sequence[Figure], kept: Path) -> list[str]:
    """Return sentences about the ratios that are more than a fifth below those of a document.

    Its table has the name in the first column and the ratio in the second. A figure that could not
    be measured counts as fallen; names that the document lacks are left out.
    """
    known = {name: float(ratio) for name, ratio in _KEPT.findall(kept.read_text(encoding="utf-8"))}
    found = []
    for figure in figures:
        least = known.get(figure.name, 0.0) * (1 - MOST_LOST)
        if figure.failure:
            found.append(f"{figure.name}: {figure.failure}")
        elif figure.ratio < least:
            found.append(f"{figure.name}: {figure.ratio:.3f}, at least {least:.3f} is wanted")
    return found


def write(figures: Sequence[Figure], path: Path) -> None:
    """Write `bench.json`; a scenario that failed has no figure and is left out."""
    content = {figure.name: figure.as_json() for figure in figures if not figure.failure}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
