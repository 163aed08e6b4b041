"""Log in with WeChat: a code becomes an account, an account gets a token."""

import hashlib
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from backend.db import Database
from backend.gathering import Gathering, rounds
from backend.identity.tokens import Tokens
from backend.keys import Vault
from backend.wechat.client import CodeUsed, WeChatClient

# What session keys are encrypted for, see `backend.keys`.
SESSION_KEYS = "session keys"
# How long the answer to a code is given again, and how long a repeat waits for the first to be done.
REPEAT_SECONDS = 10
WAIT_SECONDS = 2
_POLL_SECONDS = 0.02


@dataclass(frozen=True)
class Arrival:
    """Somebody whom WeChat vouched for; `sealed_key` is the encrypted session key, `code_digest`
    stands for the code."""

    openid: str
    unionid: str | None
    sealed_key: str
    code_digest: str
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


class Logins:
    """Turns codes into logins."""

    def __init__(
        self,
        wechat: WeChatClient,
        vault: Vault,
        tokens: Tokens,
        database: Database,
    ) -> None:
        self._wechat = wechat
        self._vault = vault
        self.tokens = tokens
        self._database = database
        self._arrivals: Gathering[Arrival, Login] = Gathering(
            self._upsert_all, opened=database.write, tries_alone=True
        )

    def log_in(self, code: str, now: int) -> Login:
        """Redeem a code; the same code within ten seconds gives the same answer, because a phone
        whose answer was lost repeats it.

        WeChat decides who is first, and the account remembers its newest code in the very
        transaction of the login, so that a repeat finds the answer on any node. Raises what
        `WeChatClient.code_to_session` raises.
        """
        digest = hashlib.sha256(code.encode()).hexdigest()[:_DIGEST_LENGTH]
        try:
            session = self._wechat.code_to_session(code)
        except CodeUsed:
            return self._first_answer(digest, now)
        sealed = self._vault.seal(session.session_key)
        return self._arrivals.do(
            Arrival(session.openid, session.unionid, sealed, digest, now),
        )

    def _first_answer(self, digest: str, now: int) -> Login:
        """Return what the code led to, when it is done; raises `CodeUsed`."""
        for _ in range(int(WAIT_SECONDS / _POLL_SECONDS)):
            found = self._database.read(_REPEAT_SQL, (digest,))
            if found:
                break
            time.sleep(_POLL_SECONDS)
        else:
            raise CodeUsed
        account_id, nickname, is_staff, version, issued_at = found[0]
        login = Login(account_id, nickname, bool(is_staff), version, issued_at)
        if now - login.issued_at > REPEAT_SECONDS * 1000:
            raise CodeUsed
        return login

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
            parameters += (one.at, one.at, one.at, one.code_digest)
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


# Half of it names a code as surely as the whole.
_DIGEST_LENGTH = 32
_UPSERT_ROW = "(?, ?, ?, ?, ?, ?, ?, ?, '', 1)"
_UPSERT_SQL = """
INSERT INTO account (appid, openid, unionid, session_key, session_key_updated_at, created_at,
                     last_login_at, code_digest, nickname, token_version)
VALUES {rows}
ON CONFLICT (appid, openid) DO UPDATE SET
    unionid = COALESCE(excluded.unionid, account.unionid),
    session_key = excluded.session_key,
    session_key_updated_at = excluded.session_key_updated_at,
    last_login_at = excluded.last_login_at,
    code_digest = excluded.code_digest
RETURNING id, openid, nickname, token_version
"""
_REPEAT_SQL = """
SELECT account.id, nickname, staff.id IS NOT NULL, token_version, last_login_at
FROM account LEFT JOIN staff ON staff.account_id = account.id AND staff.active
WHERE code_digest = ?
"""
