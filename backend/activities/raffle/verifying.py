"""Verifies the record of a draw: draws again, compares, and checks the no-shows. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from backend.activities.raffle import rules
from backend.activities.raffle.rules import ABSENT, PASSED, STATUSES, WON, DrawTerms, PoolEntry

_FORMATS = (rules.FORMAT, rules.FORMAT_WITHOUT_CALLS)


class NotVerified(Exception):
    """The file does not prove a fair draw; the text says why, for people."""


@dataclass(frozen=True)
class NoShow:
    """A person who was marked as absent; old records have only turn and number.

    Moments are ISO 8601 as in the file; a host who has left the roster has no name.
    """

    turn: int
    number: int
    called_at: str | None
    called_by: str | None
    absent_at: str | None
    absent_by: str | None


@dataclass(frozen=True)
class Verified:
    """The result of verifying a file. `passed` counts people who were drawn and passed over.
    `warnings` are sentences about unusual facts of a draw that followed the rules."""

    terms: DrawTerms
    commitment: str
    people: int
    won: int
    passed: int
    no_shows: Sequence[NoShow]
    warnings: Sequence[str]

    @property
    def absent(self) -> int:
        """How many were noted as absent."""
        return len(self.no_shows)


def verify(document: Any) -> Verified:
    """Draw again and compare with the file; raises `NotVerified`. Needs only the file."""
    try:
        return _verified(document)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise NotVerified("文件不完整，或不是抽奖记录") from None


def _verified(document: Any) -> Verified:
    if document["format"] not in _FORMATS:
        raise NotVerified("文件不完整，或不是抽奖记录")
    terms = _terms(document)
    pool = [PoolEntry(row["number"], row["tag"], row["name"]) for row in document["pool"]]
    seed, committed = document["seed"], document["commitment"]
    if seed is None:
        raise NotVerified("种子还没有公布，公布之后才能核对")
    if [entry.number for entry in pool] != list(range(1, len(pool) + 1)):
        raise NotVerified("名单的编号不连续")
    if len({entry.tag for entry in pool}) != len(pool):
        raise NotVerified("名单里有重复的人")
    if rules.commitment(terms, rules.pool_digest(pool), seed) != committed:
        raise NotVerified("名单、种子或奖项与事先公布的承诺不一致")
    picks = document["picks"]
    drawn = rules.order(seed, committed, document["word"] or "", len(pool))
    if [pick["number"] for pick in picks] != list(islice(drawn, len(picks))):
        raise NotVerified("中奖顺序与重新抽取的结果不一致")
    statuses = [pick["status"] for pick in picks]
    if not set(statuses) <= set(STATUSES) or statuses.count(WON) > terms.count:
        raise NotVerified("中奖人数比事先公布的多")
    if terms.waiting_seconds is not None:
        for pick in picks:
            _require_called(pick, terms.waiting_seconds)
    no_shows = [_no_show(pick) for pick in picks if pick["status"] == ABSENT]
    won, passed = statuses.count(WON), statuses.count(PASSED)
    warnings = _warnings(terms, len(pool), won, len(no_shows), passed)
    return Verified(terms, committed, len(pool), won, passed, no_shows, warnings)


def _terms(document: Any) -> DrawTerms:
    is_old = document["format"] == rules.FORMAT_WITHOUT_CALLS
    waiting_seconds = None if is_old else int(document["waiting_seconds"])
    activity, draw, prize, count = (
        document[name] for name in ("activity", "draw", "prize", "count")
    )
    return DrawTerms(activity, draw, prize, count, waiting_seconds)


def _require_called(pick: Any, waiting_seconds: int) -> None:
    """Raise unless a no-show was drawn, called and waited for before they were marked as absent.

    Pauses only add to the time between call and note, so that the time waited is no shorter.
    """
    turn, called_at, absent_at = pick["turn"], pick["called_at"], pick["absent_at"]
    if (pick["status"] == ABSENT) != (absent_at is not None):
        raise NotVerified(f"第 {turn} 位的状态与未到场记录不符")
    if called_at is not None and _moment(called_at) < _moment(pick["drawn_at"]):
        raise NotVerified(f"第 {turn} 位在抽中之前就被呼叫")
    if absent_at is None:
        return
    if called_at is None:
        raise NotVerified(f"第 {turn} 位没有呼叫记录就被记为未到场")
    if (_moment(absent_at) - _moment(called_at)).total_seconds() < waiting_seconds:
        raise NotVerified(f"第 {turn} 位没有等满 {waiting_seconds} 秒就被记为未到场")


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _no_show(pick: Any) -> NoShow:
    facts = ("called_at", "called_by", "absent_at", "absent_by")
    return NoShow(pick["turn"], pick["number"], *(pick.get(name) for name in facts))


def _warnings(terms: DrawTerms, people: int, won: int, absent: int, passed: int) -> list[str]:
    found = []
    if people == 1:
        found.append("名单里只有一位候选人")
    if rules.are_many(won, absent):
        share = round(100 * absent / (won + absent))
        found.append(
            f"未到场的人偏多：抽中 {won + absent} 人，{absent} 人未到场（{share}%，超过"
            f" {rules.MANY_SHARE:.0%}），请向主持人和现场核实"
        )
    if rules.are_many(won, passed):
        found.append(
            f"跳过的人偏多：{passed} 人抽中后因已中过奖、被移出活动或不再在职而被跳过，"
            "请核实名单锁定之后有没有人被移出活动"
        )
    if terms.waiting_seconds is None:
        if absent:
            found.append("这是旧版记录，没有呼叫和等待时间，未到场是否属实无从核对")
    elif terms.waiting_seconds < rules.LEAST_WAITING_SECONDS:
        found.append(
            f"等待时间只有 {terms.waiting_seconds} 秒，只有彩排才会少于"
            f" {rules.LEAST_WAITING_SECONDS} 秒"
        )
    return found
