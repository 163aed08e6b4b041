"""Tables of WeChat accounts, the staff roster, roles, console sessions, binding attempts and the
audit."""

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


class Team(Model):
    """A 班组 of the roster."""

    id = IdField()
    name = TextField(unique=True)


class Account(Model):
    """A WeChat identity. `openid` never leaves the server; `session_key` is stored encrypted.

    `code_digest` is the digest of the login code that was redeemed last, see `logins`.
    """

    id = IdField()
    appid = TextField()
    openid = TextField()
    unionid = TextField(null=True, index=True)
    session_key = TextField()
    session_key_updated_at = BigIntegerField()
    nickname = TextField(default="")
    token_version = IntegerField(default=1)
    created_at = BigIntegerField()
    last_login_at = BigIntegerField()
    code_digest = TextField(null=True, index=True)

    class Meta:
        indexes = ((("appid", "openid"), True),)


class Staff(Model):
    """A person of the roster. One person has one account: `account` is unique.

    `entered_on` is the first day at work (YYYY-MM-DD), `birthday` month and day (MM-DD) without the
    year; both are empty if the roster has none. `test_event_id` is the rehearsal of a test player,
    null for real people. Test players appear on no list of the roster.
    """

    id = IdField()
    number = TextField(unique=True)
    name = TextField()
    team = ForeignKeyField(Team, backref="staff")
    shift = TextField(default="")
    entered_on = TextField(default="", index=True, constraints=[SQL("DEFAULT ''")])
    birthday = TextField(default="", constraints=[SQL("DEFAULT ''")])
    invite_digest = TextField()
    active = BooleanField(default=True)
    account = ForeignKeyField(Account, null=True, unique=True, backref="staff")
    bound_at = BigIntegerField(null=True)
    test_event_id = BigIntegerField(null=True)


class Grant(Model):
    """A role of a member of staff; `event_id` 0 means everywhere."""

    id = IdField()
    staff = ForeignKeyField(Staff, backref="grants")
    role = TextField(constraints=[Check("role IN ('host', 'trainer', 'leader', 'admin')")])
    event_id = BigIntegerField(default=0)
    granted_at = BigIntegerField()

    class Meta:
        table_name = "role_grant"
        indexes = ((("staff", "role", "event_id"), True),)


class BindingAttempt(Model):
    """An attempt to bind; attempts are counted for each account and 工号 to limit guessing."""

    id = IdField()
    account_id = BigIntegerField()
    staff_number = TextField()
    at = BigIntegerField()

    class Meta:
        indexes = ((("account_id", "at"), False), (("staff_number", "at"), False))


class ConsoleSession(Model):
    """A log-in to the console in a browser, or a link that opens one once.

    `digest` is that of the cookie; while `seen_at` is null it is that of the link, see `sessions`.
    `version` is the account's `token_version` at the beginning of the session: signing out
    everywhere ends the session.
    """

    id = IdField()
    digest = TextField(unique=True)
    account = ForeignKeyField(Account, on_delete="CASCADE")
    version = IntegerField()
    device = TextField(default="")
    created_at = BigIntegerField()
    seen_at = BigIntegerField(null=True)
    ended_at = BigIntegerField(null=True)

    class Meta:
        table_name = "console_session"


class AuditLine(Model):
    """An action of a person; `actor_id` is an account, or null for the command line.

    `event_id` is the event that the line belongs to, whose hosts may read it.
    """

    id = IdField()
    at = BigIntegerField(index=True)
    actor_id = BigIntegerField(null=True)
    action = TextField()
    subject = TextField()
    detail = Json(default=dict, constraints=[SQL("DEFAULT '{}'")])
    event_id = BigIntegerField(null=True)

    class Meta:
        indexes = ((("event_id", "id"), False),)
