"""Pauses postpone every moment of a round; a round ends by the clock, whether or not anybody looks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.events import lifecycle
from tests.shake.evening import Evening
from tests.support import START

on_sqlite = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


@st.composite
def pauses(draw: st.DrawFn) -> list[list[int | None]]:
    """Return pauses one after the other, the last perhaps still going on."""
    moments = sorted(draw(st.lists(st.integers(0, 10_000), max_size=8, unique=True)))
    found: list[list[int | None]] = [
        [start, end] for start, end in zip(moments[::2], moments[1::2], strict=False)
    ]
    if len(moments) % 2:
        found.append([moments[-1], None])
    return found


@given(pauses(), st.integers(0, 10_000), st.integers(0, 10_000))
def test_moment_is_the_other_way_round_of_time_played(
    paused: list[list[int | None]], since: int, milliseconds: int
) -> None:
    moment = lifecycle.moment_of(paused, since, milliseconds, 30_000)
    assert moment >= since + milliseconds
    if not paused or paused[-1][1] is not None:
        assert lifecycle.played_ms(paused, since, moment) == milliseconds
    assert lifecycle.played_ms(paused, since, moment) <= milliseconds


@on_sqlite
def test_pause_in_the_middle_puts_the_end_off(evening: Evening) -> None:
    ann = evening.shaker()
    round_id = evening.start(seconds=20)
    evening.clock.advance(5)
    assert evening.report(ann, round_id, 1000) == 50
    evening.host_does("pause")
    evening.clock.advance(60)
    shown = evening.shown()
    assert shown and (shown["phase"], shown["round"]["paused"]) == ("running", True)
    assert shown["round"]["left_ms"] == 15_000
    assert shown["round"]["ends_at"] == evening.clock.now() + 15_000
    evening.advance()
    assert evening.round(round_id).scored_at is None
    evening.host_does("resume")
    evening.clock.advance(1)
    assert evening.report(ann, round_id, 1000) == 60
    evening.clock.advance(13.9)
    assert evening.phase() == "running"
    evening.clock.advance(0.1)
    assert evening.phase() == "counting"
    evening.clock.advance(2)
    evening.advance()
    assert evening.results() == [(ann.id, 60, 1, 30)]


@on_sqlite
def test_pause_during_the_countdown_puts_the_start_off(evening: Evening) -> None:
    evening.begin()
    evening.clock.advance(1)
    evening.host_does("pause")
    evening.clock.advance(30)
    assert evening.phase() == "countdown"
    evening.host_does("resume")
    shown = evening.shown()
    assert shown and shown["round"]["starts_at"] == START + 34_000
    evening.clock.advance(2.999)
    assert evening.phase() == "countdown"
    evening.clock.advance(0.001)
    assert evening.phase() == "running"


@on_sqlite
def test_round_is_over_by_itself(evening: Evening) -> None:
    round_id = evening.start(seconds=10)
    evening.clock.advance(11.999)
    evening.advance()
    assert evening.round(round_id).scored_at is None
    evening.clock.advance(0.001)
    evening.advance()
    assert evening.round(round_id).scored_at == evening.clock.now()


@on_sqlite
def test_end_of_the_event_ends_the_round_with_what_there_is(evening: Evening) -> None:
    ann = evening.shaker()
    round_id = evening.start()
    evening.clock.advance(10)
    evening.report(ann, round_id, 60)
    evening.host_does("close")
    evening.clock.advance(1)
    evening.advance()
    assert evening.results() == [(ann.id, 60, 1, 30)]
    assert evening.phase() == "podium"
    assert evening.differences() == []


@on_sqlite
def test_screens_are_told_of_phases_that_begin_by_themselves(evening: Evening) -> None:
    redis = evening.centre.app.extensions["linka.redis"]
    feed = f"linka:{{e{evening.event['id']}}}:feed"

    def told() -> int:
        return sum(fields[b"type"] == b"activity" for _, fields in redis.xrange(feed))

    seen = [told()]
    evening.start()
    for seconds in (0, 1, 30, 1, 40, 1):
        evening.clock.advance(seconds)
        evening.advance()
        seen.append(told())
    assert [after - before for before, after in zip(seen, seen[1:], strict=False)] == [
        *(2, 0),  # begun by the host, running
        1,  # counting
        *(1, 0, 0),  # scored
    ]
