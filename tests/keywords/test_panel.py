"""What the hosts' console shows of announced words."""

from typing import Any

import pytest

from backend.activities.keywords.panel import panel
from backend.events.models import Activity
from tests.keywords.evening import WORD, Evening

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


def shown(evening: Evening) -> dict[str, Any]:
    """Return the panel at this moment."""
    return panel(Activity.get_by_id(evening.activity_id), evening.clock.now())


def test_words_move_from_prepared_to_the_screen_and_off_it(evening: Evening) -> None:
    first, second = evening.prepare(seconds=10), evening.prepare("林卡")
    assert [word["id"] for word in shown(evening)["prepared"]] == [first, second]
    evening.open(first)
    found = shown(evening)
    assert ([word["id"] for word in found["prepared"]], found["open_ids"]) == ([second], [first])
    evening.clock.advance(10)
    found = shown(evening)
    assert [(word["id"], word["state"]) for word in found["on_stage"]] == [(first, "over")]
    assert found["open_ids"] == []
    evening.host.ok("POST", f"{evening.path}/dismiss")
    found = shown(evening)
    assert (found["on_stage"], [word["id"] for word in found["earlier"]]) == ([], [first])


def test_hits_are_named_in_their_order_and_decoys_are_marked(evening: Evening) -> None:
    word, decoy = evening.prepare(places=2), evening.prepare("美多", decoy=True)
    evening.open(word, decoy)
    phones = evening.people(2)
    for phone in phones:
        evening.reply(phone, WORD)
    evening.reply(phones[0], "美多")
    names = [
        phone.ok("GET", f"/events/{evening.event['id']}/me")["player"]["name"] for phone in phones
    ]
    found = {one["id"]: one for one in shown(evening)["on_stage"]}
    assert [(hit["place"], hit["name"]) for hit in found[word]["hits"]] == list(enumerate(names, 1))
    assert (found[word]["state"], found[decoy]["decoy"], found[decoy]["taken"]) == ("gone", True, 1)


def test_nothing_is_announced_during_a_pause(evening: Evening) -> None:
    assert shown(evening)["may_open"] is True
    evening.host_does("pause")
    assert shown(evening)["may_open"] is False


def test_the_end_of_the_event_ends_its_words_and_a_reopening_continues_them(
    evening: Evening,
) -> None:
    word = evening.prepare(seconds=60)
    evening.open(word)
    evening.clock.advance(10)
    evening.host_does("close")
    found = shown(evening)
    assert [(one["id"], one["state"]) for one in found["on_stage"]] == [(word, "over")]
    assert found["open_ids"] == []
    evening.clock.advance(600)
    evening.host_does("reopen")
    (again,) = shown(evening)["on_stage"]
    assert (again["state"], again["left_ms"]) == ("open", 50_000)
