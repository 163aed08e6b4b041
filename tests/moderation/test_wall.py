"""The wall of the big screen: what is pinned, the one item that fills it, and what removes it."""

from typing import Any

import pytest

from backend.events.visibility import View
from backend.identity.models import AuditLine
from backend.moderation.models import ModerationItem
from backend.moderation.wall import PINNED_SHOWN
from tests.moderation.evening import Evening
from tests.support import at_once, picture_bytes, refused

ONE_DATABASE = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


def pictures(evening: Evening, count: int = 1) -> list[int]:
    """Let hosts upload pictures, which are approved; return their items."""
    path = f"{evening.path}/pictures"
    return [
        evening.host.upload(path, picture_bytes(size=(40 + number, 40)))["id"]
        for number in range(count)
    ]


def putting(evening: Evening, item_id: int, **wanted: bool) -> Any:
    """Ask for an item on the wall."""
    return evening.host.put(f"{evening.queue}/{item_id}/wall", wanted)


def wall(evening: Evening, view: View = View.SCREEN) -> tuple[list[int], int | None]:
    """Return (pinned items, item that fills the screen) as a screen is shown them."""
    shown = evening.snapshot(view)["wall"]
    full = shown["full_screen"]
    return [item["id"] for item in shown["pinned"]], full and full["id"]


def test_pinned_item_is_on_the_screen_until_it_is_taken_back(evening: Evening) -> None:
    (item,) = pictures(evening)
    assert putting(evening, item, pinned=True).json["pinned"] is True
    assert wall(evening) == ([item], None)
    assert putting(evening, item, pinned=False).json["pinned"] is False
    assert wall(evening) == ([], None)


def test_one_item_fills_the_screen_at_a_time(evening: Evening) -> None:
    first, second = pictures(evening, 2)
    putting(evening, first, full_screen=True, pinned=True)
    putting(evening, second, full_screen=True)
    assert wall(evening) == ([first], second)
    putting(evening, second, full_screen=False)
    assert wall(evening) == ([first], None)


def test_hosts_who_fill_the_screen_at_once_leave_one_item(evening: Evening) -> None:
    items = pictures(evening, 4)
    at_once([lambda item=item: putting(evening, item, full_screen=True) for item in items])
    filled = ModerationItem.select().where(ModerationItem.full_screen_at.is_null(False))
    assert filled.count() == 1


@ONE_DATABASE
def test_newest_pins_are_shown(evening: Evening) -> None:
    items = pictures(evening, PINNED_SHOWN + 1)
    for item in items:
        evening.clock.advance(1)
        putting(evening, item, pinned=True)
    assert wall(evening)[0] == items[:0:-1]


@ONE_DATABASE
def test_what_waits_or_was_rejected_is_not_put_there(evening: Evening) -> None:
    item = evening.phones[0].upload(f"{evening.path}/pictures", picture_bytes())["id"]
    refused(putting(evening, item, pinned=True), 409, "not_approved")
    evening.host.ok("PUT", f"{evening.queue}/{item}", {"status": "rejected", "reason": "看不清"})
    refused(putting(evening, item, full_screen=True), 409, "not_approved")
    assert wall(evening) == ([], None)


@ONE_DATABASE
def test_rejection_takes_an_item_off_for_good(evening: Evening) -> None:
    (item,) = pictures(evening)
    putting(evening, item, pinned=True, full_screen=True)
    for status in ("rejected", "approved"):
        evening.host.ok("PUT", f"{evening.queue}/{item}", {"status": status, "reason": "看不清"})
        assert wall(evening) == ([], None)


@ONE_DATABASE
def test_item_of_another_event_is_not_found(evening: Evening) -> None:
    (item,) = pictures(evening)
    other = evening.centre.open_event(evening.host)
    path = f"/events/{other['id']}/moderation/{item}/wall"
    refused(evening.host.put(path, {"pinned": True}), 404, "not_found")


@ONE_DATABASE
def test_line_says_what_was_on_the_wall_before(evening: Evening) -> None:
    (item,) = pictures(evening)
    for _ in range(2):
        putting(evening, item, pinned=True)
    lines = list(AuditLine.select().where(AuditLine.action == "moderation_wall"))
    assert [line.detail for line in lines] == [
        {
            "before": {"pinned": False, "full_screen": False},
            "after": {"pinned": True, "full_screen": False},
        }
    ]
