"""Access tokens: two independent spaces for each app. `PlainTokens` serves `/cgi-bin/token`: each
call makes a new token, and the earlier one stays valid for five minutes. `StableTokens` serves
`/cgi-bin/stable_token`: calls get the same token until five minutes before its end.
"""

import re
import secrets
from dataclasses import dataclass

from miniprogram_stub.wechat_server import facts
from miniprogram_stub.wechat_server.quotas import per_day
from miniprogram_stub.wechat_server.refusals import CallRefused

TOKEN_LOOK = re.compile(r"[0-9]{2}_[A-Za-z0-9_-]{133}\Z")


@dataclass(slots=True)
class Token:
    """An access token; `dies_at` is before `expires_at` if a newer one replaced it."""

    text: str
    expires_at: int
    dies_at: int

    def expires_in(self, now: int) -> int:
        """Whole seconds to the end."""
        return (self.expires_at - now) // 1000


def unknown_token_errcode(text: str) -> int:
    """Return the errcode for an unknown token, by its form."""
    if TOKEN_LOOK.match(text):
        return facts.UNKNOWN_TOKEN_ERRCODE
    return facts.MALFORMED_TOKEN_ERRCODE


class TokenSpace:
    """Tokens of one app and one endpoint: the current one, and those that it replaced."""

    prefix = "00"

    def __init__(self) -> None:
        self._tokens: dict[str, Token] = {}
        self._current: Token | None = None

    def knows(self, text: str) -> bool:
        return text in self._tokens

    def check(self, text: str, now: int) -> None:
        """Refuse a known token that is dead: 40001 when replaced, 42001 when its time was up."""
        token = self._tokens[text]
        if now < token.dies_at:
            return
        replaced = token.dies_at < token.expires_at
        raise CallRefused(facts.UNKNOWN_TOKEN_ERRCODE if replaced else facts.EXPIRED_TOKEN_ERRCODE)

    def _issue(self, now: int, overlap_seconds: int) -> Token:
        """Make a new token; all others die after the overlap, if not before."""
        self._forget_old(now)
        for token in self._tokens.values():
            token.dies_at = min(token.dies_at, now + overlap_seconds * 1000)
        ends_at = now + facts.TOKEN_SECONDS * 1000
        text = f"{self.prefix}_{secrets.token_urlsafe(100)[:133]}"
        self._current = self._tokens[text] = Token(text, ends_at, ends_at)
        return self._current

    def _forget_old(self, now: int) -> None:
        limit = now - facts.TOKEN_MEMORY_SECONDS * 1000
        while self._tokens:
            oldest = next(iter(self._tokens))
            if self._tokens[oldest].dies_at >= limit:
                return
            del self._tokens[oldest]


class PlainTokens(TokenSpace):
    """The tokens of `/cgi-bin/token`: every call replaces the token."""

    prefix = "43"

    def issue(self, now: int) -> Token:
        return self._issue(now, facts.TOKEN_OVERLAP_SECONDS)


class StableTokens(TokenSpace):
    """The tokens of `/cgi-bin/stable_token`: a call replaces the token only if necessary."""

    prefix = "44"

    def __init__(self, force_refresh_per_day: int) -> None:
        super().__init__()
        self._forced_today = per_day(force_refresh_per_day)
        self._forced_at: int | None = None

    def issue(self, now: int, force_refresh: bool) -> Token:
        """The current token, or a new one when it is near its end or must be refreshed.

        A forced refresh too soon after the last one, or once too often in a day, gets the
        current token.
        """
        if force_refresh and self._may_force(now):
            self._forced_at = now
            return self._issue(now, facts.FORCE_REFRESH_OVERLAP_SECONDS)
        current = self._current
        if current and current.expires_at - now > facts.TOKEN_OVERLAP_SECONDS * 1000:
            return current
        return self._issue(now, facts.TOKEN_OVERLAP_SECONDS)

    def _may_force(self, now: int) -> bool:
        gap_ms = facts.FORCE_REFRESH_GAP_SECONDS * 1000
        if self._forced_at is not None and now - self._forced_at < gap_ms:
            return False
        if self._forced_today.spend(now):
            return True
        if facts.FORCE_REFRESH_OVER_DAY_ERRCODE is not None:
            raise CallRefused(facts.FORCE_REFRESH_OVER_DAY_ERRCODE)
        return False
