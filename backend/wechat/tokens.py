"""The app's access token: kept in Redis for all processes, renewed by one of them at a time."""

import secrets
import time
from typing import Any

import structlog
from redis import Redis, RedisError

from backend.wechat.client import AccessToken, WeChatBusy, WeChatClient

log = structlog.get_logger(__name__)

# WeChat makes the next token five minutes before one expires; both are valid in between.
RENEWED_SECONDS_BEFORE = 300
LEAST_SECONDS = 30
# Longer than a call to WeChat takes, in case the process that renews the token dies.
RENEWING_SECONDS = 5
_POLL_SECONDS = 0.05
_POLLS = 40

_FORGET = """
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
"""


class AccessTokens:
    """Hands out the access token. Keys `linka:wechat:token:<appid>` and `…:renewing`.

    Without Redis each call asks WeChat, which gives everybody the same token.
    """

    def __init__(self, client: WeChatClient, redis: Redis) -> None:
        self._client = client
        self._redis = redis
        self._key = f"linka:wechat:token:{client.appid}"
        self._forget = redis.register_script(_FORGET)

    def get(self) -> str:
        """Return a token that is good; raises `WeChatBusy` or `WeChatMisconfigured`."""
        try:
            return self._kept() or self._renewed()
        except RedisError as error:
            log.warning("access_token_not_kept", error=str(error))
            return self._client.stable_token().text

    def renew(self, refused: str) -> str:
        """Return another token than the one that WeChat refused; raises as `get` does.

        Of all who were refused the same token, one asks WeChat.
        """
        self._drop(self._key, refused)
        return self.get()

    def _kept(self) -> str | None:
        kept: Any = self._redis.get(self._key)
        return kept.decode() if kept else None

    def _renewed(self) -> str:
        """Ask WeChat, or wait for the process that does."""
        renewing, own = f"{self._key}:renewing", secrets.token_hex(8)
        for _ in range(_POLLS):
            if self._redis.set(renewing, own, nx=True, ex=RENEWING_SECONDS):
                try:
                    return self._kept() or self._keep(self._client.stable_token())
                finally:
                    self._drop(renewing, own)
            time.sleep(_POLL_SECONDS)
            kept = self._kept()
            if kept:
                return kept
        raise WeChatBusy(retry_after_seconds=2)

    def _keep(self, token: AccessToken) -> str:
        seconds = max(LEAST_SECONDS, token.seconds - RENEWED_SECONDS_BEFORE)
        self._redis.set(self._key, token.text, ex=seconds)
        return token.text

    def _drop(self, key: str, value: str) -> None:
        try:
            self._forget(keys=[key], args=[value])
        except RedisError as error:
            log.warning("access_token_not_dropped", error=str(error))
