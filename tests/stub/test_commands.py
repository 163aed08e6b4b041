"""The two commands: what they print, and with which code they end."""

import _thread
import json
import signal
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from click.testing import CliRunner, Result

from miniprogram_stub.cli import main
from tests.stub.little_hunt import LittleHunt
from tests.stub.little_server import refusal

NOWHERE = "http://127.0.0.1:1"


@pytest.fixture
def hunt() -> Iterator[LittleHunt]:
    with LittleHunt(digs=1) as little:
        yield little


Run = Callable[..., Result]


@pytest.fixture
def play(hunt: LittleHunt) -> Run:
    def run(*options: str) -> Result:
        servers = () if "--url" in options else ("--url", hunt.url)
        everything = ["play", "--phones", "2", *servers, "--wechat", hunt.url, *options]
        return CliRunner().invoke(main, everything)

    return run


def test_clean_evening_ends_with_0_and_closes_its_event(play, hunt, tmp_path):
    journal = tmp_path / "evening.jsonl"
    result = play("--seed", "5", "--journal", str(journal))
    assert result.exit_code == 0, result.output
    assert "彩排：大淘金（活动 1）" in result.output
    assert "随机种子 5" in result.output
    assert "核对无误：2 个已确认的答案都在账上，榜单一致。" in result.output
    assert hunt.moves == ["open", "close"]
    assert len([json.loads(line) for line in journal.read_text().splitlines()]) == 2


def test_event_that_was_there_before_is_not_closed(play, hunt):
    assert play("--event", "ABC234").exit_code == 0
    assert hunt.moves == []


def test_event_may_stay_open(play, hunt):
    assert play("--keep-open").exit_code == 0
    assert hunt.moves == ["open"]


def test_ledger_that_differs_ends_with_1_and_says_where(play, hunt):
    hunt.cheat = lambda entry: [entry | {"points": entry["points"] + 1}]
    result = play()
    assert result.exit_code == 1
    assert "核对不符：2 处不一致。" in result.output
    assert "wrong_points" in result.output
    assert hunt.moves == ["open", "close"]


@pytest.mark.parametrize(
    ("options", "error"),
    [
        (("--url", NOWHERE), f"服务器没有答复（{NOWHERE}）"),
        (("--wechat", NOWHERE), f"微信模拟器没有答复（{NOWHERE}）：login:fail cannot connect"),
        (("--url", "linka"), "不是服务器地址"),
        (("--event", "NOPE22"), "没有一部手机能玩：加入码不对（2）"),
        (("--phones", "0"), "Invalid value for '--phones'"),
        (("--kind", "chess"), "Invalid value for '--kind'"),
        (("--journal", "/nowhere/journal"), "No such file"),
    ],
)
def test_evening_that_cannot_be_played_ends_with_2_and_one_line(play, options, error):
    result = play(*options)
    assert result.exit_code == 2
    assert error in result.stderr
    assert "Traceback" not in result.output


def test_host_who_is_refused_is_told_why(play, hunt):
    hunt.strangers.add("staff-900002")
    result = play()
    assert result.exit_code == 2
    assert "服务器不同意：不行：binding_refused" in result.stderr


def test_play_says_that_it_waits_for_the_host_of_an_event_and_how_to_stop(play):
    assert "等主持人推进活动；按 Ctrl-C 结束" in play("--event", "ABC234").output
    assert "Ctrl-C" not in play().output


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Let an interrupt count, which is ignored where a shell has started the tests in the background."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
def test_interrupted_play_is_counted_and_closes_its_rehearsal(play, hunt):
    def interrupt(entry: dict[str, Any]) -> list[dict[str, Any]]:
        hunt.cheat = lambda later: [later]
        _thread.interrupt_main()
        return [entry]

    hunt.digs = 50
    hunt.cheat = interrupt
    result = play()
    assert "提前结束，核对已经玩过的部分" in result.output
    assert "核对无误" in result.output
    assert result.exit_code == 0
    assert hunt.moves == ["open", "close"]


def test_play_that_nobody_could_join_closes_its_rehearsal(play, hunt):
    hunt.queue("/api/v1/events/join", *[refusal(403, "banned")] * 2)
    result = play()
    assert result.exit_code == 2
    assert hunt.moves == ["open", "close"]


def test_rehearsal_that_cannot_be_opened_is_called_off(play, hunt):
    hunt.queue("/api/v1/events/1/transitions", refusal(409, "event_archived"))
    result = play()
    assert result.exit_code == 2
    assert "服务器不同意" in result.stderr
    assert hunt.moves == ["archive"]


@pytest.fixture
def by_hand(hunt: LittleHunt) -> Run:
    def run(lines: str, *options: str) -> Result:
        everything = ["phone", "--url", hunt.url, "--wechat", hunt.url, *options]
        return CliRunner().invoke(main, everything, input=lines)

    return run


def test_menu_is_obeyed_line_by_line(by_hand, hunt):
    result = by_hand("登录\n绑定工号 200001 CODE22\n")
    assert result.exit_code == 0
    assert "身份：亲友" in result.output
    assert "陈敏春（by-hand），话务一组，早班" in result.output
    assert [call.path for call in hunt.calls if "binding" in call.path] == ["/api/v1/me/binding"]
    assert result.output.endswith("再见。\n")


def test_what_is_missing_is_asked_for(by_hand, hunt):
    by_hand("2\n200001\nCODE22\n0\n")
    binding = hunt.called("/api/v1/me/binding")[0]
    assert binding.body == {"staff_number": "200001", "invite_code": "CODE22"}


def test_refusal_is_shown_with_the_servers_message(by_hand):
    result = by_hand("输入加入码 NOPE22\n")
    assert "✗ 不行：unknown_join_code (unknown_join_code)" in result.output
    assert result.exit_code == 0


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("看地图", "请先输入加入码"),
        ("答题 A", "请先输入加入码"),
        ("跳舞", "没有“跳舞”这一项"),
        ("99", "没有“99”这一项"),
        ("", "再见"),
    ],
)
def test_what_cannot_be_done_yet_is_explained(by_hand, line, answer):
    assert answer in by_hand(f"{line}\n").output


def test_storage_file_carries_on_where_the_phone_was_put_away(by_hand, hunt, tmp_path):
    storage = ("--storage", str(tmp_path / "phone.json"))
    opened = by_hand("绑定工号 200001 CODE22\n输入加入码 ABC234\n挖宝 lake\n", *storage)
    assert "选哪个？" in opened.output
    logins = len(hunt.called("/api/v1/login"))
    assert "答对了" in by_hand("答题 a\n", *storage).output
    assert hunt.called("/api/v1/hunts/7/digs/101/answer")[0].body == {"choice": ["A"]}
    assert len(hunt.called("/api/v1/login")) == logins


def test_phone_without_a_server_ends_with_2(hunt):
    options = ["phone", "--url", "linka", "--wechat", hunt.url]
    result = CliRunner().invoke(main, options, input="登录\n")
    assert result.exit_code == 2
    assert "不是服务器地址" in result.stderr
