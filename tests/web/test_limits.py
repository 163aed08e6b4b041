"""Rate limits are counted for all processes together, and allow everything while Redis is away."""

import pytest
import redis

from backend.errors import TooManyRequests
from backend.web.limits import Limits
from tests.installation import until
from tests.support import redis_away

RATE = "3/minute"


@pytest.fixture
def limits(redis_server: redis.Redis) -> Limits:
    """Return the rates of a process."""
    return Limits(redis_server)


def is_used_up(limits: Limits, rate: str, *names: str) -> bool:
    """Say whether `check` refuses."""
    try:
        limits.check(rate, *names)
    except TooManyRequests:
        return True
    return False


def test_rate_is_used_up_by_its_last_try(limits: Limits) -> None:
    for _ in range(3):
        limits.check(RATE, "codes", "a")
        limits.hit(RATE, "codes", "a")
    with pytest.raises(TooManyRequests) as refusal:
        limits.check(RATE, "codes", "a")
    assert refusal.value.retry_after_seconds == 60
    with pytest.raises(TooManyRequests):
        limits.hit(RATE, "codes", "a")


def test_others_are_not_concerned(limits: Limits) -> None:
    for _ in range(3):
        limits.hit(RATE, "codes", "a")
    limits.check(RATE, "codes", "b")
    limits.check(RATE, "words", "a")
    limits.hit(RATE, "codes", "b")


def test_processes_count_together(limits: Limits, redis_server: redis.Redis) -> None:
    other = Limits(redis_server)
    limits.hit(RATE, "codes", "a")
    limits.hit(RATE, "codes", "a")
    other.hit(RATE, "codes", "a")
    assert is_used_up(other, RATE, "codes", "a")
    with pytest.raises(TooManyRequests):
        limits.hit(RATE, "codes", "a")
    assert is_used_up(limits, RATE, "codes", "a")


def test_after_its_window_a_rate_is_free_again(limits: Limits) -> None:
    limits.hit("1/second", "codes", "a")
    until(lambda: not is_used_up(limits, "1/second", "codes", "a"), 5, "the next second")
    limits.hit("1/second", "codes", "a")


def test_nobody_is_stopped_while_redis_is_away() -> None:
    away = Limits(redis_away())
    for _ in range(5):
        away.hit("1/minute", "codes", "a")
        away.check("1/minute", "codes", "a")
