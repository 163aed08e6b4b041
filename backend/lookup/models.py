"""Tables of cards, imported tables, and questions that wait for an answer."""

from peewee import (
    SQL,
    BigIntegerField,
    BooleanField,
    Check,
    ForeignKeyField,
    IntegerField,
    TextField,
)
from peewee import JSONField as Json

from backend.db import IdField, Model
from backend.identity.models import Account, Staff

BUSES, SHIFTS, CANTEEN, CARDS = "buses", "shifts", "canteen", "cards"
TABLES = (BUSES, SHIFTS, CANTEEN)
EMPTY_LIST = {"default": list, "constraints": [SQL("DEFAULT '[]'")]}


class LookupCard(Model):
    """An answer by keyword.

    `attachments` are [{title, text}]; the text may be an https address. `terms` are title and
    synonyms in the form in which they are compared, see `matching`. `expires_on` is the last day on
    which the card is shown; empty for no limit.
    """

    id = IdField()
    title = TextField(unique=True)
    text = TextField()
    synonyms = Json(**EMPTY_LIST)
    attachments = Json(**EMPTY_LIST)
    terms = Json(**EMPTY_LIST)
    owner = ForeignKeyField(Staff, null=True)
    expires_on = TextField(default="")
    for_guests = BooleanField(default=False)
    active = BooleanField(default=True)
    updated_at = BigIntegerField()


class LookupTable(Model):
    """When a table was imported last, and which days it covers; `until_day` is empty for no limit."""

    id = IdField()
    name = TextField(unique=True, constraints=[Check("name IN ('buses', 'shifts', 'canteen')")])
    imported_at = BigIntegerField()
    from_day = TextField(default="")
    until_day = TextField(default="")


class BusStop(Model):
    """A stop of a line: its times as HH:MM, the earliest first, on certain days of the week
    (`12345`).

    `from_day` and `until_day` are the first and the last day of validity; empty for no limit.
    """

    id = IdField()
    line = TextField()
    stop = TextField()
    weekdays = TextField()
    from_day = TextField(default="")
    until_day = TextField(default="")
    times = Json(**EMPTY_LIST)
    position = IntegerField()

    class Meta:
        indexes = ((("line", "stop", "weekdays", "from_day"), True),)


class Duty(Model):
    """The shift of a person on a day.

    It ends on the next day if `ends` is not after `begins`; a day off has neither.
    """

    id = IdField()
    staff = ForeignKeyField(Staff, on_delete="CASCADE")
    day = TextField()
    shift = TextField()
    begins = TextField(default="")
    ends = TextField(default="")

    class Meta:
        indexes = ((("staff", "day"), True), (("day", "shift"), False))


class CanteenMeal(Model):
    """The dishes of a meal."""

    id = IdField()
    day = TextField()
    meal = TextField()
    dishes = Json(**EMPTY_LIST)

    class Meta:
        indexes = ((("day", "meal"), True),)


class LookupQuestion(Model):
    """A question of a member of staff.

    It waits while `answered_at` is null, until `promised_at` at the latest. `waiting_key` is the
    text in the form in which it is compared, while it waits; it makes the same question unique.
    `owner` is the person in charge; null means all editors. `card` is the card that was made of the
    answer.
    """

    id = IdField()
    account = ForeignKeyField(Account, on_delete="CASCADE")
    text = TextField()
    waiting_key = TextField(null=True)
    owner = ForeignKeyField(Staff, null=True)
    asked_at = BigIntegerField(index=True)
    promised_at = BigIntegerField()
    answer = TextField(default="")
    answered_at = BigIntegerField(null=True)
    answered_by = ForeignKeyField(Staff, null=True)
    seen_at = BigIntegerField(null=True)
    card = ForeignKeyField(LookupCard, null=True)

    class Meta:
        indexes = ((("account", "waiting_key"), True),)
