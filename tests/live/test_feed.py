"""The feed of an event: everybody can resume from where they were."""

import json

import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from structlog.testing import capture_logs

from backend.live.feed import KEPT_MESSAGES, Feed, key

EVENT = 42


@pytest.fixture
def feed(redis_server: redis.Redis) -> Feed:
    """Return an empty feed."""
    return Feed(redis_server)


def numbers(messages: list) -> list[int]:
    """Return the numbers that messages carry."""
    return [json.loads(message.data)["n"] for message in messages]


def publish(feed: Feed, count: int, event_id: int = EVENT) -> None:
    for number in range(count):
        feed.publish(event_id, "gain", n=number)


def test_messages_come_in_order_with_their_type_and_data(feed: Feed) -> None:
    feed.publish(EVENT, "gain", name="陈敏春", points=5)
    feed.publish(EVENT, "event")
    first, second = feed.after(EVENT, "0-0")
    assert (first.type, json.loads(first.data)) == ("gain", {"name": "陈敏春", "points": 5})
    assert (second.type, second.data) == ("event", "{}")
    assert "陈敏春" in first.data


def test_reader_resumes_after_what_it_saw(feed: Feed) -> None:
    publish(feed, 5)
    seen = feed.after(EVENT, "0-0")[2].seq
    assert numbers(feed.after(EVENT, seen)) == [3, 4]
    assert feed.after(EVENT, feed.last_seq(EVENT)) == []


def test_empty_feed_begins_at_zero(feed: Feed) -> None:
    assert feed.last_seq(EVENT) == "0-0"
    publish(feed, 1)
    assert numbers(feed.after(EVENT, "0-0")) == [0]


def test_events_do_not_mix(feed: Feed) -> None:
    publish(feed, 2)
    publish(feed, 1, EVENT + 1)
    assert len(feed.after(EVENT, "0-0")) == 2
    assert len(feed.after(EVENT + 1, "0-0")) == 1


def test_of_too_much_the_newest_is_read(feed: Feed) -> None:
    publish(feed, 5)
    assert numbers(feed.after(EVENT, "0-0", count=2)) == [3, 4]


def test_waiting_ends_with_what_came(feed: Feed) -> None:
    publish(feed, 3)
    seen = feed.after(EVENT, "0-0")[0].seq
    assert numbers(feed.wait(EVENT, seen, 1000)) == [1, 2]


def test_waiting_ends_with_nothing_when_the_time_is_over(feed: Feed) -> None:
    assert feed.wait(EVENT, "0-0", 1) == []


def test_oldest_messages_are_dropped(feed: Feed, redis_server: redis.Redis) -> None:
    publish(feed, KEPT_MESSAGES + 500)
    kept = numbers(feed.after(EVENT, "0-0", count=KEPT_MESSAGES * 2))
    assert KEPT_MESSAGES <= len(kept) < KEPT_MESSAGES + 500
    assert kept == list(range(KEPT_MESSAGES + 500))[-len(kept) :]
    assert redis_server.ttl(key(EVENT)) == -1


def test_forgotten_messages_are_gone_and_readers_go_on_from_where_they_were(feed: Feed) -> None:
    publish(feed, 3)
    publish(feed, 1, EVENT + 1)
    seen = feed.last_seq(EVENT)
    feed.forget(EVENT)
    assert feed.after(EVENT, "0-0") == []
    assert len(feed.after(EVENT + 1, "0-0")) == 1
    publish(feed, 2)
    assert numbers(feed.after(EVENT, "0-0")) == numbers(feed.after(EVENT, seen)) == [0, 1]


def test_nobody_is_stopped_when_redis_is_away() -> None:
    gone = redis.Redis(unix_socket_path="/nowhere/redis.sock", retry=Retry(NoBackoff(), 0))
    with capture_logs() as lines:
        Feed(gone).publish(EVENT, "gain", n=1)
        Feed(gone).forget(EVENT)
    assert [line["event"] for line in lines] == ["feed_away"] * 2
