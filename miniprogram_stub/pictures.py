"""What the phone in the terminal shows: the server's answers as tables and lines."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from rich.console import Group, RenderableType
from rich.markup import escape
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

KINDS = {"single": "单选", "multiple": "多选", "truefalse": "判断"}
HUNT_STATES = {"waiting": "未开始", "open": "进行中", "paused": "暂停中", "closed": "已结束"}
RULES = {"correct": "答对", "speed": "速度", "streak": "连对"}
REASONS = {"answer": "答题", "treasure": "宝藏", "adjustment": "主持人调整"}
TRUE_FALSE = {"对": "T", "错": "F"}


def who(me: dict[str, Any]) -> str:
    """Return the person who holds the phone, in a line."""
    staff = me["staff"]
    if not staff:
        return "已登录，身份：亲友（还没有绑定工号）"
    return f"{staff['name']}（{staff['number']}），{staff['team']}，{staff['shift']}"


def hunt_map(hunt: dict[str, Any]) -> Table:
    """Return the sites of a hunt, with what the player did there."""
    table = Table("代号", "地点", "主题", "已挖", "答对", title=escape(hunt["title"]))
    for site in hunt["sites"]:
        cells = [site["key"], site["title"], site["topic"], str(site["dug"]), str(site["correct"])]
        table.add_row(*map(escape, cells))
    return table


def progress(hunt: dict[str, Any]) -> str:
    """Return the state of a hunt and what the player has left, in a line."""
    snooze = "“来电了”还可用一次" if hunt["snooze_left"] else "“来电了”已用"
    return (
        f"{HUNT_STATES[hunt['state']]}，今天还能挖 {hunt['digs_left']}/{hunt['digs_per_day']} 次，"
        f"{snooze}，连对 {hunt['streak']} 题"
    )


def question(dig: dict[str, Any]) -> Panel:
    """Return an open question with the time that is left; it is hidden while the event is paused."""
    asked = dig["question"]
    left = f"还有 {dig['seconds_left']} 秒" if dig["state"] == "open" else "时间已到"
    if asked is None:
        return Panel("活动暂停中，题目已收起，继续后再作答。", subtitle=left, expand=False)
    kind = KINDS.get(asked["kind"], asked["kind"])
    title = f"{kind} · {asked['topic']} · 难度 {asked['difficulty']}"
    return Panel(Group(*_stem_and_options(asked)), title=escape(title), subtitle=left, expand=False)


def round_question(asked: dict[str, Any]) -> Panel:
    """Return the question of a contest's round with the time that is left, and the key once it is
    revealed."""
    facts = asked["question"]
    kind = KINDS.get(facts["kind"], facts["kind"])
    lines = _stem_and_options(facts)
    if asked.get("key"):
        lines.append(Text(f"正确答案：{_letters(asked['key'])}", style="green"))
    title = f"{kind} · {facts['topic']}"
    left = f"还有 {asked['left_ms'] // 1000} 秒，{asked['answered']} 人已答"
    return Panel(Group(*lines), title=escape(title), subtitle=left, expand=False)


def choice(letters: str) -> list[str]:
    """Read what a person types as a choice: `acd`, `A C`, `对`."""
    if letters.strip() in TRUE_FALSE:
        return [TRUE_FALSE[letters.strip()]]
    return sorted({letter for letter in letters.upper() if letter.isalnum()})


def verdict(said: dict[str, Any]) -> RenderableType:
    """Return the result of an answer."""
    parts = "，".join(
        f"{RULES.get(part['rule'], part['rule'])} {part['points']}" for part in said["breakdown"]
    )
    right = said["verdict"] == "correct"
    lines = [
        Text("✓ 答对了！" if right else "✗ 答错了。", style="bold green" if right else "bold red"),
        Text(f"得 {said['points']} 分" + (f"（{parts}）" if parts else "")),
    ]
    if said["treasure"]:
        found = said["treasure"]
        lines.append(Text(f"挖到宝藏“{found['title']}”，加 {found['points']} 分", style="yellow"))
    if said["sealed"]:
        lines.append(Text("答案和解析等最后一场结束后公布。", style="dim"))
    else:
        lines.append(Text(f"正确答案：{_letters(said['key'])}"))
        lines.append(Text(said["explanation"] or "", style="dim"))
    lines.append(Text(standing(said["score"])))
    return Group(*lines)


def standing(score: dict[str, Any]) -> str:
    """Return a score and its rank in a line."""
    if score["points"] is None:
        return "还没有得分。"
    rank = f"第 {score['rank']} 名" if score["rank"] else "名次稍后揭晓"
    frozen = "（已封榜，显示封榜时的成绩）" if score["frozen"] else ""
    return f"总分 {score['points']} 分，{rank}{frozen}"


def receipt(found: dict[str, Any]) -> Table:
    """Return every line of a score."""
    table = Table("时间", "事由", "分数", "说明", title="我的得分")
    for item in found["items"]:
        reason = REASONS.get(item["reason"], item["reason"])
        note = item["note"] + ("（已冲回）" if item.get("reversed") else "")
        earned = datetime.fromisoformat(item["earned_at"]).astimezone().strftime("%m-%d %H:%M:%S")
        table.add_row(earned, escape(reason), str(item["points"]), escape(note))
    return table


def board(found: dict[str, Any], title: str = "") -> RenderableType:
    """Return the rows of a board; the caller's own row is highlighted, a team board has its
    formula."""
    teams = found["scope"] == "teams"
    columns = ("名次", "班组", "得分") if teams else ("名次", "姓名", "班组", "得分")
    table = Table(*columns, title=title or ("班组榜" if teams else "个人榜"))
    mine = found["me"] and found["me"]["id"]
    for row in found["rows"]:
        own = mine is not None and row["id"] == mine
        table.add_row(*_cells(row, teams), style="bold yellow" if own else None)
    return Group(table, Text(found["formula"])) if teams and found["formula"] else table


def _cells(row: dict[str, Any], teams: bool) -> list[str]:
    """The cells of a row; what is not revealed yet is a question mark."""
    name, team = escape(row["name"] or "？"), escape(row.get("team") or "")
    points = "？" if row["points"] is None else f"{row['points']:g}"
    return [str(row["rank"]), name, points] if teams else [str(row["rank"]), name, team, points]


def wrong_questions(found: dict[str, Any]) -> RenderableType:
    """Return the player's own wrong-question list."""
    if not found["items"]:
        return "错题本是空的，真棒。"
    return Group(*(_wrong_question(item) for item in found["items"]))


def _wrong_question(item: dict[str, Any]) -> Panel:
    lines = _stem_and_options(item)
    lines.append(Text(f"我的选择：{_letters(item['choice'])}", style="red"))
    key = "待公布" if item["key"] is None else _letters(item["key"])
    lines.append(Text(f"正确答案：{key}", style="green"))
    if item["explanation"]:
        lines.append(Text(item["explanation"], style="dim"))
    return Panel(Group(*lines), title=escape(f"错题 · {item['topic']}"), expand=False)


def _stem_and_options(asked: dict[str, Any]) -> list[Text]:
    options = [Text(f"{option['key']}. {option['text']}") for option in asked["options"]]
    return [Text(asked["stem"], style="bold"), *options]


def _letters(keys: Sequence[str] | None) -> str:
    names = {key: text for text, key in TRUE_FALSE.items()}
    return "、".join(names.get(key, key) for key in keys or ())
