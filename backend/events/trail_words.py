"""Chinese words for the audit of an event: actions, subjects, facts and values."""

from collections.abc import Mapping
from typing import Any

from backend.events import lifecycle
from backend.events.kinds import Kinds
from backend.events.models import Activity
from backend.web.forms import words_of

ACTIONS = {
    "create_event": "新建活动",
    "import_event": "从归档导入",
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
    "rehearsal_begun": "改为彩排",
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
    "crew_task_done": "完成任务",
    "crew_task_reopened": "任务改为没完成",
    "player_moved": "换微信号进入",
    "player_active": "恢复参加",
    "player_kicked": "移出活动",
    "player_banned": "禁止参加",
    "adjust": "加减分",
    "adjust_undone": "撤销加减分",
    "question_void": "题目作废",
    "question_rekey": "更正答案",
    "activity_void": "环节作废",
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
    "crew_task": "任务",
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
    "voided": "作废",
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
    "owner": "负责人",
    "duty": "分工",
    "count": "人数",
    "account_before": "原账号",
    "picture_id": "图片",
}
VALUES = lifecycle.STATE_WORDS | {
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
    "suggestions": "征集建议",
    "slides": "图片和文章",
    "podium": "前三名",
    "notice": "通知",
    "activity": "环节",
    "background": "背景",
    "picture": "图片",
    "music": "音乐",
}


def titles_of(kinds: Kinds) -> dict[str, str]:
    """Return the title of each action, including those of the kinds."""
    return ACTIONS | {name: title for kind in kinds for name, title in kind.actions.items()}


def subjects_of(kinds: Kinds) -> dict[str, str]:
    """Return what the things are called that lines are about, including those of the kinds."""
    return SUBJECTS | {name: words for kind in kinds for name, words in kind.subjects.items()}


class Vocabulary:
    """Words for the facts and values of some lines.

    Those of the kind that a line is about have priority: the labels of its settings, and
    `Kind.audit_words`.
    """

    def __init__(self, kinds: Kinds, lines: list[dict[str, Any]]) -> None:
        self._common = AuditWording({kind.name: kind.title.zh for kind in kinds})
        self._of_kinds = {
            kind.name: AuditWording({**words_of(kind.settings()), **kind.audit_words})
            for kind in kinds
        }
        self._of_actions = {
            action: self._of_kinds[kind.name] for kind in kinds for action in kind.actions
        }
        self._kinds_of_activities = _kinds_of_activities(lines)

    def of(self, line: Mapping[str, Any]) -> "AuditWording":
        """Return the words for a line."""
        kind = self._kinds_of_activities.get(line["subject"], "")
        found = self._of_actions.get(line["action"]) or self._of_kinds.get(kind)
        return found or self._common


def _kinds_of_activities(lines: list[dict[str, Any]]) -> dict[str, str]:
    """Return the kinds of the activities that lines are about, by subject."""
    subjects = {line["subject"] for line in lines}
    ids = [int(one.partition(":")[2]) for one in subjects if one.startswith("activity:")]
    rows = Activity.select(Activity.id, Activity.kind).where(Activity.id.in_(ids)).tuples()
    return {f"activity:{one}": kind for one, kind in rows}


class AuditWording:
    """Puts details of a line into words; the words of the kind of its action have priority."""

    def __init__(self, of_kind: Mapping[str, str]) -> None:
        self._names = {**FACTS, **of_kind}
        self._values = {**VALUES, **of_kind}

    def facts(self, facts: Any) -> str:
        """Return facts as one line, such as `状态：已移出`."""
        if not isinstance(facts, dict):
            return "" if facts is None else self._value(facts)
        shown = {self._names.get(name, name): self._value(value) for name, value in facts.items()}
        return "；".join(f"{name}：{value}" for name, value in shown.items() if value)

    def _value(self, value: Any) -> str:
        if isinstance(value, bool):
            return "是" if value else "否"
        if isinstance(value, list):
            return "、".join(self._value(one) for one in value)
        if isinstance(value, dict):
            return f"（{self.facts(value)}）"
        return "" if value is None else self._values.get(str(value), str(value))
