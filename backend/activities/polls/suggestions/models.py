"""Tables of suggestions, their supporters, and the options made of them."""

from peewee import BigIntegerField, Check, ForeignKeyField, TextField

from backend.activities.polls.models import Poll
from backend.db import IdField, Model
from backend.events.models import Activity, Player
from backend.moderation.models import ModerationItem


class Suggestion(Model):
    """What a member of staff suggests. The digest of the text is unique, so that a repeat makes no
    second suggestion.

    `item` is its text in moderation, `picture` its picture there. `plain` is the normal form of the
    text, for the search of similar ones. A merged suggestion points at the one that it was merged
    into, which is never merged itself. `changed_at` is when its status changed last.
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
    """A supporter of a suggestion, with its proposer as the first: unique for each player."""

    id = IdField()
    suggestion = ForeignKeyField(Suggestion, on_delete="CASCADE")
    player = ForeignKeyField(Player, on_delete="CASCADE")
    at = BigIntegerField()

    class Meta:
        indexes = ((("suggestion", "player"), True),)


class SuggestionOption(Model):
    """A suggestion that became an option of a poll."""

    id = IdField()
    suggestion = ForeignKeyField(Suggestion, on_delete="CASCADE")
    poll = ForeignKeyField(Poll, on_delete="CASCADE")
    option_number = BigIntegerField()

    class Meta:
        indexes = ((("suggestion", "poll"), True),)
