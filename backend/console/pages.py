"""All pages of the console: importing this module puts them on the blueprint."""

from backend.console import activities, crew, entry, events, rehearse, teaching
from backend.console.frame import blueprint

__all__ = ["activities", "blueprint", "crew", "entry", "events", "rehearse", "teaching"]
