"""Figures: what was measured against the baseline, as a table and as `bench.json`."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from rich.table import Table

from tests.bench.processor import Spent, middle, rounded

UNIT = "requests/s"


@dataclass(frozen=True)
class Repeat:
    """One measurement and the baseline's right before it, in requests per second; and what each
    request took of the processor, where that was measured."""

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
        """The medians of what a request took: the bare one, and ours; None if not measured."""
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
        f"{figure.value:,.0f}",
        f"{figure.baseline:,.0f}",
        figure.unit,
        f"{figure.ratio:.3f}",
        f"{figure.target:.2f}",
        "[green]yes[/green]" if figure.met else "[red]MISSED[/red]",
    )


def processor_table(figures: Sequence[Figure]) -> Table:
    """Return the table of processor time to print."""
    result = Table(
        title="Processor time of one request in µs (medians; the load tool's own beside it)",
        title_justify="left",
    )
    result.add_column("name")
    for name in ("bare", "workers", "database", "Redis", "bare by ours", "load"):
        result.add_column(name, justify="right")
    for figure in figures:
        if figure.failure or not figure.spent:
            continue
        bare, ours = figure.spent
        parts = (bare.served, ours.workers, ours.database, ours.redis)
        row = [*(f"{part:,.0f}" for part in parts), f"{bare.served / ours.served:.3f}"]
        result.add_row(figure.name, *row, f"{ours.load:,.0f}")
    return result


def write(figures: Sequence[Figure], path: Path) -> None:
    """Write `bench.json`; a scenario that failed has no figure and is left out."""
    content = {figure.name: figure.as_json() for figure in figures if not figure.failure}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
