"""A text is checked by the local list, then by WeChat; an unchecked text is not shown."""

from typing import ClassVar

import pytest

from backend.db import database
from backend.moderation.errors import WritingBlocked
from backend.moderation.models import ModerationItem
from backend.moderation.policy import STATUS_OF, STATUSES, Finding, finding_of
from backend.wechat.client import TextOpinion
from backend.wechat.texts import TextCheck
from tests.moderation.evening import Evening
from tests.support import WeChatSide

CHECK = "/wxa/msg_sec_check"
# WeChat gives opinions of those alone who have logged in.
LOGGED_IN = pytest.mark.usefixtures("unknown")
ONE_DATABASE = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


@pytest.mark.parametrize(
    ("suggest", "status"),
    [("pass", "approved"), ("review", "pending"), ("risky", "rejected"), ("new-word", "pending")],
)
def test_wechats_opinion_decides(suggest: str, status: str) -> None:
    assert finding_of(suggest, 100).status == status


def test_every_finding_has_a_status_and_rejections_have_a_reason() -> None:
    assert set(STATUS_OF.values()) == set(STATUSES)
    for name, status in STATUS_OF.items():
        assert bool(Finding(name).reason) == (status == "rejected")


def test_text_without_a_word_of_the_list_is_shown_when_wechat_is_not_asked(
    evening: Evening, wechat: WeChatSide
) -> None:
    evening.hide("笨蛋")
    item = evening.write("食堂加一个夜宵窗口")
    assert (item.status, item.finding, item.decided_at) == (
        "approved",
        "clean",
        evening.clock.now(),
    )
    assert wechat.calls_of(CHECK) == []


@ONE_DATABASE
def test_word_of_the_list_is_rejected_before_wechat_is_asked(
    evening: Evening, wechat: WeChatSide
) -> None:
    evening.hide("笨蛋")
    item = evening.write("组长是笨 蛋", moderator=evening.moderator_with_wechat(wechat.url))
    assert (item.status, item.finding) == ("rejected", "listed")
    assert item.reason == "含有不能展示的词语"
    assert wechat.calls_of(CHECK) == []


@pytest.mark.parametrize(
    ("text", "finding", "status", "label"),
    [
        ("食堂加一个夜宵窗口", "pass", "approved", 100),
        ("测试复核的话", "review", "pending", 20012),
        ("测试违规的话", "risky", "rejected", 20003),
    ],
)
@ONE_DATABASE
@LOGGED_IN
def test_wechat_is_asked_in_the_name_of_the_author(
    evening: Evening, wechat: WeChatSide, text: str, finding: str, status: str, label: int
) -> None:
    item = evening.write(text, moderator=evening.moderator_with_wechat(wechat.url))
    assert (item.finding, item.status, item.label) == (finding, status, label)
    assert wechat.calls_of(CHECK) == [0]


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "errcode", "errcode": 45009},
        {"kind": "errcode", "errcode": 61010},
        {"kind": "errcode", "errcode": 48001},
        {"kind": "drop"},
        {"kind": "malformed"},
        {"kind": "http_500"},
    ],
    ids=lambda fault: f"{fault['kind']} {fault.get('errcode', '')}",
)
@ONE_DATABASE
def test_text_that_could_not_be_checked_waits_for_a_host(
    evening: Evening, wechat: WeChatSide, fault: dict[str, object]
) -> None:
    wechat.fault(str(fault.pop("kind")), CHECK, **fault)
    item = evening.write("测试违规的话", moderator=evening.moderator_with_wechat(wechat.url))
    assert (item.status, item.finding, item.decided_at) == ("pending", "unavailable", None)
    assert [line["text"] for line in evening.listed()] == ["测试违规的话"]


@ONE_DATABASE
def test_wechat_that_cannot_be_reached_loses_nothing(evening: Evening) -> None:
    item = evening.write("你好", moderator=evening.moderator_with_wechat("http://127.0.0.1:1"))
    assert (item.status, item.finding) == ("pending", "unavailable")


class WatchedCheck(TextCheck):
    """WeChat's check, which notes whether its caller keeps a connection to the database."""

    kept: ClassVar[list[bool]] = []

    def ask(self, openid: str, text: str) -> TextOpinion:
        """Ask as always."""
        self.kept.append(not database.is_closed())
        return super().ask(openid, text)


@LOGGED_IN
def test_no_connection_is_kept_while_wechat_is_asked(evening: Evening, wechat: WeChatSide) -> None:
    WatchedCheck.kept.clear()
    moderator = evening.moderator_with_wechat(wechat.url, WatchedCheck)
    assert evening.write("你好", moderator=moderator).status == "approved"
    assert WatchedCheck.kept == [False]


@LOGGED_IN
def test_blocked_player_is_refused_before_anything_is_asked(
    evening: Evening, wechat: WeChatSide
) -> None:
    path = f"{evening.path}/writing-blocks/{evening.players[0]}"
    evening.host.ok("PUT", path, {"reason": "刷屏"})
    moderator = evening.moderator_with_wechat(wechat.url)
    with pytest.raises(WritingBlocked):
        evening.write("你好", moderator=moderator)
    assert evening.write("你好", which=1, moderator=moderator).status == "approved"
    assert ModerationItem.select().count() == 1
    assert evening.host.delete(path).status_code == 204
    assert evening.write("你好", moderator=moderator).status == "approved"


@ONE_DATABASE
def test_who_is_blocked_between_check_and_writing_is_refused(evening: Evening) -> None:
    author, now = evening.author(), evening.clock.now()
    finding = evening.moderator.examine(author, "你好", now)
    path = f"{evening.path}/writing-blocks/{evening.players[0]}"
    evening.host.ok("PUT", path, {"reason": "刷屏"})
    with pytest.raises(WritingBlocked), evening.database.write():
        evening.moderator.take_text(author, "你好", finding, now)
    assert ModerationItem.select().count() == 0
