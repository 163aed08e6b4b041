"""The state of the emulator: mini programs, their users, codes and tokens.

Pure and in memory. Every method takes the present time (`now`, milliseconds since the epoch) and
either answers or raises `CallRefused`. Nothing here depends on HTTP.
"""

from miniprogram_stub.wechat_server import facts
from miniprogram_stub.wechat_server.codes import Codes
from miniprogram_stub.wechat_server.facts import Quotas
from miniprogram_stub.wechat_server.identities import User, unionid_of
from miniprogram_stub.wechat_server.opinions import Opinion, opinion_of
from miniprogram_stub.wechat_server.quotas import per_day, per_minute
from miniprogram_stub.wechat_server.refusals import CallRefused
from miniprogram_stub.wechat_server.tokens import (
    PlainTokens,
    StableTokens,
    Token,
    TokenSpace,
    unknown_token_errcode,
)


class UnknownApp(LookupError):
    """No mini program with this appid is registered here."""


class App:
    """One mini program: its secret, its people, its tokens and what is left of its quotas."""

    def __init__(self, appid: str, secret: str, quotas: Quotas) -> None:
        self.appid = appid
        self.secret = secret
        self.users: dict[str, User] = {}
        self.users_by_openid: dict[str, User] = {}
        self.plain_tokens = PlainTokens()
        self.stable_tokens = StableTokens(quotas.force_refresh_per_day)
        self.plain_calls_today = per_day(quotas.token_per_day)
        self.stable_calls_this_minute = per_minute(quotas.stable_token_per_minute)
        self.stable_calls_today = per_day(quotas.stable_token_per_day)
        self.checks_this_minute = per_minute(quotas.text_checks_per_minute)
        self.checks_today = per_day(quotas.text_checks_per_day)

    def token_space(self, access_token: str) -> TokenSpace | None:
        """Which of the two spaces a token was made in."""
        for space in (self.plain_tokens, self.stable_tokens):
            if space.knows(access_token):
                return space
        return None


class WeChat:
    """All of WeChat that a mini program's backend can see, for one main app and any others."""

    def __init__(self, appid: str, secret: str, quotas: Quotas | None = None) -> None:
        self.appid = appid
        self.quotas = quotas or Quotas()
        self.apps: dict[str, App] = {}
        self.codes = Codes()
        self.register(appid, secret)

    # What happens on phones and in consoles

    def register(self, appid: str, secret: str) -> App:
        """Add a mini program, or give one that is there a new secret."""
        app = self.apps.get(appid)
        if app is None:
            app = self.apps[appid] = App(appid, secret, self.quotas)
        app.secret = secret
        return app

    def find_app(self, appid: str | None = None) -> App:
        """The app named, or the main one; raises `UnknownApp`."""
        app = self.apps.get(self.appid if appid is None else appid)
        if app is None:
            raise UnknownApp(appid)
        return app

    def find_user(self, key: str, appid: str | None = None) -> User | None:
        return self.find_app(appid).users.get(key)

    def meet(self, key: str, appid: str | None = None) -> User:
        """Return the person with a key; a new key makes a new person."""
        app = self.find_app(appid)
        user = app.users.get(key)
        if user is None:
            user = User(app.appid, key, per_minute(self.quotas.logins_per_user_minute))
            app.users[key] = app.users_by_openid[user.openid] = user
        return user

    def change_user(self, user: User, unionid: bool | None, blocked: bool | None) -> None:
        """Give the person a unionid or remove it, block or unblock; None changes nothing."""
        if unionid is not None:
            user.unionid = unionid_of(user.key) if unionid else None
        if blocked is not None:
            user.blocked = blocked

    def login(self, key: str, now: int, appid: str | None = None) -> str:
        """`wx.login` on that person's phone: returns a new code, and counts as use of the app."""
        user = self.meet(key, appid)
        user.active_at = now
        return self.codes.issue(user, now)

    # What the backend asks for

    def code_to_session(self, appid: str, secret: str, code: str, now: int) -> User:
        """Redeem a code; returns its owner, with a new session key for this login.

        Raises `CallRefused` 40013, 40125 for the credentials, which leaves the code alone, and
        whatever `Codes.redeem` raises.
        """
        self._authenticated(appid, secret, 40125)
        user = self.codes.redeem(code, appid, now)
        user.renew_session_key(now)
        return user

    def plain_token(self, appid: str, secret: str, now: int) -> Token:
        """Return a new access token; raises `CallRefused` 40013, 40125, 45009 (day)."""
        app = self._authenticated(appid, secret, facts.BAD_TOKEN_SECRET_ERRCODE)
        if not app.plain_calls_today.spend(now):
            raise CallRefused(45009)
        return app.plain_tokens.issue(now)

    def stable_token(self, appid: str, secret: str, force_refresh: bool, now: int) -> Token:
        """The stable access token; raises `CallRefused` 40013, 40125, 45011 (minute), 45009 (day)."""
        app = self._authenticated(appid, secret, facts.BAD_TOKEN_SECRET_ERRCODE)
        if not app.stable_calls_this_minute.spend(now):
            raise CallRefused(45011)
        if not app.stable_calls_today.spend(now):
            raise CallRefused(45009)
        return app.stable_tokens.issue(now, force_refresh)

    def check_token(self, access_token: str, now: int) -> App:
        """Check an access token of either space.

        Raises `CallRefused`: 41001 missing, 40014 no token by its look, 40001 unknown or replaced,
        42001 expired. Every endpoint that takes an access token begins with this.
        """
        if not access_token:
            raise CallRefused(41001)
        for app in self.apps.values():
            space = app.token_space(access_token)
            if space is not None:
                space.check(access_token, now)
                return app
        raise CallRefused(unknown_token_errcode(access_token))

    def check_session(self, app: App, openid: str, signature: str, now: int) -> None:
        """Check that the caller has the person's valid session key; raises `CallRefused` if not."""
        user = app.users_by_openid.get(openid)
        if user is None:
            raise CallRefused(40003)
        signed = user.signed_nothing(signature, now)
        if signed is None:
            raise CallRefused(facts.NO_SESSION_KEY_ERRCODE)
        if not signed:
            raise CallRefused(87009)

    def check_text(self, app: App, text: str, scene: int, openid: str, now: int) -> Opinion:
        """Return WeChat's opinion of a text that a user of this app wrote.

        Raises `CallRefused`: 44991 (minute), 45009 (day), 40129 for a scene, 40003 for an openid
        that nobody has, 43104 for another app's, 61010 for a user who did not use the app within
        two hours.
        """
        self._spend_check(app, now)
        if scene not in facts.CHECK_SCENES:
            raise CallRefused(40129)
        user = app.users_by_openid.get(openid)
        if user is None:
            elsewhere = any(openid in other.users_by_openid for other in self.apps.values())
            raise CallRefused(43104 if elsewhere else 40003)
        limit = facts.CHECK_SECONDS_AFTER_USE * 1000
        if user.active_at is None or now - user.active_at > limit:
            raise CallRefused(61010)
        return opinion_of(text)

    def check_text_anonymously(self, app: App, text: str, now: int) -> None:
        """The check as it was before version 2; raises `CallRefused` 44991, 45009, 87014 (risky)."""
        self._spend_check(app, now)
        if opinion_of(text).suggest != facts.PASS:
            raise CallRefused(87014)

    def _spend_check(self, app: App, now: int) -> None:
        if not app.checks_this_minute.spend(now):
            raise CallRefused(44991)
        if not app.checks_today.spend(now):
            raise CallRefused(45009)

    def _authenticated(self, appid: str, secret: str, bad_secret_errcode: int) -> App:
        app = self.apps.get(appid)
        if app is None:
            raise CallRefused(40013)
        if app.secret != secret:
            raise CallRefused(bad_secret_errcode)
        return app
