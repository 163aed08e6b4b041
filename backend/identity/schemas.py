"""Shapes of identity: what phones send and get."""

import marshmallow as ma

from backend.web.schema import FullMatch, Moment, Schema, Text, page_of


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
