"""Who has arrived at an event: what the big screen shows, and, for hosts alone, who of the roster
is missing.
"""

from typing import Any

from peewee import fn

from backend.events.models import Event, EventTeam, Player
from backend.identity.models import Staff, Team

# How many of the latest arrivals are named on the screen.
NEWEST = 60


def arrived(event_id: int) -> dict[str, Any]:
    """Return who has arrived: `total` with guests, `guests`, `teams` by number, `newest` first.

    A team is `whole` when as many people have arrived as it has members on the roster. Guests are
    counted and not named, because they choose their names themselves.
    """
    here = (Player.event == event_id) & (Player.status == "active")
    counts = dict(
        Player.select(Player.team_id, fn.COUNT(Player.id))
        .where(here, Player.staff_id.is_null(False))
        .group_by(Player.team_id)
        .tuples()
    )
    teams = [
        {
            "id": team.team_id,
            "name": team.name,
            "count": counts[team.team_id],
            "whole": counts[team.team_id] >= team.headcount,
        }
        for team in EventTeam.select().where(EventTeam.event == event_id).order_by(EventTeam.id)
        if counts.get(team.team_id)
    ]
    newest = Player.select(Player.id, Player.name, Player.team_name).where(
        here, Player.staff_id.is_null(False)
    )
    total = Player.select().where(here).count()
    return {
        "total": total,
        "guests": total - sum(counts.values()),
        "teams": sorted(teams, key=lambda team: -team["count"]),
        "newest": [
            {"id": player.id, "name": player.name, "team": player.team_name}
            for player in newest.order_by(Player.id.desc()).limit(NEWEST)
        ],
    }


def missing(event: Event) -> list[dict[str, Any]]:
    """Return who of the roster has not arrived: `{team, headcount, people}` for each team, of which
    `people` is not empty."""
    seats = Player.select(Player.staff_id).where(
        Player.event == event, Player.staff_id.is_null(False), Player.status == "active"
    )
    people = Staff.select(Staff, Team).join(Team).where(Staff.active, Staff.test_event_id.is_null())
    headcounts: dict[str, int] = {}
    absent: dict[str, list[Staff]] = {}
    seated = {staff_id for (staff_id,) in seats.tuples()}
    for person in people.order_by(Team.name, Staff.number):
        name = person.team.name
        headcounts[name] = headcounts.get(name, 0) + 1
        if person.id not in seated:
            absent.setdefault(name, []).append(person)
    return [
        {"team": name, "headcount": headcounts[name], "people": found}
        for name, found in absent.items()
    ]
