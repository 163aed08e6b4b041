"""The codes of `wx.login`: valid for five minutes, and for one attempt.

The first attempt uses a code up, whether it succeeds or not. A used code is remembered for a while,
so that a second attempt gets another error than an unknown code.
"""

import secrets
from dataclasses import dataclass

from miniprogram_stub.wechat_server import facts
from miniprogram_stub.wechat_server.identities import User
from miniprogram_stub.wechat_server.refusals import CallRefused


@dataclass(slots=True)
class Code:
    """One answer of `wx.login` on one person's phone."""

    user: User
    issued_at: int
    burnt: bool = False


class Codes:
    """Every code that is still remembered, oldest first."""

    def __init__(self) -> None:
        self._codes: dict[str, Code] = {}

    def __len__(self) -> int:
        return len(self._codes)

    def issue(self, user: User, now: int) -> str:
        self._forget_old(now)
        text = "0" + secrets.token_hex(16)[1:]
        self._codes[text] = Code(user, now)
        return text

    def redeem(self, text: str, appid: str, now: int) -> User:
        """Return the person whose code it is, and use it up.

        Raises `CallRefused`: unknown, expired or another app's 40029; tried before 40163; blocked
        person 40226; too many logins of this person in this minute 45011.
        """
        code = self._codes.get(text)
        if code is None or now - code.issued_at > facts.CODE_MEMORY_SECONDS * 1000:
            raise CallRefused(facts.UNKNOWN_CODE_ERRCODE)
        if not code.user.logins.spend(now):
            code.burnt = code.burnt or facts.QUOTA_REFUSAL_BURNS_CODE
            raise CallRefused(45011)
        if code.burnt:
            raise CallRefused(40163)
        code.burnt = True
        return _owner(code, appid, now)

    def _forget_old(self, now: int) -> None:
        """Drop what is older than the memory; amortised constant, as codes lie in order of age."""
        limit = now - facts.CODE_MEMORY_SECONDS * 1000
        while self._codes:
            oldest = next(iter(self._codes))
            if self._codes[oldest].issued_at >= limit:
                return
            del self._codes[oldest]


def _owner(code: Code, appid: str, now: int) -> User:
    if now - code.issued_at > facts.CODE_SECONDS * 1000:
        raise CallRefused(facts.EXPIRED_CODE_ERRCODE)
    if code.user.appid != appid:
        raise CallRefused(40029)
    if code.user.blocked:
        raise CallRefused(40226)
    return code.user
