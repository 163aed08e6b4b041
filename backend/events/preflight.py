"""The lines of a list of checks before an event: one for each thing that is needed."""

from collections.abc import Iterable
from dataclasses import dataclass

from backend.errors import Sentence

# No problem; worth a look; the evening cannot be played like this.
GREEN, YELLOW, RED = "green", "yellow", "red"
LEVELS = (GREEN, YELLOW, RED)

# Pages where a line can be fixed, for links in the console.
BUILD, BANKS, ROSTER, PREPARE, SCREEN, PANEL, NOWHERE = (
    "build",
    "banks",
    "roster",
    "prepare",
    "screen",
    "panel",
    "",
)


@dataclass(frozen=True)
class PreflightLine:
    """One thing that was checked: its level, a sentence, and the page where it can be fixed.

    `activity_id` is of the activity whose panel fixes it, with `PANEL` alone.
    """

    level: str
    about: Sentence
    text: Sentence
    mended_at: str = NOWHERE
    activity_id: int | None = None


def of_lacks(about: Sentence, lacks: Iterable[Sentence], mended_at: str) -> list[PreflightLine]:
    """Return a red line for each thing that is missing."""
    return [PreflightLine(RED, about, lack, mended_at) for lack in lacks]


def worst(lines: Iterable[PreflightLine]) -> str:
    """Return the worst level of lines."""
    return max((line.level for line in lines), key=LEVELS.index, default=GREEN)
