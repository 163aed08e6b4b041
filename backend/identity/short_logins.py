"""The short way of a login, past Flask."""

import json
import re

from backend.identity.logins import Login, Logins
from backend.identity.schemas import LoginRequest
from backend.web.limits import Limits
from backend.web.short import ShortAnswer, ShortRequest, json_answer

_SCHEMA = LoginRequest()
# What phones usually send. The schema takes twenty times as long, and reads all other bodies.
_USUAL = re.compile(rb'\{"code": ?"([0-9A-Za-z_-]{1,128})"\}')


class ShortLogins:
    """Logs in callers who are not refused.

    After an error Flask takes the request again, and raises the same error without asking WeChat. While
    an address has used up its refusals, all logins are left to Flask, which knows the caller's address.
    """

    method = "POST"
    takes_token = False
    path = re.compile(r"/api/v1/login")

    def __init__(self, logins: Logins, limits: Limits) -> None:
        self._logins = logins
        self._limits = limits

    def answer(self, request: ShortRequest) -> ShortAnswer | None:
        """Redeem a code and return the login."""
        if not self._limits.refuses_nobody:
            return None
        return json_answer(self._logins.shown(self._log_in(_code_of(request.body), request.at)))

    def _log_in(self, code: str, now: int) -> Login:
        try:
            return self._logins.log_in(code, now)
        except Exception as error:
            self._logins.fail_again(code, error)
            raise
        finally:
            self._logins.database.release()


def _code_of(body: bytes) -> str:
    """Return the code that a body has; raises what the schema raises."""
    usual = _USUAL.fullmatch(body)
    if usual is not None:
        return usual[1].decode()
    code: str = _SCHEMA.load(json.loads(body.decode()))["code"]
    return code
