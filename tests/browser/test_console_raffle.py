"""A raffle run from the console alone: prizes, draw, absent winner, pick-up, list, proof."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from backend.activities.raffle.verifying import verify
from tests.browser.console import DESKTOP, NARROW, Console
from tests.browser.hall import Hall
from tests.browser.raffle_hall import RaffleHall
from tests.phones import Phone
from tests.support import picture_bytes

Opens = Callable[..., Console]


@pytest.fixture
def raffle(new_hall: Callable[..., Hall], phones: list[Phone]) -> RaffleHall:
    """Return a raffle without prizes, in an event that a dozen people have joined."""
    hall = new_hall(template="anniversary", rehearsal=True)
    hall.join(*phones)
    made = RaffleHall(hall)
    for prize in hall.host.ok("GET", f"/raffles/{made.activity_id}")["prizes"]:
        hall.host.ok("DELETE", f"/raffles/{made.activity_id}/prizes/{prize['id']}")
    return made


def opened(new_console: Opens, raffle: RaffleHall, size: tuple[int, int]) -> Console:
    """Return a browser at the raffle's page."""
    console = new_console(size)
    console.log_in(raffle.hall.host)
    console.open(f"/host/events/{raffle.hall.id}/activities/{raffle.activity_id}")
    return console


@pytest.mark.parametrize("size", [DESKTOP, NARROW], ids=["desktop", "phone"])
def test_a_raffle_is_run_from_its_first_prize_to_its_proof(
    new_console: Opens, raffle: RaffleHall, size: tuple[int, int], tmp_path: Path
) -> None:
    console = opened(new_console, raffle, size)
    console.says("还没有奖项。先添加奖项，再回来抽。")
    console.is_sound()
    console.fill("新奖项", "一等奖 保温杯")
    field = console.page.locator("#new-prize .picture-field")
    picture = {"name": "cup.jpg", "mimeType": "image/jpeg", "buffer": picture_bytes()}
    field.locator("input[type=file]").set_input_files(picture)
    expect(field.locator("img")).to_be_visible()
    console.press("添加奖项")
    expect(field.locator("img")).to_be_hidden()
    prizes = console.part("prizes")
    expect(prizes.locator(".prize__picture")).to_be_visible()
    expect(prizes).to_contain_text("共 1 份，剩 1 份")
    prizes.get_by_text("修改").click()
    console.page.get_by_label("数量", exact=True).locator("visible=true").first.fill("3")
    console.press("保存")
    expect(prizes).to_contain_text("共 3 份，剩 3 份")
    console.page.locator("#draw-count").fill("2")
    console.press("定奖池")
    expect(console.part("draw-state")).to_have_text("名单已锁定")
    console.is_sound()
    console.fill("现场喊的词（可以不填，开抽后不能改）", "扎西德勒")
    console.page.get_by_label("这次抽几位").fill("1")
    console.press("开抽")
    console.agree()
    expect(console.part("won")).to_have_text("1")
    console.says("现场的词“扎西德勒”")
    console.press("再抽 1 位")
    expect(console.part("won")).to_have_text("2")
    # Somebody who was called and did not come is replaced in front of everybody.
    console.page.get_by_role("button", name="请上台").first.click()
    console.page.get_by_role("button", name="未到场，补抽一位").click()
    console.agree()
    winners = console.part("winners")
    expect(winners).to_contain_text("未到场")
    expect(winners.locator(".winner--won")).to_have_count(2)
    console.is_sound()
    _fetch_a_prize(console, raffle)
    console.press("公布种子")
    console.agree()
    expect(console.part("draw-state")).to_have_text("种子已公布")
    with console.page.expect_download() as downloading:
        console.press("下载证明")
    file = tmp_path / "proof.json"
    downloading.value.save_as(file)
    assert verify(json.loads(file.read_text())).won == 2
    with console.page.expect_download() as downloading:
        console.press("中奖名单 Excel")
    assert downloading.value.suggested_filename == "周年抽奖 中奖名单.xlsx"


def _fetch_a_prize(console: Console, raffle: RaffleHall) -> None:
    """Let a wrong code be refused, and a winner's code be accepted once."""
    path = f"/raffles/{raffle.activity_id}/winners?unclaimed=true"
    winner = raffle.hall.host.ok("GET", path)[0]
    code = winner["code"]
    label = "领奖码（在中奖者的手机上）"
    console.fill(label, "22222222")
    console.press("核销")
    console.says("没有找到这个领奖码，请核对后再试。")
    console.fill(label, code.lower())
    console.press("核销")
    expect(console.part("handed")).to_have_text("2 位中奖，1 位已领奖。")
    console.says(f"已核销：请把“一等奖 保温杯”交给 {winner['name']}")
    console.fill(label, code)
    console.press("核销")
    console.says(f"这个领奖码核销过了：{winner['name']} 的“一等奖 保温杯”。已经给过就不要再给。")


def test_winner_of_an_earlier_draw_is_called_from_its_list(
    new_console: Opens, raffle: RaffleHall
) -> None:
    first = raffle.draw(raffle.commit("三等奖", 1), 1)
    raffle.draw(raffle.commit("二等奖", 1), 1)
    console = opened(new_console, raffle, NARROW)
    console.part("earlier").get_by_text("抽出的 1 位").click()
    console.is_sound()
    winners = console.part("earlier-winners")
    winners.get_by_role("button", name="请上台").click()
    expect(winners).to_contain_text("等候上台")
    stage = raffle.hall.host.ok("GET", f"/raffles/{raffle.activity_id}")["stage"]
    assert [call["name"] for call in stage["calls"]] == [first["picks"][0]["name"]]


def test_an_abandoned_draw_stays_listed_and_the_screen_is_chosen(
    new_console: Opens, raffle: RaffleHall
) -> None:
    raffle.commit("二等奖", 2)
    console = opened(new_console, raffle, DESKTOP)
    console.press("作废这次抽奖")
    console.agree()
    expect(console.part("earlier")).to_contain_text("已作废")
    console.says("开第 2 次抽奖")
    console.press("显示全部中奖名单")
    shown = console.page.get_by_role("button", name="显示全部中奖名单")
    expect(shown).to_have_attribute("aria-pressed", "true")
    stage = raffle.hall.host.ok("GET", f"/raffles/{raffle.activity_id}")["stage"]
    assert stage["phase"] == "winners"


def test_a_list_is_imported_with_its_wrong_rows_named_and_removed(
    new_console: Opens, raffle: RaffleHall, tmp_path: Path, phones: list[Phone]
) -> None:
    raffle.hall.host.ok(
        "POST", f"/raffles/{raffle.activity_id}/prizes", {"title": "奖", "stock": 1}
    )
    number = phones[0].ok("GET", "/me")["staff"]["number"]
    wrong, right = tmp_path / "wrong.csv", tmp_path / "right.csv"
    wrong.write_text(f"工号\n{number}\n999999\n", encoding="utf-8-sig")
    right.write_text(f"工号\n{number}\n", encoding="utf-8-sig")
    console = opened(new_console, raffle, NARROW)
    console.fill("名单叫什么", "全勤员工")
    console.page.get_by_label("文件").set_input_files(wrong)
    console.press("导入名单")
    refusal = console.page.locator(".toast--problem")
    expect(refusal).to_contain_text("花名册里没有在职的“999999”")
    refusal.get_by_label("关闭").click()
    console.page.get_by_label("文件").set_input_files(right)
    console.press("导入名单")
    listed = console.page.locator("#raffle-lists .card-row")
    expect(listed).to_contain_text("全勤员工 1 人")
    console.says("只抽名单里的人")
    console.is_sound()
    listed.get_by_role("button", name="删除").click()
    console.agree()
    expect(listed).to_have_count(0)


def test_prizes_of_an_archived_event_are_handed_over_and_its_lists_are_downloaded(
    new_console: Opens, raffle: RaffleHall
) -> None:
    draw = raffle.draw(raffle.commit("保温杯", 1), 1)
    for action in ("close", "archive"):
        raffle.hall.host_does(action)
    console = opened(new_console, raffle, DESKTOP)
    console.is_sound()
    expect(console.page.get_by_role("button", name="添加奖项")).to_be_disabled()
    with console.page.expect_download() as download:
        console.page.get_by_role("link", name="奖池名单 Excel").click()
    assert download.value.suggested_filename.endswith(".xlsx")
    console.fill("领奖码（在中奖者的手机上）", draw["picks"][0]["code"])
    console.press("核销")
    console.says("1 位中奖，1 位已领奖。")
    assert console.errors == []
