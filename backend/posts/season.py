"""The season of a post: the event whose ledger gets the points of lessons and shares."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from backend.db import Database
from backend.errors import Invalid, LinkaError, Sentence
from backend.events import lifecycle, players
from backend.events.models import Event, Player
from backend.identity.principal import Principal
from backend.scoring.ledger import Award, Total
from backend.scoring.scorekeeper import Scorekeeper, scorer_of

LESSON, SHARE = "lesson", "share"
RULE_VERSION = "posts-1"
_UNKNOWN = Sentence("没有这个活动，或者是彩排。", "There is no such event, or it is a rehearsal.")


@dataclass(frozen=True)
class SeasonPoints:
    """Points for one fact about a post; the same `source` counts once."""

    reason: str
    source: str
    points: int
    note: str


def require(facts: dict[str, Any], *names: str) -> None:
    """Raise `Invalid` unless these fields of a writer hold ids of events that are not rehearsals."""
    for name in names:
        _require(name, facts.get(name))


def _require(name: str, event_id: int | None) -> None:
    if (
        event_id is not None
        and not Event.select().where(Event.id == event_id, ~Event.rehearsal).exists()
    ):
        raise Invalid(fields={name: [_UNKNOWN]})


def offered() -> list[Event]:
    """Return the events that a writer can choose: not over, and no rehearsals."""
    states = (lifecycle.DRAFT, lifecycle.SCHEDULED, lifecycle.OPEN)
    return list(
        Event.select().where(Event.state.in_(states), ~Event.rehearsal).order_by(Event.id.desc())
    )


def seat_of(
    database: Database, scores: Scorekeeper, season_id: int | None, who: Principal, now: int
) -> Player | None:
    """Return the seat of a person in a season; makes it at the first points.

    None for guests, without a season, while the season is not open, and for people whom a host
    removed. Call it outside any transaction.
    """
    event = Event.get_or_none(Event.id == season_id) if season_id else None
    if event is None or not who.is_staff:
        return None
    try:
        lifecycle.require_playing(event, now)
        player = players.settle(database, scores, event, who, now)
        players.require_active(player.status)
    except LinkaError:
        return None
    return player


def award(
    scores: Scorekeeper, player: Player, given: SeasonPoints, now: int
) -> Sequence[Total] | None:
    """Write points in the caller's transaction; returns None if the source was written before, or a
    host has removed the player meanwhile."""
    seat = players.lasting(scores.database, player.id, player.event_id)
    if seat is None or seat.status != "active":
        return None
    return scores.award(
        Award(
            event_id=player.event_id,
            player_id=player.id,
            activity_id=None,
            points=given.points,
            reason=given.reason,
            source=given.source,
            rule_version=RULE_VERSION,
            earned_at=now,
            note=given.note,
        ),
        now,
    )


def show(scores: Scorekeeper, player: Player, totals: Sequence[Total]) -> None:
    """Put the awarded points on the boards, after the commit."""
    scores.show(scorer_of(player, player.event.began_at), totals)
