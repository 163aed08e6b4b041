"""Schemas of pairing, of streams and of what is on."""

import marshmallow as ma
from flask_smorest.fields import Upload
from marshmallow import validate

from backend.events import media
from backend.events.schemas import RevealBody
from backend.events.screen_choice import CHOICES, MOST_MINUTES, MOST_WORDS
from backend.events.screens import PUBLIC, VIEWS
from backend.live.feed import SEQ
from backend.web.schema import FullMatch, Id, Moment, QueryId, Schema, Text, WholeNumber


class PairingRequest(Schema):
    """Which event the screen wants to show."""

    event_id = Id(required=True)


class PairingBody(Schema):
    """The code to show, and the secret to ask with."""

    pairing_code = ma.fields.String(required=True)
    secret = ma.fields.String(required=True)
    expires_at = Moment(required=True)


class PairingStatus(Schema):
    """Whether a host has let the screen in."""

    status = ma.fields.String(required=True)


class ScreenKeyBody(Schema):
    """Where the big screen is from now on; the key is for hosts alone."""

    screen_path = ma.fields.String(required=True)


class Approval(Schema):
    """The code that the screen shows."""

    pairing_code = ma.fields.String(required=True, validate=FullMatch(r"^[0-9]{6}$"))


class StreamQuery(Schema):
    """The view of the stream; `host` and `preview` are for hosts only.

    `preview` is what the big screen shows; it does not count as a screen.
    """

    view = ma.fields.String(load_default=PUBLIC, validate=validate.OneOf(VIEWS))


class ScreenChoice(Schema):
    """The choice for the big screen.

    `activity_id` is set only for an activity, `text` and `minutes` (of its countdown) only for a
    notice.
    """

    shows = ma.fields.String(required=True, validate=validate.OneOf(CHOICES))
    activity_id = Id(allow_none=True)
    text = Text(1, MOST_WORDS)
    minutes = WholeNumber(1, MOST_MINUTES, allow_none=True)


class NoticeBody(Schema):
    """A notice; `ends_at` is null without a countdown."""

    text = ma.fields.String(required=True)
    ends_at = ma.fields.String(required=True, allow_none=True)


class ScreenChoiceBody(Schema):
    """The host's choice for the big screen, and the last notice."""

    shows = ma.fields.String(required=True)
    activity_id = ma.fields.Integer(required=True, allow_none=True)
    notice = ma.fields.Nested(NoticeBody, required=True, allow_none=True)


class ArrivedTeamBody(Schema):
    """How many of a team have arrived, and whether that is the whole team."""

    id = ma.fields.Integer(required=True)
    name = ma.fields.String(required=True)
    count = ma.fields.Integer(required=True)
    whole = ma.fields.Boolean(required=True)


class ArrivedPersonBody(Schema):
    """A person who has arrived."""

    id = ma.fields.Integer(required=True)
    name = ma.fields.String(required=True)
    team = ma.fields.String(required=True, allow_none=True)


class ArrivalsBody(Schema):
    """Who has arrived; guests are counted and not named."""

    total = ma.fields.Integer(required=True)
    guests = ma.fields.Integer(required=True)
    teams = ma.fields.List(ma.fields.Nested(ArrivedTeamBody), required=True)
    newest = ma.fields.List(ma.fields.Nested(ArrivedPersonBody), required=True)


class ShownStepBody(Schema):
    """A step of the agenda without the notes for the speaker."""

    id = ma.fields.Integer(required=True)
    title = ma.fields.String(required=True)
    minutes = ma.fields.Integer(required=True, allow_none=True)
    done = ma.fields.Boolean(required=True)


class ShownSuggestionBody(Schema):
    """A suggestion; `status` is in Chinese, `decided` is false for a new one."""

    id = ma.fields.Integer(required=True)
    text = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    team = ma.fields.String(required=True, allow_none=True)
    supports = ma.fields.Integer(required=True)
    status = ma.fields.String(required=True)
    decided = ma.fields.Boolean(required=True)


class PinnedPostBody(Schema):
    """A pinned post that guests may read; `picture` is the address of its cover."""

    id = ma.fields.Integer(required=True)
    title = ma.fields.String(required=True)
    text = ma.fields.String(
        required=True, metadata={"description": "Its summary, else its first paragraph."}
    )
    column = ma.fields.String(required=True)
    picture = ma.fields.String(required=True, allow_none=True)


class QuietViewsBody(Schema):
    """The content of the big screen's views without a game.

    `suggestions` is null if no activity takes suggestions.
    """

    arrivals = ma.fields.Nested(ArrivalsBody, required=True)
    agenda = ma.fields.List(ma.fields.Nested(ShownStepBody), required=True)
    suggestions = ma.fields.List(
        ma.fields.Nested(ShownSuggestionBody), required=True, allow_none=True
    )
    posts = ma.fields.List(ma.fields.Nested(PinnedPostBody), required=True)


class PendingBody(Schema):
    """How many texts and pictures wait for a host."""

    pending = ma.fields.Integer(required=True)


class NowBody(Schema):
    """What is on in an event, as its hosts see it: `state` of the stream, see `docs/api.md`.

    `event` is its headline, `activities` those that are on, the latest first: the first one that has
    something to show is on the screen. `present` is how many phones are connected.
    """

    event = ma.fields.Dict(keys=ma.fields.String(), required=True)
    screen = ma.fields.Nested(ScreenChoiceBody, required=True)
    players = ma.fields.Integer(required=True)
    present = ma.fields.Integer(required=True)
    activities = ma.fields.List(ma.fields.Dict(keys=ma.fields.String()), required=True)
    server_time = ma.fields.String(required=True)
    moderation = ma.fields.Nested(PendingBody, required=True)


class StepsQuery(Schema):
    """The activity that the host has chosen."""

    activity_id = QueryId()


class ConfirmationBody(Schema):
    """A question before a step that cannot be undone.

    `ok` is the label of the button that confirms; `danger` says that the step ends or takes away
    something before its time, so that its buttons are red.
    """

    title = ma.fields.String(required=True)
    text = ma.fields.String(required=True)
    ok = ma.fields.String(required=True)
    danger = ma.fields.Boolean(required=True)


class HostStepBody(Schema):
    """A step of a host: a POST of `body` to `path` below `/api/v1`."""

    id = ma.fields.String(required=True)
    text = ma.fields.String(required=True)
    path = ma.fields.String(required=True)
    body = ma.fields.Dict(keys=ma.fields.String(), required=True)
    ask = ma.fields.Nested(ConfirmationBody, required=True, allow_none=True)


class StepClockBody(Schema):
    """A countdown; `left_ms` is null unless a pause has stopped it."""

    ends_at = Moment(required=True)
    seconds = ma.fields.Integer(required=True)
    left_ms = ma.fields.Integer(required=True, allow_none=True)


class StepGroupBody(Schema):
    """Steps other than the next one, under a name."""

    name = ma.fields.String(required=True)
    steps = ma.fields.List(ma.fields.Nested(HostStepBody), required=True)


class HeadlineBody(Schema):
    """An event as phones and screens show it at any moment."""

    id = ma.fields.Integer(required=True)
    title = ma.fields.String(required=True)
    state = ma.fields.String(required=True)
    paused = ma.fields.Boolean(required=True)
    frozen = ma.fields.Boolean(required=True)
    rehearsal = ma.fields.Boolean(required=True)
    join_code = ma.fields.String(required=True)
    closes_at = Moment(required=True, allow_none=True)
    seconds_to_close = ma.fields.Integer(required=True, allow_none=True)
    reveal = ma.fields.Nested(RevealBody, required=True, allow_none=True)


class RunActivityBody(Schema):
    """An activity of an event; `phase` is null while it is not on."""

    id = ma.fields.Integer(required=True)
    kind = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    phase = ma.fields.String(required=True, allow_none=True)
    phase_text = ma.fields.String(required=True, allow_none=True)


class StepsBody(Schema):
    """What is on, and what a host can do.

    `main` is the next step, null if there is none; `waits` then says why. `title`, `text` and
    `clock` describe the state of the activity `activity_id`, or of the event if its own steps come
    first. `present` is null while it is unknown.
    """

    event = ma.fields.Nested(HeadlineBody, required=True)
    players = ma.fields.Integer(required=True)
    present = ma.fields.Integer(required=True, allow_none=True)
    pending = ma.fields.Integer(required=True)
    screen = ma.fields.String(required=True)
    screen_choice = ma.fields.Nested(ScreenChoiceBody, required=True)
    activity_id = ma.fields.Integer(required=True, allow_none=True)
    activities = ma.fields.List(ma.fields.Nested(RunActivityBody), required=True)
    title = ma.fields.String(required=True)
    text = ma.fields.String(required=True)
    clock = ma.fields.Nested(StepClockBody, required=True, allow_none=True)
    main = ma.fields.Nested(HostStepBody, required=True, allow_none=True)
    waits = ma.fields.String(required=True)
    groups = ma.fields.List(ma.fields.Nested(StepGroupBody), required=True)


class StreamHeaders(Schema):
    """Where to resume after an interruption."""

    last_event_id = ma.fields.String(
        data_key="Last-Event-ID", validate=FullMatch(f"^{SEQ.pattern}$")
    )

    class Meta:
        unknown = ma.EXCLUDE


class MediaUpload(Schema):
    """A picture (JPEG, PNG, WebP, GIF), or music (MP3, M4A, OGG)."""

    file = Upload(required=True)


class MediaUploadQuery(Schema):
    """The purpose of the file."""

    kind = ma.fields.String(load_default=media.PICTURE, validate=validate.OneOf(media.KINDS))


class MediaBody(Schema):
    """A picture or a piece of music of an event; width and height are null for music."""

    id = ma.fields.Integer(required=True)
    kind = ma.fields.String(required=True, validate=validate.OneOf(media.KINDS))
    title = ma.fields.String(required=True)
    mimetype = ma.fields.String(required=True)
    size = ma.fields.Integer(required=True, metadata={"description": "In bytes."})
    width = ma.fields.Integer(required=True, allow_none=True)
    height = ma.fields.Integer(required=True, allow_none=True)
    uploaded_at = Moment(required=True)
    path = ma.fields.String(
        required=True, metadata={"description": "For screens that were let in, and hosts."}
    )
