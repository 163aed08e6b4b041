"""All pages of the console: importing this module puts them on the blueprint."""

from backend.console import activities, entry, events
from backend.console.frame import blueprint

__all__ = ["activities", "blueprint", "entry", "events"]
