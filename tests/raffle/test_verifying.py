"""Every change in the record of a draw is found; unusual facts of a fair one are warned of."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from backend.activities.raffle import rules
from backend.activities.raffle.verifying import NotVerified, verify
from tests.raffle.records import document


def test_fair_draw_is_verified() -> None:
    found = verify(document())
    assert (found.people, found.won, found.absent) == (10, 2, 1)


def _swap_picks(found: dict[str, Any]) -> None:
    found["picks"][0]["number"], found["picks"][1]["number"] = (
        found["picks"][1]["number"],
        found["picks"][0]["number"],
    )


def _swap_people(found: dict[str, Any]) -> None:
    first, second = found["pool"][:2]
    first["tag"], second["tag"] = second["tag"], first["tag"]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (_swap_picks, "中奖顺序"),
        (_swap_people, "承诺"),
        (lambda found: found["picks"][2].update(number=99), "中奖顺序"),
        (lambda found: found.update(seed="ac" * 32), "承诺"),
        (lambda found: found.update(word="别的词"), "中奖顺序"),
        (lambda found: found.update(word=None), "中奖顺序"),
        (lambda found: found.update(prize="特等奖"), "承诺"),
        (lambda found: found.update(count=3), "承诺"),
        (lambda found: found.update(draw=4), "承诺"),
        (lambda found: found["pool"].pop(), "承诺"),
        (lambda found: found["pool"].append(dict(found["pool"][0])), "编号"),
        (lambda found: found["pool"][1].update(tag=found["pool"][0]["tag"]), "重复"),
        (lambda found: found["picks"][0].update(status="won"), "多"),
        (lambda found: found.update(waiting_seconds=1), "承诺"),
        (lambda found: found.pop("waiting_seconds"), "不完整"),
        (lambda found: found.update(format=rules.FORMAT_WITHOUT_CALLS), "承诺"),
        (lambda found: found["picks"][0].update(called_at=None), "没有呼叫"),
        (lambda found: found["picks"][0].update(called_at="2026-11-22T02:00:03.000Z"), "等满 60"),
        (lambda found: found["picks"][0].update(called_at="2026-11-22T01:59:59.000Z"), "之前"),
        (lambda found: found["picks"][0].update(absent_at="2026-11-22T02:01:01.499Z"), "等满 60"),
        (lambda found: found["picks"][0].update(absent_at=None), "不符"),
        (lambda found: found["picks"][0].update(status="passed"), "不符"),
        (lambda found: found["picks"][0].pop("called_at"), "不完整"),
        (lambda found: found["picks"][0].update(absent_at="gestern"), "不完整"),
        (lambda found: found["picks"][0].update(status="fixed"), "多"),
        (lambda found: found["picks"].pop(0), "中奖顺序"),
        (lambda found: found.update(seed=None), "种子"),
        (lambda found: found.pop("seed"), "不完整"),
        (lambda found: found.update(seed="zz"), "承诺"),
        (lambda found: found.update(pool=None), "不完整"),
        (lambda found: found.update(format="other"), "不完整"),
    ],
)
def test_whatever_was_changed_is_noticed(
    change: Callable[[dict[str, Any]], object], why: str
) -> None:
    found = copy.deepcopy(document())
    change(found)
    with pytest.raises(NotVerified, match=why):
        verify(found)


@pytest.mark.parametrize("other", [None, [], "x", 7, {}, {"format": rules.FORMAT}])
def test_file_of_something_else_is_refused(other: Any) -> None:
    with pytest.raises(NotVerified, match="不完整"):
        verify(other)


def warnings(found: dict[str, Any]) -> str:
    """Return what is told about a record although it shows a fair draw."""
    return "\n".join(verify(found).warnings)


def test_no_shows_are_listed_with_time_and_host() -> None:
    (one,) = verify(document()).no_shows
    assert (one.turn, one.number) == (1, document()["picks"][0]["number"])
    assert (one.called_at, one.called_by) == ("2026-11-22T02:00:01.500Z", "扎西")
    assert (one.absent_at, one.absent_by) == ("2026-11-22T02:01:02.500Z", "扎西")


def test_more_no_shows_than_a_fifth_are_warned_of() -> None:
    assert warnings(document(won=2, absent=1)) == ""
    assert "抽中 4 人，2 人未到场（50%" in warnings(document(won=2, absent=2))


def test_absent_until_the_favourite_is_drawn_is_warned_of() -> None:
    assert "未到场的人偏多" in warnings(document(won=1, absent=6))


def test_waiting_time_of_a_rehearsal_is_warned_of() -> None:
    assert "等待时间只有 5 秒" in warnings(document(waiting_seconds=5))


def test_record_of_before_there_were_calls_is_verified_with_a_warning() -> None:
    found = document(waiting_seconds=None)
    for pick in found["picks"]:
        for name in ("drawn_at", "called_at", "called_by", "absent_at", "absent_by"):
            del pick[name]
    assert verify(found).absent == 1
    assert "旧版记录" in warnings(found)


def test_removing_people_until_the_favourite_is_drawn_is_warned_of() -> None:
    found = document(won=1, absent=4)
    for pick in found["picks"][:4]:
        pick |= {"status": "passed", "called_at": None, "called_by": None}
        pick |= {"absent_at": None, "absent_by": None}
    assert verify(found).passed == 4
    assert "跳过的人偏多：4 人" in warnings(found)
