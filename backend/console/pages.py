"""All pages of the console: importing this module puts them on the blueprint."""

from backend.console import (
    activities,
    agenda,
    audit,
    boards,
    build,
    corrections,
    crew,
    downloads,
    entry,
    events,
    moderation,
    people,
    prepare,
    rehearse,
    report,
    run,
    teaching,
)
from backend.console.frame import blueprint

__all__ = [
    "activities",
    "agenda",
    "audit",
    "blueprint",
    "boards",
    "build",
    "corrections",
    "crew",
    "downloads",
    "entry",
    "events",
    "moderation",
    "people",
    "prepare",
    "rehearse",
    "report",
    "run",
    "teaching",
]
