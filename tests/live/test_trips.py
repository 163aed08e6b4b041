"""Concurrent calls to Redis share a round trip."""

from typing import Any

import pytest
import redis
from redis.commands.core import Script

from backend.live.trips import RoundTrips
from tests.support import at_once, redis_away

ECHO = "return {KEYS[1], ARGV[1]}"
COUNT = "return redis.call('INCR', KEYS[1])"
FAIL = "return redis.error_reply('no such luck')"


@pytest.fixture
def trips(redis_server: redis.Redis) -> RoundTrips:
    """Return trips to a Redis that knows no script."""
    redis_server.script_flush()
    return RoundTrips(redis_server)


@pytest.fixture
def echo(redis_server: redis.Redis) -> Script:
    """Return a script that says what it was asked."""
    return redis_server.register_script(ECHO)


def test_reply_is_that_of_the_script(trips: RoundTrips, echo: Script) -> None:
    assert trips.run(echo, "a", ["汉字"]) == [b"a", "汉字".encode()]


def test_script_that_redis_forgot_is_loaded_again(
    trips: RoundTrips, echo: Script, redis_server: redis.Redis
) -> None:
    trips.run(echo, "a", [1])
    redis_server.script_flush()
    assert trips.run(echo, "a", [2]) == [b"a", b"2"]


def test_several_calls_are_answered_in_their_order(
    trips: RoundTrips, echo: Script, redis_server: redis.Redis
) -> None:
    count = redis_server.register_script(COUNT)
    calls: list[Any] = [(echo, "a", [1]), (count, "n", []), (echo, "b", [2])]
    assert trips.run_all(calls) == [[b"a", b"1"], 1, [b"b", b"2"]]


def test_everybody_gets_their_own_replies(trips: RoundTrips, echo: Script) -> None:
    def ask(number: int) -> list[Any]:
        return [trips.run(echo, f"k{number}", [turn]) for turn in range(30)]

    found = at_once([lambda number=number: ask(number) for number in range(20)])
    for number, replies in enumerate(found):
        assert replies == [[f"k{number}".encode(), str(turn).encode()] for turn in range(30)]


def test_error_of_a_script_is_for_those_who_called_it(
    trips: RoundTrips, echo: Script, redis_server: redis.Redis
) -> None:
    fail = redis_server.register_script(FAIL)

    def luckless() -> str:
        with pytest.raises(redis.ResponseError) as error:
            trips.run_all([(echo, "a", [1]), (fail, "a", [])])
        return str(error.value)

    calls: list[Any] = [luckless, *[lambda: trips.run(echo, "a", [1])] * 10]
    assert at_once(calls) == ["no such luck", *[[b"a", b"1"]] * 10]


def test_line_that_was_cut_is_opened_again(
    trips: RoundTrips, echo: Script, redis_server: redis.Redis
) -> None:
    trips.run(echo, "a", [1])
    redis_server.client_kill_filter(_type="normal", skipme=True)
    assert trips.run(echo, "a", [2]) == [b"a", b"2"]


def test_redis_that_is_away_is_an_error(echo: Script) -> None:
    away = RoundTrips(redis_away())
    for _ in range(2):
        with pytest.raises(redis.ConnectionError):
            away.run(echo, "a", [1])
