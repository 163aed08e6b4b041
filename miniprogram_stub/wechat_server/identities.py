"""The users of one mini program."""

import base64
import hashlib
import hmac
import secrets

from miniprogram_stub.wechat_server import facts
from miniprogram_stub.wechat_server.quotas import QuotaLeft

OPENID_PEPPER = b"linka-emulator openid"
UNIONID_PEPPER = b"linka-emulator unionid"
SESSION_KEY_BYTES = 16


def openid_of(appid: str, key: str) -> str:
    """Return the openid of the user `key` in the app `appid`; it is always the same."""
    return _derived(OPENID_PEPPER, f"{appid}\0{key}")


def unionid_of(key: str) -> str:
    """The unionid of `key`, the same in every app."""
    return _derived(UNIONID_PEPPER, key)


def _derived(pepper: bytes, name: str) -> str:
    """28 characters that begin with `o`, like WeChat's."""
    digest = hmac.digest(pepper, name.encode(), hashlib.sha256)
    return "o" + base64.urlsafe_b64encode(digest).decode()[:27]


class User:
    """One person in one app, with the one session key that is valid at a time.

    `key` is the caller's own name for the person and never part of a WeChat answer.
    """

    __slots__ = (
        "active_at",
        "appid",
        "blocked",
        "key",
        "logins",
        "openid",
        "session_key",
        "session_key_dies_at",
        "unionid",
    )

    def __init__(self, appid: str, key: str, logins: QuotaLeft) -> None:
        self.appid = appid
        self.key = key
        self.openid = openid_of(appid, key)
        self.unionid: str | None = None
        self.blocked = False
        self.active_at: int | None = None
        self.logins = logins
        self.session_key: str | None = None
        self.session_key_dies_at = 0

    def renew_session_key(self, now: int) -> str:
        """Give the person a new session key; the previous one becomes invalid."""
        self.session_key = base64.b64encode(secrets.token_bytes(SESSION_KEY_BYTES)).decode()
        self.session_key_dies_at = now + facts.SESSION_KEY_SECONDS * 1000
        return self.session_key

    def signed_nothing(self, signature: str, now: int) -> bool | None:
        """Whether `signature` is the live session key's over an empty text; None without a key.

        The HMAC key is the base64 text itself, not the bytes that it stands for.
        """
        if self.session_key is None or now >= self.session_key_dies_at:
            return None
        return signature == session_signature(self.session_key, b"")


def session_signature(session_key: str, message: bytes) -> str:
    """Return the signature with `session_key`: lower-case hex of HMAC-SHA256."""
    return hmac.new(session_key.encode(), message, hashlib.sha256).hexdigest()
