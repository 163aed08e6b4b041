"""Many at the same moment: answers, and an answer against the reveal."""

from tests.contest.evening import POINTS, RIGHT, WRONG, ContestEvening
from tests.support import Centre, FakeClock, at_once


def test_fifty_taps_at_once_are_one_answer(evening: ContestEvening) -> None:
    round_id = evening.show(1)
    taken = at_once([lambda: evening.answer(0, round_id) for _ in range(50)])
    assert all(one == taken[0] for one in taken)
    evening.act("reveal", 1)
    assert evening.entries() == [(evening.players[0], POINTS)]


def test_of_two_different_answers_at_once_one_counts(evening: ContestEvening) -> None:
    round_id = evening.show(1)
    choices = [RIGHT, WRONG] * 10
    answers = at_once(
        [lambda choice=choice: evening.try_answer(0, round_id, choice) for choice in choices]
    )
    kept = {tuple(answer.json["choice"]) for answer in answers if answer.status_code == 200}
    assert len(kept) == 1
    assert sum(answer.status_code == 200 for answer in answers) == 10
    assert evening.answers() == 1


def test_whole_hall_at_once(centre: Centre, clock: FakeClock) -> None:
    evening = ContestEvening(centre, clock, phones=24)
    round_id = evening.show(1)
    at_once([lambda place=place: evening.answer(place, round_id) for place in range(24)])
    assert evening.state()["round"]["answered"] == 24
    evening.act("reveal", 1)
    assert sorted(evening.entries()) == sorted((player, POINTS) for player in evening.players)
    assert evening.is_clean()


def test_answer_is_before_the_reveal_or_refused(centre: Centre, clock: FakeClock) -> None:
    evening = ContestEvening(centre, clock, phones=8)
    round_id = evening.show(1)
    calls = [lambda place=place: evening.try_answer(place, round_id, RIGHT) for place in range(8)]
    *answers, _ = at_once([*calls, lambda: evening.act("reveal", 1)])
    kept = [answer for answer in answers if answer.status_code == 200]
    assert all(answer.json["error"] == "round_over" for answer in answers if answer not in kept)
    assert len(evening.entries()) == len(kept) == evening.answers()


def test_reveal_by_two_hosts_at_once_scores_once(evening: ContestEvening) -> None:
    round_id = evening.show(1)
    evening.answer(0, round_id)
    at_once([lambda: evening.act("reveal", 1) for _ in range(6)])
    assert evening.entries() == [(evening.players[0], POINTS)]
    assert evening.is_clean()
