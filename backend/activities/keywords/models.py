"""Tables of announced words: words, their spellings, and hits."""

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


class Keyword(Model):
    """A word that the host announces: prepared, opened for `seconds`, perhaps closed early.

    `text` is as the host wrote it. The first `places` to reply it earn `points`; a decoy has
    neither. Pauses of the event postpone its end.
    """

    id = IdField()
    activity = ForeignKeyField(Activity, on_delete="CASCADE")
    number = IntegerField()
    text = TextField()
    others = Json(default=list)
    pinyin = BooleanField(default=False)
    points = IntegerField(constraints=[Check("points >= 0")])
    places = IntegerField(constraints=[Check("places >= 1")])
    seconds = IntegerField(constraints=[Check("seconds >= 1")])
    decoy = BooleanField(default=False)
    opened_at = BigIntegerField(null=True)
    closed_at = BigIntegerField(null=True)
    dismissed_at = BigIntegerField(null=True)

    class Meta:
        indexes = ((("activity", "number"), True),)


class KeywordSpelling(Model):
    """One way to write a word, normalised: unique in its activity, so that a reply means one word."""

    id = IdField()
    activity = ForeignKeyField(Activity, on_delete="CASCADE")
    word = ForeignKeyField(Keyword, on_delete="CASCADE")
    key = TextField()

    class Meta:
        indexes = ((("activity", "key"), True),)


class KeywordHit(Model):
    """A word that a player replied in time: unique for each player, and for each place.

    `place` counts the replies of the word, from 1, in the order in which the server took them.
    `turn` counts the player's hits in the activity, from 1; a decoy is no hit and has none.
    """

    id = IdField()
    activity = ForeignKeyField(Activity, on_delete="CASCADE")
    word = ForeignKeyField(Keyword, on_delete="CASCADE")
    player = ForeignKeyField(Player, on_delete="CASCADE")
    place = IntegerField(constraints=[Check("place >= 1")])
    turn = IntegerField(null=True)
    points = IntegerField(constraints=[Check("points >= 0")])
    at = BigIntegerField()

    class Meta:
        indexes = (
            (("word", "player"), True),
            (("word", "place"), True),
            (("activity", "player", "turn"), True),
        )
