"""Suggestions over HTTP: who may look, what a repeat gets, and WeChat's check where it is configured."""

import dataclasses
import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from flask import Flask

from backend.activities.polls.kind import Polls
from backend.app import equip
from backend.config import Settings
from backend.db import open_database
from backend.events.models import Activity
from tests.support import Centre, FakeClock, Phone, WeChatSide, picture_bytes, refused

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)

NIGHT, BUS = "食堂加一个夜宵窗口", "三号班车晚十分钟发车"


class Party:
    """An open anniversary with a host, two members of staff and a guest."""

    def __init__(self, centre: Centre) -> None:
        self.host = centre.host()
        self.event = centre.open_event(self.host, "anniversary")
        self.staff = centre.people(2)
        self.guest = centre.guest("a-friend")
        centre.join(self.event, *self.staff, self.guest)
        self.activity_id = next(
            one["id"] for one in self.event["activities"] if one["kind"] == "polls"
        )
        self.path = f"/polls/{self.activity_id}/suggestions"

    def propose(self, phone: Phone, text: str, **more: Any) -> dict[str, Any]:
        """Let somebody suggest something."""
        made: dict[str, Any] = phone.ok("POST", self.path, {"text": text, **more})
        return made

    def settle(self, **changes: Any) -> None:
        """Change settings of the activity."""
        activity = Activity.get_by_id(self.activity_id)
        activity.settings = Polls().check({**activity.settings, **changes})
        activity.save()


@pytest.fixture
def party(centre: Centre) -> Party:
    """Return an anniversary."""
    return Party(centre)


def test_repeated_proposal_gets_the_first_answer(party: Party) -> None:
    one, _ = party.staff
    first, again = (one.post(party.path, {"text": NIGHT}) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json == first.json


def test_emoji_is_kept_whole_and_nothing_invisible_is_kept(party: Party) -> None:
    ann, bob = party.staff
    family = "👨\u200d👩\u200d👧"
    made = party.propose(ann, f"\u202e{family}开\u200b放日❤\ufe0f\u202c\u3164")
    assert made["text"] == f"{family}开放日❤\ufe0f"
    assert party.propose(ann, f"{family}开放日❤")["id"] == made["id"]
    for empty in ("\u3164", "\u202e\u202c", "\u2800 \ufe0f"):
        refused(bob.post(party.path, {"text": empty}), 422, "invalid")


def test_picture_goes_with_a_suggestion_once_it_is_approved(party: Party) -> None:
    one, two = party.staff
    event = f"/events/{party.event['id']}"
    picture = one.upload(f"{event}/pictures", picture_bytes())
    made = party.propose(one, NIGHT, picture_id=picture["id"])
    assert made["picture_path"] == picture["path"]
    assert two.ok("GET", f"{party.path}/{made['id']}")["picture_path"] is None
    party.host.ok("PUT", f"{event}/moderation/{picture['id']}", {"status": "approved"})
    assert two.get(two.ok("GET", f"{party.path}/{made['id']}")["picture_path"]).status_code == 200
    refused(
        two.post(party.path, {"text": BUS, "picture_id": picture["id"]}), 422, "unknown_picture"
    )


def test_guests_look_where_the_activity_allows_it(party: Party) -> None:
    made = party.propose(party.staff[0], NIGHT)
    paths = (party.path, f"{party.path}/{made['id']}", f"{party.path}/similar?text=夜宵窗口")
    assert [party.guest.get(path).status_code for path in paths] == [200] * 3
    refused(party.guest.post(party.path, {"text": BUS}), 403, "staff_only")
    refused(party.guest.put(f"{party.path}/{made['id']}/support"), 403, "staff_only")
    party.settle(suggestions={"guests_may_look": False})
    for path in paths:
        refused(party.guest.get(path), 403, "not_for_guests")
        assert party.staff[1].get(path).status_code == party.host.get(path).status_code == 200


def test_from_the_idea_to_the_option_of_a_poll(party: Party) -> None:
    one, two = party.staff
    night, again = party.propose(one, NIGHT), party.propose(two, "食堂开夜宵窗口")
    bus = party.propose(two, BUS)
    found = two.ok("GET", f"{party.path}/similar?text=食堂夜宵窗口")
    assert {item["id"] for item in found["items"]} == {night["id"], again["id"]}
    assert two.ok("PUT", f"{party.path}/{night['id']}/support")["supports"] == 2
    merged = party.host.ok("POST", f"{party.path}/{again['id']}/merge", {"into": night["id"]})
    assert (merged["id"], merged["supports"]) == (night["id"], 2)
    body = {"title": "周年庆做什么", "number": 3, "best": 2}
    answers = [party.host.post(f"{party.path}/polls", body) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 200]
    assert [option["title"] for option in answers[0].json["options"]] == [NIGHT, BUS]
    decided = {"status": "declined", "reason": "车队排不开", "answer": "谢谢"}
    party.host.ok("PUT", f"{party.path}/{bus['id']}", decided)
    mine = two.ok("GET", f"{party.path}?mine=1")["items"]
    assert [(item["id"], item["status"], item["merged_into"]) for item in mine] == [
        (bus["id"], "declined", None),
        (again["id"], "collecting", night["id"]),
    ]
    assert {item["poll"]["title"] for item in mine} == {"周年庆做什么"}
    refused(one.put(f"{party.path}/{bus['id']}/support"), 409, "not_collecting")


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("", {"text": "　"}, "text"),
        ("", {"text": "长" * 301}, "text"),
        ("/{id}", {"status": "declined"}, "reason"),
        ("/{id}/merge", {"into": "x"}, "into"),
        ("/polls", {"title": "做什么", "number": 3}, "suggestion_ids"),
        ("/polls", {"title": "做什么", "best": 2}, "number"),
        ("/polls", {"title": "做什么", "number": 9, "best": 2}, "suggestion_ids"),
    ],
)
def test_what_cannot_be_is_refused_by_name(
    party: Party, path: str, body: dict[str, Any], field: str
) -> None:
    made = party.propose(party.staff[0], NIGHT)
    who = party.host if path else party.staff[0]
    method = "PUT" if path == "/{id}" else "POST"
    answer = who.call(method, party.path + path.format(id=made["id"]), body)
    refused(answer, 422, "invalid")
    assert answer.json and list(answer.json["errors"]) == [field]


def test_hosts_take_all_away_as_excel(party: Party) -> None:
    party.propose(party.staff[0], NIGHT)
    answer = party.host.get(f"{party.path}.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    assert book.sheetnames == ["建议", "附议名单"]
    assert [cell.value for cell in book["建议"][1]][:3] == ["编号", "建议", "图片"]


@pytest.fixture
def checked(app: Flask, settings: Settings, clock: FakeClock) -> Callable[[], None]:
    """Return what switches WeChat's check on."""
    asking = dataclasses.replace(settings, wechat_text_check=True)

    def switch_on() -> None:
        app.extensions["linka.plays"]["shake"].close()
        app.extensions["linka.redis"].close()
        app.extensions["linka.database"].close()
        equip(app, asking, clock, open_database(asking))

    return switch_on


@pytest.mark.usefixtures("unknown")
def test_wechat_checks_what_is_proposed_where_it_is_configured(
    party: Party, checked: Callable[[], None], wechat: WeChatSide
) -> None:
    checked()
    one, two = party.staff
    for text, status in (("测试违规", "rejected"), ("测试复核", "pending"), (NIGHT, "approved")):
        assert party.propose(one, text)["moderation"]["status"] == status
    assert [item["text"] for item in two.ok("GET", party.path)["items"]] == [NIGHT]
    event = f"/events/{party.event['id']}/moderation"
    [waiting] = party.host.ok("GET", event)["items"]
    party.host.ok("PUT", f"{event}/{waiting['id']}", {"status": "approved"})
    assert len(two.ok("GET", party.path)["items"]) == 2
