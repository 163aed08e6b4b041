"""Shapes of events and players."""

from typing import Any

import marshmallow as ma
from marshmallow import validate

from backend.errors import Sentence
from backend.events.service import ACTIONS, JOIN_CODE
from backend.events.stand_ins import MOST
from backend.events.templates import DUTIES, SHIFTS, CrewTaskSchema, TeamFormulaSchema
from backend.web.schema import FullMatch, Id, Moment, PageQuery, Schema, Text, page_of

_ONE_OF_THREE = Sentence(
    "请给出模板、环节或要复制的活动，只给一种。",
    "Send one of template, activities and copy_of.",
)


class ErasureRequest(Schema):
    """The word that confirms the erasure."""

    confirm = ma.fields.String(required=True, validate=validate.Equal("erase"))


class ExportBody(Schema):
    """All that is stored of the caller; moments are in ms since 1970."""

    account = ma.fields.Dict(keys=ma.fields.String(), required=True)
    staff = ma.fields.Dict(keys=ma.fields.String(), required=True, allow_none=True)
    binding_attempts = ma.fields.List(ma.fields.Dict(keys=ma.fields.String()), required=True)
    audit = ma.fields.List(ma.fields.Dict(keys=ma.fields.String()), required=True)
    events = ma.fields.List(ma.fields.Dict(keys=ma.fields.String()), required=True)
    records = ma.fields.Dict(keys=ma.fields.String(), required=True)


class SittingBody(Schema):
    """One of several times at which an activity is played."""

    title = ma.fields.String(required=True)
    shifts = ma.fields.List(ma.fields.String(), required=True)
    starts_at = Moment(required=True)
    ends_at = Moment(required=True)
    state = ma.fields.String(required=True, metadata={"description": "waiting, open or closed"})


class ActivityBody(Schema):
    """One configured game in an event."""

    id = ma.fields.Integer(required=True)
    kind = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    sittings = ma.fields.List(ma.fields.Nested(SittingBody), required=True)
    voided = ma.fields.Boolean(
        required=True, metadata={"description": "A host voided it: it earns nothing any more."}
    )


class RevealBody(Schema):
    """How far the ceremony has come."""

    step = ma.fields.Integer(required=True)
    of = ma.fields.Integer(required=True)


class EventBody(Schema):
    """An event; `screen_path` and `version` are for its hosts only."""

    id = ma.fields.Integer(required=True)
    title = ma.fields.String(required=True)
    description = ma.fields.String(required=True)
    state = ma.fields.String(required=True)
    paused = ma.fields.Boolean(required=True)
    frozen = ma.fields.Boolean(required=True)
    rehearsal = ma.fields.Boolean(required=True)
    join_code = ma.fields.String(
        required=True, allow_none=True, metadata={"description": "Null in lists, if not joined."}
    )
    opens_at = Moment(required=True, allow_none=True)
    closes_at = Moment(required=True, allow_none=True)
    seconds_to_close = ma.fields.Integer(required=True, allow_none=True)
    player_count = ma.fields.Integer(required=True)
    reveal = ma.fields.Nested(RevealBody, required=True, allow_none=True)
    activities = ma.fields.List(ma.fields.Nested(ActivityBody), required=True)
    screen_path = ma.fields.String(required=False)
    version = ma.fields.Integer(
        required=False,
        metadata={"description": "Counts changes of what hosts set up; changes must name it."},
    )


class TemplateActivityBody(Schema):
    """An activity of a template."""

    kind = ma.fields.String(required=True)
    title = ma.fields.String(required=True)


class TemplateBody(Schema):
    """A template that an event can be made from."""

    name = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    description = ma.fields.String(required=True)
    activities = ma.fields.List(ma.fields.Nested(TemplateActivityBody), required=True)


class SittingFacts(Schema):
    """A sitting as hosts send it; `shifts` empty means everybody."""

    title = Text(1, 60, required=True)
    shifts = ma.fields.List(ma.fields.String(validate=validate.OneOf(SHIFTS)), load_default=list)
    starts_at = Moment(required=True)
    ends_at = Moment(required=True)


class ActivityFacts(Schema):
    """An activity as hosts send it; `settings` are checked by its kind."""

    kind = Text(1, 60, required=True)
    title = Text(1, 60, required=True)
    settings = ma.fields.Dict(keys=ma.fields.String(), load_default=dict)
    sittings = ma.fields.List(
        ma.fields.Nested(SittingFacts), load_default=list, validate=validate.Length(0, 30)
    )


class NewEvent(Schema):
    """The source of a new event: a template, a list of activities, or another event.

    A template whose question banks, topics or word packs have nothing to ask is refused, unless
    `incomplete` is true.
    """

    template = Text(1, 60)
    activities = ma.fields.List(ma.fields.Nested(ActivityFacts), validate=validate.Length(1, 20))
    copy_of = Id()
    incomplete = ma.fields.Boolean(load_default=False)
    title = Text(1, 60)
    description = Text(0, 2000)
    team_formula = ma.fields.Nested(TeamFormulaSchema)
    reveal_top = ma.fields.Integer(validate=validate.Range(1, 50))
    rehearsal = ma.fields.Boolean(load_default=False)
    opens_at = Moment(allow_none=True)
    closes_at = Moment(allow_none=True)
    join_code = ma.fields.String(validate=FullMatch(JOIN_CODE))

    @ma.validates_schema
    def _has_one_source(self, data: dict[str, Any], **_: Any) -> None:
        sources = data.keys() & {"template", "activities", "copy_of"}
        if not sources:
            raise ma.ValidationError("Missing data for required field.", "template")
        if len(sources) > 1:
            raise ma.ValidationError([_ONE_OF_THREE], "template")


class JoinRequest(Schema):
    """The code that is shown on the screen."""

    code = Text(1, 20, required=True)


class TeamBody(Schema):
    """The team of that moment."""

    id = ma.fields.Integer(required=True)
    name = ma.fields.String(required=True)


class PlayerBody(Schema):
    """A player; `staff_number` only for the player and for hosts."""

    id = ma.fields.Integer(required=True)
    name = ma.fields.String(required=True)
    staff_number = ma.fields.String(required=False, allow_none=True)
    team = ma.fields.Nested(TeamBody, required=True, allow_none=True)
    shift = ma.fields.String(required=True)
    status = ma.fields.String(required=True)
    joined_at = Moment(required=True)
    out_of_competition = ma.fields.List(
        ma.fields.Integer(),
        required=False,
        metadata={
            "description": "In hosts' lists: the activities played out of competition, by id."
        },
    )
    is_test = ma.fields.Boolean(
        required=False, metadata={"description": "In hosts' lists: a test player of a rehearsal."}
    )


class JoinBody(Schema):
    """The event that was joined, and the caller's player in it."""

    event = ma.fields.Nested(EventBody, required=True)
    player = ma.fields.Nested(PlayerBody, required=True)


class Transition(Schema):
    """The action that a host requests; `step` only for `reveal`."""

    action = ma.fields.String(required=True, validate=validate.OneOf(ACTIONS))
    step = ma.fields.Integer(validate=validate.Range(1, 60))


class LeftBody(Schema):
    """A number of things that players left and that a wipe removes or resets."""

    what = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    count = ma.fields.Integer(required=True)


class ActivityLeftoversBody(Schema):
    """What players left in an activity."""

    id = ma.fields.Integer(required=True)
    kind = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    counts = ma.fields.List(ma.fields.Nested(LeftBody), required=True)


class LeftoversBody(Schema):
    """What players left in a rehearsal: of the whole event, and of each activity."""

    counts = ma.fields.List(ma.fields.Nested(LeftBody), required=True)
    activities = ma.fields.List(ma.fields.Nested(ActivityLeftoversBody), required=True)


class TestPlayersRequest(Schema):
    """How many test players a rehearsal has."""

    count = ma.fields.Integer(required=True, strict=True, validate=validate.Range(0, MOST))


class EveningRequest(Schema):
    """When the evening begins and ends; left out, a host opens and closes it."""

    opens_at = Moment(allow_none=True)
    closes_at = Moment(allow_none=True)


class CrewOwnerBody(Schema):
    """A member of staff in the crew."""

    staff_number = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    team = ma.fields.String(required=True)


class CrewMemberBody(CrewOwnerBody):
    """A member of staff with a duty."""

    id = ma.fields.Integer(required=True)
    duty = ma.fields.String(required=True)


class CrewTaskBody(Schema):
    """A task; `due_at` is null while the event has no opening."""

    id = ma.fields.Integer(required=True)
    title = ma.fields.String(required=True)
    duty = ma.fields.String(required=True)
    minutes = ma.fields.Integer(
        required=True, metadata={"description": "After the opening; negative before it."}
    )
    owner = ma.fields.Nested(CrewOwnerBody, required=True, allow_none=True)
    due_at = Moment(required=True, allow_none=True)
    done_at = Moment(required=True, allow_none=True)
    state = ma.fields.String(required=True, metadata={"description": "open, late or done"})


class CrewEventBody(Schema):
    """The event of a task."""

    id = ma.fields.Integer(required=True)
    title = ma.fields.String(required=True)
    rehearsal = ma.fields.Boolean(required=True)


class OwnCrewTaskBody(CrewTaskBody):
    """One of the caller's tasks."""

    event = ma.fields.Nested(CrewEventBody, required=True)


class CrewBody(Schema):
    """The crew of an event: its duties, who has them, and tasks by the time when they are due."""

    duties = ma.fields.List(ma.fields.String(), required=True)
    members = ma.fields.List(ma.fields.Nested(CrewMemberBody), required=True)
    tasks = ma.fields.List(ma.fields.Nested(CrewTaskBody), required=True)


class NewCrewMember(Schema):
    """Who gets which duty."""

    staff_number = Text(1, 40, required=True)
    duty = ma.fields.String(required=True, validate=validate.OneOf(DUTIES))


class NewCrewTask(CrewTaskSchema):
    """A task; `owner` is a staff number, null or absent while nobody is named."""

    owner = Text(1, 40, allow_none=True)


class TeamMemberBody(Schema):
    """A member of the caller's team."""

    staff_number = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    shift = ma.fields.String(required=True)


class AttendanceBody(Schema):
    """An event: how many of the team came, and which of today's members did not."""

    event_id = ma.fields.Integer(required=True)
    title = ma.fields.String(required=True)
    state = ma.fields.String(required=True)
    opened_at = Moment(required=True)
    came = ma.fields.Integer(required=True)
    absent = ma.fields.List(ma.fields.Nested(TeamMemberBody), required=True)


class ParticipationBody(Schema):
    """The participation of the caller's team in the newest events; `headcount` is today's."""

    team = ma.fields.String(required=True)
    headcount = ma.fields.Integer(required=True)
    events = ma.fields.List(ma.fields.Nested(AttendanceBody), required=True)


class TickRequest(Schema):
    """Whether a task, or a step of the agenda, is done."""

    done = ma.fields.Boolean(required=True)


class PlayerQuery(PageQuery):
    """Which players."""

    status = ma.fields.String(validate=validate.OneOf(["active", "kicked", "banned"]))


class PlayerChange(Schema):
    """Kick, ban or readmit a player; only the audit has the reason."""

    status = ma.fields.String(
        required=True, validate=validate.OneOf(["active", "kicked", "banned"])
    )
    reason = Text(0, 200, load_default="")


EventPage = page_of(EventBody, "EventPage")
PlayerPage = page_of(PlayerBody, "PlayerPage")
