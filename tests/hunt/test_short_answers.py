"""An answer that skips Flask is answered as Flask would answer it, and counts once with it."""

import json

import pytest

from backend.activities.hunt.models import HuntAnswer
from backend.scoring.models import ScoreEntry
from tests.hunt.evening import RIGHT, Evening, shown
from tests.support import Centre, Phone
from tests.web.test_short import Compared, Sent


@pytest.fixture
def compared(centre: Centre) -> Compared:
    """Return the app, whose short way is compared with Flask alone."""
    return Compared(centre.app)


def sent(evening: Evening, phone: Phone, dig_id: int, body: bytes) -> Sent:
    """Return the request of an answer."""
    headers = {"Content-Type": "application/json", "Content-Length": str(len(body))}
    path = f"{evening.path}/digs/{dig_id}/answer"
    return Sent(path, phone.token, "POST", headers, body)


def test_accepted_answers_skip_flask_and_count_once(evening: Evening, compared: Compared) -> None:
    evening.ask("B")
    phone = evening.digger()
    dig = evening.dig(phone)
    right = json.dumps({"choice": shown(dig, "B")}).encode()
    status, _, body = compared.same(sent(evening, phone, dig["id"], right))
    told = json.loads(body)
    # The first answer and the second repeat came by the short way, the first repeat by Flask.
    assert (status, compared.short) == ("200 OK", 2)
    assert (told["verdict"], told["score"]) == (
        "correct",
        {"points": RIGHT, "rank": 1, "frozen": False},
    )
    assert (HuntAnswer.select().count(), ScoreEntry.select().count()) == (1, 1)


def test_refused_answers_are_left_to_flask(evening: Evening, compared: Compared) -> None:
    evening.ask("B")
    phone, other = evening.digger(), evening.digger()
    dig = evening.dig(phone)

    def status(asked: Sent) -> str:
        before = compared.short
        found = compared.same(asked)[0][:3]
        assert compared.short == before
        return found

    right = json.dumps({"choice": shown(dig, "B")}).encode()
    for body in (b"", b"{}", b"[]", b'{"choice": ["Z"]}', b'{"choice": []}', b'{"choice": "B"}'):
        assert status(sent(evening, phone, dig["id"], body)) in ("400", "422"), body
    for body in (right[:-1], right.decode().encode("utf-16"), b'{"choice": ["\xff"]}'):
        assert status(sent(evening, phone, dig["id"], body)) == "400"
    assert status(sent(evening, other, dig["id"], right)) == "404"
    assert status(sent(evening, phone, dig["id"] + 1, right)) == "404"
    evening.host.ok("POST", f"/events/{evening.event['id']}/transitions", {"action": "pause"})
    assert status(sent(evening, phone, dig["id"], right)) == "409"
    evening.host.ok("POST", f"/events/{evening.event['id']}/transitions", {"action": "resume"})
    evening.later(3600)
    assert status(sent(evening, phone, dig["id"], right)) in ("401", "409")
    assert (HuntAnswer.select().count(), ScoreEntry.select().count()) == (0, 0)
