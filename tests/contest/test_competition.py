"""People who may read the keys of a contest play out of competition, on the screen and on
phones."""

from typing import Any

import pytest

from backend.activities.contest.play import ContestPlay
from backend.events.competition import NOTICE
from backend.events.models import Player
from backend.events.play import speaker_of
from tests.contest.evening import POINTS, RIGHT, WRONG, ContestEvening
from tests.support import TRAINER

ONE_DATABASE = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


@pytest.fixture
def reader(evening: ContestEvening) -> int:
    """Let a trainer join; returns their place among the phones."""
    phone = evening.centre.staff(TRAINER)
    evening.phones.append(phone)
    evening.players.append(evening.centre.join(evening.event, phone)[0]["id"])
    evening.clock.advance(1)
    return len(evening.phones) - 1


def board(evening: ContestEvening) -> dict[str, Any]:
    """Return the board that screens and phones are shown."""
    found: dict[str, Any] = evening.act("board", 1)["board"]
    return found


def test_who_may_read_the_keys_is_told_and_takes_no_place(
    evening: ContestEvening, reader: int
) -> None:
    evening.act("begin")
    assert evening.own(reader) == {"out_of_competition": True, "notice": NOTICE}
    assert evening.own(0) is None
    round_id = evening.act("next", 1)["round"]["id"]
    taken = evening.answer(reader, round_id, RIGHT)
    assert taken["counted"] is False
    assert evening.answer(reader, round_id, RIGHT) == taken
    assert evening.answer(0, round_id, WRONG)["counted"] is True
    shown = evening.act("reveal", 1)["round"]
    assert (shown["answered"], shown["right"], shown["distribution"]["B"]) == (1, 0, 0)
    own = evening.own(reader)
    assert (own["answer"]["correct"], own["answer"]["points"], own["rank"]) == (True, 0, None)
    found = board(evening)
    assert found["rows"] == []
    assert [row["id"] for row in found["out_of_competition"]] == [evening.players[reader]]
    assert evening.entries() == [(evening.players[0], 0)]
    assert evening.act("podium")["board"]["rows"] == []
    assert evening.is_clean()


@ONE_DATABASE
def test_socket_takes_the_answer_out_of_competition_too(
    evening: ContestEvening, reader: int
) -> None:
    round_id = evening.show(1)
    play: ContestPlay = evening.app.extensions["linka.plays"]["contest"]
    speaker = speaker_of(Player.get_by_id(evening.players[reader]))
    said = {"round_id": round_id, "choice": RIGHT}
    now = evening.clock.now()
    told = play.messages["contest.answer"].hear(speaker, evening.activity_id, said, now)
    assert told["counted"] is False
    look = play.own(evening.activity_id, speaker.player_id, now)
    assert look is not None and look["notice"] == NOTICE


@ONE_DATABASE
def test_playoff_is_for_those_who_compete(evening: ContestEvening, reader: int) -> None:
    evening.play(1, RIGHT, RIGHT, WRONG, RIGHT)
    evening.act("board", 1)
    asked = evening.act("playoff")["playoff"]
    assert {one["id"] for one in asked} == set(evening.players[:2])


@ONE_DATABASE
def test_correction_gives_an_uncounted_answer_no_points(
    evening: ContestEvening, reader: int
) -> None:
    evening.play(1, WRONG, None, None, WRONG)
    question_id = evening.state()["round"]["question"]["id"]
    body = {"question_id": question_id, "action": "rekey", "key": ["A"], "reason": "答案有误"}
    corrected = evening.host.ok("POST", f"/events/{evening.event['id']}/corrections", body)
    assert corrected == {"rescored": 1}
    assert (
        evening.own(reader)["answer"] | {"correct": True, "points": 0}
        == evening.own(reader)["answer"]
    )
    assert [row["points"] for row in board(evening)["rows"]] == [POINTS]
    assert evening.is_clean()
