"""现场竞赛 on the big screen: what the host does is seen by the hall, and nothing before its time."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.contest_hall import ContestHall
from tests.browser.hall import Hall
from tests.browser.screen import LARGE, OLD_PROJECTOR, Screen
from tests.phones import Phone

Phones = list[Phone]
LAPTOP = (1280, 720)


@pytest.fixture
def contest(new_hall: Callable[..., Hall]) -> ContestHall:
    """Return an open event with a contest that has not begun."""
    return ContestHall(new_hall(template="contest"))


def test_lobby_invites_and_counts(contest: ContestHall, screen: Screen, phones: Phones) -> None:
    contest.hall.join(phones[0])
    screen.open(contest.hall)
    expect(screen.part("scene")).to_be_hidden()
    contest.act("begin")
    expect(screen.part("scene-title")).to_be_visible()
    expect(screen.part("lobby-code")).to_have_text(contest.hall.code)
    expect(screen.part("stage")).to_be_hidden()
    contest.hall.join(phones[1])
    expect(screen.part("lobby-count")).to_have_text("2")


def test_question_appears_when_the_host_shows_it(
    contest: ContestHall, screen: Screen, phones: Phones
) -> None:
    contest.hall.join(*phones[:2])
    contest.act("begin")
    screen.open(contest.hall)
    shown = contest.show(1)
    expect(screen.part("question-stem")).to_have_text(shown["question"]["stem"])
    for option in shown["question"]["options"]:
        expect(screen.part(f"option-{option['key']}")).to_contain_text(option["text"])
    expect(screen.part("question-number")).to_have_text("第 1 题 / 共 10 题")
    contest.answer(phones[0], shown)
    expect(screen.part("answered")).to_have_text("1")
    expect(screen.part("expected")).to_have_text(" / 2")
    expect(screen.part("scene-code")).to_contain_text(contest.hall.code)


def test_page_does_not_know_the_key_before_the_reveal(
    contest: ContestHall, screen: Screen, phones: Phones
) -> None:
    contest.hall.join(phones[0])
    screen.open(contest.hall)
    shown = contest.show(1)
    expect(screen.part("question-stem")).to_be_visible()
    assert shown["explanation"] not in screen.page.content()
    expect(screen.page.locator("[data-right]")).to_have_count(0)
    contest.answer(phones[0], shown)
    expect(screen.part("answered")).to_have_text("1")
    assert shown["explanation"] not in screen.page.content()


def test_countdown_runs_out(contest: ContestHall, screen: Screen, phones: Phones) -> None:
    contest.hall.join(phones[0])
    contest.settle(question_seconds=4)
    screen.open(contest.hall)
    contest.show(1)
    expect(screen.part("time-left")).to_have_text(re.compile(r"^[34]$"))
    expect(screen.part("time-left")).to_have_text("2")
    expect(screen.part("time-left")).to_have_text("时间到")
    expect(screen.page.locator("[data-right]")).to_have_count(0)


def test_countdown_stands_still_in_a_pause(
    contest: ContestHall, screen: Screen, phones: Phones
) -> None:
    contest.hall.join(phones[0])
    screen.page.clock.install()
    screen.open(contest.hall)
    question = contest.show(1)["question"]
    expect(screen.part("question-stem")).to_have_text(question["stem"])
    contest.hall.host_does("pause")
    expect(screen.part("scene").get_by_text("暂停中")).to_be_visible()
    expect(screen.part("question-stem")).to_have_text("题目已收起，活动继续后再作答")
    expect(screen.part("options")).to_be_hidden()
    shown = screen.part("time-left").inner_text()
    screen.page.clock.run_for(7_000)
    assert screen.part("time-left").inner_text() == shown
    contest.hall.host_does("resume")
    expect(screen.part("scene").get_by_text("暂停中")).to_be_hidden()
    expect(screen.part("question-stem")).to_have_text(question["stem"])
    expect(screen.part("options")).to_be_visible()


def test_reveal_marks_what_is_right_and_counts(
    contest: ContestHall, screen: Screen, phones: Phones
) -> None:
    contest.hall.join(*phones[:3])
    screen.open(contest.hall)
    shown = contest.show(1)
    contest.answer(phones[0], shown)
    contest.answer(phones[1], shown)
    contest.answer(phones[2], shown, right=False)
    revealed = contest.act("reveal", 1)["round"]
    for option in shown["question"]["options"]:
        card = screen.part(f"option-{option['key']}")
        is_right = option["key"] in revealed["key"]
        expect(card).to_have_attribute("data-right", str(is_right).lower())
        count = revealed["distribution"][option["key"]]
        expect(card.locator(".option__count b")).to_have_text(str(count))
    expect(screen.part("explanation")).to_have_text(revealed["explanation"])
    expect(screen.page.get_by_text("3 人作答，2 人答对")).to_be_visible()
    expect(screen.part("time-left")).to_be_hidden()


def climb_of(row: dict[str, Any]) -> str:
    """Return how the page tells of a row's movement."""
    if row["climbed"] is None:
        return "新上榜"
    if row["climbed"] == 0:
        return "–"
    return f"{'↑' if row['climbed'] > 0 else '↓'}{abs(row['climbed'])}"


def test_board_shows_who_climbed(contest: ContestHall, screen: Screen, phones: Phones) -> None:
    leader, chaser = phones[:2]
    contest.hall.join(leader, chaser)
    screen.open(contest.hall)
    contest.play(1, [leader], [chaser])
    expect(screen.part("contest-board").locator(".step__climb")).to_have_text([""])
    told: list[str] = []
    while "↓1" not in told:
        position = len(told) // 2 + 2
        rows = contest.play(position, [chaser], [leader])["board"]["rows"]
        expect(screen.page.get_by_text(f"还有 {10 - position} 题")).to_be_visible()
        for part, values in {
            "rank": [str(row["rank"]) for row in rows],
            "name": [row["name"] for row in rows],
            "climb": [climb_of(row) for row in rows],
            "points": [str(row["points"]) for row in rows],
        }.items():
            found = screen.part("contest-board").locator(f".step__{part}")
            expect(found).to_have_text(values)
        told += [climb_of(row) for row in rows]
    assert "↑1" in told


def test_board_names_who_plays_out_of_competition(
    contest: ContestHall, screen: Screen, phones: Phones
) -> None:
    contest.hall.join(phones[0], contest.hall.host)
    screen.open(contest.hall)
    board = contest.play(1, [phones[0], contest.hall.host], [])["board"]
    (out,) = board["out_of_competition"]
    expect(screen.page.get_by_text(f"不计名次：{out['name']}")).to_be_visible()
    expect(screen.part("contest-board").locator(".step__name")).to_have_text(
        [row["name"] for row in board["rows"]]
    )
    assert out["name"] not in [row["name"] for row in board["rows"]]


def test_board_is_sealed_by_a_freeze(contest: ContestHall, screen: Screen, phones: Phones) -> None:
    (player,) = contest.hall.join(phones[0])
    contest.hall.host_does("freeze")
    screen.open(contest.hall)
    contest.play(1, [phones[0]], [])
    expect(screen.part("sealed")).to_be_visible()
    assert player["name"] not in screen.part("scene").inner_text()
    contest.act("podium")
    expect(screen.part("sealed")).to_contain_text("静候揭榜")
    assert player["name"] not in screen.part("scene").inner_text()


def test_podium_of_two_and_the_board_after_it(
    contest: ContestHall, screen: Screen, phones: Phones
) -> None:
    winner, second = contest.hall.join(*phones[:2])
    contest.play(1, [phones[0], phones[1]], [])
    contest.play(2, [phones[0]], [phones[1]])
    screen.open(contest.hall)
    contest.act("podium")
    expect(screen.part("podium-1")).to_contain_text(winner["name"])
    expect(screen.part("podium-2")).to_contain_text(second["name"])
    expect(screen.part("podium-3")).to_have_count(0)
    contest.act("dismiss")
    expect(screen.part("scene")).to_be_hidden()
    screen.shows(contest.hall.rows())


def test_tied_players_share_the_podium_and_play_off(
    contest: ContestHall, screen: Screen, phones: Phones
) -> None:
    people = contest.hall.join(*phones[:2])
    contest.settle(scoring="accuracy", questions=1)
    screen.open(contest.hall)
    contest.play(1, phones[:2], [])
    contest.act("podium")
    for person in people:
        expect(screen.part("podium-1")).to_contain_text(person["name"])
    expect(screen.part("podium-1")).to_contain_text("并列 2 人")
    shown = contest.act("playoff")["round"]
    expect(screen.part("question-number")).to_have_text("加赛题")
    for person in people:
        expect(screen.part("playoff")).to_contain_text(person["name"])
    contest.answer(phones[1], shown)
    contest.act("reveal", 2)
    contest.act("podium")
    expect(screen.part("podium-1")).to_contain_text(people[1]["name"])
    expect(screen.part("podium-1")).to_contain_text("加赛胜出")
    expect(screen.part("podium-2")).to_contain_text(people[0]["name"])


def test_many_share_the_first_place(
    contest: ContestHall, new_screen: Callable[..., Screen], phones: Phones
) -> None:
    contest.hall.join(*phones)
    contest.settle(scoring="accuracy", questions=1)
    screen = new_screen(reduced_motion="reduce")
    screen.open(contest.hall)
    contest.play(1, phones, [])
    expect(screen.page.get_by_text("另有 7 人与末位同分")).to_be_visible()
    contest.act("podium")
    expect(screen.part("podium-1").locator(".stand__person")).to_have_count(11)
    expect(screen.page.get_by_text("还有 1 人并列")).to_be_visible()
    assert screen.spilt() == []


def test_podium_of_a_contest_that_nobody_won(
    contest: ContestHall, screen: Screen, phones: Phones
) -> None:
    contest.hall.join(phones[0])
    contest.play(1, [], [phones[0]])
    screen.open(contest.hall)
    expect(screen.part("contest-board")).to_have_text("还没有人得分，下一题就是好机会")
    contest.act("podium")
    expect(screen.page.get_by_text("掌声送给每一位登场的人")).to_be_visible()


def test_reload_in_the_middle_of_a_question_shows_the_same(
    contest: ContestHall, screen: Screen, phones: Phones
) -> None:
    contest.hall.join(*phones[:2])
    screen.open(contest.hall)
    shown = contest.show(1)
    contest.answer(phones[0], shown)
    contest.hall.host_does("pause")
    expect(screen.part("answered")).to_have_text("1")
    expect(screen.part("scene").get_by_text("暂停中")).to_be_visible()
    before = screen.part("question").inner_text()
    screen.page.reload()
    screen.is_live()
    expect(screen.part("question-stem")).to_have_text("题目已收起，活动继续后再作答")
    expect(screen.part("scene").get_by_text("暂停中")).to_be_visible()
    assert screen.part("question").inner_text() == before
    contest.hall.host_does("resume")
    expect(screen.part("question-stem")).to_have_text(shown["question"]["stem"])
    expect(screen.part("options").locator("li")).to_have_count(len(shown["question"]["options"]))


@pytest.mark.parametrize("size", [LARGE, LAPTOP, OLD_PROJECTOR], ids=lambda size: str(size[0]))
def test_long_names_and_long_words_fit(
    contest: ContestHall,
    new_screen: Callable[..., Screen],
    size: tuple[int, int],
    hard_phones: Phones,
) -> None:
    still = new_screen(size, reduced_motion="reduce")
    contest.hall.join(*hard_phones)
    still.open(contest.hall)
    contest.act("begin")
    expect(still.part("lobby-count")).to_have_text(str(len(hard_phones)))
    assert still.spilt() == []
    shown = contest.show(1)
    expect(still.part("question-stem")).to_have_text(shown["question"]["stem"])
    assert still.spilt() == []
    for phone in hard_phones:
        contest.answer(phone, shown)
    contest.act("reveal", 1)
    expect(still.part("explanation")).to_be_visible()
    assert still.spilt() == []
    board = contest.act("board", 1)["board"]["rows"]
    names = still.part("contest-board").locator(".step__name")
    expect(names).to_have_text([row["name"] for row in board])
    assert still.spilt() == []
    contest.act("podium")
    expect(still.part("podium-1").first).to_be_visible()
    assert still.spilt() == []
