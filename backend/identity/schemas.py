"""Shapes of identity: what phones send and get."""

import marshmallow as ma
from marshmallow import validate

from backend.web.imports import AgreedQuery
from backend.web.schema import FullMatch, Moment, PageQuery, Schema, Text, page_of


class LoginRequest(Schema):
    """The code that `wx.login` gave."""

    code = ma.fields.String(required=True, validate=FullMatch(r"^[\x21-\x7e]{1,128}$"))


class AccountBody(Schema):
    """An account as its owner sees it."""

    id = ma.fields.Integer(required=True)
    nickname = ma.fields.String(required=True)
    is_staff = ma.fields.Boolean(required=True)


class LoginBody(Schema):
    """A token and its account."""

    token = ma.fields.String(required=True)
    token_type = ma.fields.String(required=True)
    expires_at = Moment(required=True)
    expires_in = ma.fields.Integer(required=True)
    account = ma.fields.Nested(AccountBody, required=True)


class StaffBody(Schema):
    """The person of the roster behind an account."""

    number = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    team = ma.fields.String(required=True)
    shift = ma.fields.String(required=True)


class RoleBody(Schema):
    """A role; `event_id` null means everywhere."""

    role = ma.fields.String(required=True)
    event_id = ma.fields.Integer(required=True, allow_none=True)


class MeBody(Schema):
    """Everything about the caller."""

    account = ma.fields.Nested(AccountBody, required=True)
    staff = ma.fields.Nested(StaffBody, required=True, allow_none=True)
    roles = ma.fields.List(ma.fields.Nested(RoleBody), required=True)


class AuditQuery(PageQuery):
    """Which lines of the audit to list."""

    action = Text(1, 60)


class ActorBody(Schema):
    """The account that acted; number and name are those of the person who has it now."""

    account_id = ma.fields.Integer(required=True)
    number = ma.fields.String(required=True, allow_none=True)
    name = ma.fields.String(required=True, allow_none=True)


class AuditLineBody(Schema):
    """An action; `actor` is null for the command line and for what the system does by itself."""

    id = ma.fields.Integer(required=True)
    at = Moment(required=True)
    actor = ma.fields.Nested(ActorBody, required=True, allow_none=True)
    action = ma.fields.String(required=True)
    subject = ma.fields.String(required=True)
    event_id = ma.fields.Integer(required=True, allow_none=True)
    detail = ma.fields.Dict(keys=ma.fields.String(), required=True)


AuditPage = page_of(AuditLineBody, "AuditPage")


class BindingRequest(Schema):
    """The 工号 that the caller claims, and the invite code."""

    staff_number = Text(1, 20, required=True)
    invite_code = Text(1, 20, required=True)


class StaffQuery(PageQuery):
    """Which people of the roster to list."""

    words = Text(0, 100, load_default="")
    state = ma.fields.String(
        load_default="",
        validate=validate.OneOf(["", "bound", "unbound", "left"]),
        metadata={"description": "Empty: all active people."},
    )


class StaffRowBody(Schema):
    """A person of the roster; `bound_at` is null if no account is bound."""

    number = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    team = ma.fields.String(required=True)
    shift = ma.fields.String(required=True)
    active = ma.fields.Boolean(required=True)
    bound_at = Moment(required=True, allow_none=True)


StaffPage = page_of(StaffRowBody, "StaffPage")


class RosterPreviewQuery(Schema):
    """How to read a file of the roster."""

    deactivate_missing = ma.fields.Boolean(
        load_default=False,
        metadata={"description": "Mark the people who are not in the file as left."},
    )
    new_codes = ma.fields.Boolean(
        load_default=False,
        metadata={"description": "Give a code to new people who have none in the file."},
    )


class RosterImportQuery(RosterPreviewQuery, AgreedQuery):
    """How to import a file of the roster."""


class RosterImportBody(Schema):
    """What an import of the roster has changed."""

    added = ma.fields.Integer(required=True)
    changed = ma.fields.Integer(required=True)
    returned = ma.fields.Integer(required=True)
    left = ma.fields.Integer(required=True)
    unchanged = ma.fields.Integer(required=True)


class InviteCodesRequest(Schema):
    """Who gets a new invite code.

    Without `numbers`, all active people who have not bound an account.
    """

    numbers = ma.fields.List(Text(1, 20), load_default=list, validate=validate.Length(0, 5_000))
