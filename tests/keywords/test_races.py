"""Concurrent replies: unique effects happen once, on both databases."""

from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from flask import Flask

from backend.activities.keywords.models import KeywordHit
from backend.app import create_app
from backend.config import Settings
from backend.events.models import Player
from backend.events.play import Speaker, speaker_of
from tests.keywords.evening import WORD, Evening
from tests.support import FakeClock, at_once, bind_seats


@pytest.fixture
def another_play(app: Flask, settings: Settings, clock: FakeClock) -> Iterator[Any]:
    """Return another play, with objects of its own, as another process has it."""
    other = create_app(settings, clock, app.extensions["linka.database"])
    yield other.extensions["linka.plays"]["keywords"]
    other.extensions["linka.plays"]["shake"].close()
    other.extensions["linka.redis"].close()


def crowd(evening: Evening, count: int) -> list[Speaker]:
    """Return staff who have joined without a login of their phones."""
    one = evening.player()
    known = Player.get_by_id(one.ok("GET", f"/events/{evening.event['id']}/me")["player"]["id"])
    facts = {"event": known.event, "team_id": known.team_id, "team_name": known.team_name}
    people = [
        Player.create(
            **facts,
            account_id=10**6 + n,
            staff_id=10**6 + n,
            name=f"同事{n}",
            joined_at=1,
            came_at=1,
        )
        for n in range(count)
    ]
    bind_seats(evening.centre.app.extensions["linka.database"])
    scores = evening.centre.app.extensions["linka.scores"]
    for player in people:
        scores.enrol(player, 1)
        scores.introduce(player)
    return [speaker_of(player) for player in people]


def replies(evening: Evening, plays: list[Any], *said: tuple[Speaker, str]) -> list[Any]:
    """Return what came of replies that are said at the same moment, to several processes."""
    now = evening.clock.now()
    calls: list[Callable[[], Any]] = [
        partial(plays[n % len(plays)].hear_reply, who, evening.activity_id, {"text": text}, now)
        for n, (who, text) in enumerate(said)
    ]
    return at_once(calls)


def test_first_so_many_win_and_no_place_is_given_twice(evening: Evening, another_play: Any) -> None:
    evening.announce(places=7, points=20)
    people = crowd(evening, 30)
    answers = replies(evening, [evening.play, another_play], *((one, WORD) for one in people))
    assert Counter(answer["outcome"] for answer in answers) == {"hit": 7, "places_gone": 23}
    assert sorted(answer["place"] for answer in answers if answer["place"]) == list(range(1, 8))
    assert evening.places() == list(range(1, 8))
    assert [points for _, points in evening.entries()] == [20] * 7
    assert evening.differences() == []


def test_identical_requests_at_once_are_one_hit_and_one_entry(
    evening: Evening, another_play: Any
) -> None:
    evening.announce(points=20)
    (one,) = crowd(evening, 1)
    answers = replies(evening, [evening.play, another_play], *[(one, WORD)] * 20)
    assert answers == [answers[0]] * 20
    assert (answers[0]["outcome"], answers[0]["place"]) == ("hit", 1)
    assert KeywordHit.select().count() == 1
    assert [points for _, points in evening.entries()] == [20]
    assert evening.differences() == []


def test_different_words_at_once_never_pass_the_cap(evening: Evening, another_play: Any) -> None:
    evening.settle(hits_per_person=2)
    texts = ["林卡", "美多", "锅庄", "酥油茶", "格桑花"]
    for text in texts:
        evening.announce(text)
    people = crowd(evening, 4)
    answers = replies(
        evening,
        [evening.play, another_play],
        *((one, text) for text in texts for one in people),
    )
    assert Counter(answer["outcome"] for answer in answers) == {"hit": 8, "enough": 12}
    turns = Counter((hit.player_id, hit.turn) for hit in KeywordHit.select())
    assert turns == {(one.player_id, turn): 1 for one in people for turn in (1, 2)}
    assert evening.differences() == []


def test_replies_that_meet_the_closing_count_or_leave_nothing(evening: Evening) -> None:
    word_id = evening.announce(places=100)
    people = crowd(evening, 12)
    now = evening.clock.now()
    calls: list[Callable[[], Any]] = [
        partial(evening.play.hear_reply, one, evening.activity_id, {"text": WORD}, now)
        for one in people
    ]
    path = f"{evening.path}/close"
    calls.insert(4, partial(evening.host.ok, "POST", path, {"word_ids": [word_id]}))
    answers = [answer for answer in at_once(calls) if isinstance(answer, dict)]
    outcomes = Counter(answer["outcome"] for answer in answers)
    assert outcomes.keys() <= {"hit", "too_late"}
    assert evening.places() == list(range(1, outcomes["hit"] + 1))
    assert len(evening.entries()) == outcomes["hit"]


def test_double_taps_of_a_host_prepare_one_word(evening: Evening) -> None:
    answers = at_once([partial(evening.preparing, WORD)] * 6)
    assert Counter(answer.status_code for answer in answers) == {201: 1, 200: 5}
    assert {answer.json["number"] for answer in answers} == {1}
