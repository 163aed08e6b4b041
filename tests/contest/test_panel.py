"""What the hosts' console shows of a contest: the key, the answers by option, and the possible
actions.
"""

from typing import Any

import pytest

from backend.activities.contest.kind import ContestKind
from backend.activities.contest.panel import panel
from backend.events.models import Activity
from backend.kept_counts import KeptCounts
from tests.contest.evening import RIGHT, WRONG, ContestEvening

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


def shown(evening: ContestEvening) -> dict[str, Any]:
    """Return the panel at this moment."""
    return panel(Activity.get_by_id(evening.activity_id), KeptCounts(8), evening.clock.now())


def test_trainers_read_how_teams_answered_what_was_revealed(evening: ContestEvening) -> None:
    evening.play(1, RIGHT, WRONG)
    evening.answer(0, evening.show(2), WRONG)
    activity = Activity.get_by_id(evening.activity_id)
    rows = ContestKind().team_answers(activity, evening.clock.now())
    assert rows is not None
    assert (sum(row.answers for row in rows), sum(row.wrong for row in rows)) == (2, 1)


def test_actions_follow_the_phase(evening: ContestEvening) -> None:
    assert shown(evening)["actions"] == ["begin"]
    evening.act("begin")
    assert shown(evening)["actions"] == ["next", "dismiss"]
    evening.act("next", 1)
    assert shown(evening)["actions"] == ["reveal"]
    evening.act("reveal", 1)
    assert shown(evening)["actions"] == ["next", "board", "podium"]
    evening.act("podium")
    evening.act("dismiss")
    # A contest that was played cannot begin again.
    assert (shown(evening)["phase"], shown(evening)["actions"]) == ("done", [])


def test_host_sees_the_key_and_who_chose_what_before_the_reveal(evening: ContestEvening) -> None:
    round_id = evening.show(1)
    evening.answer(0, round_id, RIGHT)
    evening.answer(1, round_id, WRONG)
    found = shown(evening)
    assert (found["state"]["round"]["key"], found["may_answer"]) == (RIGHT, 3)
    assert found["chosen"] == {"A": 1, "B": 1, "C": 0, "D": 0}
    # Phones and screens get neither before the reveal.
    told = evening.state()["round"]
    assert not {"key", "distribution", "right"} & told.keys()


def test_questions_are_listed_with_what_became_of_them(evening: ContestEvening) -> None:
    evening.play(1, RIGHT, WRONG)
    evening.act("next", 2)
    rows = shown(evening)["rounds"]
    assert [(row["position"], row["is_shown"], row["is_revealed"]) for row in rows] == [
        (1, True, True),
        (2, True, False),
        (3, False, False),
    ]
    assert (rows[0]["answered"], rows[0]["right"], rows[0]["key"]) == (2, 1, "B")


def test_those_who_are_tied_are_named_when_they_can_play_off(evening: ContestEvening) -> None:
    evening.play(1, RIGHT, RIGHT, WRONG)
    assert shown(evening)["tied"] == []
    evening.act("board", 1)
    assert {one["id"] for one in shown(evening)["tied"]} == set(evening.players[:2])


def test_pages_of_one_second_share_what_is_counted(evening: ContestEvening) -> None:
    counts = KeptCounts(8)

    def answered() -> tuple[int, int, int, int]:
        activity = Activity.get_by_id(evening.activity_id)
        found = panel(activity, counts, evening.clock.now())
        shown = found["state"]["round"]["answered"], sum(found["chosen"].values())
        return *shown, found["rounds"][0]["answered"], found["again_ms"]

    round_id = evening.show(1)
    evening.answer(0, round_id, RIGHT)
    assert answered() == (1, 1, 1, 0)
    evening.answer(1, round_id, WRONG)
    *shown, again_ms = answered()
    assert (shown, again_ms > 0) == ([1, 1, 1], True)
    evening.clock.advance(again_ms / 1000)
    assert answered() == (2, 2, 2, 0)


def test_each_phase_is_counted_anew(evening: ContestEvening) -> None:
    counts = KeptCounts(8)
    activity = Activity.get_by_id(evening.activity_id)
    round_id = evening.show(1)
    panel(activity, counts, evening.clock.now())
    evening.answer(0, round_id, RIGHT)
    evening.act("reveal", 1)
    found = panel(activity, counts, evening.clock.now())
    counted = found["state"]["round"]["right"], found["chosen"][RIGHT[0]]
    assert (counted, found["again_ms"]) == ((1, 1), 0)
