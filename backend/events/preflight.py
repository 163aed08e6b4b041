"""What a list of checks before an event says: one line for each thing that has to be there."""

from collections.abc import Iterable
from dataclasses import dataclass

from backend.errors import Sentence

# Nothing to do; worth a look; the evening does not work like this.
GREEN, YELLOW, RED = "green", "yellow", "red"
LEVELS = (GREEN, YELLOW, RED)

# Where a line is mended, for the console to link to.
BUILD, BANKS, ROSTER, PREPARE, SCREEN, NOWHERE = (
    "build",
    "banks",
    "roster",
    "prepare",
    "screen",
    "",
)


@dataclass(frozen=True)
class PreflightLine:
    """One thing that was checked: how it stands, in a sentence, and where it is mended."""

    level: str
    about: Sentence
    text: Sentence
    mended_at: str = NOWHERE


def of_lacks(about: Sentence, lacks: Iterable[Sentence], mended_at: str) -> list[PreflightLine]:
    """Return a red line for each thing that is missing."""
    return [PreflightLine(RED, about, lack, mended_at) for lack in lacks]


def worst(lines: Iterable[PreflightLine]) -> str:
    """Return the worst level of lines."""
    return max((line.level for line in lines), key=LEVELS.index, default=GREEN)
