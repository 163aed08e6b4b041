"""Concurrent supports and merges: each person supports a suggestion once."""

import random
from functools import partial

import pytest
from redis import Redis

from backend.activities.polls.models import Poll
from backend.activities.polls.suggestions.models import Suggestion, SuggestionSupport
from backend.db import Database
from backend.moderation.models import ModerationItem
from backend.offload.process import Offload
from tests.polls.suggestion_box import Box
from tests.support import FakeClock, at_once


@pytest.fixture
def box(database: Database, redis_server: Redis, clock: FakeClock, offload: Offload) -> Box:
    """Return an open event that collects suggestions."""
    return Box(database, redis_server, clock, offload)


def _done(box: Box, call: partial[int]) -> int:
    """Make a call in a thread, which gives its connection back."""
    try:
        return call()
    finally:
        box.database.release()


def together(box: Box, *calls: partial[int]) -> list[int]:
    """Make all calls at the same moment."""
    return at_once([partial(_done, box, call) for call in calls])


def test_same_text_at_once_is_one_suggestion(box: Box) -> None:
    [who] = box.staff()
    made = together(box, *[partial(box.propose, who, "食堂加夜宵窗口")] * 8)
    assert len(set(made)) == 1
    for table in (Suggestion, SuggestionSupport, ModerationItem):
        assert table.select().count() == 1


def test_same_person_seconds_once_at_once(box: Box) -> None:
    [night], [who] = box.box("食堂加夜宵窗口"), box.staff()
    assert set(together(box, *[partial(box.support, who, night)] * 10)) == {night}
    assert len(box.behind(night)) == 2


def test_seconding_that_meets_a_merge_loses_nobody_and_counts_nobody_twice(box: Box) -> None:
    night, again = box.box("食堂加夜宵窗口", "食堂开夜宵窗口")
    people = box.staff(16)
    calls = [partial(box.support, who, one) for who in people for one in (night, again)]
    calls.insert(len(calls) // 2, partial(box.merge, again, night))
    random.Random(5).shuffle(calls)
    together(box, *calls)
    proposers = {Suggestion.get_by_id(one).player_id for one in (night, again)}
    assert box.behind(night) == set(people) | proposers
    assert box.behind(again) == set()


def test_merges_that_meet_leave_one_with_everybody(box: Box) -> None:
    ids = box.box(*(f"夜宵窗口第{number}种写法" for number in range(6)))
    everybody = set().union(*(box.behind(one) for one in ids))
    chain = [partial(box.merge, gone, into) for gone, into in zip(ids, ids[1:], strict=False)]
    together(box, *chain, *chain)
    [standing] = box.listed()
    assert box.behind(standing["id"]) == everybody
    assert {box.seen(one)["merged_into"] for one in ids} == {None, standing["id"]}


def test_same_poll_at_once_is_made_once(box: Box) -> None:
    ids = box.box("夜宵窗口", "大厅种树", "班车晚点走")
    made = together(box, *[partial(_poll_id, box, ids)] * 6)
    assert len(set(made)) == 1
    assert Poll.select().count() == 1


def _poll_id(box: Box, ids: list[int]) -> int:
    return int(box.poll_of(ids).id)
