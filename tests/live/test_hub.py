"""The hub: one reader for all watchers; slow watchers get the newest state and block nobody."""

import queue
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from backend.clock import SystemClock
from backend.live.batch import Batch
from backend.live.embedded import PrivateRedis
from backend.live.feed import COUNTS, Feed, Message, key
from backend.live.hub import BEAT_MS, QUEUE_LENGTH, SNAPSHOT_MS, Channel, Hub, Watcher
from tests.live.watching import (
    PATIENCE_SECONDS,
    CountingShow,
    Reading,
    gain_of,
    is_pulse,
    is_state,
    is_stroke,
    readers,
    reading,
)
from tests.support import FakeClock

PUBLIC, HOST = Channel(42, "public"), Channel(42, "host")


@pytest.fixture
def feed(redis_server: redis.Redis) -> Iterator[Feed]:
    """Return an empty feed, whose readers have ended after the test."""
    yield Feed(redis_server)
    for reader in readers():
        reader.join(10)


@pytest.fixture
def hub(feed: Feed) -> Hub:
    """Return a hub on the real clock."""
    return Hub(feed, SystemClock().now)


class Batches:
    """A watcher that keeps the batches as they come."""

    def __init__(self) -> None:
        self.given: queue.Queue[list[str]] = queue.Queue()

    def give(self, batch: Batch) -> None:
        self.given.put([message.type for message in batch.messages])

    def end(self) -> None:
        self.given.put([])

    def next(self) -> list[str]:
        """Return the types of the messages of the next batch."""
        return self.given.get(timeout=PATIENCE_SECONDS)


def gain(feed: Feed, number: int) -> None:
    feed.publish(42, "gain", n=number)


# --- one watcher's queue


def message(number: int, kind: str = "gain") -> Message:
    return Message(f"{number}-0", kind, "{}")


def given(watcher: Watcher) -> list[str]:
    """Return the seqs of what a watcher was given so far, as it reads them."""
    watcher.give(Batch([message(10**6, "state")]))
    *found, _ = next(watcher.batches())
    return [each.seq for each in found]


def test_watcher_reads_in_order() -> None:
    watcher = Watcher()
    for number in range(5):
        watcher.give(Batch([message(number)]))
    assert given(watcher) == [f"{number}-0" for number in range(5)]


def test_late_watcher_is_given_the_next_state_only() -> None:
    watcher = Watcher()
    for number in range(QUEUE_LENGTH + 10):
        watcher.give(Batch([message(number)]))
    watcher.give(Batch([message(98, "beat")]))
    watcher.give(Batch([message(99, "state")]))
    watcher.give(Batch([message(100)]))
    assert given(watcher) == ["99-0", "100-0"]


def test_state_that_finds_a_full_queue_replaces_it() -> None:
    watcher = Watcher()
    for number in range(QUEUE_LENGTH):
        watcher.give(Batch([message(number)]))
    watcher.give(Batch([message(99, "state")]))
    assert given(watcher) == ["99-0"]


def test_ended_watcher_stops_reading() -> None:
    watcher = Watcher()
    watcher.give(Batch([message(1)]))
    watcher.end()
    assert list(watcher.batches()) == []


def test_ended_watcher_is_shown_nothing_that_follows() -> None:
    watcher = Watcher()
    watcher.end()
    for number in range(QUEUE_LENGTH + 1):
        watcher.give(Batch([message(number, "state")]))
    # A queue with no end would be waited for.
    assert next(watcher.batches(), None) is None


# --- coming and coming back


def test_late_joiner_gets_a_snapshot(feed: Feed, hub: Hub) -> None:
    gain(feed, 1)
    with reading(hub, PUBLIC, CountingShow()) as screen:
        first = screen.next()
    assert (first.type, first.seq) == ("state", feed.last_seq(42))


def test_who_comes_back_gets_what_was_missed_and_a_snapshot(feed: Feed, hub: Hub) -> None:
    for number in range(3):
        gain(feed, number)
    seen = feed.after(42, "0-0")[0].seq
    with reading(hub, PUBLIC, CountingShow(), after=seen) as screen:
        came = screen.until(is_state)
    assert [each.data for each in came[:-1]] == ['{"n": 1}', '{"n": 2}']
    assert came[-1].seq == came[-2].seq == feed.last_seq(42)


def test_who_missed_nothing_gets_a_snapshot_alone(feed: Feed, hub: Hub) -> None:
    gain(feed, 1)
    with reading(hub, PUBLIC, CountingShow(), after=feed.last_seq(42)) as screen:
        assert screen.next().type == "state"


@pytest.mark.parametrize("missed", [40, 300])
def test_who_missed_too_much_never_gets_old_gains_as_the_latest(
    feed: Feed, hub: Hub, missed: int
) -> None:
    for number in range(missed):
        gain(feed, number)
    with reading(hub, PUBLIC, CountingShow(), after="1-0") as screen:
        *gains, state = screen.until(is_state)
    latest = [f'{{"n": {number}}}' for number in range(missed)]
    assert len(gains) < QUEUE_LENGTH
    assert [each.data for each in gains] == latest[len(latest) - len(gains) :]
    assert state.seq == feed.last_seq(42)


def test_nothing_is_lost_while_somebody_joins(feed: Feed, hub: Hub) -> None:
    """Messages between the first read of the feed and the end of the snapshot are passed on."""

    class Slow(CountingShow):
        def snapshot(self) -> str:
            feed.publish(42, "stroke", n=1)
            first.until(is_stroke)
            return super().snapshot()

    with reading(hub, PUBLIC, CountingShow()) as first:
        first.until(is_state)
        gain(feed, 1)
        first.until(gain_of(1))
        with reading(hub, PUBLIC, Slow()) as second:
            came = second.until(is_stroke)
    assert is_state(came[0])


def test_first_one_to_come_loses_nothing_either(feed: Feed, hub: Hub) -> None:
    """The reader of the channel makes snapshots as well; only the one for the greeting is slow."""
    joining = threading.get_ident()

    class Slow(CountingShow):
        def snapshot(self) -> str:
            if threading.get_ident() == joining:
                feed.publish(42, "stroke", n=1)
            return super().snapshot()

    with reading(hub, PUBLIC, Slow()) as only:
        came = only.until(is_stroke)
    assert is_state(came[0])


def test_message_that_was_missed_does_not_come_again_from_a_reader_behind(
    feed: Feed, hub: Hub
) -> None:
    """The second phone comes back while the reader, which has read a gain, makes the snapshot."""
    second, joining = Batches(), ExitStack()

    class Interrupted(CountingShow):
        comes = True

        def snapshot(self) -> str:
            is_reader = threading.current_thread() in readers()
            if self.comes and is_reader and feed.last_seq(42) != seen:
                self.comes = False
                joining.enter_context(hub.giving(second, PUBLIC, self, seen))
            return super().snapshot()

    gain(feed, 0)
    seen = feed.last_seq(42)
    with joining, reading(hub, PUBLIC, Interrupted()) as first:
        first.until(is_state)
        gain(feed, 1)
        first.until(is_state)
        came = second.next()
        feed.publish(42, "stroke")
        while "stroke" not in came:
            came += second.next()
    assert came.count("gain") == 1


# --- watching


def test_gain_is_handed_on_and_a_state_follows(feed: Feed, hub: Hub) -> None:
    with reading(hub, PUBLIC, CountingShow()) as screen:
        screen.until(is_state)
        gain(feed, 1)
        came = screen.until(gain_of(1))
        assert came[-1].seq == feed.last_seq(42)
        assert screen.until(is_state)[-1].seq == feed.last_seq(42)


def test_other_messages_lead_to_a_state_only(feed: Feed, hub: Hub) -> None:
    with reading(hub, PUBLIC, CountingShow()) as screen:
        screen.until(is_state)
        feed.publish(42, "board")
        newest = feed.last_seq(42)
        came = screen.until(lambda each: is_state(each) and each.seq == newest)
    assert {each.type for each in came} <= {"state", "beat"}


def test_message_that_changes_nothing_shown_leads_to_no_state(hub: Hub, feed: Feed) -> None:
    show = CountingShow()
    with reading(hub, PUBLIC, show) as screen:
        screen.until(is_state)
        screen.until(is_state)
        made = show.snapshots
        for number in range(5):
            feed.publish(42, "stroke", n=number)
            screen.until(lambda message: message.type != "beat")
        gain(feed, 9)
        screen.until(gain_of(9))
        screen.until(is_state)
    assert show.snapshots == made + 1


def test_all_screens_share_one_reader(feed: Feed, hub: Hub) -> None:
    show = CountingShow()
    with reading(hub, PUBLIC, show) as first, reading(hub, PUBLIC, show) as second:
        gain(feed, 1)
        newest = feed.last_seq(42)
        seen = [
            each.until(lambda m: is_state(m) and m.seq == newest)[-1].data
            for each in (first, second)
        ]
        assert len(readers()) == 1
    # One for each watcher that joined, and one or two by the reader: not one for each watcher and
    # change.
    assert len(set(seen)) == 1


def test_views_are_channels_of_their_own(feed: Feed, hub: Hub) -> None:
    class Silent(CountingShow):
        def forwarded(self, messages: list[Message]) -> list[Message]:
            return []

    with reading(hub, PUBLIC, Silent()) as public, reading(hub, HOST, CountingShow()) as host:
        for screen in (public, host):
            screen.until(is_state)
        gain(feed, 1)
        assert host.until(gain_of(1))
        newest = feed.last_seq(42)
        came = public.until(lambda each: is_state(each) and each.seq == newest)
    assert "gain" not in {each.type for each in came}


def test_slow_screen_blocks_nobody_and_gets_the_newest_state(feed: Feed, hub: Hub) -> None:
    show = CountingShow()
    with hub.watching(PUBLIC, show, None) as slow, reading(hub, PUBLIC, show) as quick:
        for number in range(20 * QUEUE_LENGTH):
            gain(feed, number)
        newest = feed.last_seq(42)
        quick.until(lambda each: is_state(each) and each.seq == newest)
        came = Reading(slow).until(lambda each: is_state(each) and each.seq == newest)
    slow.end()
    assert len(came) <= QUEUE_LENGTH


def test_reader_ends_when_nobody_watches(hub: Hub) -> None:
    with reading(hub, PUBLIC, CountingShow()) as screen:
        screen.next()
        (reader,) = readers()
    reader.join(10)
    assert not reader.is_alive()


def test_channel_can_be_watched_again_after_everybody_left(feed: Feed, hub: Hub) -> None:
    for number in range(3):
        with reading(hub, PUBLIC, CountingShow()) as screen:
            screen.until(is_state)
            gain(feed, number)
            screen.until(gain_of(number))


# --- time


def test_states_come_at_most_five_times_a_second(feed: Feed, clock: FakeClock) -> None:
    hub = Hub(feed, clock.now)
    with reading(hub, PUBLIC, CountingShow()) as screen:
        screen.until(is_state)
        screen.until(is_state)
        for number in range(3):
            gain(feed, number)
            assert {each.type for each in screen.until(gain_of(number))} == {"gain"}
        clock.advance(SNAPSHOT_MS / 1000)
        assert screen.next().type == "state"


def test_change_is_shown_together_with_its_message(feed: Feed, clock: FakeClock) -> None:
    hub, phone = Hub(feed, clock.now), Batches()
    with hub.giving(phone, PUBLIC, CountingShow(), None):
        # The phone gets its own snapshot, then the first one of the reader, in one batch or in two.
        greeting = phone.next()
        while greeting != ["state", "state"]:
            greeting += phone.next()
        clock.advance(SNAPSHOT_MS / 1000)
        gain(feed, 1)
        assert phone.next() == ["gain", "state"]


def test_state_that_comes_late_does_not_delay_those_after_it(feed: Feed, clock: FakeClock) -> None:
    hub = Hub(feed, clock.now)
    with reading(hub, PUBLIC, CountingShow()) as screen:
        screen.until(is_state)
        screen.until(is_state)
        gain(feed, 1)
        screen.until(gain_of(1))
        clock.advance((SNAPSHOT_MS + 50) / 1000)
        assert is_state(screen.next())
        gain(feed, 2)
        screen.until(gain_of(2))
        clock.advance((SNAPSHOT_MS - 50) / 1000)
        assert is_state(screen.next())


def test_message_that_is_read_late_does_not_delay_later_states(
    feed: Feed, redis_server: redis.Redis, clock: FakeClock
) -> None:
    hub = Hub(feed, clock.now)
    with reading(hub, PUBLIC, CountingShow()) as screen:
        screen.until(is_state)
        screen.until(is_state)
        clock.advance(1)
        for late_ms in (60, 0):
            fields = {"type": "gain", "data": "{}"}
            redis_server.xadd(key(42), fields, id=f"{clock.now() - late_ms}-0")  # type: ignore[arg-type]
            assert is_state(screen.until(is_state)[-1])
            clock.advance((SNAPSHOT_MS - 60) / 1000)


def test_new_counts_alone_are_shown_as_often_as_the_show_says(feed: Feed, clock: FakeClock) -> None:
    hub, show = Hub(feed, clock.now), CountingShow()
    with reading(hub, PUBLIC, show) as phone:
        phone.until(is_state)
        phone.until(is_state)
        feed.publish(42, COUNTS)
        for milliseconds in (SNAPSHOT_MS, show.counts_ms - SNAPSHOT_MS - 1):
            clock.advance(milliseconds / 1000)
            feed.publish(42, "stroke")
            assert is_stroke(phone.next())
        clock.advance(0.001)
        assert is_state(phone.next())


def test_change_is_not_kept_waiting_by_counts(feed: Feed, clock: FakeClock) -> None:
    hub = Hub(feed, clock.now)
    with reading(hub, PUBLIC, CountingShow()) as phone:
        phone.until(is_state)
        phone.until(is_state)
        feed.publish(42, COUNTS)
        gain(feed, 1)
        feed.publish(42, COUNTS)
        phone.until(gain_of(1))
        clock.advance(SNAPSHOT_MS / 1000)
        assert is_state(phone.next())


def test_sign_of_life_comes_every_five_seconds(feed: Feed, clock: FakeClock) -> None:
    hub = Hub(feed, clock.now)
    with reading(hub, PUBLIC, CountingShow()) as screen:
        screen.until(is_state)
        screen.until(is_state)
        for _ in range(2):
            clock.advance(BEAT_MS / 1000)
            assert screen.next().type == "beat"
            # What time alone changed is shown with it.
            clock.advance(SNAPSHOT_MS / 1000)
            assert screen.next().type == "state"


@pytest.mark.parametrize("pulse_ms", [100, 500])
def test_what_moves_is_told_as_often_as_the_show_says(
    feed: Feed, clock: FakeClock, pulse_ms: int
) -> None:
    hub, show = Hub(feed, clock.now), CountingShow()
    show.pulse_ms, show.moves = pulse_ms, True
    with reading(hub, PUBLIC, show) as screen:
        screen.until(is_pulse)
        for number in range(2):
            clock.advance((pulse_ms - 1) / 1000)
            gain(feed, number)
            assert not any(map(is_pulse, screen.until(gain_of(number))))
            clock.advance(0.001)
            screen.until(is_pulse)


# --- trouble


@pytest.fixture
def server(tmp_path: Path) -> Iterator[PrivateRedis]:
    """Return a Redis of this test's own, which it may stop and start."""
    made = PrivateRedis(tmp_path)
    made.start()
    yield made
    made.stop()


def test_watchers_are_served_again_after_redis_was_away(server: PrivateRedis) -> None:
    client = redis.Redis(unix_socket_path=str(server.socket), retry=Retry(NoBackoff(), 0))
    feed = Feed(client)
    with reading(Hub(feed, SystemClock().now), PUBLIC, CountingShow()) as screen:
        screen.until(is_state)
        server.stop()
        server.start()
        gain(feed, 6)
        newest = feed.last_seq(42)
        screen.until(lambda each: is_state(each) and each.seq == newest)
        gain(feed, 7)
        screen.until(gain_of(7))
    for reader in readers():
        reader.join(10)
    client.close()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_streams_end_with_their_reader(feed: Feed, hub: Hub) -> None:
    class Broken(CountingShow):
        def snapshot(self) -> str:
            if threading.current_thread() in readers():
                raise ValueError("a mistake of ours")
            return super().snapshot()

    with reading(hub, PUBLIC, Broken()) as screen:
        screen.thread.join(10)
        assert not screen.thread.is_alive()
    with reading(hub, PUBLIC, CountingShow()) as screen:
        screen.until(is_state)
        gain(feed, 1)
        screen.until(gain_of(1))
