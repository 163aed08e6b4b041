"""Log in with WeChat: a code becomes an account, an account gets a token."""

import hashlib
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from backend.clock import to_iso
from backend.db import Database
from backend.identity.tokens import LIFETIME_SECONDS, Tokens
from backend.intake import Intake, NewItem
from backend.keys import TextCipher
from backend.selection import Bool, Selection
from backend.wechat.client import CodeUsed, WeChatClient

# The purpose of the key for session keys, see `backend.keys`.
SESSION_KEYS = "session keys"
# How long a repeated code gets the first answer, and how long a repeat waits for the first login to
# finish.
REPEAT_SECONDS = 10
WAIT_SECONDS = 2
_POLL_SECONDS = 0.02
# Each is kept until Flask has taken the same request again.
_FAILED_KEPT = 1000


@dataclass(frozen=True)
class ConfirmedIdentity:
    """An identity that WeChat confirmed; `sealed_key` is the encrypted session key, `code_digest`
    the digest of the code."""

    openid: str
    unionid: str | None
    sealed_key: str
    code_digest: str
    at: int

    def __repr__(self) -> str:
        return "ConfirmedIdentity(…)"


@dataclass(frozen=True)
class Login:
    """The answer to a login."""

    account_id: int
    nickname: str
    is_staff: bool
    token_version: int
    issued_at: int


class Logins(Intake[ConfirmedIdentity, None, ConfirmedIdentity, Login]):
    """Turns codes into logins. Build one per process."""

    counted_as = "logins"

    def __init__(
        self,
        wechat: WeChatClient,
        cipher: TextCipher,
        tokens: Tokens,
        database: Database,
    ) -> None:
        super().__init__(database)
        self._wechat = wechat
        self._cipher = cipher
        self._failed: dict[str, Exception] = {}
        self.tokens = tokens

    def log_in(self, code: str, now: int) -> Login:
        """Redeem a code; the same code within ten seconds gives the same answer, because a phone
        whose answer was lost repeats it.

        WeChat accepts a code once. The account stores the digest of its newest code in the
        transaction of the login, so that a repeat gets the answer on any node. Raises what
        `WeChatClient.code_to_session` raises.
        """
        failed = self._failed.pop(code, None)
        if failed is not None:
            raise failed
        digest = hashlib.sha256(code.encode()).hexdigest()[:_DIGEST_LENGTH]
        try:
            session = self._wechat.code_to_session(code)
        except CodeUsed:
            return self._first_answer(digest, now)
        sealed = self._cipher.encrypt(session.session_key)
        return self.take(ConfirmedIdentity(session.openid, session.unionid, sealed, digest, now))

    def fail_again(self, code: str, error: Exception) -> None:
        """Let the next `log_in` with a code, which WeChat must not be asked for twice, raise an error."""
        if len(self._failed) >= _FAILED_KEPT:
            self._failed.clear()
        self._failed[code] = error

    def shown(self, login: Login) -> dict[str, Any]:
        """Return a login as JSON, with its token."""
        token, ends_at = self.tokens.issue(login.account_id, login.token_version, login.issued_at)
        return {
            "token": token,
            "token_type": "Bearer",  # nosec B105 # no password
            "expires_at": to_iso(ends_at),
            "expires_in": LIFETIME_SECONDS,
            "account": {
                "id": login.account_id,
                "nickname": login.nickname,
                "is_staff": login.is_staff,
            },
        }

    def _first_answer(self, digest: str, now: int) -> Login:
        """Return the login that the code led to, once that is done; raises `CodeUsed`."""
        for _ in range(int(WAIT_SECONDS / _POLL_SECONDS)):
            found = _LOGIN.read(self.database.read(_REPEAT_SQL, (digest,)))
            if found:
                break
            time.sleep(_POLL_SECONDS)
        else:
            raise CodeUsed
        if now - found[0].issued_at > REPEAT_SECONDS * 1000:
            raise CodeUsed
        return found[0]

    # --- in the transaction, see `Intake`

    def key(self, item: ConfirmedIdentity) -> str:
        """Return the person: a statement changes an account once."""
        return item.openid

    def read(self, items: Sequence[ConfirmedIdentity]) -> None:
        """Read nothing: every identity that WeChat confirmed may log in."""

    def judge(self, facts: None, item: ConfirmedIdentity) -> NewItem[ConfirmedIdentity]:
        """Accept every login."""
        return NewItem(item)

    def write(self, facts: None, entries: Sequence[ConfirmedIdentity]) -> list[Login]:
        """Create or update accounts, and return which of them are staff."""
        parameters: list[Any] = []
        # In a fixed order, so that transactions that change the same accounts do not deadlock.
        for one in sorted(entries, key=lambda arrival: arrival.openid):
            parameters += (self._wechat.appid, one.openid, one.unionid, one.sealed_key)
            parameters += (one.at, one.at, one.at, one.code_digest)
        statement = _UPSERT_SQL.format(rows=", ".join([_UPSERT_ROW] * len(entries)))
        accounts = self.database.sql(statement, tuple(parameters)).fetchall()
        at = {arrival.openid: arrival.at for arrival in entries}
        logins = {
            openid: Login(account_id, nickname, bool(is_staff), version, at[openid])
            for account_id, openid, nickname, version, is_staff in accounts
        }
        return [logins[arrival.openid] for arrival in entries]


# Half of the digest identifies a code well enough.
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
RETURNING id, openid, nickname, token_version,
    EXISTS (SELECT 1 FROM staff WHERE staff.active AND staff.account_id = account.id)
"""
_LOGIN = Selection(
    Login,
    account_id="account.id",
    nickname="nickname",
    is_staff=Bool("staff.id IS NOT NULL"),
    token_version="token_version",  # nosec B106 # no password
    issued_at="last_login_at",
)
_REPEAT_SQL = f"""
SELECT {_LOGIN}
FROM account LEFT JOIN staff ON staff.account_id = account.id AND staff.active
WHERE code_digest = ?
"""  # nosec B608 # our own names
