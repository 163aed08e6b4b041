"""What the control API takes. A field that is left out comes as None."""

from collections.abc import Mapping

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from miniprogram_stub.wechat_server.faults import KINDS

LARGEST_BATCH = 10_000
FARTHEST_SECONDS = 10 * 365 * 24 * 3600
LONGEST_DELAY_SECONDS = 600
HIGHEST_NUMBER = 1_000_000_000

Key = validate.Regexp(r"[\w.:@+-]{1,64}\Z", error="1 to 64 letters, digits or _ . : @ + -")
Positive = validate.Range(min=1, max=HIGHEST_NUMBER)


class Claim(fields.Boolean):
    """JSON true or false, and no other value."""

    def _deserialize(self, value: object, *args: object, **kwargs: object) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


class AppSchema(Schema):
    appid = fields.String(required=True, validate=Key)
    secret = fields.String(required=True, validate=Key)


class UserQuerySchema(Schema):
    key = fields.String(required=True, validate=Key)
    appid = fields.String(load_default=None, validate=Key)


class UserSchema(UserQuerySchema):
    unionid = Claim(load_default=None)
    blocked = Claim(load_default=None)


class LoginSchema(Schema):
    user = fields.String(load_default=None, validate=Key)
    users = fields.List(
        fields.String(validate=Key), load_default=None, validate=validate.Length(max=LARGEST_BATCH)
    )
    appid = fields.String(load_default=None, validate=Key)

    @validates_schema
    def one_or_many(self, data: Mapping[str, object], **_: object) -> None:
        if (data["user"] is None) == (data["users"] is None):
            raise ValidationError("either user or users", "user")


class AdvanceSchema(Schema):
    advance_seconds = fields.Float(
        required=True, validate=validate.Range(min=0, max=FARTHEST_SECONDS)
    )


class FaultSchema(Schema):
    path = fields.String(
        required=True,
        validate=validate.Regexp(r"(/[!-~]{0,199}|\*)\Z", error="a path from /, or *"),
    )
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    errcode = fields.Integer(
        strict=True,
        load_default=0,
        validate=validate.Range(min=-HIGHEST_NUMBER, max=HIGHEST_NUMBER),
    )
    seconds = fields.Float(
        load_default=0.0, validate=validate.Range(min=0, max=LONGEST_DELAY_SECONDS)
    )
    count = fields.Integer(strict=True, load_default=None, validate=Positive)
    every = fields.Integer(strict=True, load_default=None, validate=Positive)
    handled = Claim(load_default=None)

    @validates_schema
    def kind_has_what_it_needs(self, data: Mapping[str, object], **_: object) -> None:
        if (data["kind"] == "errcode") != bool(data["errcode"]):
            raise ValidationError("goes with kind errcode, and is never 0", "errcode")
        if data["kind"] == "latency" and not data["seconds"]:
            raise ValidationError("latency needs seconds", "seconds")


class RequestsQuerySchema(Schema):
    after = fields.Integer(load_default=0, validate=validate.Range(min=0, max=HIGHEST_NUMBER))


APP = AppSchema()
USER_QUERY = UserQuerySchema()
USER = UserSchema()
LOGIN = LoginSchema()
ADVANCE = AdvanceSchema()
FAULT = FaultSchema()
REQUESTS_QUERY = RequestsQuerySchema()
