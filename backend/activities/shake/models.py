"""Tables of the shake: rounds and results. The counts of a running round are in Redis."""

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
from backend.events.models import Activity, Player


class ShakeRound(Model):
    """A round.

    `under_way` is 1 until the round is scored or cancelled, then null: the unique pair lets an
    activity have one unfinished round. `starts_at` is the planned end of the countdown; pauses
    postpone it, see `rounds`. Results of luck and draws are derived from `seed`, which is secret.
    `winner_count` and `at_least` belong to draws: how many people win, among those with at least so
    many shakes. `team_ids` are the teams of a tug-of-war; empty means all. `game` is how a race is
    played if not by shaking, see `rules.GAMES`. `drawn` holds the winners of a draw in their order.
    """

    id = IdField()
    activity = ForeignKeyField(Activity, on_delete="CASCADE")
    number = IntegerField()
    mode = TextField(constraints=[Check("mode IN ('race', 'tug', 'luck', 'draw')")])
    game = TextField(null=True)
    begun_at = BigIntegerField()
    starts_at = BigIntegerField()
    seconds = IntegerField()
    winner_count = IntegerField(default=0)
    at_least = IntegerField(default=0)
    team_ids = Json(default=list)
    seed = TextField()
    under_way = IntegerField(null=True, default=1)
    scored_at = BigIntegerField(null=True)
    cancelled_at = BigIntegerField(null=True)
    dismissed_at = BigIntegerField(null=True)
    drawn = Json(default=list)
    counts_lost = BooleanField(default=False)

    @property
    def shown_mode(self) -> str:
        """The name of the mode that hosts and players are shown."""
        return str(self.game or self.mode)

    class Meta:
        indexes = ((("activity", "number"), True), (("activity", "under_way"), True))


class ShakeResult(Model):
    """The result of a round for one player.

    `value` is what was ranked: the count, except in a game of luck. `place` is null for those who
    did not win a draw. `claimed_rate` is there when the phone claimed more than a hand can do: the
    highest rate, in tenths of a shake per second.
    """

    id = IdField()
    round = ForeignKeyField(ShakeRound, on_delete="CASCADE")
    player = ForeignKeyField(Player, on_delete="CASCADE")
    team_id = BigIntegerField(null=True)
    count = IntegerField()
    value = IntegerField()
    place = IntegerField(null=True)
    points = IntegerField(constraints=[Check("points >= 0")])
    claimed_rate = IntegerField(null=True)

    class Meta:
        indexes = ((("round", "player"), True),)
