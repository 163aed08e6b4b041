"""What a collection of suggestions remembers: suggestions, who stands behind them, what came of them."""

from peewee import BigIntegerField, Check, ForeignKeyField, TextField

from backend.activities.polls.models import Poll
from backend.db import IdField, Model
from backend.events.models import Activity, Player
from backend.moderation.models import ModerationItem


class Suggestion(Model):
    """What a member of staff suggests. The unique digest of the text keeps a repeat from making two.

    `item` is its text in moderation, `picture` its picture there. `plain` is the text as similar
    ones are looked for. One that was merged points at the one that stands for it, never at one
    that was merged itself. `changed_at` is when something became of it.
    """

    id = IdField()
    activity = ForeignKeyField(Activity, on_delete="CASCADE")
    player = ForeignKeyField(Player, on_delete="CASCADE")
    item = ForeignKeyField(ModerationItem, on_delete="CASCADE")
    picture = ForeignKeyField(ModerationItem, null=True, on_delete="SET NULL", backref="+")
    text = TextField()
    plain = TextField()
    digest = TextField()
    status = TextField(
        default="collecting",
        constraints=[Check("status IN ('collecting', 'adopted', 'done', 'declined')")],
    )
    reason = TextField(default="")
    answer = TextField(default="")
    answered_at = BigIntegerField(null=True)
    merged_into = ForeignKeyField("self", null=True, on_delete="SET NULL", backref="+")
    created_at = BigIntegerField()
    changed_at = BigIntegerField()

    class Meta:
        indexes = (
            (("activity", "player", "digest"), True),
            (("activity", "merged_into"), False),
        )


class SuggestionSupport(Model):
    """That somebody stands behind a suggestion, its proposer first: once each, whatever happens."""

    id = IdField()
    suggestion = ForeignKeyField(Suggestion, on_delete="CASCADE")
    player = ForeignKeyField(Player, on_delete="CASCADE")
    at = BigIntegerField()

    class Meta:
        indexes = ((("suggestion", "player"), True),)


class SuggestionOption(Model):
    """That a suggestion became an option of a poll."""

    id = IdField()
    suggestion = ForeignKeyField(Suggestion, on_delete="CASCADE")
    poll = ForeignKeyField(Poll, on_delete="CASCADE")
    option_number = BigIntegerField()

    class Meta:
        indexes = ((("suggestion", "poll"), True),)
