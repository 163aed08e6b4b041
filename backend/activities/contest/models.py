"""Tables of the contest: its phase, rounds and answers."""

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
from backend.questions.models import Question


class Contest(Model):
    """The phase of a contest: `phase` since `phase_at`, at round `position` (from 1; 0 before).

    `playoff` holds the only players who may answer from round `playoff_from` on, null without a
    playoff.
    """

    id = IdField()
    activity = ForeignKeyField(Activity, unique=True, on_delete="CASCADE")
    phase = TextField(
        default="idle",
        constraints=[
            Check("phase IN ('idle', 'lobby', 'question', 'reveal', 'board', 'podium', 'done')")
        ],
    )
    phase_at = BigIntegerField(default=0)
    position = IntegerField(default=0)
    auto = BooleanField(default=False)
    playoff = Json(null=True)
    playoff_from = IntegerField(null=True)


class ContestRound(Model):
    """A question of a contest; `shown_at` is null until everybody sees it."""

    id = IdField()
    activity = ForeignKeyField(Activity, on_delete="CASCADE")
    position = IntegerField()
    question = ForeignKeyField(Question)
    seconds = IntegerField()
    shown_at = BigIntegerField(null=True)
    revealed_at = BigIntegerField(null=True)

    class Meta:
        indexes = ((("activity", "position"), True),)


class ContestAnswer(Model):
    """The one answer of a player to a round: only the first counts.

    `correct`, `points` and `streak` are known from the reveal on. It is not `counted` if its player
    plays out of competition: it earns nothing and is left out of all counts.
    """

    id = IdField()
    round = ForeignKeyField(ContestRound, on_delete="CASCADE")
    player = ForeignKeyField(Player, on_delete="CASCADE")
    choice = TextField()
    used_ms = IntegerField()
    answered_at = BigIntegerField()
    counted = BooleanField(default=True)
    correct = BooleanField(null=True)
    points = IntegerField(null=True)
    streak = IntegerField(null=True)

    class Meta:
        indexes = ((("round", "player"), True),)
