"""Tricks of one request: the sender, the request, and the answer.

Paths and bodies name things of the evening in braces, see `Evening.places`.
"""

from dataclasses import dataclass, field
from typing import Any

CHEAT, GUEST, STRANGER, NOBODY = "cheat", "guest", "stranger", "nobody"


@dataclass(frozen=True)
class Call:
    """A trick of one request."""

    name: str
    asked: str
    told: str
    body: Any = None
    who: str = CHEAT
    headers: dict[str, str] = field(default_factory=dict)


CALLS = [
    # --- 大淘金
    Call(
        "替别人答题",
        "POST /hunts/{hunt}/digs/{victims_dig}/answer",
        "not_your_question",
        {"choice": ["A"]},
    ),
    Call("偷看别人抽到的题", "GET /hunts/{hunt}/digs/{victims_dig}", "not_your_question"),
    Call("替别人按“来电了”", "POST /hunts/{hunt}/digs/{victims_dig}/snooze", "not_your_question"),
    Call(
        "编一个题号来答",
        "POST /hunts/{hunt}/digs/999999/answer",
        "not_your_question",
        {"choice": ["A"]},
    ),
    Call(
        "借别的环节的地址答自己的题",
        "POST /hunts/{contest}/digs/{own_dig}/answer",
        "not_your_question",
        {"choice": ["A"]},
    ),
    Call("挖地图上没有的地点", "POST /hunts/{hunt}/digs", "unknown_site", {"site": "treasury"}),
    Call(
        "在答案里夹带分数",
        "POST /hunts/{hunt}/digs/{own_dig}/answer",
        "invalid",
        {"choice": ["A"], "points": 9999},
    ),
    Call(
        "在答案里夹带答题时刻",
        "POST /hunts/{hunt}/digs/{own_dig}/answer",
        "invalid",
        {"choice": ["A"], "answered_at": "2026-01-01T00:00:00Z"},
    ),
    Call(
        "选一个没有的选项",
        "POST /hunts/{hunt}/digs/{own_dig}/answer",
        "invalid",
        {"choice": ["Z"]},
    ),
    Call("比赛没完就看统计", "GET /hunts/{hunt}/statistics", "forbidden"),
    Call("下载题库", "GET /question-banks/business/questions.xlsx", "forbidden"),
    Call("翻看题库", "GET /question-banks/business/questions", "forbidden"),
    Call("亲友挖宝", "POST /hunts/{hunt}/digs", "staff_only", {"site": "lake"}, GUEST),
    Call("没加入就挖宝", "POST /hunts/{hunt}/digs", "not_a_player", {"site": "lake"}, STRANGER),
    # --- 现场竞赛
    Call(
        "抢答还没出的题",
        "POST /contests/{contest}/rounds/999999/answer",
        "no_round",
        {"choice": ["A"]},
    ),
    Call(
        "自己按“公布答案”",
        "POST /contests/{contest}/actions",
        "forbidden",
        {"action": "reveal", "position": 1},
    ),
    Call(
        "没加入就抢答",
        "POST /contests/{contest}/rounds/{round}/answer",
        "not_a_player",
        {"choice": ["A"]},
        STRANGER,
    ),
    # --- 摇一摇
    Call(
        "摇负数下",
        "POST /shakes/{long_shake}/rounds/{long_round}/reports",
        "invalid",
        {"count": -1000},
    ),
    Call(
        "摇半下", "POST /shakes/{long_shake}/rounds/{long_round}/reports", "invalid", {"count": 0.5}
    ),
    Call(
        "摇天文数字下",
        "POST /shakes/{long_shake}/rounds/{long_round}/reports",
        "invalid",
        {"count": 10**12},
    ),
    Call(
        "用没有的方式摇",
        "POST /shakes/{long_shake}/rounds/{long_round}/reports",
        "invalid",
        {"count": 5, "how": "motor"},
    ),
    Call(
        "替别人报摇的次数",
        "POST /shakes/{long_shake}/rounds/{long_round}/reports",
        "invalid",
        {"count": 5, "player_id": 1},
    ),
    Call(
        "报成自己摇得更久",
        "POST /shakes/{long_shake}/rounds/{long_round}/reports",
        "invalid",
        {"count": 5, "played_ms": 10**6},
    ),
    Call(
        "借别的环节的地址报摇",
        "POST /shakes/{short_shake}/rounds/{long_round}/reports",
        "unknown_round",
        {"count": 5},
    ),
    Call("自己开一轮摇一摇", "POST /shakes/{idle_shake}/rounds", "forbidden", {"mode": "race"}),
    Call("看谁被标成作弊", "GET /shakes/{long_shake}/rounds/{long_round}/flagged", "forbidden"),
    # --- 关键词
    Call("看准备好的关键词", "GET /keywords/{words}/words", "forbidden"),
    Call("自己公布关键词", "POST /keywords/{words}/open", "forbidden", {"word_ids": [1]}),
    Call(
        "亲友抢关键词",
        "POST /keywords/{words}/replies",
        "staff_only",
        {"text": "心中有客户"},
        GUEST,
    ),
    # --- 你画我猜
    Call("自己把这一轮作废", "POST /drawings/{drawing}/turns/{turn}/void", "forbidden"),
    Call("用主持人的窗口看画", "GET /drawings/{drawing}/turns/{turn}", "forbidden"),
    Call("下载词库", "GET /word-packs/everyday/words.xlsx", "forbidden"),
    Call(
        "亲友来猜",
        "POST /drawings/{drawing}/turns/{turn}/guesses",
        "staff_only",
        {"text": "山"},
        GUEST,
    ),
    # --- 投票
    Call(
        "亲友投员工的票",
        "POST /polls/{polls}/polls/{staff_poll}/ballots",
        "guests_not_invited",
        {"choice": ["{option}"], "receipt": "{receipt}"},
        GUEST,
    ),
    Call(
        "单选的票选两个",
        "POST /polls/{polls}/polls/{staff_poll}/ballots",
        "bad_ballot",
        {"choice": ["{option}", "{option_2}"], "receipt": "{receipt}"},
    ),
    Call(
        "选别的投票的选项",
        "POST /polls/{polls}/polls/{staff_poll}/ballots",
        "bad_ballot",
        {"choice": ["{coded_option}"], "receipt": "{receipt}"},
    ),
    Call(
        "用好猜的回执投票",
        "POST /polls/{polls}/polls/{staff_poll}/ballots",
        "invalid",
        {"choice": ["{option}"], "receipt": "1"},
    ),
    Call(
        "不看大屏就投要现场码的票",
        "POST /polls/{polls}/polls/{coded_poll}/ballots",
        "wrong_hall_code",
        {"choice": ["{coded_option}"], "receipt": "{receipt}"},
    ),
    Call(
        "投还没开始的票",
        "POST /polls/{polls}/polls/{draft_poll}/ballots",
        "unknown_poll",
        {"choice": [1], "receipt": "{receipt}"},
    ),
    Call(
        "自己公布结果",
        "POST /polls/{polls}/polls/{staff_poll}/actions",
        "forbidden",
        {"action": "show"},
    ),
    Call("下载选票", "GET /polls/{polls}/polls/{staff_poll}/ballots.xlsx", "forbidden"),
    Call("下载结果", "GET /polls/{polls}/polls/{staff_poll}/results.xlsx", "forbidden"),
    Call("看谁的票可疑", "GET /polls/{polls}/polls/{staff_poll}/flags", "forbidden"),
    # --- 抽奖
    Call("自己抽奖", "POST /raffles/{raffle}/draws/{draw}/draw", "forbidden", {"upto": 1}),
    Call("让别人的奖作废", "POST /raffles/{raffle}/draws/{draw}/abandon", "forbidden"),
    Call("给自己签收奖品", "POST /raffles/{raffle}/handovers", "forbidden", {"code": "ABCDEF"}),
    Call(
        "多放几份奖品",
        "PUT /raffles/{raffle}/prizes/{prize}",
        "forbidden",
        {"title": "一等奖", "stock": 100},
    ),
    Call("看中奖名单的工号", "GET /raffles/{raffle}/winners", "forbidden"),
    # --- 分数、座位、角色
    Call(
        "给自己加分",
        "POST /events/{event}/adjustments",
        "forbidden",
        {"player_id": 1, "points": 100, "reason": "我"},
        headers={"Idempotency-Key": "mine"},
    ),
    Call(
        "倒扣别人的分",
        "POST /events/{event}/adjustments",
        "forbidden",
        {"player_id": 1, "points": -100, "reason": "他"},
        headers={"Idempotency-Key": "mine"},
    ),
    Call(
        "作废自己答错的题",
        "POST /events/{event}/corrections",
        "forbidden",
        {"question_id": 1, "action": "void", "reason": "难"},
    ),
    Call("看别人的得分明细", "GET /events/{event}/receipts?player_id={victim}", "forbidden"),
    Call("踢掉领先的人", "PUT /events/{event}/players/{victim}", "forbidden", {"status": "banned"}),
    Call("下载名单", "GET /events/{event}/participants.xlsx", "forbidden"),
    Call("加入时换一个班组", "POST /events/join", "invalid", {"code": "{join_code}", "team_id": 1}),
    Call(
        "加入时替别人占座",
        "POST /events/join",
        "invalid",
        {"code": "{join_code}", "staff_number": "200099"},
    ),
    Call(
        "再绑定成另一个人",
        "POST /me/binding",
        "already_bound",
        {"staff_number": "200099", "invite_code": "{colleague_code}"},
    ),
    Call(
        "关掉正在进行的活动", "POST /events/{event}/transitions", "forbidden", {"action": "close"}
    ),
    Call("把真活动当彩排清空", "DELETE /events/{event}/data", "forbidden"),
    Call("自己揭榜", "POST /events/{event}/transitions", "forbidden", {"action": "reveal"}),
    Call("用主持人的视角看直播", "GET /events/{event}/stream?view=host", "forbidden"),
    Call("看主持人的下一步", "GET /events/{event}/steps", "forbidden"),
    Call("没加入就看榜", "GET /events/{event}/leaderboards/event", "not_a_player", None, STRANGER),
    Call("没加入就要入场券", "POST /events/{event}/tickets", "not_a_player", None, STRANGER),
    # --- 控制台、大屏
    Call(
        "自己放自己的浏览器进控制台",
        "POST /console/approvals",
        "no_console_role",
        {"pairing_code": "000000"},
    ),
    Call("猜控制台的登录链接", "POST /console/links", "unknown_link", {"secret": "x" * 43}, NOBODY),
    Call(
        "自己放一块大屏进来",
        "POST /events/{event}/screens",
        "forbidden",
        {"pairing_code": "000000"},
    ),
    Call("换掉大屏的钥匙", "POST /events/{event}/screen-key", "forbidden"),
    Call(
        "没有通行证就看大屏的直播", "GET /events/{event}/stream", "screen_not_paired", None, NOBODY
    ),
    Call("猜屏幕配对的密钥", "GET /screens/pairings/guessed", "not_found", None, NOBODY),
    Call("看班组参与情况", "GET /team/participation", "forbidden"),
    Call("看操作记录", "GET /events/{event}/audit", "forbidden"),
    Call("拿一份邀请码", "POST /staff/invite-codes", "forbidden", {}),
]
