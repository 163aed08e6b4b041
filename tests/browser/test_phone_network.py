"""Bad networks: what was answered on the phone arrives, and counts once."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.contest_hall import ContestHall
from tests.browser.hall import Hall
from tests.browser.phone import Handset
from tests.browser.quiz import Quiz
from tests.installation import until
from tests.phones import Phone

Opens = Callable[..., Handset]
BAD = ("slow", "drop", "doubled")


@pytest.fixture
def contest(new_hall: Callable[..., Hall]) -> ContestHall:
    """Return an open event with a contest that leaves time for a bad network."""
    made = ContestHall(new_hall(template="contest"))
    made.settle(question_seconds=120)
    return made


@pytest.fixture
def open_game(open_phone: Opens) -> Opens:
    """Return what opens a game on the phone of somebody who has joined."""

    def opened(hall: Hall, phone: Phone, kind: str) -> Handset:
        hall.join(phone)
        facts = {"event": hall.id, "activity": hall.activity_id}
        handset = open_phone(phone.user, f"pages/{kind}/{kind}", **facts)
        handset.tap("同意并开始")
        return handset

    return opened


def dig(phone: Handset) -> None:
    """Dig at the site that is chosen, once the map knows that no question is open."""
    phone.is_on("pages/hunt/hunt")
    phone.find(".main").filter(has_text="挖").click()
    phone.is_on("pages/question/question")
    expect(phone.find(".stem")).to_be_visible()


def earned(hall: Hall, phone: Phone) -> list[int]:
    """Return the points of a player's answers as the ledger has them, treasures left out."""
    receipts = phone.ok("GET", f"/events/{hall.id}/receipts")
    return [one["points"] for one in receipts["items"] if one["reason"] == "answer"]


def is_clean(hall: Hall) -> bool:
    """Say whether the boards are what the ledger gives."""
    return hall.installation.linka("boards", "verify", str(hall.id)).returncode == 0


@pytest.mark.parametrize("condition", BAD)
def test_hunt_counts_each_answer_once(
    condition: str, hall: Hall, phones: list[Phone], open_game: Opens
) -> None:
    phone = open_game(hall, phones[0], "hunt")
    expect(phone.find(".main")).to_be_visible()
    phone.network(condition)
    for is_right, words in ((True, "答对了"), (False, "这次没答对")):
        dig(phone)
        Quiz(phone).answer(right=is_right)
        phone.says(words)
        phone.tap("回到林卡")
    phone.network("good")
    hunt = phones[0].ok("GET", f"/hunts/{hall.activity_id}")
    assert hunt["digs_per_day"] - hunt["digs_left"] == 2
    wrong, right = sorted(earned(hall, phones[0]))
    assert wrong == 0 < right
    assert is_clean(hall)
    phone.has_no_errors()


def answer_without_network(phone: Handset) -> None:
    """Dig, and answer while there is no network: the answer is kept."""
    dig(phone)
    Quiz(phone).choose()
    phone.network("off")
    phone.tap("就选")
    phone.says("已保存，等网络")


def test_answer_without_a_network_is_kept_and_sent_once(
    hall: Hall, phones: list[Phone], open_game: Opens
) -> None:
    phone = open_game(hall, phones[0], "hunt")
    answer_without_network(phone)
    assert earned(hall, phones[0]) == []
    phone.tap("先回林卡看看")
    phone.says("已保存，等网络。请赶在计时结束之前连上")
    phone.tap("看这道题")
    phone.says("已保存，等网络")
    phone.network("good")
    phone.says("答对了")
    assert len(earned(hall, phones[0])) == 1
    assert is_clean(hall)


def test_answer_that_was_kept_is_sent_after_a_restart(
    hall: Hall, phones: list[Phone], open_game: Opens
) -> None:
    phone = open_game(hall, phones[0], "hunt")
    answer_without_network(phone)
    phone.page.reload()
    until(lambda: earned(hall, phones[0]), 15, "the answer arrives")
    assert len(earned(hall, phones[0])) == 1
    assert is_clean(hall)


def test_choice_survives_the_background(hall: Hall, phones: list[Phone], open_game: Opens) -> None:
    phone = open_game(hall, phones[0], "hunt")
    dig(phone)
    Quiz(phone).choose()
    phone.leave()
    phone.come_back()
    phone.tap("就选")
    phone.says("答对了")
    assert len(earned(hall, phones[0])) == 1


@pytest.mark.parametrize("condition", BAD)
def test_contest_counts_an_answer_once(
    condition: str, contest: ContestHall, phones: list[Phone], open_game: Opens
) -> None:
    phone = open_game(contest.hall, phones[0], "contest")
    contest.act("begin")
    phone.says("就位，等主持人开始")
    phone.network(condition)
    contest.act("next", 1)
    Quiz(phone).answer()
    phone.says("已收到，等主持人揭晓")
    state = contest.act("reveal", 1)
    assert (state["round"]["answered"], state["round"]["right"]) == (1, 1)
    phone.says("答对了！")
    assert len(earned(contest.hall, phones[0])) == 1
    assert is_clean(contest.hall)
    phone.has_no_errors()


def test_contest_goes_on_while_the_phone_is_in_the_background(
    contest: ContestHall, phones: list[Phone], open_game: Opens
) -> None:
    phone = open_game(contest.hall, phones[0], "contest")
    contest.act("begin")
    phone.says("就位，等主持人开始")
    phone.leave()
    contest.act("next", 1)
    phone.come_back()
    Quiz(phone).answer()
    phone.says("已收到，等主持人揭晓")


def test_contest_answer_without_a_network_is_sent_once_when_there_is_one(
    contest: ContestHall, phones: list[Phone], open_game: Opens
) -> None:
    phone = open_game(contest.hall, phones[0], "contest")
    contest.act("begin")
    phone.says("就位，等主持人开始")
    contest.act("next", 1)
    Quiz(phone).choose()
    phone.network("off")
    phone.tap("就选")
    phone.says("正在送出…")
    phone.says("你的作答不会丢")
    phone.network("good")
    phone.says("已收到，等主持人揭晓")
    state = contest.act("reveal", 1)
    assert (state["round"]["answered"], state["round"]["right"]) == (1, 1)
    phone.says("答对了！")
    assert len(earned(contest.hall, phones[0])) == 1
