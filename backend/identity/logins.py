"""Log in with WeChat: a code becomes an account, an account gets a token."""

import hashlib
import json
import time
from dataclasses import asdict, dataclass

import structlog
from redis import Redis, RedisError

from backend.db import Database
from backend.identity.tokens import Tokens
from backend.wechat.client import CodeInvalid, WeChatClient, WeChatSession
from backend.wechat.crypto import Vault

log = structlog.get_logger(__name__)

MEMO_SECONDS = 10
_PENDING = b"pending"
_REFUSED = b"refused"
_POLL_SECONDS = 0.02


@dataclass(frozen=True)
class Login:
    """The answer to a login."""

    account_id: int
    nickname: str
    is_staff: bool
    token_version: int
    issued_at: int


class LoginMemo:
    """Remembers for ten seconds what a code led to, because a phone whose answer was lost repeats it.

    Redis key `linka:login:<sha256 of the code>`. Without Redis nothing is remembered, and WeChat's
    own single use decides.
    """

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    def claim(self, code: str) -> bytes | None:
        """Return None for the first to come, else what that one found; waits while it is busy."""
        try:
            for _ in range(int(MEMO_SECONDS / _POLL_SECONDS)):
                if self._redis.set(_memo_key(code), _PENDING, nx=True, ex=MEMO_SECONDS):
                    return None
                found = self._redis.get(_memo_key(code))
                if isinstance(found, bytes) and found != _PENDING:
                    return found
                time.sleep(_POLL_SECONDS)
        except RedisError as error:
            log.warning("login_memo_away", error=str(error))
        return None

    def keep(self, code: str, value: bytes) -> None:
        """Remember what the code led to."""
        try:
            self._redis.set(_memo_key(code), value, ex=MEMO_SECONDS)
        except RedisError as error:
            log.warning("login_memo_away", error=str(error))

    def forget(self, code: str) -> None:
        """Let the next one try again."""
        try:
            self._redis.delete(_memo_key(code))
        except RedisError as error:
            log.warning("login_memo_away", error=str(error))


class Logins:
    """Turns codes into logins."""

    def __init__(
        self,
        wechat: WeChatClient,
        vault: Vault,
        tokens: Tokens,
        memo: LoginMemo,
        database: Database,
    ) -> None:
        self._wechat = wechat
        self._vault = vault
        self.tokens = tokens
        self._memo = memo
        self._database = database

    def log_in(self, code: str, now: int) -> Login:
        """Redeem a code; the same code within ten seconds gives the same answer.

        Raises what `WeChatClient.code_to_session` raises.
        """
        known = self._memo.claim(code)
        if known == _REFUSED:
            raise CodeInvalid
        if known is not None:
            return Login(**json.loads(known))
        kept = b""
        try:
            login = self._redeem(code, now)
            kept = json.dumps(asdict(login)).encode()
        except CodeInvalid:
            kept = _REFUSED
            raise
        finally:
            if kept:
                self._memo.keep(code, kept)
            else:
                self._memo.forget(code)
        return login

    def _redeem(self, code: str, now: int) -> Login:
        session = self._wechat.code_to_session(code)
        with self._database.write():
            return self._upsert(session, now)

    def _upsert(self, session: WeChatSession, now: int) -> Login:
        account_id, nickname, version = self._database.sql(
            _UPSERT_SQL,
            (
                self._wechat.appid,
                session.openid,
                session.unionid,
                self._vault.seal(session.session_key),
                now,
                now,
                now,
            ),
        ).fetchone()
        staff = self._database.sql(
            "SELECT active FROM staff WHERE account_id = ?", (account_id,)
        ).fetchone()
        return Login(account_id, nickname, bool(staff and staff[0]), version, now)


_UPSERT_SQL = """
INSERT INTO account (appid, openid, unionid, session_key, session_key_updated_at, created_at,
                     last_login_at, nickname, token_version)
VALUES (?, ?, ?, ?, ?, ?, ?, '', 1)
ON CONFLICT (appid, openid) DO UPDATE SET
    unionid = COALESCE(excluded.unionid, account.unionid),
    session_key = excluded.session_key,
    session_key_updated_at = excluded.session_key_updated_at,
    last_login_at = excluded.last_login_at
RETURNING id, nickname, token_version
"""


def _memo_key(code: str) -> str:
    return f"linka:login:{hashlib.sha256(code.encode()).hexdigest()}"
