"""Replies: a player's one answer, and what it earns."""

from typing import Any

import peewee

from backend.db import database as bound
from backend.events.models import Activity, Player
from backend.questions import supply
from backend.questions.models import Question
from backend.scoring.ledger import Award


class Reply(peewee.Model):
    """A player's answer. Not below `backend.db.Model`, whose tables the migrations make."""

    activity = peewee.ForeignKeyField(Activity, on_delete="CASCADE", backref="+")
    player = peewee.ForeignKeyField(Player, on_delete="CASCADE", backref="+")
    choice = peewee.TextField()
    at = peewee.BigIntegerField()

    class Meta:
        database = bound
        table_name = "quickfire_reply"
        indexes = ((("activity", "player"), True),)


def asked_of(activity: Activity) -> Question:
    """Return the question of an activity: the first of its bank."""
    banks = [activity.settings["bank"]]
    found: Question = supply.of_banks(banks, "2000-01-01").order_by(Question.id).get()
    return found


def award_of(activity: Activity, player_id: int, points: int, at: int) -> Award:
    """Return what a reply earns."""
    return Award(
        event_id=activity.event_id,
        player_id=player_id,
        activity_id=activity.id,
        points=points,
        reason="quickfire",
        source=f"quickfire:{activity.id}:{player_id}",
        rule_version="1",
        earned_at=at,
    )


def answers(activity: Activity) -> list[dict[str, Any]]:
    """Return who has answered, the first one first."""
    found = Reply.select(Reply, Player).join(Player).where(Reply.activity == activity)
    return [{"name": reply.player.name} for reply in found.order_by(Reply.id)]
