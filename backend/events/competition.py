"""Decides who plays out of competition: people who may read the keys of an activity's questions.

From their first question of the activity on they earn no points in it and have no rank; points that
they earned before they had the right stay. They play other activities as usual. A kind with
questions must ask this module before it shows a question or takes an answer.
"""

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from backend.db import Database
from backend.events.models import OutOfCompetition, Player

NOTICE = "你可以查看本环节的答案，参与不计分、不计名次；其他环节照常。"

# Whether the person on a seat `p` may read the keys of the event's activities: its hosts, trainers,
# admins. What all roles have in common is outside the brackets; otherwise PostgreSQL would look into the index
# once for each role.
_READS_KEYS = (
    "EXISTS (SELECT 1 FROM role_grant k WHERE k.staff_id = p.staff_id AND"
    " k.event_id IN (0, p.event_id)"
    " AND (k.role IN ('host', 'admin') OR k.role = 'trainer' AND k.event_id = 0))"
)


def is_out_sql(activity: str) -> str:
    """Return a condition: the seat `p` plays an activity, such as `d.activity_id`, out of
    competition.

    Use it in statements that read other columns, too.
    """
    return (
        f"({_READS_KEYS} OR EXISTS (SELECT 1 FROM out_of_competition u"
        f" WHERE u.activity_id = {activity} AND u.player_id = p.id))"  # nosec B608 # our own names
    )


_LEAVE_SQL = f"""
INSERT INTO out_of_competition (activity_id, player_id, since)
SELECT CAST(? AS BIGINT), p.id, CAST(? AS BIGINT) FROM player p
WHERE p.id IN ({{marks}}) AND {_READS_KEYS} ON CONFLICT DO NOTHING
"""  # nosec B608 # our own names


def told(is_out: bool) -> dict[str, Any]:
    """Return the message for a player before the first question."""
    return {"out_of_competition": is_out, "notice": NOTICE if is_out else None}


def leave(database: Database, activity_id: int, player_ids: Collection[int], now: int) -> None:
    """Mark those of the players who may read the keys now as out of competition, even if they lose
    the role later. Runs in the caller's transaction, when they get or answer a question."""
    statement = _LEAVE_SQL.format(marks=", ".join("?" * len(player_ids)))
    database.sql(statement, (activity_id, now, *player_ids))


def names_out(activity_id: int) -> list[dict[str, Any]]:
    """Return `{id, name, team}` of the players who played an activity out of competition."""
    rows = (
        Player.select()
        .join(OutOfCompetition)
        .where(OutOfCompetition.activity == activity_id, Player.status == "active")
        .order_by(Player.id)
    )
    return [{"id": row.id, "name": row.name, "team": row.team_name} for row in rows]


def activities_out(player_ids: Collection[int]) -> dict[int, list[int]]:
    """Return {player: the activities that they played out of competition}."""
    found: dict[int, list[int]] = defaultdict(list)
    rows = OutOfCompetition.select().where(OutOfCompetition.player.in_(list(player_ids)))
    for row in rows.order_by(OutOfCompetition.activity):
        found[row.player_id].append(row.activity_id)
    return found
