"""Tables of the hunt: digs, answers, snoozes, treasures."""

from peewee import (
    BigIntegerField,
    BooleanField,
    Check,
    FloatField,
    ForeignKeyField,
    IntegerField,
    TextField,
)
from peewee import JSONField as Json

from backend.db import IdField, Model
from backend.events.models import Activity, Event, Player
from backend.questions.models import Question


class Dig(Model):
    """A question that a player opened at a site. `option_order` is the player's own order.

    The slot of the day is unique, so that a double tap opens one dig. `snoozed_ms` is the time used
    when “来电了” was pressed, null before.
    """

    id = IdField()
    activity = ForeignKeyField(Activity, on_delete="CASCADE")
    player = ForeignKeyField(Player, on_delete="CASCADE")
    site = TextField()
    question = ForeignKeyField(Question)
    option_order = TextField()
    opened_at = BigIntegerField()
    limit_seconds = IntegerField()
    snooze_seconds = IntegerField(default=0)
    snoozed_ms = IntegerField(null=True)
    voided = BooleanField(default=False)
    day = TextField()
    slot = IntegerField()

    class Meta:
        indexes = ((("activity", "player", "day", "slot"), True), (("activity", "question"), False))


class HuntAnswer(Model):
    """The one answer to a dig: unique for each dig, so that only the first counts.

    It is not `counted` if its player plays out of competition: it then earns nothing, and has no
    entry in the ledger.
    """

    id = IdField()
    dig = ForeignKeyField(Dig, unique=True, on_delete="CASCADE")
    activity_id = BigIntegerField()
    player = ForeignKeyField(Player, on_delete="CASCADE")
    question_id = BigIntegerField()
    choice = TextField()
    correct = BooleanField()
    points = IntegerField()
    breakdown = Json(default=list)
    streak_before = IntegerField()
    streak = IntegerField()
    elapsed_ms = IntegerField()
    answered_at = BigIntegerField()
    counted = BooleanField(default=True)

    class Meta:
        table_name = "answer"
        indexes = ((("activity_id", "question_id"), False),)


class Snooze(Model):
    """The one “来电了” of a player in an event."""

    id = IdField()
    event = ForeignKeyField(Event, on_delete="CASCADE")
    player = ForeignKeyField(Player, on_delete="CASCADE")
    dig = ForeignKeyField(Dig, on_delete="CASCADE")
    at = BigIntegerField()

    class Meta:
        indexes = ((("event", "player"), True),)


class Treasure(Model):
    """A hidden treasure; a check constraint keeps `claimed` from exceeding `stock`."""

    id = IdField()
    activity = ForeignKeyField(Activity, backref="treasures", on_delete="CASCADE")
    key = TextField()
    title = TextField()
    site = TextField()
    points = IntegerField()
    stock = IntegerField()
    claimed = IntegerField(default=0, constraints=[Check("claimed >= 0 AND claimed <= stock")])
    chance = FloatField(default=0)

    class Meta:
        indexes = ((("activity", "key"), True),)


class TreasureClaim(Model):
    """A treasure found: `number` is its place in the stock."""

    id = IdField()
    treasure = ForeignKeyField(Treasure, on_delete="CASCADE")
    player = ForeignKeyField(Player, on_delete="CASCADE")
    dig = ForeignKeyField(Dig, unique=True, on_delete="CASCADE")
    number = IntegerField()
    at = BigIntegerField()

    class Meta:
        indexes = ((("treasure", "number"), True), (("treasure", "player"), True))
