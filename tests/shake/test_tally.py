"""What a process keeps of reports until Redis has them."""

import pytest
import redis

from backend.activities.shake.counts import Counts, top_of
from backend.activities.shake.tally import ShakeTally, Tallies
from backend.events.play import Speaker
from tests.support import redis_away

KEY = "linka:{e1}:shake:1-1"
ANN = Speaker(1, 1, "安", None, None, is_staff=True, account_id=1)
BOB = Speaker(2, 1, "博", 7, "早一班", is_staff=True, account_id=1)


def test_redis_that_is_away_costs_no_report() -> None:
    tally = ShakeTally(Counts(redis_away()), "linka:{e1}:shake:1-1")
    ann = Speaker(1, 1, "安", None, None, is_staff=True, account_id=1)
    try:
        assert [tally.put(ann, count, None, 5) for count in (3, 9, 7)] == [3, 9, 9]
        with pytest.raises(redis.RedisError):
            tally.send()
        with pytest.raises(redis.RedisError):
            tally.send()
        assert tally.count_of(1) == 9
    finally:
        tally.close()


def test_only_what_was_raised_is_sent(redis_server: redis.Redis) -> None:
    counts = Counts(redis_server)
    counts.open(KEY)
    tally = ShakeTally(counts, KEY)
    try:
        for speaker, count in ((ANN, 3), (BOB, 4), (ANN, 5), (BOB, 2)):
            tally.put(speaker, count, None, 5)
        found = top_of(tally.send(counts.asking_top(KEY, 8))[0])
        assert [(row.name, row.team, row.count) for row in found.rows] == [
            ("安", None, 5),
            ("博", "早一班", 4),
        ]
        assert (found.mark, found.shakers, found.teams) == (-1, 2, {7: (4, 1)})
        assert tally.send() == []
    finally:
        tally.close()


def test_sending_twice_adds_nothing(redis_server: redis.Redis) -> None:
    counts = Counts(redis_server)
    for _ in range(2):
        tally = ShakeTally(counts, KEY)
        tally.put(BOB, 4, 130, 5)
        tally.send()
        tally.close()
    found = top_of(counts.run([counts.asking_top(KEY, 8)])[0])
    assert (found.rows[0].count, found.teams) == (4, {})
    assert [row.count for row in counts.flagged(KEY)] == [130]


def test_team_loses_what_a_phone_counted_before_it_became_implausible(
    redis_server: redis.Redis,
) -> None:
    counts = Counts(redis_server)
    tally = ShakeTally(counts, KEY)
    try:
        other = Speaker(3, 1, "丙", 7, "早一班", is_staff=True, account_id=3)
        tally.put(BOB, 4, None, 5)
        tally.put(other, 2, None, 5)
        assert top_of(tally.send(counts.asking_top(KEY, 8))[0]).teams == {7: (6, 2)}
        for count in (60, 90):
            tally.put(BOB, count, 130, 5)
            found = top_of(tally.send(counts.asking_top(KEY, 1))[0])
            assert found.teams == {7: (2, 1)}
            assert [row.player_id for row in found.rows] == [3]
        assert found.shakers == 2
    finally:
        tally.close()


def test_thousands_are_sent_in_steps(redis_server: redis.Redis) -> None:
    counts = Counts(redis_server)
    tally = ShakeTally(counts, KEY)
    try:
        for number in range(1, 4502):
            tally.put(
                Speaker(number, 1, "某", 7, "早一班", is_staff=True, account_id=1), 2, None, 5
            )
        found = top_of(tally.send(counts.asking_top(KEY, 1))[0])
        assert (found.shakers, found.teams) == (4501, {7: (9002, 4501)})
    finally:
        tally.close()


def test_closing_sends_what_is_left(redis_server: redis.Redis) -> None:
    tallies = Tallies(Counts(redis_server))
    tallies.of(1, KEY).put(ANN, 5, None, 5)
    tallies.close()
    assert tallies.counts.count_of(KEY, 1) == 5


def test_only_the_round_that_is_over_is_forgotten(redis_server: redis.Redis) -> None:
    tallies = Tallies(Counts(redis_server))
    first = tallies.of(1, KEY)
    tallies.forget(1, "linka:{e1}:shake:2-9")
    assert tallies.of(1, KEY) is first
    tallies.forget(1, KEY)
    assert tallies.of(1, KEY) is not first
    tallies.close()


def test_next_round_has_a_tally_of_its_own(redis_server: redis.Redis) -> None:
    tallies = Tallies(Counts(redis_server))
    first = tallies.of(1, KEY)
    first.put(ANN, 5, None, 5)
    assert tallies.of(1, KEY) is first
    assert tallies.of(1, "linka:{e1}:shake:2-9").count_of(1) == 0
    tallies.close()
