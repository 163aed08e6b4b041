"""Which members of a team came to which event, for the leader of the team."""

from dataclasses import dataclass

from backend.events import lifecycle
from backend.events.models import Event, Player
from backend.identity.models import Staff

# How many events are shown, the newest first.
NEWEST = 20


@dataclass(frozen=True)
class Attendance:
    """An event: how many of the team came, and which of today's members did not."""

    event: Event
    came: int
    absent: list[Staff]


def members(team_id: int) -> list[Staff]:
    """Return the active members of a team."""
    found = Staff.select().where(Staff.team == team_id, Staff.active)
    return list(found.order_by(Staff.number))


def of_team(team_id: int, now: int) -> list[Attendance]:
    """Return the attendance of a team at the newest events that were opened.

    Rehearsals are left out.
    """
    people = members(team_id)
    events = Event.select().where(~Event.rehearsal, Event.opens_at <= now)
    began = events.where(Event.state != lifecycle.DRAFT).order_by(Event.opens_at.desc())
    found = []
    for event in began.limit(NEWEST):
        seats = Player.select(Player.staff_id, Player.team_id).where(
            Player.event == event, Player.staff_id.is_null(False), Player.status == "active"
        )
        seated = dict(seats.tuples())
        absent = [person for person in people if person.id not in seated]
        found.append(Attendance(event, list(seated.values()).count(team_id), absent))
    return found
