"""The same answer fifty times at once, against the real server with its two workers."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from tests.installation import Installation
from tests.phones import Phone, Refused, staff_phone
from tests.support import Keys, at_once

TIMES = 50


@pytest.fixture
def dig(
    installation: Installation, new_event: Callable[[], dict[str, Any]]
) -> tuple[str, Phone, dict[str, Any]]:
    """Return the path of a question that is open, its player's phone, and the question."""
    phone = staff_phone(installation, "200001")
    event = phone.join(new_event()["join_code"])
    hunt = f"/hunts/{event['activities'][0]['id']}"
    opened = phone.ok("POST", f"{hunt}/digs", {"site": "lake"})
    return f"{hunt}/digs/{opened['id']}/answer", phone, opened


def _hands(phone: Phone) -> list[Phone]:
    """Return as many connections of one person's phone as there are answers to send."""
    return [Phone(phone.installation, phone.user, phone.token) for _ in range(TIMES)]


def test_fifty_identical_answers_get_one_verdict_and_one_entry(
    installation: Installation, dig: tuple[str, Phone, dict[str, Any]], keys: Keys
) -> None:
    path, phone, question = dig
    choice = {"choice": keys.right(question)}
    said = at_once([lambda h=hand: h.ok("POST", path, choice) for hand in _hands(phone)])
    verdicts = Counter((answer["verdict"], answer["points"]) for answer in said)
    assert list(verdicts.values()) == [TIMES]
    assert _entries(installation, question["id"]) == [(said[0]["points"],)]


def test_of_fifty_different_answers_the_first_counts(
    installation: Installation, dig: tuple[str, Phone, dict[str, Any]], keys: Keys
) -> None:
    path, phone, question = dig
    choices = [keys.right(question), keys.wrong(question)] * (TIMES // 2)

    def send(hand: Phone, choice: list[str]) -> str:
        try:
            return str(hand.ok("POST", path, {"choice": choice})["verdict"])
        except Refused as refusal:
            return str(refusal)

    pairs = zip(_hands(phone), choices, strict=True)
    said = Counter(at_once([lambda h=hand, c=choice: send(h, c) for hand, choice in pairs]))
    assert said.pop("already_answered") == TIMES // 2
    assert list(said.values()) == [TIMES // 2]
    assert len(_entries(installation, question["id"])) == 1


def _entries(installation: Installation, dig_id: int) -> list[tuple[Any, ...]]:
    return installation.rows("SELECT points FROM score_entry WHERE source = ?", f"dig:{dig_id}")
