"""Tables of polls.

Who voted and what was voted are two tables. In an anonymous poll neither table refers to the other.
A ballot is a choice under the hash of a receipt that only the phone has; it has no person, number,
day or moment. The row of a voter has no choice, number or moment, and a day only where the poll
allows ballots every day. The order of rows in the database does not link them either, see `mixing`.
A named poll signs its ballots in a third table.
"""

from peewee import (
    SQL,
    BigIntegerField,
    BooleanField,
    Check,
    CompositeKey,
    ForeignKeyField,
    IntegerField,
    TextField,
)
from peewee import JSONField as Json

from backend.db import IdField, Model
from backend.events.models import Activity


class Poll(Model):
    """A vote. `places` is how many win; `most_choices` how many options a ballot may name.

    `daily_quota` is how many ballots a person has each business day; null means one, and no other.
    `staged_at` says since when it is on the screen, null while it is not: the latest is shown.
    `hall_salt` makes the codes that ballots must carry, see `hall_codes`; null where they need none.
    `results_shown` is false until the host shows them. `casts` counts ballots that were taken,
    changed ones again, so that a tally knows whether it is old.
    """

    id = IdField()
    activity = ForeignKeyField(Activity, on_delete="CASCADE")
    number = IntegerField()
    title = TextField()
    description = TextField(default="")
    method = TextField(constraints=[Check("method IN ('single', 'multiple', 'ranked')")])
    most_choices = IntegerField()
    places = IntegerField()
    anonymous = BooleanField()
    guests_allowed = BooleanField()
    changes_allowed = BooleanField()
    daily_quota = IntegerField(null=True)
    entry_order = TextField(
        constraints=[Check("entry_order IN ('number', 'random', 'rotating')")],
    )
    hall_salt = TextField(null=True)
    state = TextField(default="draft", constraints=[Check("state IN ('draft', 'open', 'closed')")])
    display = TextField(default="bars", constraints=[Check("display IN ('bars', 'race')")])
    results_shown = BooleanField(default=False)
    runoff_of = ForeignKeyField("self", null=True, unique=True, on_delete="CASCADE")
    casts = IntegerField(default=0)
    staged_at = BigIntegerField(null=True)
    reminded_at = BigIntegerField(null=True)
    created_at = BigIntegerField()
    opened_at = BigIntegerField(null=True)
    closed_at = BigIntegerField(null=True)

    class Meta:
        indexes = ((("activity", "number"), True),)


class PollOption(Model):
    """What can be voted for: an answer, or an entry of a contest.

    `direct` marks a 直通卡: the option is in the final without having won a heat. `source_id` is the
    option of a heat, or of the poll before a run-off, that it was made from.
    """

    id = IdField()
    poll = ForeignKeyField(Poll, on_delete="CASCADE")
    number = IntegerField()
    title = TextField()
    description = TextField(default="")
    video_url = TextField(null=True)
    picture_id = BigIntegerField(null=True)
    direct = BooleanField(default=False)
    source_id = BigIntegerField(null=True)

    class Meta:
        indexes = ((("poll", "number"), True),)


class PollVoter(Model):
    """The fact that a person voted: the `nth` time on a business day, which is empty without a
    daily quota.

    `voter` is `a<account>`, `s<staff>` beside it for staff, and `u<hash of the unionid>` where guests
    may vote and the unionid is known. A person who votes again with another phone, with another
    account, or as staff after voting as a guest, has one of the three already. See `persons`.
    """

    poll = ForeignKeyField(Poll, on_delete="CASCADE", index=False)
    day = TextField()
    voter = TextField()
    nth = IntegerField()

    class Meta:
        primary_key = CompositeKey("poll", "day", "voter", "nth")


class PollBallot(Model):
    """A ballot; `choice` is a JSON list of options, in the voter's order if ranked."""

    poll = ForeignKeyField(Poll, on_delete="CASCADE", index=False)
    key = TextField()
    choice = TextField()

    class Meta:
        primary_key = CompositeKey("poll", "key")


class PollSignature(Model):
    """The voter of a ballot in a named poll. Anonymous polls have no such rows."""

    poll = ForeignKeyField(Poll, on_delete="CASCADE", index=False)
    key = TextField()
    player_id = BigIntegerField()
    is_guest = BooleanField()
    day = TextField()
    cast_at = BigIntegerField()

    class Meta:
        primary_key = CompositeKey("poll", "key")
        indexes = ((("poll", "player_id"), False),)


class PollRefusal(Model):
    """How many ballots were refused, by reason; nothing else about them is stored."""

    poll = ForeignKeyField(Poll, on_delete="CASCADE", index=False)
    reason = TextField()
    count = IntegerField()

    class Meta:
        primary_key = CompositeKey("poll", "reason")


class PollTally(Model):
    """The last count of a poll, which everybody is shown.

    `casts` is the poll's at that moment. `outcome` is what `rules.Outcome` holds, null until an
    anonymous poll has five ballots; `counted` says how many ballots it is of.
    """

    poll = ForeignKeyField(Poll, on_delete="CASCADE", primary_key=True)
    casts = IntegerField()
    ballots = IntegerField()
    staff = IntegerField()
    guests = IntegerField()
    counted = IntegerField(default=0)
    outcome = Json(null=True)


class PollFlag(Model):
    """A burst of ballots to look at: many from one address, or many at all, within a minute.

    `mark` is the keyed hash that names the burst, `address` the one that names the address within
    this poll. `minute_at` is null in anonymous polls.
    """

    poll = ForeignKeyField(Poll, on_delete="CASCADE", index=False)
    mark = TextField()
    kind = TextField(constraints=[Check("kind IN ('address', 'minute')")])
    address = TextField(default="", constraints=[SQL("DEFAULT ''")])
    day = TextField()
    minute_at = BigIntegerField(null=True)
    ballots = IntegerField()

    class Meta:
        primary_key = CompositeKey("poll", "mark")
