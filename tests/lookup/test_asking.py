"""What a text asks for, however it is typed."""

from datetime import date

import pytest

from backend.lookup.asking import ask, phrase, place_of
from backend.lookup.matching import FOUND, SAME_SOUND, likeness, terms_of
from backend.lookup.models import BUSES, CANTEEN, SHIFTS

SUNDAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        ("班车", {BUSES}),
        ("班車時刻", {BUSES}),
        ("ｂａｎｃｈｅ", {BUSES}),
        ("搬车几点", {BUSES}),
        ("bance", {BUSES}),
        ("明天班表", {SHIFTS}),
        ("mingtian banbiao", {SHIFTS}),
        ("现在谁在班", {SHIFTS}),
        ("今天吃什么", {CANTEEN}),
        ("食堂", {CANTEEN}),
        ("shi tang", {CANTEEN}),
        ("明天晚餐", {CANTEEN}),
        ("工资卡更新", set()),
        ("办证", set()),
        ("banzhengming zenme", set()),
        ("。。。", set()),
    ],
)
def test_topics_are_heard(text: str, topics: set[str]) -> None:
    assert set(ask(text, SUNDAY).topics) == topics


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("下一班车 火星路", "火星路"),
        ("下一班車从火車站出发", "火车站"),
        ("xiayibanche huoxinglu", "huoxinglu"),
        ("周三去滨河公园的班车几点", "滨河公园"),
        ("下一班车还有多久", ""),
        ("下一班车去哪", ""),
        ("下班车几点发车", ""),
        ("班车电话", ""),
        ("夜班班车", ""),
    ],
)
def test_the_stop_is_what_is_left_of_a_text_about_buses(text: str, place: str) -> None:
    asked = ask(text, SUNDAY)
    assert place_of(asked.phrase, asked.is_next) == place


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("班表", None),
        ("今天班表", "2026-11-22"),
        ("明天班表", "2026-11-23"),
        ("mingtian", "2026-11-23"),
        ("后天", "2026-11-24"),
        ("大后天吃什么", "2026-11-25"),
        ("昨天", "2026-11-21"),
        ("周三吃什么", "2026-11-25"),
        ("星期日班车", "2026-11-22"),
        ("週六班表", "2026-11-28"),
        ("下周一班表", "2026-11-23"),
        ("12月3日班表", "2026-12-03"),
        ("1月2号", "2027-01-02"),
        ("2026-12-31", "2026-12-31"),
        ("30号吃什么", "2026-11-30"),
        ("3号班表", "2026-12-03"),
        ("3号线班车", None),
        ("2月30日", None),
        ("１２月３日", "2026-12-03"),
    ],
)
def test_days_are_heard(text: str, day: str | None) -> None:
    found = ask(text, SUNDAY).day
    assert (found and found.isoformat()) == day


@pytest.mark.parametrize(
    ("text", "named"),
    [
        *(("2月30日班表", "2月30日"), ("2027年2月29号吃什么", "2027年2月29号"), ("13-45", "13-45")),
        *(("2028年2月29日", ""), ("今天班表", ""), ("班表", "")),
    ],
)
def test_a_date_that_no_calendar_has_is_heard(text: str, named: str) -> None:
    assert ask(text, SUNDAY).no_such_day == named


@pytest.mark.parametrize(
    "text",
    [
        *("工资卡更新", "工資卡更新", "请问工资卡怎么更新？", "公资卡更新", "gongzika gengxin"),
        *(
            "gongzikagenxin",
            "Gong Zi Ka Geng Xin",
            "工资卡 更新",
            "换工资卡",
            "工资卡更薪",
            "工资卡",
        ),
    ],
)
def test_a_card_is_found_however_it_is_typed(text: str) -> None:
    terms = terms_of(["工资卡更新", "换工资卡"])
    others = terms_of(["工号牌补办", "开具证明", "党组织关系转移", "班车时刻"])
    assert max(likeness(phrase(text), terms)) >= FOUND
    assert max(likeness(phrase(text), others)) < SAME_SOUND


@pytest.mark.parametrize("text", ["今天天气", "你好", "明天停水吗", "a", "？？", "班"])
def test_other_texts_find_no_card(text: str) -> None:
    terms = terms_of(["工资卡更新", "换工资卡", "工号牌补办", "开具证明", "党组织关系转移"])
    assert max(likeness(phrase(text), terms)) < FOUND
