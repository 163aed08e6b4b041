"""The audit of an event in words for hosts, and as Excel."""

from collections.abc import Iterator, Mapping
from typing import Any

from backend.clock import local_time
from backend.events.kinds import Kinds
from backend.events.models import Activity, Player
from backend.identity import audit
from backend.identity.models import Staff
from backend.sheets.writing import Column, Worksheet

ACTIONS = {
    "create_event": "新建活动",
    "change_event": "修改活动",
    "add_activity": "添加环节",
    "change_activity": "修改环节",
    "remove_activity": "移除环节",
    "order_activities": "调整环节顺序",
    "schedule": "预约开始",
    "open": "开始活动",
    "pause": "暂停",
    "resume": "继续",
    "close": "结束活动",
    "reopen": "重新开放",
    "archive": "归档",
    "freeze": "封榜",
    "reveal": "揭榜",
    "test_players": "调整测试玩家",
    "wipe_rehearsal": "清除彩排数据",
    "rehearsal_to_evening": "彩排转为正式活动",
    "join_code_freed": "让出加入码",
    "screen_key_renewed": "更换大屏地址",
    "screen_approved": "批准大屏",
    "choose_screen": "选择大屏内容",
    "media_added": "添加图片或音乐",
    "media_removed": "删除图片或音乐",
    "change_agenda": "修改流程",
    "tick_agenda": "流程打勾",
    "crew_joined": "加入小队",
    "crew_left": "离开小队",
    "crew_task_added": "添加任务",
    "crew_task_changed": "修改任务",
    "crew_task_removed": "删除任务",
    "player_moved": "换微信号进入",
    "player_active": "恢复参加",
    "player_kicked": "移出活动",
    "player_banned": "禁止参加",
    "adjust": "加减分",
    "adjust_undone": "撤销加减分",
    "question_void": "题目作废",
    "question_rekey": "更正答案",
    "moderation_approved": "审核通过",
    "moderation_rejected": "审核不通过",
    "moderation_wall": "上墙",
    "block_writing": "停止发言",
    "unblock_writing": "恢复发言",
    "export": "下载",
}
SUBJECTS = {
    "activity": "环节",
    "player": "参与者",
    "question": "题目",
    "item": "内容",
}
FACTS = {
    "points": "分数",
    "status": "状态",
    "state": "阶段",
    "paused": "暂停",
    "frozen": "封榜",
    "reveal_step": "揭榜步骤",
    "reason": "原因",
    "action": "处理",
    "key": "答案",
    "rescored": "重新计分人数",
    "title": "标题",
    "description": "说明",
    "join_code": "加入码",
    "opens_at": "开始时间",
    "closes_at": "结束时间",
    "team_formula": "班组分算法",
    "reveal_top": "揭榜名次",
    "kind": "类型",
    "settings": "设置",
    "sittings": "场次",
    "activities": "环节",
    "text": "文字",
    "phase": "环节阶段",
    "position": "第几题",
    "mode": "玩法",
    "showing": "大屏显示",
    "rows": "行数",
    "added": "新增",
    "removed": "删除",
    "pinned": "置顶",
    "full_screen": "全屏",
    "shows": "大屏画面",
    "done": "完成",
    "minutes": "分钟",
    "notes": "串词",
    "activity_id": "环节",
}
VALUES = {
    "draft": "草稿",
    "scheduled": "已预约",
    "open": "进行中",
    "closed": "已结束",
    "archived": "已归档",
    "active": "正常",
    "kicked": "已移出",
    "banned": "已禁止",
    "pending": "待审核",
    "approved": "已通过",
    "rejected": "未通过",
    "void": "作废",
    "rekey": "更正",
    "automatic": "自动",
    "board": "榜单",
    "welcome": "欢迎画面",
    "arrivals": "签到墙",
    "agenda": "流程",
    "slides": "活动图片",
    "podium": "前三名",
    "notice": "通知",
}
COLUMNS = (
    Column("时间", 20),
    Column("操作人", 14),
    Column("工号", 12),
    Column("操作", 18),
    Column("对象", 24),
    Column("之前", 36),
    Column("之后", 36),
    Column("说明", 40),
)
SYSTEM = "系统"


def titles_of(kinds: Kinds) -> dict[str, str]:
    """Return the title of each action, those of the kinds among them."""
    return ACTIONS | {name: title for kind in kinds for name, title in kind.actions.items()}


def told(lines: list[dict[str, Any]], titles: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return lines of the audit with `title`, `about`, `before`, `after` and `more` in words."""
    names = _names(lines)
    return [
        {
            **line,
            "title": titles.get(line["action"], line["action"]),
            "about": _about(line["subject"], names),
            "before": _facts(_differing(line["detail"], "before", "after")),
            "after": _facts(_differing(line["detail"], "after", "before")),
            "more": _facts(_more(line["detail"])),
        }
        for line in lines
    ]


def worksheet(event_id: int, titles: Mapping[str, str], zone: str) -> Worksheet:
    """Return all lines of an event, the oldest first."""
    return Worksheet("操作记录", COLUMNS, _rows(event_id, titles, zone))


def _rows(event_id: int, titles: Mapping[str, str], zone: str) -> Iterator[tuple[Any, ...]]:
    for line in told(audit.all_of(event_id), titles):
        actor = line["actor"] or {"name": SYSTEM, "number": None}
        yield (
            local_time(line["at"], zone),
            actor["name"],
            actor["number"],
            line["title"],
            line["about"],
            line["before"],
            line["after"],
            line["more"],
        )


def _more(detail: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in detail.items() if name not in ("before", "after")}


def _differing(detail: dict[str, Any], side: str, other: str) -> Any:
    """Return the facts of one side that differ from the other's."""
    own, others = detail.get(side), detail.get(other)
    if not isinstance(own, dict) or not isinstance(others, dict):
        return own
    return {name: value for name, value in own.items() if others.get(name) != value}


def _names(lines: list[dict[str, Any]]) -> dict[str, str]:
    """Return the names of the people and the titles of the activities that lines are about, by
    subject."""
    subjects = {line["subject"] for line in lines}
    ids = [int(s.partition(":")[2]) for s in subjects if s.startswith("player:")]
    activity_ids = [int(s.partition(":")[2]) for s in subjects if s.startswith("activity:")]
    activities = Activity.select(Activity.id, Activity.title).where(Activity.id.in_(activity_ids))
    numbers = [s.partition(":")[2] for s in subjects if s.startswith("staff:")]
    players = Player.select(Player.id, Player.name).where(Player.id.in_(ids)).tuples()
    staff = Staff.select(Staff.number, Staff.name).where(Staff.number.in_(numbers)).tuples()
    return {
        **{f"player:{one}": name for one, name in players},
        **{f"staff:{number}": name for number, name in staff},
        **{f"activity:{one}": title for one, title in activities.tuples()},
    }


def _about(subject: str, names: Mapping[str, str]) -> str:
    if subject in names:
        return names[subject]
    kind, _, number = subject.partition(":")
    if kind == "event":
        return ""
    return f"{SUBJECTS[kind]} {number}" if kind in SUBJECTS else subject


def _facts(facts: Any) -> str:
    """Return facts as one line, such as `状态：已移出`."""
    if not isinstance(facts, dict):
        return "" if facts is None else _value(facts)
    shown = {FACTS.get(name, name): _value(value) for name, value in facts.items()}
    return "；".join(f"{name}：{value}" for name, value in shown.items() if value)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(_value(one) for one in value)
    if isinstance(value, dict):
        return f"（{_facts(value)}）"
    return "" if value is None else VALUES.get(str(value), str(value))
