"""Tables of the raffle: prizes, lists, draws with their pools, picks, handovers."""

from peewee import (
    BigIntegerField,
    BooleanField,
    Check,
    ForeignKeyField,
    IntegerField,
    TextField,
)
from peewee import JSONField as Json

from backend.db import IdField, Model
from backend.events.models import Activity


class RafflePrize(Model):
    """A prize with its stock; a check constraint prevents more wins than there are prizes.

    With `again`, earlier winners of the event may win it as well, and its winners may win others.
    `picture_id` is a picture that was uploaded to the event.
    """

    id = IdField()
    activity = ForeignKeyField(Activity, on_delete="CASCADE")
    position = IntegerField()
    title = TextField()
    stock = IntegerField(constraints=[Check("stock >= 1")])
    given = IntegerField(default=0, constraints=[Check("given >= 0 AND given <= stock")])
    again = BooleanField(default=False)
    picture_id = BigIntegerField(null=True)

    class Meta:
        indexes = ((("activity", "title"), True),)


class RaffleList(Model):
    """A list of staff that was imported, to draw from."""

    id = IdField()
    activity = ForeignKeyField(Activity, on_delete="CASCADE")
    title = TextField()
    people = Json()
    imported_at = BigIntegerField()


class RaffleDraw(Model):
    """A draw: its commitment and its state.

    `under_way` is 1 until everybody is drawn, then null: the unique pair lets an activity have one
    draw that waits to be drawn. `who` says in words who is in the pool. `waiting_seconds` is how
    long a winner who was called is waited for; null in draws from before winners were called.
    `seed` is secret until `revealed_at`; `salt` stays secret. Nothing is ever removed: a draw that
    was abandoned stays with its number.
    """

    id = IdField()
    activity = ForeignKeyField(Activity, on_delete="CASCADE")
    prize = ForeignKeyField(RafflePrize, on_delete="CASCADE")
    number = IntegerField()
    count = IntegerField(constraints=[Check("count >= 1")])
    rule = Json()
    who = TextField()
    pool_size = IntegerField()
    seed = TextField()
    salt = TextField()
    commitment = TextField()
    word = TextField(default="")
    waiting_seconds = IntegerField(null=True)
    under_way = IntegerField(null=True, default=1)
    committed_at = BigIntegerField()
    begun_at = BigIntegerField(null=True)
    done_at = BigIntegerField(null=True)
    revealed_at = BigIntegerField(null=True)
    abandoned_at = BigIntegerField(null=True)

    class Meta:
        indexes = ((("activity", "number"), True), (("activity", "under_way"), True))


class RaffleEntry(Model):
    """A person in the pool of a draw, with the facts of that moment.

    A guest has no `staff_id`; a person who was on a list and has not joined has no `player_id`.
    """

    id = IdField()
    draw = ForeignKeyField(RaffleDraw, on_delete="CASCADE")
    number = IntegerField()
    tag = TextField()
    person = TextField()
    player_id = BigIntegerField(null=True)
    staff_id = BigIntegerField(null=True)
    name = TextField()
    staff_number = TextField(null=True)
    team_name = TextField(null=True)

    class Meta:
        indexes = ((("draw", "number"), True), (("draw", "person"), True))


class RafflePick(Model):
    """A person who was drawn: `won`, `absent` (and another was drawn), or `passed` (had won
    elsewhere since the pool was fixed, was removed from the event, or is no longer staff).

    `once` is 1 for a win that counts as the person's one win of the event, else null. `item` is
    which one of the prize's stock it is, null unless it is won. `called_by` and `absent_by` are the
    accounts of the hosts who called the winner and who noted the absence.
    """

    id = IdField()
    event_id = BigIntegerField()
    activity = ForeignKeyField(Activity, on_delete="CASCADE")
    draw = ForeignKeyField(RaffleDraw, on_delete="CASCADE")
    prize = ForeignKeyField(RafflePrize, on_delete="CASCADE")
    entry = ForeignKeyField(RaffleEntry, unique=True, on_delete="CASCADE")
    turn = IntegerField()
    person = TextField()
    once = IntegerField(null=True)
    item = IntegerField(null=True)
    status = TextField(constraints=[Check("status IN ('won', 'absent', 'passed')")])
    code = TextField()
    drawn_at = BigIntegerField()
    called_at = BigIntegerField(null=True)
    called_by = BigIntegerField(null=True)
    absent_at = BigIntegerField(null=True)
    absent_by = BigIntegerField(null=True)

    class Meta:
        indexes = (
            (("draw", "turn"), True),
            (("event_id", "person", "once"), True),
            (("prize", "item"), True),
            (("activity", "code"), True),
        )


class RaffleHandover(Model):
    """A prize handed over: once, by the account of a host."""

    id = IdField()
    pick = ForeignKeyField(RafflePick, unique=True, on_delete="CASCADE")
    host_id = BigIntegerField()
    at = BigIntegerField()


class RaffleStage(Model):
    """The choice of what the screen shows of a raffle: its newest draw, all winners, or nothing."""

    id = IdField()
    activity = ForeignKeyField(Activity, unique=True, on_delete="CASCADE")
    showing = TextField(null=True)
    since = BigIntegerField()
