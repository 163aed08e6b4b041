"""What the search box answers: from tables, with their age, and from cards."""

import re

import pytest

from backend.clock import local_time
from backend.identity.models import Staff
from backend.identity.principal import of_account
from backend.lookup.answering import message
from backend.lookup.duties import on_shift, shift_of
from backend.lookup.models import BusStop, Duty, LookupCard, LookupTable
from tests.lookup.conftest import card, found, titles
from tests.support import HOST, START, TRAINER, Centre, FakeClock, refused

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)

ZONE = "Asia/Shanghai"
DAY = 86_400


def test_buses_are_answered_with_the_next_ones(centre: Centre, clock: FakeClock) -> None:
    phone = centre.staff("200003")
    [answer] = found(phone, "下一班车 从河滨公园")["answers"]
    rows = {row["label"]: row["text"] for row in answer["rows"]}
    assert rows["1 号线（东城） · 河滨公园"] == "14:52（4 小时 52 分钟后），这是今天最后一班"
    clock.advance(5 * 3600)
    [answer] = found(centre.staff("200003"), "河滨公园")["answers"]
    rows = {row["label"]: row["text"] for row in answer["rows"]}
    assert rows["1 号线（东城） · 河滨公园"] == "今天没有了，明天 06:52"
    assert rows["1 号线（回程） · 河滨公园"].startswith("16:05（1 小时 5 分钟后）")


def test_a_stop_that_no_line_has_is_called_unknown_and_similar_ones_are_offered(
    centre: Centre,
) -> None:
    phone = centre.staff("200003")
    for text, place in (("下一班车 滨河公园", "滨河公园"), ("去滨河公園的班车", "滨河公园")):
        [answer] = found(phone, text)["answers"]
        assert answer["text"] == f"没有名叫“{place}”的站或线路，是不是下面的站？"
        assert (answer["rows"], answer["choices"]) == ([], ["河滨公园"])
    [pinyin] = found(phone, "xiayibanche hebingongyan")["answers"]
    assert pinyin["choices"] == ["河滨公园"]
    [strange] = found(phone, "下一班车 火星路")["answers"]
    assert strange["text"] == "没有名叫“火星路”的站或线路，可以查这些站："
    assert "东城广场" in strange["choices"]
    [chosen] = found(phone, strange["choices"][0])["answers"]
    assert chosen["rows"]
    assert found(phone, "下一班车")["answers"][0]["choices"] == []
    assert found(centre.guest(), "下一班车 火星路")["answers"] == []


def test_a_timetable_changes_on_its_day_and_runs_on_its_weekdays(centre: Centre) -> None:
    phone = centre.staff("200003")
    [sunday] = found(phone, "班车")["answers"]
    lines = {row["label"]: row["text"] for row in sunday["rows"]}
    assert sunday["title"] == "班车 · 11月22日（周日）"
    assert "东城广场 06:40、14:40" in lines["1 号线（东城）"]
    assert "行政班车" not in lines
    [tuesday] = found(phone, "12月1日班车")["answers"]
    lines = {row["label"]: row["text"] for row in tuesday["rows"]}
    assert "东城广场 06:50、14:50" in lines["1 号线（东城）"]
    assert "行政班车" in lines


def test_a_line_is_found_by_its_short_name(centre: Centre) -> None:
    [answer] = found(centre.staff("200003"), "１号线几点")["answers"]
    assert [row["label"] for row in answer["rows"]] == ["1 号线（东城）", "1 号线（回程）"]
    assert answer["title"] == "班车 · 11月22日（周日）"
    [soon] = found(centre.staff("200003"), "1号线下一班")["answers"]
    assert soon["title"] == "下一班车"
    assert {row["label"].split(" · ")[0] for row in soon["rows"]} == {
        "1 号线（东城）",
        "1 号线（回程）",
    }


def test_my_shifts_are_mine_alone(centre: Centre) -> None:
    phone = centre.staff("200003")
    [week] = found(phone, "班表")["answers"]
    assert len(week["rows"]) == 7
    assert week["rows"][0]["is_now"]
    [tomorrow] = found(phone, "明天班表")["answers"]
    duty = Duty.get(Duty.staff == Staff.get(Staff.number == "200003").id, Duty.day == "2026-11-23")
    assert tomorrow["rows"][0]["label"] == "11月23日（周一）"
    assert tomorrow["rows"][0]["text"].startswith(duty.shift)
    [other] = found(centre.staff("200011"), "明天班表")["answers"]
    assert other["rows"][0]["text"] == "没有排班"


def test_who_is_on_shift_now_counts_shifts_over_midnight(centre: Centre) -> None:
    Duty.delete().execute()
    early, late = (Staff.get(Staff.number == number) for number in ("200003", "200004"))
    hours = {"begins": "07:30", "ends": "15:30"}
    Duty.create(staff=early, day="2026-11-22", shift="早班", **hours)
    Duty.create(staff=late, day="2026-11-21", shift="夜班", begins="23:30", ends="07:30")
    Duty.create(staff=late, day="2026-11-22", shift="休")
    at = {
        words: [
            (one.staff_id, one.name)
            for one in on_shift(local_time(START + hours_later * 3_600_000, ZONE))
        ]
        for words, hours_later in (("06:00", -4), ("10:00", 0), ("15:30", 5.5), ("07:30", -2.5))
    }
    here, gone = [(early.id, early.name)], [(late.id, late.name)]
    assert at == {"06:00": gone, "10:00": here, "15:30": [], "07:30": here}
    now = local_time(START, ZONE)
    assert shift_of(early.id, now).shift == "早班"  # type: ignore[union-attr]
    assert shift_of(late.id, now) is None
    [answer] = found(centre.staff("200004"), "现在谁在班")["answers"]
    assert answer["title"] == "话务五组 · 现在在班 1 人"
    assert answer["rows"] == [{"label": "早班 07:30–15:30", "text": early.name, "is_now": False}]
    [other_team] = found(centre.staff("200002"), "谁在班")["answers"]
    assert early.name not in str(other_team)


def test_the_canteen_tells_the_dishes_of_a_day_or_a_meal(centre: Centre) -> None:
    phone = centre.staff("200003")
    [today] = found(phone, "今天吃什么")["answers"]
    assert [row["label"] for row in today["rows"]] == ["早餐", "午餐", "晚餐", "夜宵"]
    for text in ("周三晚饭", "周三晚上吃什么"):
        [dinner] = found(phone, text)["answers"]
        assert [row["text"] for row in dinner["rows"]] == ["藏面、牛肉饼、甜茶、凉拌牛肉"]


def test_a_date_that_no_calendar_has_is_answered_with_a_sentence(centre: Centre) -> None:
    phone = centre.staff("200003")
    for text, title in (("2月30日班车", "班车时刻表"), ("2月30日吃什么", "饭堂菜单")):
        [answer] = found(phone, text)["answers"]
        assert (answer["title"], answer["rows"]) == (title, [])
        assert answer["text"] == "日历上没有“2月30日”，请换一个日期。"


def test_an_old_table_says_that_it_is_old(centre: Centre, clock: FakeClock) -> None:
    phone = centre.staff("200003")
    [beyond] = found(phone, "2027年3月1日吃什么")["answers"]
    assert (beyond["rows"], beyond["text"]) == ([], "")
    assert beyond["notice"] == "饭堂菜单只到 1月1日（周五），3月1日（周一）还没有排出来。"
    assert found(phone, "今天吃什么")["answers"][0]["notice"] == ""
    clock.advance(45 * DAY)
    phone = centre.staff("200003")
    [old] = found(phone, "班表")["answers"]
    assert re.fullmatch("这是旧表：班表只到 1月1日（周五）（.+导入），可能不准。", old["notice"])
    assert found(phone, "班车")["answers"][0]["notice"] == ""
    clock.advance(150 * DAY)
    [stale] = found(centre.staff("200003"), "班车")["answers"]
    assert "半年没有更新" in stale["notice"]
    assert stale["rows"]
    LookupTable.delete().execute()
    BusStop.delete().execute()
    [missing] = found(centre.staff("200003"), "班车")["answers"]
    assert missing["notice"] == "班车时刻表还没有导入，请问负责人。"


def test_a_card_answers_its_title_its_synonyms_and_their_sound(centre: Centre) -> None:
    phone = centre.staff("200003")
    for text in ("工资卡更新", "工資卡更新", "gongzikagengxin", "换银行卡", "工资卡怎么换"):
        assert titles(phone, text)[0] == "工资卡更新", text
    answer = found(phone, "工资卡更新")["answers"][0]
    assert "20 日" in answer["text"]
    assert answer["attachments"][0]["title"] == "工资卡变更申请表"
    assert answer["owner"]
    nothing = found(phone, "天气预报")
    assert (nothing["answers"], nothing["similar"]) == ([], [])


def test_guests_see_cards_for_guests_alone(centre: Centre) -> None:
    guest = centre.guest()
    assert titles(guest, "心语热线") == ["心语热线"]
    for text in ("工资卡更新", "班车", "班表", "今天吃什么", "河滨公园"):
        shown = found(guest, text)
        assert (shown["answers"], shown["similar"]) == ([], []), text


def test_expired_and_closed_cards_answer_nothing(centre: Centre, clock: FakeClock) -> None:
    host, phone = centre.staff(HOST), centre.staff("200003")
    made = host.ok("POST", "/lookup/cards", card(expires_on="2026-11-22"))
    assert titles(phone, "停车证") == ["停车证"]
    clock.advance(DAY)
    phone = centre.staff("200003")
    assert titles(phone, "停车证") == []
    host = centre.staff(HOST)
    path = f"/lookup/cards/{made['id']}"
    host.ok("PUT", path, card(expires_on=""))
    assert titles(phone, "车位") == ["停车证"]
    host.ok("PUT", path, card(active=False))
    assert titles(phone, "停车证") == []


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"title": "开具证明"}, "title"),
        ({"expires_on": "下个月"}, "expires_on"),
        ({"owner_number": "999999"}, "owner_number"),
        ({"attachments": [{"title": "表", "text": "x" * 501}]}, "attachments"),
    ],
)
def test_a_wrong_card_is_refused_by_field(
    centre: Centre, facts: dict[str, str], field: str
) -> None:
    answer = centre.staff(TRAINER).post("/lookup/cards", card(**facts))
    refused(answer, 422, "invalid")
    assert answer.json is not None
    assert field in answer.json["errors"]
    assert LookupCard.select().where(LookupCard.text == "到门卫室登记车牌。").count() == 0


def test_attachments_that_a_form_leaves_empty_are_dropped(centre: Centre) -> None:
    attachments = [None, {"title": "内线", "text": "6120"}]
    made = centre.staff(TRAINER).ok("POST", "/lookup/cards", card(attachments=attachments))
    assert made["attachments"] == [{"title": "内线", "text": "6120"}]


def test_a_text_message_gets_the_same_answers_as_text(centre: Centre) -> None:
    phone, guest = centre.staff("200003"), centre.guest()
    database = centre.app.extensions["linka.database"]

    def replied(account_id: int, text: str) -> str:
        return message(of_account(database, account_id), text, START, ZONE)

    own = phone.ok("GET", "/me/export")["account"]["id"]
    assert replied(own, "工资卡更新").startswith("工资卡更新\n带身份证")
    assert "晚餐：" in replied(own, "今天吃什么")
    assert replied(own, "下一班车 滨河公园").endswith("是不是下面的站？\n河滨公园")
    assert len(replied(own, "班车")) <= 600
    assert "在小程序的“便捷查询”里提问" in replied(own, "天气预报")
    of_guest = guest.ok("GET", "/me/export")["account"]["id"]
    assert "绑定工号" in replied(of_guest, "班车")
