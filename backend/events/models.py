"""Tables of events, activities, sittings, teams and players."""

import secrets

from peewee import (
    SQL,
    BigIntegerField,
    BlobField,
    BooleanField,
    Check,
    CompositeKey,
    ForeignKeyField,
    IntegerField,
    TextField,
)
from peewee import JSONField as Json

from backend.db import IdField, Model
from backend.identity.models import Staff


def new_salt() -> str:
    """Return 16 random bytes as hex."""
    return secrets.token_hex(16)


class Event(Model):
    """An event.

    `state` is the last state that somebody set; the present state also depends on the clock, see
    `lifecycle.state`. `pauses` is a list of `[from, to]` moments, `to` null while paused.
    `screen_shows` and `screen_activity_id` are a host's choice for the big screen, see
    `screen_choice`; null means that the screen chooses by itself. `screen_notice` is the notice
    that it may show. `version` counts changes of the set-up, see `building`; `agenda_version`
    counts those of the agenda.
    """

    id = IdField()
    title = TextField()
    description = TextField(default="")
    template = TextField()
    state = TextField(
        default="draft",
        constraints=[Check("state IN ('draft', 'scheduled', 'open', 'closed', 'archived')")],
    )
    join_code = TextField(unique=True)
    screen_key = TextField()
    rehearsal = BooleanField(default=False)
    opens_at = BigIntegerField(null=True)
    closes_at = BigIntegerField(null=True)
    closed_at = BigIntegerField(null=True)
    began_at = BigIntegerField()
    pauses = Json(default=list)
    frozen_at = BigIntegerField(null=True)
    reveal_step = IntegerField(null=True)
    settings = Json(default=dict)
    screen_shows = TextField(null=True)
    screen_activity_id = BigIntegerField(null=True)
    screen_notice = Json(null=True)
    version = IntegerField(default=1, constraints=[SQL("DEFAULT 1")])
    agenda_version = IntegerField(default=1, constraints=[SQL("DEFAULT 1")])
    created_by = BigIntegerField(null=True)
    created_at = BigIntegerField()


class Activity(Model):
    """One configured game in an event; `kind` names a package below `backend.activities`.

    `salt` is random and secret. Random choices are derived from ids and the salt, so that they
    cannot be predicted from another activity. A wipe of a rehearsal draws a new salt. `voided_at`
    is when a host voided the activity: since then nobody can play it, and it earns nothing.
    """

    id = IdField()
    event = ForeignKeyField(Event, backref="activities", on_delete="CASCADE")
    kind = TextField()
    title = TextField()
    position = IntegerField()
    settings = Json(default=dict)
    salt = TextField(default=new_salt)
    voided_at = BigIntegerField(null=True)
    void_reason = TextField(default="", constraints=[SQL("DEFAULT ''")])

    @classmethod
    def with_event(cls, activity_id: int) -> "Activity | None":
        """Return an activity with its event; None if there is none, or a host has just removed it.

        It takes a quarter of the time of a query of peewee with a join.
        """
        found = cls.find_one("id = ?", activity_id)
        event = Event.find_one("id = ?", found.event_id) if found else None
        if found is None or event is None:
            return None
        found.event = event
        return found


class AgendaStep(Model):
    """A step of an evening, see `agenda`. A step without a title has that of its activity.

    `minutes` is its planned length; `notes` are for the speaker.
    """

    id = IdField()
    event = ForeignKeyField(Event, backref="agenda", on_delete="CASCADE")
    position = IntegerField()
    title = TextField(default="")
    activity = ForeignKeyField(Activity, null=True, on_delete="CASCADE")
    minutes = IntegerField(null=True)
    notes = TextField(default="")
    done_at = BigIntegerField(null=True)


class Sitting(Model):
    """One of several times at which an activity is played; `shifts` empty means everybody."""

    id = IdField()
    activity = ForeignKeyField(Activity, backref="sittings", on_delete="CASCADE")
    title = TextField()
    shifts = Json(default=list)
    starts_at = BigIntegerField()
    ends_at = BigIntegerField()


class EventTeam(Model):
    """A team as it was when its first member joined; `headcount` is its size on the roster then."""

    id = IdField()
    event = ForeignKeyField(Event, backref="teams", on_delete="CASCADE")
    team_id = BigIntegerField()
    name = TextField()
    headcount = IntegerField()

    class Meta:
        indexes = ((("event", "team_id"), True),)


class Player(Model):
    """A seat in one event, with the team and shift of the moment of joining.

    A guest's seat has no `staff_id` and belongs to the account. Any other seat belongs to the
    person of the roster; `account_id` is the account that used it last, which may no longer be
    bound to the person: see `players.HOLDER`. `came_at` is when the player's phone first connected
    while the event was on, null if it never did.
    """

    id = IdField()
    event = ForeignKeyField(Event, backref="players", on_delete="CASCADE", index=False)
    account_id = BigIntegerField(index=True)
    staff_id = BigIntegerField(null=True, index=True)
    name = TextField()
    staff_number = TextField(null=True)
    team_id = BigIntegerField(null=True)
    team_name = TextField(null=True)
    shift = TextField(default="")
    status = TextField(
        default="active", constraints=[Check("status IN ('active', 'kicked', 'banned')")]
    )
    joined_at = BigIntegerField()
    came_at = BigIntegerField(null=True)

    class Meta:
        indexes = ((("event", "staff_id"), True), (("event", "name"), False))


class OutOfCompetition(Model):
    """A player who plays an activity out of competition, see `competition`; `since` is when they
    got or answered a question while they could read the keys."""

    activity = ForeignKeyField(Activity, on_delete="CASCADE")
    player = ForeignKeyField(Player, on_delete="CASCADE")
    since = BigIntegerField()

    class Meta:
        primary_key = CompositeKey("activity", "player")


class CrewMember(Model):
    """A member of staff with a duty of an evening, such as 后勤."""

    id = IdField()
    event = ForeignKeyField(Event, on_delete="CASCADE")
    staff = ForeignKeyField(Staff, on_delete="CASCADE")
    duty = TextField()

    class Meta:
        table_name = "crew_member"
        indexes = ((("event", "staff", "duty"), True),)


class CrewTask(Model):
    """A task of the crew.

    It is due `minutes` after the opening of the event, before it if negative. `owner` is the person
    who does it, null while nobody is named. `done_by` is the account that marked it as done.
    """

    id = IdField()
    event = ForeignKeyField(Event, on_delete="CASCADE")
    title = TextField()
    duty = TextField()
    minutes = IntegerField()
    owner = ForeignKeyField(Staff, null=True, on_delete="SET NULL")
    done_at = BigIntegerField(null=True)
    done_by = BigIntegerField(null=True)

    class Meta:
        table_name = "crew_task"
        indexes = ((("event", "minutes"), False),)


class EventMedia(Model):
    """A picture or a piece of music that the big screen of an event shows or plays.

    `data` is checked, and pictures are drawn anew; width and height are of pictures. `digest` is of
    the uploaded bytes, so that a repeated upload makes no second row.
    """

    id = IdField()
    event = ForeignKeyField(Event, on_delete="CASCADE")
    kind = TextField(constraints=[Check("kind IN ('background', 'picture', 'music')")])
    title = TextField()
    mimetype = TextField()
    data = BlobField()
    size = IntegerField()
    width = IntegerField(null=True)
    height = IntegerField(null=True)
    digest = TextField()
    uploaded_at = BigIntegerField()

    class Meta:
        indexes = ((("event", "kind", "digest"), True),)


# One seat for each account as a guest.
Player.add_index(
    Player.index(
        Player.event,
        Player.account_id,
        unique=True,
        where=Player.staff_id.is_null(),
        name="player_event_id_guest",
    )
)
