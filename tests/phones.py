"""Phones against a running installation: they repeat a request until it is answered, also after a
lost connection or while the server is away. A phone records an answer before it continues.
"""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import urllib3

from tests.installation import Installation
from tests.support import Keys, login_code, sample_roster

PATIENCE_SECONDS = 60
AWAY = (502, 503, 504)


class Refused(Exception):
    """The server refused, with this slug."""


@dataclass
class Phone:
    """A person's phone; `told` is what was acknowledged: {dig: points, its treasure included}.

    `late` counts answers that came after their deadline.
    """

    installation: Installation
    user: str
    token: str = ""
    told: dict[int, int] = field(default_factory=dict)
    late: int = 0

    def __post_init__(self) -> None:
        self._http = urllib3.PoolManager(retries=False, timeout=urllib3.Timeout(10))

    def log_in(self) -> None:
        """Log in with WeChat."""
        code = login_code(self.installation.wechat_url, self.user)
        self.token = self.ok("POST", "/login", {"code": code})["token"]

    def bind(self, number: str, invite_code: str) -> None:
        """Prove who holds this phone."""
        self.ok("POST", "/me/binding", {"staff_number": number, "invite_code": invite_code})

    def ok(self, method: str, path: str, body: Any = None) -> Any:
        """Call until answered and return the JSON; raises `Refused`."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            answer = self._try(method, path, body)
            if answer is None:
                threading.Event().wait(0.1)
                continue
            if answer.status >= 400:
                raise Refused(answer.json()["error"])
            return answer.json() if answer.data else None
        raise AssertionError(f"{method} {path} was not answered")

    def _try(self, method: str, path: str, body: Any) -> urllib3.BaseHTTPResponse | None:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        try:
            answer = self._http.request(
                method, f"{self.installation.url}/api/v1{path}", json=body, headers=headers
            )
        except urllib3.exceptions.HTTPError:
            return None
        assert answer.status != 500, answer.data
        return None if answer.status in AWAY else answer

    def upload(self, path: str, picture: bytes) -> Any:
        """Upload a picture that is new, and return the JSON."""
        answer = self._http.request(
            "POST",
            f"{self.installation.url}/api/v1{path}",
            fields={"file": ("picture.jpg", picture, "image/jpeg")},
            headers={"Authorization": f"Bearer {self.token}"},
        )
        assert answer.status == 201, answer.data
        return answer.json()

    def join(self, code: str) -> dict[str, Any]:
        """Join an event and return it."""
        event: dict[str, Any] = self.ok("POST", "/events/join", {"code": code})["event"]
        return event

    def dig(self, hunt: str, sites: Sequence[str], keys: Keys) -> None:
        """Dig at one site after the other; every third answer is wrong."""
        for turn, site in enumerate(sites):
            dig = self.ok("POST", f"{hunt}/digs", {"site": site})
            try:
                self.answer(hunt, dig, keys.right(dig) if turn % 3 else keys.wrong(dig))
            except Refused as refusal:
                # A server that was away for too long, on a machine that has much to do.
                assert str(refusal) == "deadline_passed"
                self.late += 1

    def answer(self, hunt: str, dig: dict[str, Any], choice: list[str]) -> dict[str, Any]:
        """Answer a question and record the result."""
        said: dict[str, Any] = self.ok(
            "POST", f"{hunt}/digs/{dig['id']}/answer", {"choice": choice}
        )
        treasure = said["treasure"]["points"] if said["treasure"] else 0
        points = said["points"] + treasure
        assert self.told.setdefault(dig["id"], points) == points, "the server changed its mind"
        return said


def invite_codes() -> dict[str, str]:
    """Return {工号: invite code} of the sample centre."""
    return {number: row["邀请码"] for number, row in sample_roster().items()}


def staff_phone(installation: Installation, number: str) -> Phone:
    """Return the phone of a member of staff, logged in and bound."""
    phone = Phone(installation, f"staff-{number}")
    phone.log_in()
    phone.bind(number, invite_codes()[number])
    return phone
