"""`linka-stub phone`: every kind of activity is played by typed lines."""

import subprocess
from collections.abc import Callable
from typing import Any

import pytest

from tests.installation import STUB, Installation, until
from tests.phones import Phone, invite_codes, staff_phone
from tests.support import HOST

NUMBER = "200001"
OTHER = "200002"

Type = Callable[..., str]


@pytest.fixture
def host(installation: Installation) -> Phone:
    return staff_phone(installation, HOST)


@pytest.fixture
def type_lines(installation: Installation, tmp_path: Any) -> Type:
    """Return what types lines into the phone of one member of staff and returns what it shows."""
    storage = tmp_path / "phone.json"

    def lines(*typed: str) -> str:
        done = subprocess.run(
            [STUB, "phone", "--user", f"staff-{NUMBER}", "--storage", str(storage)],
            input="\n".join(typed) + "\n",
            env={**installation.full_environ(), "COLUMNS": "200"},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return lines


def opened(host: Phone, template: str, type_lines: Type) -> tuple[dict[str, Any], dict[str, int]]:
    """Open an event, let the phone join, and return it with its activities by kind."""
    event = host.ok("POST", "/events", {"template": template, "rehearsal": True})
    host.ok("POST", f"/events/{event['id']}/transitions", {"action": "open"})
    said = type_lines(
        f"绑定工号 {NUMBER} {invite_codes()[NUMBER]}", f"输入加入码 {event['join_code']}"
    )
    assert "✓ 已加入" in said
    return event, {item["kind"]: item["id"] for item in event["activities"]}


def test_contest_is_answered_by_hand(host: Phone, type_lines: Type) -> None:
    _, activities = opened(host, "contest-short", type_lines)
    contest = f"/contests/{activities['contest']}/actions"
    host.ok("POST", contest, {"action": "begin"})
    assert "等待开始" in type_lines("看比赛")
    round_ = host.ok("POST", contest, {"action": "next"})["state"]["round"]
    said = type_lines("看比赛", f"抢答 {round_['question']['options'][0]['key']}")
    assert round_["question"]["stem"][:8] in said
    assert "已收到" in said
    host.ok("POST", contest, {"action": "reveal"})
    assert "正确答案" in type_lines("看比赛")


def test_phone_is_shaken_by_hand(host: Phone, type_lines: Type, installation: Installation) -> None:
    _, activities = opened(host, "shake", type_lines)
    assert "现在没有摇一摇" in type_lines("看摇一摇", "摇")
    path = f"/shakes/{activities['shake']}"
    round_ = host.ok("POST", f"{path}/rounds", {"mode": "race", "seconds": 300})
    # The countdown of four seconds is over at once.
    installation.change("UPDATE shake_round SET starts_at = begun_at - 20000")
    # A worker may use the earlier state of the round for a quarter of a second, and refuses meanwhile.
    until(lambda: "报了 1 下" in type_lines("摇 1"), 20, "a shake counts")
    said = type_lines("摇 29", "摇 12", "看摇一摇")
    assert "报了 30 下" in said
    assert "报了 42 下" in said
    assert "我摇了 42 下" in said
    host.ok("POST", f"{path}/rounds/{round_['id']}/cancel")


def test_picture_is_drawn_and_guessed_by_hand(
    host: Phone, type_lines: Type, installation: Installation
) -> None:
    event, activities = opened(host, "drawing-short", type_lines)
    other = staff_phone(installation, OTHER)
    other.join(event["join_code"])
    path = f"/drawings/{activities['drawing']}"
    host.ok("POST", f"{path}/begin")
    said = type_lines("看画")
    if "轮到你画" in said:
        assert "要画的词" in type_lines("选词 1")
        assert "画好了" in type_lines("画", "看画")
    else:
        turn = other.ok("GET", path)["turn"]
        other.ok("POST", f"{path}/turns/{turn['turn_id']}/choice", {"choice": 0})
        word = other.ok("GET", path)["prompt"]["text"]
        assert "不对" in type_lines("猜 八竿子打不着")
        assert "猜中了！" in type_lines(f"猜 {word}")


def test_evening_of_votes_words_and_prizes_is_joined_by_hand(host: Phone, type_lines: Type) -> None:
    _, activities = opened(host, "anniversary", type_lines)
    assert "已提交：办一场运动会" in type_lines("提建议 办一场运动会")
    assert "办一场运动会" in type_lines("看建议")
    assert "还没有投票" in type_lines("看投票", "投票 1")
    polls = f"/polls/{activities['polls']}"
    entries = [{"title": "合唱"}, {"title": "锅庄"}]
    body = {"title": "最想看的节目", "method": "single", "entries": entries}
    poll = host.ok("POST", f"{polls}/polls", body)
    host.ok("POST", f"{polls}/polls/{poll['id']}/actions", {"action": "open"})
    said = type_lines("看投票", "投票 2", "投票 9")
    assert "最想看的节目（投票中）" in said
    assert "已投票：锅庄" in said
    assert "没有这个编号的选项" in said
    host.ok("POST", f"{polls}/polls/{poll['id']}/actions", {"action": "close"})
    poll = host.ok("POST", f"{polls}/polls", {**body, "hall_code": True})
    poll = host.ok("POST", f"{polls}/polls/{poll['id']}/actions", {"action": "open"})
    assert "现场码" in type_lines("投票 1")
    code = poll["current_hall_code"]["code"]
    assert "已投票：合唱" in type_lines(f"投票 1 {code}")
    keywords = f"/keywords/{activities['keywords']}"
    word = host.ok("POST", f"{keywords}/words", {"text": "雪顿节快乐"})
    host.ok("POST", f"{keywords}/open", {"word_ids": [word["id"]]})
    said = type_lines("回复 你好呀", "回复 雪顿节快乐")
    assert "不是关键词" in said
    assert "命中！ 第 1 名" in said
    assert "还没有进入奖池" in type_lines("抽奖")


def test_what_an_event_lacks_is_said(host: Phone, type_lines: Type) -> None:
    opened(host, "hunt", type_lines)
    said = type_lines("看地图", "猜 云", "摇")
    assert "还能挖" in said
    assert "这个活动里没有你画我猜" in said
    assert "这个活动里没有摇一摇" in said
