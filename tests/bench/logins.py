"""Logging in: a fresh code each, redeemed at the emulator of WeChat's server."""

import json
from collections.abc import Sequence
from typing import Any

import urllib3

from backend.identity.models import Account
from backend.identity.tokens import Tokens
from tests.bench.crowd import request
from tests.bench.installation import Installation
from tests.bench.scenarios import MOST_PER_SECOND, Scenario, require

BATCH = 5000


class Login(Scenario):
    """People who log in for the first time."""

    name = "login"
    target = 0.45
    once = True

    def prepare(self, place: Installation, repeats: int, seconds: float) -> None:
        """Count the accounts that there are."""
        self._place = place
        self._count = int(MOST_PER_SECOND // 2 * seconds)
        self._before = Account.select().count()

    def requests(self, repeat: int) -> list[bytes]:
        """Return logins with codes that were just issued, since they live five minutes."""
        users = [f"bench-{repeat}-{number}" for number in range(self._count)]
        return [
            request("POST", "/api/v1/login", json.dumps({"code": code}).encode())
            for start in range(0, len(users), BATCH)
            for code in self._codes(users[start : start + BATCH])
        ]

    def _codes(self, users: list[str]) -> list[str]:
        address = f"{self._place.settings.wechat_url}/__emulator__/codes"
        answer = urllib3.request("POST", address, json={"users": users})
        codes: list[str] = answer.json()["codes"]
        return codes

    def check(self, body: Any) -> None:
        """A token of the account that is named."""
        tokens = Tokens(self._place.settings.secret)
        account_id, _ = tokens.read(body["token"], self._place.clock.now())
        require(account_id == body["account"]["id"], "another account's token")

    def check_all(self, acknowledged: Sequence[int]) -> None:
        """One account for each login."""
        made = Account.select().count() - self._before
        logins = sum(acknowledged)
        require(made == logins, f"{logins} logins, {made} accounts")
