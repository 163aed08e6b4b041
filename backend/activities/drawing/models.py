"""Tables of drawing and guessing: words, rooms, seats, turns, guesses, reports and votes."""

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


class WordPack(Model):
    """A list of words, by name."""

    id = IdField()
    name = TextField(unique=True)
    title = TextField()


class PackWord(Model):
    """A word that can be drawn; one that an import left out stays, but is not offered any more."""

    id = IdField()
    pack = ForeignKeyField(WordPack, backref="words", on_delete="CASCADE")
    text = TextField()
    category = TextField()
    difficulty = IntegerField(constraints=[Check("difficulty BETWEEN 1 AND 3")])
    current = BooleanField(default=True)

    class Meta:
        table_name = "word"
        indexes = ((("pack", "text"), True),)


class DrawingGame(Model):
    """A game that has begun; the activity is unique, so that it begins only once.

    `pinned_turn_id` is the drawing that the gallery on the screen stays at, null while it shows all
    drawings one after another. `voting_ended_at` is when the host ended the vote, null before.
    """

    id = IdField()
    activity = ForeignKeyField(Activity, unique=True, on_delete="CASCADE")
    began_at = BigIntegerField()
    ended_at = BigIntegerField(null=True)
    finished_at = BigIntegerField(null=True)
    pinned_turn_id = BigIntegerField(null=True)
    voting_ended_at = BigIntegerField(null=True)

    class Meta:
        table_name = "drawing_game"


class DrawingRoom(Model):
    """A room of a game; `ended_at` once its last turn was shown."""

    id = IdField()
    activity = ForeignKeyField(Activity, on_delete="CASCADE")
    number = IntegerField()
    ended_at = BigIntegerField(null=True)

    class Meta:
        table_name = "drawing_room"
        indexes = ((("activity", "number"), True),)


class DrawingSeat(Model):
    """A player's one place in a game; `position` is the order in which they draw."""

    id = IdField()
    activity = ForeignKeyField(Activity, on_delete="CASCADE")
    room = ForeignKeyField(DrawingRoom, backref="seats", on_delete="CASCADE")
    player = ForeignKeyField(Player, on_delete="CASCADE")
    position = IntegerField()
    seated_at = BigIntegerField()

    class Meta:
        table_name = "drawing_seat"
        indexes = ((("activity", "player"), True), (("room", "position"), False))


class DrawingTurn(Model):
    """One drawer's turn.

    `offers` are the prompts, `[{text, category, difficulty}]`. `choice` is the index of the prompt
    that the drawer chose, null until then; `fallback` is the index of the one that the server takes
    otherwise. `told_hints` counts the hints that were sent to phones. `ink` is the drawing once the
    turn is over; while the turn runs, Redis has it, and `DrawingInk` has it in batches. `hidden_at`
    is when a host removed it from the gallery, null while it is shown.
    """

    id = IdField()
    activity = ForeignKeyField(Activity, on_delete="CASCADE")
    room = ForeignKeyField(DrawingRoom, backref="turns", on_delete="CASCADE")
    number = IntegerField()
    drawer = ForeignKeyField(Player, on_delete="CASCADE")
    offers = Json()
    fallback = IntegerField()
    choice = IntegerField(null=True)
    draw_seconds = IntegerField()
    began_at = BigIntegerField()
    chosen_at = BigIntegerField(null=True)
    told_hints = IntegerField(default=0)
    ended_at = BigIntegerField(null=True)
    ending = TextField(null=True)
    ink = Json(null=True)
    hidden_at = BigIntegerField(null=True)

    class Meta:
        table_name = "drawing_turn"
        indexes = ((("room", "number"), True), (("activity", "ended_at"), False))


class DrawingInk(Model):
    """A batch of a running turn's drawing: operations `first` to `after`, the latter excluded."""

    id = IdField()
    turn = ForeignKeyField(DrawingTurn, on_delete="CASCADE")
    first = IntegerField()
    after = IntegerField()
    ops = Json()

    class Meta:
        table_name = "drawing_ink"
        indexes = ((("turn", "first"), True),)


class DrawingGuess(Model):
    """A right guess: a player guesses a turn once. `used_ms` is the drawing time gone by then."""

    id = IdField()
    turn = ForeignKeyField(DrawingTurn, backref="guesses", on_delete="CASCADE")
    player = ForeignKeyField(Player, on_delete="CASCADE")
    used_ms = IntegerField()
    at = BigIntegerField()
    points = IntegerField(null=True)

    class Meta:
        table_name = "drawing_guess"
        indexes = ((("turn", "player"), True),)


class DrawingReport(Model):
    """A player's report that a turn shows characters instead of a drawing, or worse."""

    id = IdField()
    turn = ForeignKeyField(DrawingTurn, backref="reports", on_delete="CASCADE")
    player = ForeignKeyField(Player, on_delete="CASCADE")
    at = BigIntegerField()

    class Meta:
        table_name = "drawing_report"
        indexes = ((("turn", "player"), True),)


class DrawingVote(Model):
    """A player's one vote for the best drawing of a game."""

    id = IdField()
    activity = ForeignKeyField(Activity, on_delete="CASCADE")
    player = ForeignKeyField(Player, on_delete="CASCADE")
    turn = ForeignKeyField(DrawingTurn, backref="votes", on_delete="CASCADE")
    at = BigIntegerField()

    class Meta:
        table_name = "drawing_vote"
        indexes = ((("activity", "player"), True), (("turn",), False))
