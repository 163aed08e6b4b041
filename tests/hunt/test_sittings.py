"""Three shifts, three sittings: each plays at its time, on one board, and keys are sealed until all
have played."""

import pytest

from tests.hunt.evening import RIGHT, Evening
from tests.support import TRAINER, refused

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)

HOUR = 3600
SECOND, THIRD, END = 18 * HOUR, 27 * HOUR, 31 * HOUR  # from the opening


@pytest.mark.parametrize(
    ("seconds", "shift", "state"),
    [
        (0, "早班", "open"),
        (0, "行政班", "open"),
        (0, "中班", "waiting"),
        (0, "夜班", "waiting"),
        (4 * HOUR - 1, "早班", "open"),
        (4 * HOUR, "早班", "closed"),
        (SECOND - 1, "中班", "waiting"),
        (SECOND, "中班", "open"),
        (SECOND, "早班", "closed"),
        (SECOND + 4 * HOUR, "中班", "closed"),
        (THIRD, "夜班", "open"),
        (THIRD, "行政班", "closed"),
        (END - 1, "夜班", "open"),
        (END, "夜班", "closed"),
    ],
)
def test_each_shift_plays_in_its_own_sitting(
    three_shifts: Evening, seconds: int, shift: str, state: str
) -> None:
    three_shifts.ask()
    player = three_shifts.digger(shift)
    three_shifts.later(seconds)
    assert three_shifts.hunt(player)["state"] == state
    if state == "open":
        assert three_shifts.play(player, "B")["points"] == RIGHT
    else:
        refused(three_shifts.digging(player), 409, "not_your_sitting")


def test_map_names_the_players_own_sitting(three_shifts: Evening) -> None:
    early, late = three_shifts.digger("早班"), three_shifts.digger("夜班")
    assert three_shifts.hunt(early)["sitting"]["title"] == "早班场"
    shown = three_shifts.hunt(late)["sitting"]
    assert (shown["title"], shown["state"]) == ("夜班场", "waiting")
    assert shown["starts_at"] == "2026-11-23T05:00:00.000Z"


def test_all_sittings_share_one_board(three_shifts: Evening) -> None:
    three_shifts.ask()
    phones = [three_shifts.digger(shift) for shift in ("早班", "中班", "夜班")]
    for phone, wait in zip(phones, (0, SECOND, THIRD - SECOND), strict=True):
        three_shifts.later(wait)
        three_shifts.play(phone, "B")
    boards = [three_shifts.board(phone) for phone in phones]
    assert boards[0] == boards[1] == boards[2]
    assert [(rank, points) for rank, _, points in boards[0]] == [(1, 40), (2, 40), (3, 40)]
    assert three_shifts.differences() == []


def sealed_answer(evening: Evening, shift: str = "早班") -> tuple:
    """Let somebody answer wrong; returns their phone, the path of the dig and the answer."""
    player = evening.digger(shift)
    dig = evening.dig(player)
    return player, f"{evening.path}/digs/{dig['id']}", evening.answer(player, dig, "A")


def test_verdict_comes_at_once_but_key_and_explanation_are_sealed(three_shifts: Evening) -> None:
    three_shifts.ask()
    player, path, answer = sealed_answer(three_shifts)
    assert (answer["verdict"], answer["sealed"]) == ("wrong", True)
    assert (answer["key"], answer["explanation"]) == (None, None)
    assert three_shifts.hunt(player)["sealed"] is True
    result = player.ok("GET", path)["result"]
    assert (result["key"], result["explanation"]) == (None, None)


def test_wrong_question_list_is_sealed(three_shifts: Evening) -> None:
    three_shifts.ask()
    player, _, _ = sealed_answer(three_shifts)
    answer = player.get(f"{three_shifts.path}/wrong-questions")
    assert answer.json["sealed"] is True
    assert [(item["key"], item["explanation"]) for item in answer.json["items"]] == [(None, None)]
    assert "解析" not in answer.text


def test_statistics_are_sealed_for_hosts_and_trainers_too(three_shifts: Evening) -> None:
    three_shifts.ask()
    sealed_answer(three_shifts)
    trainer = three_shifts.centre.staff(TRAINER)
    for phone in (three_shifts.host, trainer):
        refused(phone.get(f"{three_shifts.path}/statistics"), 409, "sealed")


def test_seal_holds_until_the_last_sitting_has_ended(three_shifts: Evening) -> None:
    three_shifts.ask()
    player, path, _ = sealed_answer(three_shifts)
    three_shifts.later(END - 1)
    assert player.ok("GET", path)["result"]["key"] is None
    refused(three_shifts.host.get(f"{three_shifts.path}/statistics"), 409, "sealed")
    three_shifts.clock.advance(1)
    result = player.ok("GET", path)["result"]
    assert (len(result["key"]), result["explanation"]) == (1, "第1题的解析。")
    item = player.ok("GET", f"{three_shifts.path}/wrong-questions")["items"][0]
    assert (item["key"], item["explanation"]) == (result["key"], "第1题的解析。")
    found = three_shifts.host.ok("GET", f"{three_shifts.path}/statistics")
    assert found["questions"][0]["answered"] == 1


def last_dig(evening: Evening) -> tuple:
    """Let the night shift dig just before the last sitting ends; returns their phone and the dig."""
    last = evening.digger("夜班")
    evening.later(END - 1)
    return last, evening.dig(last)


def test_seal_holds_while_somebody_still_answers_what_they_dug_before_the_end(
    three_shifts: Evening,
) -> None:
    three_shifts.ask()
    player, path, _ = sealed_answer(three_shifts)
    last, dig = last_dig(three_shifts)
    three_shifts.clock.advance(30)
    assert player.ok("GET", path)["result"]["key"] is None
    assert player.ok("GET", f"{three_shifts.path}/wrong-questions")["sealed"] is True
    refused(three_shifts.host.get(f"{three_shifts.path}/statistics"), 409, "sealed")
    assert three_shifts.answer(last, dig, "B")["points"] == RIGHT
    assert player.ok("GET", path)["result"]["key"] is not None


def test_question_that_nobody_answers_keeps_the_seal_no_longer_than_its_time(
    three_shifts: Evening,
) -> None:
    three_shifts.ask()
    player, path, _ = sealed_answer(three_shifts)
    last_dig(three_shifts)
    three_shifts.clock.advance(39.999)
    assert player.ok("GET", path)["result"]["key"] is None
    three_shifts.clock.advance(0.001)
    assert player.ok("GET", path)["result"]["key"] is not None


def test_repeat_of_a_sealed_answer_shows_the_key_when_all_have_played(
    three_shifts: Evening,
) -> None:
    three_shifts.ask()
    player, path, answer = sealed_answer(three_shifts)
    three_shifts.later(END)
    again = player.ok("POST", f"{path}/answer", {"choice": answer["choice"]})
    assert (again["verdict"], again["points"]) == (answer["verdict"], answer["points"])
    assert again["explanation"] == "第1题的解析。"


def test_seal_opens_when_the_host_closes_the_event(three_shifts: Evening) -> None:
    three_shifts.ask()
    player, path, _ = sealed_answer(three_shifts)
    three_shifts.host_does("close")
    assert player.ok("GET", path)["result"]["explanation"] == "第1题的解析。"
    assert three_shifts.host.get(f"{three_shifts.path}/statistics").status_code == 200


def test_correction_does_not_break_the_seal(three_shifts: Evening) -> None:
    question = three_shifts.ask()
    player, path, _ = sealed_answer(three_shifts)
    three_shifts.correct(question, "A")
    result = player.ok("GET", path)["result"]
    assert (result["verdict"], result["key"], result["explanation"]) == ("correct", None, None)


def test_pause_puts_the_end_of_a_running_sitting_off(three_shifts: Evening) -> None:
    three_shifts.ask()
    player = three_shifts.digger("早班")
    three_shifts.later(2 * HOUR)
    three_shifts.host_does("pause")
    three_shifts.later(3 * HOUR)
    assert three_shifts.hunt(player)["state"] == "paused"
    three_shifts.host_does("resume")
    three_shifts.later(2 * HOUR - 1)  # an hour after the planned end, three of which were paused
    assert three_shifts.play(player, "B")["points"] == RIGHT
    three_shifts.clock.advance(1)
    refused(three_shifts.digging(player), 409, "not_your_sitting")


def test_pause_in_one_sitting_does_not_move_the_next(three_shifts: Evening) -> None:
    three_shifts.ask()
    player = three_shifts.digger("中班")
    three_shifts.host_does("pause")
    three_shifts.later(HOUR)
    three_shifts.host_does("resume")
    three_shifts.later(SECOND - HOUR)
    assert three_shifts.hunt(player)["state"] == "open"


def test_pause_in_the_last_sitting_keeps_the_seal_on(three_shifts: Evening) -> None:
    three_shifts.ask()
    player, path, _ = sealed_answer(three_shifts)
    three_shifts.later(THIRD)
    three_shifts.host_does("pause")
    three_shifts.later(HOUR)
    three_shifts.host_does("resume")
    three_shifts.later(END - THIRD - 1)
    assert player.ok("GET", path)["result"]["key"] is None
    three_shifts.clock.advance(1)
    assert player.ok("GET", path)["result"]["key"] is not None


def test_one_evening_for_all_is_never_sealed(evening: Evening) -> None:
    evening.ask()
    player, path, answer = sealed_answer(evening)
    assert (answer["sealed"], answer["explanation"]) == (False, "第1题的解析。")
    assert evening.host.get(f"{evening.path}/statistics").status_code == 200
