"""All pages of the console: importing this module puts them on the blueprint."""

from backend.console import entry, events
from backend.console.frame import blueprint

__all__ = ["blueprint", "entry", "events"]
