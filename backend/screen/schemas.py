"""Schemas of pairing, of streams and of what is on."""

import marshmallow as ma
from marshmallow import validate

from backend.live.feed import SEQ
from backend.web.schema import FullMatch, Id, Moment, Schema


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
    """The view of the stream; `host` for hosts only."""

    view = ma.fields.String(load_default="public", validate=validate.OneOf(["public", "host"]))


class PendingBody(Schema):
    """How many texts and pictures wait for a host."""

    pending = ma.fields.Integer(required=True)


class NowBody(Schema):
    """What is on in an event, as its hosts see it: `state` of the stream, see `docs/api.md`.

    `event` is its headline, `activities` those that are on, the latest first: the first one that has
    something to show is on the screen. `present` is how many phones are connected.
    """

    event = ma.fields.Dict(keys=ma.fields.String(), required=True)
    players = ma.fields.Integer(required=True)
    present = ma.fields.Integer(required=True)
    activities = ma.fields.List(ma.fields.Dict(keys=ma.fields.String()), required=True)
    server_time = ma.fields.String(required=True)
    moderation = ma.fields.Nested(PendingBody, required=True)


class StreamHeaders(Schema):
    """Where to resume after an interruption."""

    last_event_id = ma.fields.String(
        data_key="Last-Event-ID", validate=FullMatch(f"^{SEQ.pattern}$")
    )

    class Meta:
        unknown = ma.EXCLUDE
