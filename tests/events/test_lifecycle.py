"""The state of an event follows from the stored facts and the clock alone."""

from dataclasses import dataclass, field
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.events.lifecycle import (
    TRANSITIONS,
    EventClosed,
    EventNotOpen,
    EventPaused,
    WrongState,
    end_of,
    is_paused,
    ms_to_close,
    next_state,
    paused_ms,
    played_ms,
    require_joinable,
    require_playing,
    sitting_state,
    state,
)

ORDER = ["draft", "scheduled", "open", "closed", "archived"]


@dataclass
class Facts:
    """What is stored about an event."""

    state: str = "open"
    opens_at: int | None = 0
    closes_at: int | None = None
    pauses: list[list[int | None]] = field(default_factory=list)
    frozen_at: int | None = None


@st.composite
def pauses(draw: st.DrawFn, running: bool | None = None) -> list[list[int | None]]:
    """Return pauses as they come to be: one after the other, the last one perhaps still on."""
    moments = sorted(draw(st.sets(st.integers(1, 1000), max_size=8)))
    is_on = draw(st.booleans()) if running is None else running
    if len(moments) % 2 != is_on:
        moments = moments[:-1] if moments else [draw(st.integers(1, 1000))]
    pairs: list[list[int | None]] = [list(pair) for pair in zip(*[iter(moments)] * 2, strict=False)]
    return [*pairs, [moments[-1], None]] if len(moments) % 2 else pairs


# --- the state


@pytest.mark.parametrize(
    ("facts", "now", "holds"),
    [
        (Facts("draft", None), 10, "draft"),
        (Facts("draft", 5), 10, "draft"),
        (Facts("draft", 5, 8), 10, "draft"),
        (Facts("scheduled", 10), 9, "scheduled"),
        (Facts("scheduled", 10), 10, "open"),
        (Facts("scheduled", 10, 20), 19, "open"),
        (Facts("scheduled", 10, 20), 20, "closed"),
        (Facts("scheduled", None), 10, "scheduled"),
        (Facts("open", 10, 20), 19, "open"),
        (Facts("open", 10, 20), 20, "closed"),
        (Facts("open", 10, None), 10**15, "open"),
        (Facts("open", 10, 20, [[12, 15]]), 22, "open"),
        (Facts("open", 10, 20, [[12, 15]]), 23, "closed"),
        (Facts("open", 10, 20, [[12, None]]), 1000, "open"),
        (Facts("scheduled", 10, 20, [[12, None]]), 1000, "open"),
        (Facts("closed", 10, 20), 15, "closed"),
        (Facts("archived", 10, 20), 15, "archived"),
    ],
)
def test_state_follows_from_facts_and_time(facts: Facts, now: int, holds: str) -> None:
    assert state(facts, now) == holds


@given(
    st.sampled_from(ORDER),
    st.none() | st.integers(0, 500),
    st.none() | st.integers(501, 1000),
    st.lists(st.integers(0, 2000), min_size=2),
)
def test_time_alone_never_leads_back(
    stored: str, opens_at: int | None, closes_at: int | None, moments: list[int]
) -> None:
    facts = Facts(stored, opens_at, closes_at)
    states = [ORDER.index(state(facts, now)) for now in sorted(moments)]
    assert all(before <= after for before, after in pairwise(states))


# --- pauses


@pytest.mark.parametrize(
    ("pauses", "since", "now", "paused"),
    [
        ([], 0, 100, 0),
        ([[10, 20]], 0, 100, 10),
        ([[10, 20]], 15, 100, 5),
        ([[10, 20]], 30, 100, 0),
        ([[10, 20]], 0, 15, 5),
        ([[10, 20]], 0, 5, 0),
        ([[10, None]], 0, 100, 90),
        ([[10, None]], 40, 100, 60),
        ([[10, 20], [30, 50]], 0, 100, 30),
        ([[10, 20], [30, None]], 15, 40, 15),
    ],
)
def test_paused_time_is_counted(
    pauses: list[list[int | None]], since: int, now: int, paused: int
) -> None:
    assert paused_ms(pauses, since, now) == paused
    assert played_ms(pauses, since, now) == now - since - paused


@given(pauses(), st.integers(0, 1200), st.integers(0, 1200))
def test_paused_and_played_make_up_the_time(
    stored: list[list[int | None]], since: int, length: int
) -> None:
    now = since + length
    assert 0 <= paused_ms(stored, since, now) <= length
    assert played_ms(stored, since, now) + paused_ms(stored, since, now) == length


@given(pauses(running=True), st.integers(1000, 5000), st.integers(0, 5000))
def test_a_pause_freezes_every_countdown(
    stored: list[list[int | None]], now: int, later: int
) -> None:
    facts = Facts(closes_at=3000, pauses=stored)
    assert ms_to_close(facts, now) == ms_to_close(facts, now + later)
    assert state(facts, now) == state(facts, now + later) == "open"
    assert played_ms(stored, 0, now) == played_ms(stored, 0, now + later)


@given(pauses(running=False), st.integers(1001, 5000), st.integers(0, 5000))
def test_countdowns_run_when_nothing_is_paused(
    stored: list[list[int | None]], now: int, later: int
) -> None:
    before, after = (
        ms_to_close(Facts(closes_at=6000, pauses=stored), t) for t in (now, now + later)
    )
    assert before is not None
    assert after == max(0, before - later)


@given(pauses(running=False), st.integers(1, 6000))
def test_end_is_put_off_by_what_was_paused(stored: list[list[int | None]], closes_at: int) -> None:
    paused = sum(end - start for start, end in stored if start is not None and end is not None)
    facts = Facts(closes_at=closes_at + 1000, pauses=stored)
    end = closes_at + 1000 + paused
    assert state(facts, end - 1) == "open"
    assert state(facts, end) == "closed"


def test_event_without_an_end_has_no_countdown() -> None:
    assert ms_to_close(Facts(closes_at=None), 10**12) is None


@given(pauses())
def test_event_is_paused_while_its_last_pause_has_no_end(stored: list[list[int | None]]) -> None:
    assert is_paused(Facts(pauses=stored)) == any(end is None for _, end in stored)


# --- what players may do


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        (Facts("draft", None), EventNotOpen),
        (Facts("scheduled", 11), EventNotOpen),
        (Facts("open", 0, None, [[5, None]]), EventPaused),
        (Facts("open", 0, 10), EventClosed),
        (Facts("closed", 0), EventClosed),
        (Facts("archived", 0), EventClosed),
    ],
)
def test_playing_is_refused_unless_the_event_is_on(facts: Facts, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        require_playing(facts, 10)


@pytest.mark.parametrize("facts", [Facts("open"), Facts("scheduled", 10), Facts("open", 0, 11)])
def test_playing_is_allowed_while_the_event_is_on(facts: Facts) -> None:
    require_playing(facts, 10)


def test_joining_is_allowed_early_late_and_during_a_pause() -> None:
    require_joinable(Facts("scheduled", 11), 10)
    require_joinable(Facts("open", 0, 100, [[5, None]]), 10**6)
    require_joinable(Facts("open", 0, 100), 99)


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        (Facts("draft", None), EventNotOpen),
        (Facts("open", 0, 10), EventClosed),
        (Facts("archived", 0), EventClosed),
    ],
)
def test_joining_is_refused_to_a_draft_and_after_the_end(
    facts: Facts, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        require_joinable(facts, 10)


# --- transitions


@pytest.mark.parametrize("action", TRANSITIONS)
@pytest.mark.parametrize("current", ORDER)
def test_actions_lead_forward_or_stay_or_are_refused(current: str, action: str) -> None:
    allowed = {
        ("draft", "schedule"): "scheduled",
        ("draft", "open"): "open",
        ("draft", "archive"): "archived",
        ("scheduled", "schedule"): "scheduled",
        ("scheduled", "open"): "open",
        ("scheduled", "archive"): "archived",
        ("open", "open"): "open",
        ("open", "close"): "closed",
        ("closed", "close"): "closed",
        ("closed", "archive"): "archived",
        ("archived", "archive"): "archived",
    }
    if (current, action) in allowed:
        assert next_state(current, action) == allowed[current, action]
    else:
        with pytest.raises(WrongState):
            next_state(current, action)


@given(st.lists(st.sampled_from(list(TRANSITIONS)), max_size=12))
def test_no_order_of_actions_leads_back(actions: list[str]) -> None:
    current = "draft"
    for action in actions:
        try:
            following = next_state(current, action)
        except WrongState:
            continue
        assert ORDER.index(following) >= ORDER.index(current)
        assert next_state(following, action) == following
        current = following


# --- sittings


@pytest.mark.parametrize(
    ("now", "pauses", "holds"),
    [
        (9, [], "waiting"),
        (10, [], "open"),
        (19, [], "open"),
        (20, [], "closed"),
        (22, [[12, 15]], "open"),
        (23, [[12, 15]], "closed"),
        (1000, [[12, None]], "open"),
        (20, [[2, 5]], "closed"),
        (25, [[8, None]], "open"),
        (1000, [[21, None]], "closed"),
    ],
)
def test_sitting_follows_from_time_and_pauses(
    now: int, pauses: list[list[int | None]], holds: str
) -> None:
    assert sitting_state(10, 20, pauses, now) == holds


@given(pauses(running=True), st.integers(1000, 5000), st.integers(0, 5000))
def test_a_pause_freezes_a_running_sitting(
    stored: list[list[int | None]], now: int, later: int
) -> None:
    assert sitting_state(0, 700, stored, now) == sitting_state(0, 700, stored, now + later)


@pytest.mark.parametrize(
    ("pauses", "ended_at", "end"),
    [
        ([], None, 1_100),
        ([[1_050, 1_060]], None, 1_110),
        ([[1_050, 1_060], [1_109, 1_209]], None, 1_210),
        ([[1_101, 1_500]], None, 1_100),
        ([[500, 900]], None, 1_100),
        ([], 1_040, 1_040),
        ([[1_050, 1_060]], 1_040, 1_040),
        ([[1_020, 1_030]], 1_200, 1_110),
    ],
)
@pytest.mark.parametrize("now", [2_000, 9_000])
def test_end_of_a_time_stays_where_it_was(
    pauses: list[list[int]], ended_at: int | None, end: int, now: int
) -> None:
    assert end_of(pauses, 1_000, 100, now, ended_at) == end
