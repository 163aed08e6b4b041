"""What a host can change about prizes and lists, and what a draw makes final."""

from typing import Any

import pytest
from werkzeug.test import TestResponse

from backend.identity.models import AuditLine
from tests.raffle.evening import Evening
from tests.support import picture_bytes, refused

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


def editing(evening: Evening, prize_id: int, **body: Any) -> TestResponse:
    """Try to change a prize."""
    return evening.host.call("PUT", f"{evening.path}/prizes/{prize_id}", body, {})


def prizes(evening: Evening) -> list[tuple[str, int, int]]:
    """Return (title, stock, left) of all prizes."""
    shown = evening.host.ok("GET", evening.path)["prizes"]
    return [(one["title"], one["stock"], one["left"]) for one in shown]


def test_prize_is_changed_before_a_draw_and_the_audit_says_what_was_before(
    evening: Evening,
) -> None:
    prize = evening.prize("一等奖", 3)
    for _ in range(2):
        assert editing(evening, prize, title="特等奖", stock=1, again=True).status_code == 200
    assert prizes(evening) == [("特等奖", 1, 1)]
    (line,) = AuditLine.select().where(AuditLine.action == "edit_raffle_prize")
    assert line.detail == {
        "before": {"title": "一等奖", "stock": 3, "again": False},
        "after": {"title": "特等奖", "stock": 1, "again": True},
    }


def test_after_a_draw_only_the_stock_of_a_prize_changes(evening: Evening) -> None:
    evening.crowd(6)
    prize = evening.prize("一等奖", 3)
    draw = evening.commit(prize, 2)
    refused(editing(evening, prize, title="特等奖", stock=3), 409, "prize_fixed")
    refused(editing(evening, prize, title="一等奖", stock=3, again=True), 409, "prize_fixed")
    evening.draw(draw, upto=1)
    low = editing(evening, prize, title="一等奖", stock=1)
    refused(low, 409, "stock_too_low")
    assert "2 份" in low.json["message"]  # type: ignore[index]
    assert editing(evening, prize, title="一等奖", stock=2).status_code == 200
    evening.draw(draw)
    assert prizes(evening) == [("一等奖", 2, 0)]
    assert evening.verified(draw).won == 2


def test_picture_of_a_prize_is_shown_to_hosts_phones_and_the_screen(evening: Evening) -> None:
    phone = evening.player()
    prize = evening.prize("一等奖", 2)
    here = f"/events/{evening.event['id']}"
    picture = evening.host.upload(f"{here}/pictures", picture_bytes())
    facts = {"title": "一等奖", "stock": 2}
    refused(editing(evening, prize, **facts, picture_id=999_999), 422, "unknown_picture")
    evening.draw(evening.commit(prize, 1))
    assert editing(evening, prize, **facts, picture_id=picture["id"]).status_code == 200
    # A change that does not name the picture keeps it.
    assert editing(evening, prize, title="一等奖", stock=3).status_code == 200
    (shown,) = phone.ok("GET", evening.path)["prizes"]
    assert phone.get(shown["picture_path"]).mimetype == "image/jpeg"
    address = f"/api/v1{here}/screen-pictures/{picture['id']}"
    stage = evening.host.ok("GET", evening.path)["stage"]
    assert stage["draw"]["picture"] == address
    evening.host.ok("POST", f"{evening.path}/stage", {"showing": "winners"})
    stage = evening.host.ok("GET", evening.path)["stage"]
    assert [one["picture"] for one in stage["prizes"]] == [address]
    assert editing(evening, prize, **facts, picture_id=None).status_code == 200
    assert evening.host.ok("GET", evening.path)["prizes"][0]["picture_path"] is None


def test_stock_of_an_abandoned_draw_is_free_again(evening: Evening) -> None:
    evening.crowd(3)
    prize = evening.prize("一等奖", 3)
    evening.doing(evening.commit(prize, 3), "abandon")
    assert editing(evening, prize, title="一等奖", stock=1).status_code == 200


def test_title_of_another_prize_and_prizes_of_others_are_refused(evening: Evening) -> None:
    evening.prize("一等奖", 3)
    second = evening.prize("二等奖", 3)
    refused(editing(evening, second, title="一等奖", stock=3), 409, "prize_taken")
    refused(editing(evening, 999, title="一等奖", stock=3), 404, "unknown_prize")
    refused(editing(evening, second, title="二等奖", stock=0), 422, "invalid")


def test_list_is_removed_unless_something_was_drawn_from_it(evening: Evening) -> None:
    (one,) = evening.crowd(1)
    data = f"工号\n{one.staff_number}".encode()
    ids = [evening.host.upload(f"{evening.path}/lists", data, "a.csv")["id"] for _ in range(2)]
    evening.commit(evening.prize(), list_id=ids[0])
    path = f"{evening.path}/lists"
    refused(evening.host.call("DELETE", f"{path}/{ids[0]}", None, {}), 409, "list_in_use")
    assert evening.host.call("DELETE", f"{path}/{ids[1]}", None, {}).status_code == 204
    refused(evening.host.call("DELETE", f"{path}/{ids[1]}", None, {}), 404, "unknown_list")
    assert [listed["id"] for listed in evening.host.ok("GET", evening.path)["lists"]] == [ids[0]]
