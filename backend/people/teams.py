"""班组: slogan, introduction, picture, members, and the team's places in events.

Places are those of the public boards, in events whose boards the reader may see.
"""

from dataclasses import dataclass
from typing import Any

from peewee import JOIN, fn
from redis import RedisError

from backend.db import Database
from backend.errors import Forbidden, NotFound
from backend.events import lifecycle
from backend.events.models import Event, EventTeam, Player
from backend.events.players import seats_of
from backend.events.visibility import View
from backend.identity import audit
from backend.identity.models import Grant, Staff, Team
from backend.identity.principal import Principal
from backend.identity.roster import IS_REAL
from backend.moderation.pictures import CleanPicture
from backend.people.models import TeamProfile
from backend.scoring.ledger import EVENT_BOARD
from backend.scoring.reader import BoardReader

# How many events are shown, the newest first.
NEWEST = 5


@dataclass(frozen=True)
class TeamLine:
    """A team in the list of all teams."""

    id: int
    name: str
    slogan: str
    people: int
    picture_path: str | None


@dataclass(frozen=True)
class Member:
    """A member of a team."""

    id: int
    name: str
    is_leader: bool


@dataclass(frozen=True)
class TeamResult:
    """The place of a team in an event, of `teams` on the board."""

    event_id: int
    title: str
    rank: int
    teams: int
    points: float


def listed() -> list[TeamLine]:
    """Return the teams that have active people, by name."""
    rows = (
        Team.select(
            Team.id,
            Team.name,
            fn.COALESCE(TeamProfile.slogan, ""),
            fn.COUNT(Staff.id),
            fn.COUNT(TeamProfile.picture),
        )
        .join(Staff)
        .switch(Team)
        .join(TeamProfile, JOIN.LEFT_OUTER)
        .where(Staff.active, IS_REAL)
        .group_by(Team.id, Team.name, TeamProfile.slogan)
        .order_by(Team.name)
        .tuples()
    )
    return [
        TeamLine(team_id, name, slogan, people, path(team_id) if pictures else None)
        for team_id, name, slogan, people, pictures in rows
    ]


def path(team_id: int) -> str:
    """Return the address of a team's picture, below /api/v1."""
    return f"/people/teams/{team_id}/picture"


def of_id(team_id: int) -> TeamLine:
    """Return a team that has active people; raises `NotFound`."""
    for found in listed():
        if found.id == team_id:
            return found
    raise NotFound


def introduction(team_id: int) -> str:
    """Return what a team says about itself."""
    row = TeamProfile.select(TeamProfile.about).where(TeamProfile.team == team_id).first()
    return row.about if row else ""


def person(staff_id: int) -> Staff:
    """Return an active person with their team; raises `NotFound`."""
    query = Staff.select(Staff, Team).join(Team)
    found: Staff | None = query.where(Staff.id == staff_id, Staff.active, IS_REAL).first()
    if found is None:
        raise NotFound
    return found


def members(team_id: int) -> list[Member]:
    """Return the active people of a team, leaders first."""
    leads = Grant.select(Grant.staff).where(Grant.role == "leader", Grant.event_id == 0)
    people = Staff.select(Staff.id, Staff.name, Staff.id.in_(leads).alias("leads")).where(
        Staff.team == team_id, Staff.active, IS_REAL
    )
    found = [
        Member(staff_id, name, bool(leads))
        for staff_id, name, leads in people.order_by(Staff.number).tuples()
    ]
    return sorted(found, key=lambda one: not one.is_leader)


def may_edit(who: Principal, team_id: int) -> bool:
    """Return whether a caller may change what a team says about itself.

    Hosts of all events may, and the leaders of the team.
    """
    is_own = who.person is not None and who.person.team_id == team_id
    return who.has("host") or (who.has("leader") and is_own)


def require_editor(who: Principal, team_id: int) -> None:
    """Raise `Forbidden` unless a caller may change what a team says about itself."""
    if not may_edit(who, team_id):
        raise Forbidden


def describe(
    database: Database, team_id: int, facts: dict[str, str], actor_id: int, now: int
) -> None:
    """Store slogan and introduction of a team."""
    with database.write():
        before = TeamProfile.get_or_none(TeamProfile.team == team_id)
        _store(team_id, now, **facts)
        known = {name: getattr(before, name) if before else "" for name in facts}
        audit.record(actor_id, "team_described", f"team:{team_id}", now, before=known, after=facts)


def show_picture(
    database: Database, team_id: int, picture: CleanPicture | None, actor_id: int, now: int
) -> None:
    """Store the picture of a team, which was drawn anew, or remove it."""
    with database.write():
        _store(team_id, now, picture=picture and picture.data)
        action = "team_picture_added" if picture else "team_picture_removed"
        audit.record(actor_id, action, f"team:{team_id}", now)


def _store(team_id: int, now: int, **facts: Any) -> None:
    TeamProfile.insert(team=team_id, changed_at=now, **facts).on_conflict(
        conflict_target=[TeamProfile.team], update={**facts, "changed_at": now}
    ).execute()


def picture_of(team_id: int) -> bytes:
    """Return the picture of a team; raises `NotFound`."""
    found = TeamProfile.get_or_none(TeamProfile.team == team_id)
    if found is None or found.picture is None:
        raise NotFound
    return bytes(found.picture)


def results(boards: BoardReader, who: Principal, team_id: int) -> list[TeamResult]:
    """Return the places of a team in the newest events whose boards a reader may see.

    Empty while Redis is away. A place that a ceremony has not revealed yet is left out, and so is
    that of a team without points, which is the first while nobody has any.
    """
    try:
        found = [_place(boards, event, team_id) for event in _events(who, team_id)]
    except RedisError:
        return []
    return [one for one in found if one is not None]


def _place(boards: BoardReader, event: Event, team_id: int) -> TeamResult | None:
    all_teams = event.teams.count()
    top = boards.top(event, EVENT_BOARD, "teams", all_teams, View.PUBLIC)
    row = next((row for row in top.rows if row.id == team_id), None)
    if row is None or not row.points:
        return None
    return TeamResult(event.id, event.title, row.rank, top.total, row.points)


def _events(who: Principal, team_id: int) -> Any:
    took_part = EventTeam.select(EventTeam.event).where(EventTeam.team_id == team_id)
    found = Event.select().where(
        Event.id.in_(took_part), ~Event.rehearsal, Event.state != lifecycle.DRAFT
    )
    if not who.has("host"):
        seats = Player.select(Player.event).where(seats_of(who), Player.status == "active")
        found = found.where(Event.id.in_(seats))
    return found.order_by(Event.began_at.desc(), Event.id.desc()).limit(NEWEST)
