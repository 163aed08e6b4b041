"""Tables of the ledger and of the standings, which are written in the same transaction."""

from peewee import (
    BigIntegerField,
    CompositeKey,
    ForeignKeyField,
    IntegerField,
    TextField,
)
from peewee import JSONField as Json

from backend.db import IdField, Model
from backend.events.models import Event, Player


class ScoreEntry(Model):
    """One immutable award. `(event, source)` is unique: the same fact never scores twice.

    `earned_at` is the moment that counts for ties (a corrected answer keeps the moment of the
    answer), `created_at` the moment of writing. A reversal names the entry it takes back.
    """

    id = IdField()
    event = ForeignKeyField(Event, on_delete="CASCADE")
    activity_id = BigIntegerField(null=True)
    player = ForeignKeyField(Player, on_delete="CASCADE")
    points = IntegerField()
    reason = TextField()
    source = TextField()
    note = TextField(default="")
    rule_version = TextField()
    day = TextField()
    week = TextField()
    earned_at = BigIntegerField()
    created_at = BigIntegerField()
    reverses_id = BigIntegerField(null=True, unique=True)

    class Meta:
        indexes = ((("event", "source"), True),)


class Standing(Model):
    """A player's total on one board; `version` grows with every change."""

    event = ForeignKeyField(Event, on_delete="CASCADE", index=False)
    board = TextField()
    player = ForeignKeyField(Player, on_delete="CASCADE")
    points = IntegerField()
    reached_at = BigIntegerField()
    version = IntegerField()
    updated_at = BigIntegerField()

    class Meta:
        primary_key = CompositeKey("event", "board", "player")
        indexes = ((("updated_at",), False),)


class FrozenStanding(Model):
    """A copy of a standing at the moment of the freeze, which the public sees until the reveal."""

    event = ForeignKeyField(Event, on_delete="CASCADE", index=False)
    board = TextField()
    player = ForeignKeyField(Player, on_delete="CASCADE")
    points = IntegerField()
    reached_at = BigIntegerField()
    version = IntegerField()

    class Meta:
        primary_key = CompositeKey("event", "board", "player")


class Correction(Model):
    """A question voided or re-keyed in one event; the newest row of a question holds."""

    id = IdField()
    event = ForeignKeyField(Event, on_delete="CASCADE")
    question_id = BigIntegerField()
    action = TextField()
    key = Json(default=list)
    reason = TextField()
    actor_id = BigIntegerField(null=True)
    at = BigIntegerField()

    class Meta:
        indexes = ((("event", "question_id"), False),)
