"""What others see of guesses: words of the local list are masked, the rules of guessing are not."""

import pytest

from backend.moderation.words import read_list, replace_list
from tests.drawing.evening import Evening

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


def hide(evening: Evening, word: str) -> None:
    """Make the local list hold one word."""
    table = f"词语\n{word}".encode()
    replace_list(read_list(table), database=evening.database, now=evening.clock.now())


def test_word_of_the_list_is_masked_in_what_others_see(evening: Evening) -> None:
    hide(evening, "笨蛋")
    turn = evening.begin(3)
    evening.choose(turn)
    guesser = next(player for player in evening.phones if player != turn.drawer_id)
    answer = evening.guess(guesser, turn, "谁画的笨 蛋呀")
    assert answer.json == {"verdict": "wrong"}
    assert [told["text"] for told in evening.told("drawing.said")] == ["谁画的***呀"]


def test_answer_that_stands_on_the_list_is_still_right(evening: Evening) -> None:
    turn = evening.begin(3)
    evening.choose(turn)
    hide(evening, evening.answer(turn))
    guesser = next(player for player in evening.phones if player != turn.drawer_id)
    assert evening.guess(guesser, turn).json["verdict"] == "exact"


def test_blocked_player_guesses_but_is_not_heard(evening: Evening) -> None:
    turn = evening.begin(3)
    evening.choose(turn)
    guesser = next(player for player in evening.phones if player != turn.drawer_id)
    path = f"/events/{evening.event_id}/writing-blocks/{guesser}"
    evening.host.ok("PUT", path, {"reason": "刷屏"})
    assert evening.guess(guesser, turn, "随便说说").json == {"verdict": "wrong"}
    assert evening.told("drawing.said") == []
    assert evening.guess(guesser, turn).json["verdict"] == "exact"
