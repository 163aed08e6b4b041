"""Schemas of tickets."""

import marshmallow as ma

from backend.web.schema import Schema


class TicketBody(Schema):
    """A ticket, and where to open the socket with it."""

    ticket = ma.fields.String(required=True)
    path = ma.fields.String(required=True)
    expires_in = ma.fields.Integer(required=True)
