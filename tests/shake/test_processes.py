"""Several processes share a round through Redis; the end of a process or of Redis does not end
it."""

from collections.abc import Callable
from functools import partial

import pytest
import redis
from flask import Flask

from backend.activities.shake import errors
from backend.activities.shake.counts import Counts
from backend.events.visibility import View
from tests.installation import until
from tests.shake.evening import Evening, Shaker
from tests.support import redis_away

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)

Another = Callable[[], Flask]


def report_in(evening: Evening, app: Flask, one: Shaker, round_id: int, count: int) -> int:
    """Report to another process."""
    data = {"round_id": round_id, "count": count, "how": "shake"}
    now = evening.clock.now()
    heard = evening.play_in(app).hear_report(one.speaker, evening.activity_id, data, now)
    return int(heard["accepted"])


def keys(server: redis.Redis) -> list[bytes]:
    """Return the keys of all rounds in Redis."""
    return sorted(server.keys("linka:*:shake:*"))  # type: ignore[arg-type]


def test_two_processes_share_a_round(
    evening: Evening, another_app: Another, redis_server: redis.Redis
) -> None:
    app = another_app()
    ann, bob = evening.shakers(2)
    round_id = evening.start()
    evening.clock.advance(20)
    assert evening.report(ann, round_id, 50) == 50
    assert report_in(evening, app, bob, round_id, 60) == 60
    assert report_in(evening, app, ann, round_id, 70) == 70
    other = evening.play_in(app).pulse(evening.activity_id, evening.clock.now())
    pulse = evening.pulse()
    assert pulse and [(lane["player_id"], lane["count"]) for lane in pulse["lanes"]] == [
        (ann.id, 70),
        (bob.id, 60),
    ]
    assert other and other[1]["shakers"] >= 2
    assert evening.own(ann)["count"] == 70
    evening.clock.advance(20)
    evening.play_in(app).advance(evening.activity_id, evening.clock.now())
    assert evening.phase() == "podium"
    assert evening.results() == [(ann.id, 70, 1, 30), (bob.id, 60, 2, 20)]
    assert all(redis_server.ttl(key) > 0 for key in keys(redis_server))


def test_process_that_did_not_score_forgets_a_round_that_is_over(
    evening: Evening, another_app: Another
) -> None:
    app = another_app()
    ann = evening.shaker()
    round_id = evening.start()
    evening.clock.advance(20)
    assert evening.report(ann, round_id, 50) == 50
    evening.clock.advance(20)
    evening.play_in(app).advance(evening.activity_id, evening.clock.now())
    assert len(evening.play._tallies._tallies) == 1
    assert evening.own(ann)["round_id"] == round_id
    assert evening.play._tallies._tallies == {}


def test_what_a_host_does_in_one_process_holds_in_the_other(
    evening: Evening, another_app: Another
) -> None:
    app = another_app()
    ann = evening.shaker()
    evening.play_in(app).pulse(evening.activity_id, evening.clock.now())
    round_id = evening.start()
    evening.clock.advance(5)
    assert report_in(evening, app, ann, round_id, 30) == 30
    evening.host.ok("POST", f"{evening.path}/rounds/{round_id}/cancel")
    assert evening.play_in(app).shown(evening.activity_id, View.PUBLIC, evening.clock.now()) is None


def test_what_is_acknowledged_is_in_redis(evening: Evening, redis_server: redis.Redis) -> None:
    ann, bob = evening.shakers(2)
    round_id = evening.start()
    evening.clock.advance(20)
    for one, count in ((ann, 50), (bob, 60), (ann, 55)):
        evening.report(one, round_id, count)
        assert redis_server.zscore(keys(redis_server)[0], str(one.id)) == count


def test_process_that_dies_loses_nothing_acknowledged(
    evening: Evening, another_app: Another
) -> None:
    app = another_app()
    ann = evening.shaker()
    round_id = evening.start()
    evening.clock.advance(20)
    report_in(evening, app, ann, round_id, 50)
    evening.finish()
    assert evening.results() == [(ann.id, 50, 1, 30)]
    assert evening.round(round_id).counts_lost is False


def test_slow_report_is_refused_when_the_counts_were_read_before(
    evening: Evening, another_app: Another
) -> None:
    app = another_app()
    ann = evening.shaker()
    round_id = evening.start()
    evening.clock.advance(30)
    evening.report(ann, round_id, 50)
    came_at = evening.clock.now()
    evening.clock.advance(10)
    evening.play_in(app).advance(evening.activity_id, evening.clock.now())
    data = {"round_id": round_id, "count": 60, "how": "shake"}
    for _ in range(2):
        with pytest.raises(errors.ShakeRoundOver):
            evening.play.hear_report(ann.speaker, evening.activity_id, data, came_at)
    assert evening.results() == [(ann.id, 50, 1, 30)]


def test_counts_that_redis_lost_are_sent_again(evening: Evening, redis_server: redis.Redis) -> None:
    ann, bob = evening.shakers(2)
    round_id = evening.start()
    evening.clock.advance(10)
    evening.report(ann, round_id, 50)
    evening.pulse()
    redis_server.delete(*keys(redis_server))
    evening.report(bob, round_id, 40)
    pulse = evening.pulse()
    assert pulse and [lane["count"] for lane in pulse["lanes"]] == [50, 40]
    evening.finish()
    assert evening.results() == [(ann.id, 50, 1, 30), (bob.id, 40, 2, 20)]


def test_round_whose_counts_are_lost_is_scored_with_what_there_is(
    evening: Evening, another_app: Another, redis_server: redis.Redis
) -> None:
    app = another_app()
    ann, bob = evening.shakers(2)
    round_id = evening.start()
    evening.clock.advance(10)
    evening.report(ann, round_id, 50)
    evening.pulse()
    report_in(evening, app, bob, round_id, 60)
    evening.play_in(app).pulse(evening.activity_id, evening.clock.now())
    evening.play.close()
    redis_server.delete(*keys(redis_server))
    evening.clock.advance(30)
    evening.advance()
    assert evening.round(round_id).scored_at is None
    evening.play_in(app).advance(evening.activity_id, evening.clock.now())
    assert evening.phase() == "counting"
    evening.clock.advance(3)
    evening.advance()
    assert evening.results() == [(bob.id, 60, 1, 30)]
    shown = evening.shown(View.HOST)
    assert shown and shown["counts_lost"] is True
    assert "counts_lost" not in (evening.shown() or {})


def test_round_waits_for_a_redis_that_is_away(evening: Evening) -> None:
    ann = evening.shaker()
    round_id = evening.start()
    evening.clock.advance(10)
    evening.report(ann, round_id, 50)
    evening.play.pulse(evening.activity_id, evening.clock.now())
    evening.clock.advance(30)
    away, here = Counts(redis_away()), evening.play._counts
    evening.play._counts = evening.play._tallies.counts = away
    [tally] = evening.play._tallies._tallies.values()
    evening.play._tallies.forget(evening.activity_id, tally.key)
    evening.advance()
    assert evening.round(round_id).scored_at is None
    assert evening.phase() == "counting"
    shown = evening.shown(View.HOST)
    assert shown and shown["flagged"] is None
    evening.play._counts = evening.play._tallies.counts = here
    [tally] = evening.play._tallies._tallies.values()
    evening.play._tallies.forget(evening.activity_id, tally.key)
    evening.advance()
    assert evening.results() == [(ann.id, 50, 1, 30)]


def test_report_is_not_acknowledged_while_redis_is_away(
    evening: Evening, redis_server: redis.Redis
) -> None:
    ann = evening.shaker()
    round_id = evening.start()
    evening.clock.advance(20)
    evening.report(ann, round_id, 50)
    tally = evening.play._tallies._tallies[evening.activity_id]
    here, tally._counts = tally._counts, Counts(redis_away())
    for _ in range(2):
        with pytest.raises(redis.RedisError):
            evening.report(ann, round_id, 60)
    tally._counts = here
    key = keys(redis_server)[0]
    until(lambda: redis_server.zscore(key, str(ann.id)) == 60, 10, "the count is sent later")
    until(partial(lambda: tally._timer is None), 5, "the timer to end")


def test_no_timer_outlives_its_work(evening: Evening) -> None:
    ann = evening.shaker()
    round_id = evening.start()
    evening.clock.advance(10)
    evening.report(ann, round_id, 50)
    tally = evening.play._tallies._tallies[evening.activity_id]
    assert tally._timer is None
    tally._counts = Counts(redis_away())
    with pytest.raises(redis.RedisError):
        evening.report(ann, round_id, 51)
    assert tally._timer is not None
    evening.play.close()
    assert tally._timer is None
