"""Tables of moderation: items, pictures, blocked writers, and the local list of words."""

from peewee import (
    BigIntegerField,
    BlobField,
    Check,
    ForeignKeyField,
    IntegerField,
    TextField,
)

from backend.db import IdField, Model
from backend.events.models import Event, Player


class ModerationItem(Model):
    """A text or a picture that somebody wants to show to others.

    `player` is null for what a host uploaded. `finding` is the result of the check, see `policy`;
    `label` is WeChat's number for it. `decided_by` is null until a host decides. The digest of the
    uploaded bytes is unique, so that a repeated upload makes no second item. Pinned items, and the
    item of the event that fills the screen, are shown on the wall, see `wall`.
    """

    id = IdField()
    event = ForeignKeyField(Event, on_delete="CASCADE")
    account_id = BigIntegerField()
    player = ForeignKeyField(Player, null=True, on_delete="CASCADE")
    kind = TextField(constraints=[Check("kind IN ('text', 'picture')")])
    text = TextField(default="")
    digest = TextField(null=True)
    status = TextField(constraints=[Check("status IN ('pending', 'approved', 'rejected')")])
    finding = TextField()
    label = IntegerField(null=True)
    created_at = BigIntegerField()
    decided_at = BigIntegerField(null=True)
    decided_by = BigIntegerField(null=True)
    reason = TextField(default="")
    pinned_at = BigIntegerField(null=True)
    full_screen_at = BigIntegerField(null=True)

    class Meta:
        indexes = (
            (("event", "status", "id"), False),
            (("event", "account_id", "digest"), True),
        )


class ModerationPicture(Model):
    """The picture of an item: a JPEG without metadata."""

    id = IdField()
    item = ForeignKeyField(ModerationItem, unique=True, on_delete="CASCADE")
    data = BlobField()
    width = IntegerField()
    height = IntegerField()


class WritingBlock(Model):
    """A player who may not write in an event any more."""

    id = IdField()
    event = ForeignKeyField(Event, on_delete="CASCADE")
    player = ForeignKeyField(Player, unique=True, on_delete="CASCADE")
    reason = TextField()
    blocked_at = BigIntegerField()
    blocked_by = BigIntegerField(null=True)


class BlockedWord(Model):
    """A word that is not shown; `plain` is its normal form."""

    id = IdField()
    word = TextField()
    plain = TextField(unique=True)
