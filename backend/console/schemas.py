"""Schemas of logging in to the console, of its sessions, and of the checks before an event."""

import marshmallow as ma
from marshmallow import validate

from backend.events.preflight import LEVELS
from backend.web.schema import FullMatch, Id, Moment, Schema, Text


class ConsolePairingStatus(Schema):
    """Whether somebody has approved this browser; if so, the cookie comes with the answer."""

    status = ma.fields.String(required=True)


class ConsoleApproval(Schema):
    """The code that the console's log-in page shows."""

    pairing_code = ma.fields.String(required=True, validate=FullMatch(r"^[0-9]{6}$"))


class LinkRequest(Schema):
    """The secret of a link that `linka console link` printed."""

    secret = Text(1, 100, required=True)


class SessionBody(Schema):
    """A browser in which the caller is logged in to the console."""

    id = Id(required=True)
    device = ma.fields.String(required=True)
    begun_at = Moment(required=True)
    seen_at = Moment(required=True)
    is_this_one = ma.fields.Boolean(required=True)


class PreflightLineBody(Schema):
    """One thing that was checked; `link` is the page of the console where it can be fixed."""

    level = ma.fields.String(required=True, validate=validate.OneOf(LEVELS))
    about = ma.fields.String(required=True)
    text = ma.fields.String(required=True)
    link = ma.fields.String(required=True, allow_none=True)


class PreflightBody(Schema):
    """The checks before an event, for the business day on which it opens.

    `level` is the worst of all lines.
    """

    day = ma.fields.String(required=True)
    level = ma.fields.String(required=True, validate=validate.OneOf(LEVELS))
    lines = ma.fields.List(ma.fields.Nested(PreflightLineBody), required=True)
