"""Exports polls to Excel."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from backend.activities.polls import errors, rules, view
from backend.activities.polls.models import Poll, PollBallot, PollSignature
from backend.clock import local_time
from backend.events.models import Player
from backend.events.visibility import View, shows_ballot
from backend.sheets.writing import Column, Worksheet

_METHODS = {rules.SINGLE: "单选", rules.MULTIPLE: "多选", rules.RANKED: "排序投票"}
_STATES = {"draft": "草稿", "open": "进行中", "closed": "已结束"}
_REASONS = {
    "duplicate": "重复投票",
    "quota": "超出当日票数",
    "closed": "不在投票时间内",
    "not_allowed": "无投票资格",
    "invalid": "选票无效",
}
_KINDS = {"address": "同一网络地址", "minute": "同一分钟"}

_RESULT_COLUMNS = (
    Column("名次", 8),
    Column("编号", 8),
    Column("名称", 44),
    Column("票数", 10),
    Column("得票率（%）", 14),
    Column("员工票", 10),
    Column("亲友票", 10),
    Column("直通卡", 10),
    Column("结果", 14),
)
_BALLOT_COLUMNS = (
    Column("时间", 20),
    Column("姓名", 14),
    Column("工号", 12),
    Column("班组", 24),
    Column("身份", 8),
    Column("选择", 60),
)


def results(poll: Poll, zone: str) -> list[Worksheet]:
    """Return the results, the turnout, the rounds of a ranked count and the bursts, a sheet each."""
    options = view.options_of(poll)
    found = view.results(poll, options, View.HOST)
    sheets = [
        Worksheet("结果", _RESULT_COLUMNS, [_result(row) for row in found.get("rows", ())]),
        Worksheet("汇总", (Column("项目", 24), Column("内容", 44)), _turnout(poll, zone)),
        Worksheet(
            "集中投票",
            (Column("类型", 16), Column("地址代号", 22), Column("日期", 14), Column("票数", 10)),
            [
                (_KINDS[flag["kind"]], flag["address"], flag["day"], flag["ballots"])
                for flag in view.flags(poll)
            ],
        ),
    ]
    if found.get("rounds"):
        titles = {option.id: option.title for option in options}
        sheets.insert(1, _rounds(found["rounds"], titles))
    return sheets


def _result(row: dict[str, Any]) -> tuple[Any, ...]:
    guests = row["guest_votes"]
    return (
        row["place"],
        row["number"],
        row["title"],
        row["votes"],
        row["share"],
        None if guests is None else row["votes"] - guests,
        guests,
        "是" if row["direct"] else "",
        "当选" if row["won"] else "并列待定" if row["tied"] else "",
    )


def _turnout(poll: Poll, zone: str) -> Iterator[tuple[Any, ...]]:
    facts = view.summary(poll)
    turnout = facts["turnout"]
    yield "投票", poll.title
    yield "方式", f"{_METHODS[poll.method]}，{'匿名' if poll.anonymous else '实名'}"
    yield "状态", _STATES[poll.state]
    yield "开始时间", _moment(poll.opened_at, zone)
    yield "结束时间", _moment(poll.closed_at, zone)
    yield "有效票", turnout["valid"]
    yield "其中员工", turnout["staff"]
    yield "其中亲友", turnout["guests"]
    yield "未计入的投票", turnout["refused"]
    for reason, name in _REASONS.items():
        yield f"未计入：{name}", turnout["refused_by_reason"][reason]


def _rounds(rounds: list[dict[str, Any]], titles: dict[int, str]) -> Worksheet:
    rows = [
        (
            number,
            titles[one["option_id"]],
            one["votes"],
            "出局" if one["option_id"] in found["out"] else "",
        )
        for number, found in enumerate(rounds, 1)
        for one in sorted(found["votes"], key=lambda one: -one["votes"])
    ]
    columns = (Column("轮次", 8), Column("名称", 44), Column("票数", 10), Column("结果", 10))
    return Worksheet("各轮计票", columns, rows)


def ballots(poll: Poll, zone: str) -> Worksheet:
    """Return the ballots of a named poll, the earliest first; raises `PollIsAnonymous`."""
    if not shows_ballot(poll.anonymous, View.HOST, is_signer=False, has_receipt=False):
        raise errors.PollIsAnonymous
    titles = {option.id: option.title for option in view.options_of(poll)}
    rows = (
        PollSignature.select(
            PollSignature.cast_at,
            Player.name,
            Player.staff_number,
            Player.team_name,
            PollSignature.is_guest,
            PollBallot.choice,
        )
        .join(
            PollBallot,
            on=(PollBallot.poll == PollSignature.poll) & (PollBallot.key == PollSignature.key),
        )
        .switch(PollSignature)
        .join(Player, on=(Player.id == PollSignature.player_id))
        .where(PollSignature.poll == poll)
        .order_by(PollSignature.cast_at, PollSignature.key)
        .tuples()
    )
    return Worksheet("选票", _BALLOT_COLUMNS, (_ballot(row, titles, zone) for row in rows))


def _ballot(row: tuple[Any, ...], titles: dict[int, str], zone: str) -> tuple[Any, ...]:
    at, name, number, team, is_guest, choice = row
    chosen = "、".join(titles[option] for option in json.loads(choice))
    return _moment(at, zone), name, number, team, "亲友" if is_guest else "员工", chosen


def _moment(at: int | None, zone: str) -> datetime | None:
    """Return a moment as local time of the centre without a zone, because Excel has none."""
    return None if at is None else local_time(at, zone)
