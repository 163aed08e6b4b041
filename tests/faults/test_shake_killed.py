"""`kill -9` of `linka up` while people shake: acknowledged counts are scored."""

import threading
from collections.abc import Callable
from typing import Any

import pytest

from tests.installation import Installation, until
from tests.phones import Phone, Refused, invite_codes, staff_phone

PEOPLE = 6
PER_SECOND = 4
ROUND_SECONDS = 20


@pytest.fixture(scope="module")
def phones(installation: Installation) -> list[Phone]:
    """Return the phones of some staff."""
    numbers = [number for number in invite_codes() if number.startswith("2")]
    return [staff_phone(installation, number) for number in numbers[:PEOPLE]]


class Shaker:
    """Somebody who shakes until the round is over, and reports the whole count again and again."""

    def __init__(self, phone: Phone, path: str) -> None:
        self._phone, self._path = phone, path
        self.acknowledged = 0
        self.thread = threading.Thread(target=self._shake, daemon=True)
        self.thread.start()

    def _shake(self) -> None:
        count = 0
        while True:
            count += 1
            try:
                body = {"count": count, "how": "shake"}
                told = self._phone.ok("POST", self._path, body)
            except Refused as refusal:
                if str(refusal) == "round_over":
                    return
                assert str(refusal) == "round_not_started"
                count = 0
            else:
                self.acknowledged = max(self.acknowledged, told["accepted"])
            threading.Event().wait(1 / PER_SECOND)


def test_acknowledged_counts_are_scored(
    installation: Installation, phones: list[Phone], host: Phone
) -> None:
    event = host.ok("POST", "/events", {"template": "shake"})
    event = host.ok("POST", f"/events/{event['id']}/transitions", {"action": "open"})
    activity = event["activities"][0]["id"]
    players = [
        phone.ok("POST", "/events/join", {"code": event["join_code"]})["player"]["id"]
        for phone in phones
    ]
    begun: dict[str, Any] = host.ok(
        "POST", f"/shakes/{activity}/rounds", {"mode": "race", "seconds": ROUND_SECONDS}
    )
    round_id = begun["round"]["id"] if "round" in begun else begun["id"]
    path = f"/shakes/{activity}/rounds/{round_id}/reports"
    shakers = [Shaker(phone, path) for phone in phones]
    until(lambda: all(one.acknowledged >= PER_SECOND for one in shakers), 60, "people shake")
    before = installation.processes()
    installation.crash(supervisor_alone=True)
    until(_over(before), 30, "the end of those that it leaves behind")
    installation.start()
    installation.wait_until_ready()
    for one in shakers:
        one.thread.join(ROUND_SECONDS + 60)
    scored = "SELECT scored_at, counts_lost FROM shake_round WHERE id = ? AND scored_at IS NOT NULL"
    [(_, lost)] = until(lambda: installation.rows(scored, round_id), 60, "the round is scored")
    counts = dict(
        installation.rows("SELECT player_id, count FROM shake_result WHERE round_id = ?", round_id)
    )
    for player, one in zip(players, shakers, strict=True):
        assert counts.get(player, 0) >= one.acknowledged > 0
    assert not lost


def _over(processes: list[Any]) -> Callable[[], bool]:
    return lambda: not any(process.lives() for process in processes)
