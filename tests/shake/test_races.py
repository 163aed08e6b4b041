"""Concurrent actions: unique effects happen once, on both databases."""

from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from flask import Flask

from backend.activities.shake.models import ShakeRound
from backend.events.visibility import View
from tests.shake.evening import Evening
from tests.support import at_once

Another = Callable[[], Flask]


def statuses(answers: list[Any]) -> Counter[Any]:
    """Count the answers by status and slug."""
    return Counter((answer.status_code, answer.json.get("error")) for answer in answers)


def test_round_is_scored_once_however_many_notice(evening: Evening, another_app: Another) -> None:
    plays = [evening.play, *(evening.play_in(another_app()) for _ in range(2))]
    people = evening.shakers(5)
    round_id = evening.start()
    evening.clock.advance(20)
    for place, one in enumerate(people):
        evening.report(one, round_id, 100 - place)
    evening.pulse()
    evening.clock.advance(20)
    now = evening.clock.now()
    at_once([partial(play.advance, evening.activity_id, now) for play in plays * 4])
    assert [points for *_, points in evening.results()] == [30, 20, 10, 0, 0]
    assert [points for *_, points in evening.entries()] == [30, 20, 10, 0, 0]
    assert [evening.points(one) for one in people] == [30, 20, 10, 0, 0]
    assert evening.differences() == []


def test_double_taps_of_a_host_begin_one_round(evening: Evening) -> None:
    answers = at_once([partial(evening.beginning, number=1)] * 8)
    assert sum(answer.status_code == 201 for answer in answers) == 1
    assert statuses(answers).keys() <= {(201, None), (200, None)}
    assert {answer.json["number"] for answer in answers} == {1}
    assert ShakeRound.select().count() == 1


def test_of_rounds_begun_at_once_one_is_under_way(evening: Evening) -> None:
    answers = at_once([partial(evening.beginning, mode) for mode in ("race", "luck") * 4])
    assert statuses(answers) == {(201, None): 1, (409, "round_under_way"): 7}
    assert ShakeRound.select().count() == 1


@pytest.mark.parametrize("late", [False, True])
def test_cancelling_and_scoring_never_both_happen(evening: Evening, late: bool) -> None:
    ann = evening.shaker()
    round_id = evening.start()
    evening.clock.advance(20)
    evening.report(ann, round_id, 50)
    if late:
        evening.clock.advance(20)
    now = evening.clock.now()
    path = f"{evening.path}/rounds/{round_id}/cancel"
    at_once(
        [
            partial(evening.host.post, path),
            *[partial(evening.play.advance, evening.activity_id, now)] * 3,
        ]
    )
    found = evening.round(round_id)
    assert (found.scored_at is None) != (found.cancelled_at is None)
    assert (len(evening.entries()) == 1) == (found.scored_at is not None) == late
    assert evening.differences() == []


def test_reports_from_everywhere_at_once_end_at_the_highest(
    evening: Evening, another_app: Another
) -> None:
    plays = [evening.play, evening.play_in(another_app())]
    ann, bob = evening.shakers(2)
    round_id = evening.start()
    evening.clock.advance(20)
    now = evening.clock.now()
    at_once(
        [
            partial(
                plays[count % 2].hear_report,
                one.speaker,
                evening.activity_id,
                {"round_id": round_id, "count": count, "how": "shake"},
                now,
            )
            for count in range(1, 41)
            for one in (ann, bob)
        ]
    )
    for play in plays:
        play.pulse(evening.activity_id, now)
    pulse = evening.pulse()
    assert pulse and [lane["count"] for lane in pulse["lanes"]] == [40, 40]
    evening.finish()
    assert evening.results() == [(ann.id, 40, 1, 30), (bob.id, 40, 1, 30)]


def test_reports_that_meet_the_pulse_are_not_lost(evening: Evening) -> None:
    people = evening.shakers(4)
    round_id = evening.start()
    evening.clock.advance(20)
    calls: list[Callable[[], Any]] = [
        partial(evening.report, one, round_id, count) for count in range(1, 11) for one in people
    ]
    at_once(calls + [evening.pulse] * 10)
    pulse = evening.pulse()
    assert pulse and [lane["count"] for lane in pulse["lanes"]] == [10] * 4


def test_kick_that_meets_the_scoring_leaves_the_boards_sound(evening: Evening) -> None:
    ann, bob = evening.shakers(2)
    round_id = evening.start()
    evening.clock.advance(20)
    evening.report(ann, round_id, 50)
    evening.report(bob, round_id, 60)
    evening.clock.advance(20)
    at_once([partial(evening.set_status, bob, "kicked"), *[evening.advance] * 3])
    shown = evening.shown(View.HOST)
    assert shown and [row["player_id"] for row in shown["podium"]["rows"]] == [ann.id]
    assert evening.differences() == []
