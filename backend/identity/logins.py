"""Log in with WeChat: a code becomes an account, an account gets a token."""

import hashlib
import json
import secrets
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import structlog
from redis import Redis, RedisError
from redis.commands.core import Script

from backend.db import Database
from backend.gathering import Gathering, rounds
from backend.identity.tokens import Tokens
from backend.live.trips import Trips
from backend.wechat.client import CodeInvalid, WeChatClient
from backend.wechat.crypto import Vault

log = structlog.get_logger(__name__)

MEMO_SECONDS = 10
_PENDING = b"pending "
_REFUSED = b"refused"
_POLL_SECONDS = 0.02


@dataclass(frozen=True)
class Arrival:
    """Somebody whom WeChat vouched for; `sealed_key` is the encrypted session key."""

    openid: str
    unionid: str | None
    sealed_key: str
    at: int

    def __repr__(self) -> str:
        return "Arrival(…)"


@dataclass(frozen=True)
class Login:
    """The answer to a login."""

    account_id: int
    nickname: str
    is_staff: bool
    token_version: int
    issued_at: int


_CLAIM = "return redis.call('SET', KEYS[1], ARGV[1], 'NX', 'GET', 'EX', ARGV[2]) or ''"
_KEEP = "return redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2])"
_FORGET = "return redis.call('DEL', KEYS[1])"


class LoginMemo:
    """Remembers for ten seconds what a code led to, because a phone whose answer was lost repeats it.

    Redis key `linka:login:<sha256 of the code>`. Without Redis nothing is remembered, and WeChat's
    own single use decides.
    """

    def __init__(self, redis: Redis) -> None:
        self._trips = Trips(redis)
        self._claim = redis.register_script(_CLAIM)
        self._keep = redis.register_script(_KEEP)
        self._forget = redis.register_script(_FORGET)

    def claim(self, code: str) -> bytes | None:
        """Return None for the first to come, else what that one found; waits while it is busy."""
        # Nobody else's is the same, so that a claim that is made twice on the way is still ours.
        own = _PENDING + secrets.token_bytes(8)
        for _ in range(int(MEMO_SECONDS / _POLL_SECONDS)):
            found = self._run(self._claim, code, own, MEMO_SECONDS)
            if not found or found == own:
                return None
            if not found.startswith(_PENDING):
                return bytes(found)
            time.sleep(_POLL_SECONDS)
        return None

    def keep(self, code: str, value: bytes) -> None:
        """Remember what the code led to."""
        self._run(self._keep, code, value, MEMO_SECONDS)

    def forget(self, code: str) -> None:
        """Let the next one try again."""
        self._run(self._forget, code)

    def _run(self, script: Script, code: str, *arguments: Any) -> Any:
        try:
            return self._trips.run(script, _memo_key(code), arguments)
        except RedisError as error:
            log.warning("login_memo_away", error=str(error))
            return None


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
        self._arrivals: Gathering[Arrival, Login] = Gathering(
            self._upsert_all, opened=database.write, tries_alone=True
        )

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
        sealed = self._vault.seal(session.session_key)
        return self._arrivals.do(Arrival(session.openid, session.unionid, sealed, now))

    def _upsert_all(self, arrivals: Sequence[Arrival]) -> list[Login]:
        """Make or find accounts in the open transaction; two arrivals of one person in turn."""
        logins: dict[int, Login] = {}
        for places in rounds(arrivals, lambda arrival: arrival.openid):
            found = self._upsert([arrivals[place] for place in places])
            logins.update({place: found[arrivals[place].openid] for place in places})
        return [logins[place] for place in range(len(arrivals))]

    def _upsert(self, arrivals: Sequence[Arrival]) -> dict[str, Login]:
        """Return {openid: login} of people who are all different."""
        parameters: list[Any] = []
        # In order, so that transactions that touch the same accounts do not wait in a ring.
        for one in sorted(arrivals, key=lambda arrival: arrival.openid):
            parameters += (self._wechat.appid, one.openid, one.unionid, one.sealed_key)
            parameters += (one.at, one.at, one.at)
        statement = _UPSERT_SQL.format(rows=", ".join([_UPSERT_ROW] * len(arrivals)))
        accounts = self._database.sql(statement, tuple(parameters)).fetchall()
        marks = ", ".join("?" * len(accounts))
        staff = self._database.sql(
            f"SELECT account_id FROM staff WHERE active AND account_id IN ({marks})",
            tuple(account[0] for account in accounts),
        ).fetchall()
        at = {arrival.openid: arrival.at for arrival in arrivals}
        return {
            openid: Login(account_id, nickname, (account_id,) in staff, version, at[openid])
            for account_id, openid, nickname, version in accounts
        }


_UPSERT_ROW = "(?, ?, ?, ?, ?, ?, ?, '', 1)"
_UPSERT_SQL = """
INSERT INTO account (appid, openid, unionid, session_key, session_key_updated_at, created_at,
                     last_login_at, nickname, token_version)
VALUES {rows}
ON CONFLICT (appid, openid) DO UPDATE SET
    unionid = COALESCE(excluded.unionid, account.unionid),
    session_key = excluded.session_key,
    session_key_updated_at = excluded.session_key_updated_at,
    last_login_at = excluded.last_login_at
RETURNING id, openid, nickname, token_version
"""


def _memo_key(code: str) -> str:
    return f"linka:login:{hashlib.sha256(code.encode()).hexdigest()}"
