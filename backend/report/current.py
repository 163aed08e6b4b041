"""Gives requests the report of an event."""

from backend.events.current import kinds
from backend.events.models import Event
from backend.report.service import EventReport, report_of
from backend.web import current


def report(event: Event) -> EventReport:
    """Return the report as it is now, see `Database.for_report`."""
    return current.database().for_report(lambda: computed(event))


def computed(event: Event) -> EventReport:
    """Return the report as it is now, read from the database that the caller reads."""
    return report_of(event, kinds(), current.now())
