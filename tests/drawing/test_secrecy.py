"""The word of a turn is in nothing that anybody else gets before the turn is over."""

from collections.abc import Iterator
from typing import Any

import pytest

from backend.activities.drawing.models import DrawingTurn
from backend.events.visibility import View
from tests.drawing.evening import Evening
from tests.support import as_json, refused

# What gives no word of the packs away.
CHAT = "嗯嗯嗯 666"

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


def everything(evening: Evening, turn: DrawingTurn, *, but: tuple[int, ...] = ()) -> Iterator[str]:
    """Yield all that anybody but some players gets to see."""
    now = evening.clock.now()
    for view in View:
        yield as_json(evening.play.shown(evening.activity_id, view, now))
    yield as_json(evening.host.ok("GET", evening.path))
    yield as_json(evening.host.ok("GET", f"{evening.path}/gallery"))
    for player_id in evening.phones:
        if player_id not in but:
            yield as_json(evening.look(player_id))
            yield as_json(evening.play.own(evening.activity_id, player_id, now))
            yield as_json(evening.phones[player_id].ok("GET", f"{evening.path}/gallery"))
            yield evening.phones[player_id].get(f"{evening.path}/gallery/{turn.id}").text
    yield from (message.data for message in evening.messages())


@pytest.mark.parametrize("mode", ["rooms", "hall"])
def test_word_is_nowhere_before_the_end(evening: Evening, mode: str) -> None:
    # Words of no team's name, which everybody may see.
    turn = evening.begin(4, mode=mode, packs=["everyday"])
    offers = [offer["text"] for offer in turn.offers]
    for payload in everything(evening, turn, but=(turn.drawer_id,)):
        assert not any(text in payload for text in offers)
    evening.choose(turn)
    guesser = evening.guessers(turn)[0]
    evening.draw(turn)
    for seconds in (0, 20, 20, 20, 10):
        for _ in range(seconds // 5):
            evening.later(5)
        for payload in everything(evening, turn, but=(turn.drawer_id,)):
            assert not any(text in payload for text in offers)
    evening.guess(guesser, turn)
    for payload in everything(evening, turn, but=(turn.drawer_id, guesser)):
        assert not any(text in payload for text in offers)


def test_who_guessed_sees_the_word(evening: Evening) -> None:
    turn = evening.drawing(3)
    guesser = evening.guessers(turn)[0]
    assert evening.look(guesser)["prompt"] is None
    evening.guess(guesser, turn)
    assert evening.look(guesser)["prompt"]["text"] == evening.answer(turn)


def test_offers_are_the_drawers_alone_and_only_while_choosing(evening: Evening) -> None:
    turn = evening.begin(3)
    assert evening.look(evening.guessers(turn)[0])["offers"] is None
    evening.choose(turn)
    assert evening.look(turn.drawer_id)["offers"] is None


def sounds_like(evening: Evening, turn: DrawingTurn) -> list[str]:
    """Return ways of writing the answer that a person could think of."""
    answer = evening.answer(turn)
    return [
        answer,
        f"是{answer}啦",
        " ".join(answer),
        "、".join(answer),
        "\u3164".join(answer),
        f"《{answer}》",
    ]


def test_drawer_cannot_write_the_answer(evening: Evening) -> None:
    turn = evening.drawing(3)
    for text in sounds_like(evening, turn):
        refused(evening.guess(turn.drawer_id, turn, text), 409, "gives_answer_away")
    assert evening.told("drawing.said") == []
    assert evening.guess(turn.drawer_id, turn, CHAT).json == {"verdict": "said"}


def test_who_guessed_cannot_write_the_answer(evening: Evening) -> None:
    turn = evening.drawing(3)
    guesser = evening.guessers(turn)[0]
    evening.guess(guesser, turn)
    for text in sounds_like(evening, turn)[1:]:
        answer = evening.guess(guesser, turn, text)
        if (answer.json or {}).get("verdict") != "exact":
            refused(answer, 409, "gives_answer_away")
    assert evening.told("drawing.said") == []
    assert evening.guess(guesser, turn, CHAT).json == {"verdict": "said"}
    assert [told["text"] for told in evening.told("drawing.said")] == [CHAT]


@pytest.mark.parametrize("knows", ["drawer", "guesser"])
def test_who_knows_the_word_cannot_write_a_part_of_it(evening: Evening, knows: str) -> None:
    turn = evening.drawing(3)
    who = turn.drawer_id if knows == "drawer" else evening.guessers(turn)[0]
    if knows == "guesser":
        evening.guess(who, turn)
    answer = evening.answer(turn)
    parts = {answer[0], answer[-1], f"{answer[0]}什么", answer[::-1]}
    # Of a word such as 桥 nothing is left without its last character.
    if len(answer) > 1:
        parts.add(f"{answer[:-1]}龘")
    # The reverse of a word such as 猩猩 is the same word, which is the answer itself.
    for text in parts - {answer}:
        refused(evening.guess(who, turn, text), 409, "gives_answer_away")
    assert evening.told("drawing.said") == []


def test_near_guess_is_told_to_nobody_else(evening: Evening) -> None:
    turn = evening.drawing(3)
    guesser = evening.guessers(turn)[0]
    answer = evening.answer(turn)
    before = len(evening.messages())
    for text in (f"{answer}吗", answer[:-1] + "龘" if len(answer) > 1 else f"大{answer}"):
        assert evening.guess(guesser, turn, text).json == {"verdict": "near"}
    assert len(evening.messages()) == before


def test_wrong_guess_is_told_to_all(evening: Evening) -> None:
    turn = evening.drawing(3)
    guesser = evening.guessers(turn)[0]
    assert evening.guess(guesser, turn, "八竿子打不着").json == {"verdict": "wrong"}
    (told,) = evening.told("drawing.said")
    assert (told["player_id"], told["text"], told["room"]) == (guesser, "八竿子打不着", 1)


def test_hall_hears_a_few_wrong_guesses_a_second(evening: Evening) -> None:
    turn = evening.drawing(4, mode="hall")
    for player_id in evening.guessers(turn):
        for _ in range(3):
            evening.guess(player_id, turn, "八竿子打不着")
    assert len(evening.told("drawing.said")) == 5


def test_frozen_board_hides_points_of_turns(evening: Evening) -> None:
    turn = evening.drawing(3)
    evening.host.ok("POST", f"/events/{evening.event_id}/transitions", {"action": "freeze"})
    for player_id in evening.guessers(turn):
        guess = evening.guess(player_id, turn).json or {}
        assert (guess["verdict"], guess["points"]) == ("exact", None)
    evening.later(0.1)
    seen: dict[str, Any] = evening.look(turn.drawer_id)["turn"]
    assert [line["points"] for line in seen["guessed"]] == [None, None]
    assert seen["drawer_points"] is None
    assert seen["answer"] == evening.answer(turn)
