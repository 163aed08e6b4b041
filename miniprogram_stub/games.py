"""The commands of the phone in the terminal for all kinds of activity but the hunt.

Each command returns what is shown; the menu handles `Refused` and `ServerAway`.
"""

import secrets
from collections.abc import Callable, Mapping
from random import Random
from typing import Any

from rich.console import Group, RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from miniprogram_stub import pictures
from miniprogram_stub.live.sketches import portion, sketch
from miniprogram_stub.program import MiniProgram

SHAKES_PER_TAP = 10
RECEIPT_BYTES = 24
HALL_CODE_LENGTH = 6
PHASES = {
    "lobby": "等待开始",
    "question": "答题中",
    "reveal": "揭晓",
    "board": "排行",
    "podium": "颁奖",
    "countdown": "倒数",
    "running": "摇动中",
    "counting": "统计中",
    "waiting": "等待开始",
    "playing": "进行中",
    "gallery": "画廊",
    "finished": "已结束",
    "choosing": "选词中",
    "drawing": "作画中",
    "over": "这一轮结束",
}
POLL_STATES = {"draft": "准备中", "open": "投票中", "closed": "已截止"}
VERDICTS = {"exact": "猜中了！", "near": "很接近", "wrong": "不对", "said": "已发言"}
OUTCOMES = {
    "hit": "命中！",
    "wrong": "不是关键词",
    "decoy": "这是诱饵词，别上当",
    "places_gone": "答对了，名额已满",
}

Command = Callable[[MiniProgram, str, list[str]], RenderableType]


class NothingOn(Exception):
    """The game has not begun or is over; the text says so."""


def _phase(name: str) -> str:
    return PHASES.get(name, name)


def _need(words: list[str], what: str) -> str:
    """Return the argument of a command; raises `NothingOn` if there is none."""
    if not words:
        raise NothingOn(f"请在后面写上{what}。")
    return " ".join(words)


# --- 现场竞赛


def see_contest(program: MiniProgram, path: str, _: list[str]) -> RenderableType:
    """Show the question that is on, and the own answer."""
    contest = program.get(path)
    state, own = contest["state"], contest["own"] or {}
    if state is None:
        return "比赛还没有开始，或者已经结束。"
    lines: list[RenderableType] = [
        f"第 {state['position']}/{state['rounds']} 题，{_phase(state['phase'])}"
    ]
    if state["round"] and state["round"].get("question"):
        lines.append(pictures.round_question(state["round"]))
    if own.get("answer"):
        answer = own["answer"]
        told = {True: "答对", False: "答错", None: "等待揭晓"}[answer.get("correct")]
        lines.append(f"我的答案 {'、'.join(answer['choice'])}：{told}")
    if own.get("points") is not None:
        lines.append(f"得分 {own['points']}，第 {own['rank'] or '–'} 名")
    return Group(*lines)


def answer_contest(program: MiniProgram, path: str, words: list[str]) -> RenderableType:
    """Answer the question that is on."""
    choice = pictures.choice(_need(words, "选项，如 B 或 ACD"))
    state = program.get(path)["state"]
    if state is None or not state["round"]:
        raise NothingOn("现在没有题目。")
    program.post(f"{path}/rounds/{state['round']['id']}/answer", {"choice": choice})
    return f"已收到 {'、'.join(choice)}，等主持人揭晓。"


# --- 摇一摇


def see_shake(program: MiniProgram, path: str, _: list[str]) -> RenderableType:
    """Show the round that is on, and the own count."""
    shake = program.get(path)
    if shake["round"] is None:
        return "现在没有摇一摇。"
    own = shake["own"] or {}
    place = f"，第 {own['place']} 名" if own.get("place") else ""
    left = shake["round"]["left_ms"] // 1000
    return f"{_phase(shake['phase'])}，还有 {left} 秒，我摇了 {own.get('count', 0)} 下{place}"


def shake(program: MiniProgram, path: str, words: list[str]) -> RenderableType:
    """Shake a few times more: the phone reports the sum of the round."""
    more = int(words[0]) if words and words[0].isascii() and words[0].isdigit() else SHAKES_PER_TAP
    found = program.get(path)
    if found["round"] is None:
        raise NothingOn("现在没有摇一摇。")
    count = (found["own"] or {}).get("count", 0) + more
    round_id = found["round"]["id"]
    told = program.post(f"{path}/rounds/{round_id}/reports", {"count": count, "how": "shake"})
    return f"报了 {count} 下，算 {told['accepted']} 下"


# --- 你画我猜


def see_drawing(program: MiniProgram, path: str, _: list[str]) -> RenderableType:
    """Show the turn of the own room; it counts as a sign of life."""
    game = program.get(path)
    turn = game.get("turn")
    if not turn:
        return f"你画我猜：{_phase(game['phase'])}"
    lines = [
        f"第 {turn['number']} 轮，{_phase(turn['phase'])}，画手 {turn['drawer']['name']}，"
        f"还有 {turn['left_ms'] // 1000} 秒，画了 {turn['count']} 笔，{len(turn['guessed'])} 人猜中"
    ]
    if game.get("offers"):
        words = "  ".join(f"{at} {one['text']}" for at, one in enumerate(game["offers"], 1))
        lines.append(f"轮到你画，请选词：{words}")
    if game.get("prompt"):
        lines.append(f"词：{game['prompt']['text']}")
    elif turn["hints"]:
        hints = turn["hints"]
        told = (hints["category"], hints["initials"], hints["pattern"])
        lines.append(f"提示：{hints['characters']} 个字 " + " ".join(one for one in told if one))
    if turn["answer"]:
        lines.append(f"答案：{turn['answer']}")
    return escape("\n".join(lines))


def _turn(program: MiniProgram, path: str) -> tuple[str, Mapping[str, Any]]:
    turn = program.get(path).get("turn")
    if not turn:
        raise NothingOn("现在没有人在画。")
    return f"{path}/turns/{turn['turn_id']}", turn


def choose_word(program: MiniProgram, path: str, words: list[str]) -> RenderableType:
    """Choose one of the words that are offered, by its number from 1."""
    number = _need(words, "词的编号，如 1")
    if not (number.isascii() and number.isdigit() and int(number) > 0):
        raise NothingOn("请写词的编号，如 1。")
    turn, _ = _turn(program, path)
    chosen = program.post(f"{turn}/choice", {"choice": int(number) - 1})
    return f"要画的词：{escape(chosen['prompt']['text'])}"


def draw(program: MiniProgram, path: str, _: list[str]) -> RenderableType:
    """Draw something: a few strokes, as the stub players do."""
    turn, facts = _turn(program, path)
    ops = [op for op in sketch(Random()) if op["op"] == "draw"]
    at, first = facts["count"], 0
    while first < len(ops):
        some = portion(ops, first)
        batches = [{key: op[key] for key in op if key != "op"} for op in some]
        at = program.post(f"{turn}/strokes", {"at": at, "batches": batches})["count"]
        first += len(some)
    return f"画好了，现在有 {at} 笔"


def guess(program: MiniProgram, path: str, words: list[str]) -> RenderableType:
    """Guess, or talk after a right guess."""
    text = _need(words, "要猜的词")
    turn, _ = _turn(program, path)
    told = program.post(f"{turn}/guesses", {"text": text})
    points = f"第 {told['place']} 个猜中，{told['points']} 分" if told.get("place") else ""
    return f"{VERDICTS.get(told['verdict'], told['verdict'])} {points}".strip()


# --- 投票、建议


def see_polls(program: MiniProgram, path: str, _: list[str]) -> RenderableType:
    """Show the polls with their options, and results that are shown."""
    shown: list[RenderableType] = []
    for item in program.get(path)["items"]:
        poll = program.get(f"{path}/polls/{item['id']}")
        votes = {row["option_id"]: row["votes"] for row in poll["results"].get("rows", ())}
        state = POLL_STATES.get(poll["state"], poll["state"])
        table = Table("编号", "选项", "票数")
        for option in poll["options"]:
            count = votes.get(option["id"])
            table.add_row(
                str(option["number"]), escape(option["title"]), "" if count is None else str(count)
            )
        title = Text(f"{poll['title']}（{state}）", style="bold")
        shown += [title, table, Text(poll["notice"], style="dim")]
    return Group(*shown) if shown else "还没有投票。"


def vote(program: MiniProgram, path: str, words: list[str]) -> RenderableType:
    """Vote in the poll that is open, by the numbers of options; ranked polls take them in order.

    If the poll needs the code on the big screen, it comes last.
    """
    numbers = _need(words, "选项编号，如 1 3").split()
    polls = [item for item in program.get(path)["items"] if item["state"] == "open"]
    if not polls:
        raise NothingOn("现在没有开放的投票。")
    poll = program.get(f"{path}/polls/{polls[0]['id']}")
    options = {str(option["number"]): option for option in poll["options"]}
    ballot: dict[str, Any] = {"receipt": secrets.token_urlsafe(RECEIPT_BYTES)}
    if poll["hall_code"]:
        if len(numbers) < 2 or len(numbers[-1]) != HALL_CODE_LENGTH:
            raise NothingOn("请在选项编号后面再写上大屏幕上的现场码，如 1 123456。")
        ballot["hall_code"] = numbers.pop()
    if not set(numbers) <= options.keys():
        raise NothingOn("没有这个编号的选项。")
    ballot["choice"] = [options[number]["id"] for number in numbers]
    program.post(f"{path}/polls/{poll['id']}/ballots", ballot)
    return escape("已投票：" + "、".join(options[number]["title"] for number in numbers))


def see_suggestions(program: MiniProgram, path: str, _: list[str]) -> RenderableType:
    """Show the suggestions with the most supporters."""
    items = program.get(f"{path}/suggestions", page_size=10)["items"]
    table = Table("编号", "建议", "附议")
    for item in items:
        table.add_row(str(item["id"]), escape(item["text"]), str(item["supports"]))
    return table if items else "还没有建议。"


def suggest(program: MiniProgram, path: str, words: list[str]) -> RenderableType:
    """Propose something."""
    made = program.post(f"{path}/suggestions", {"text": _need(words, "建议的内容")})
    return escape(f"已提交：{made['text']}")


def second(program: MiniProgram, path: str, words: list[str]) -> RenderableType:
    """Support a suggestion, by its number in the list."""
    number = _need(words, "建议的编号")
    program.call("PUT", f"{path}/suggestions/{number}/support")
    return "已附议。"


# --- 关键词、抽奖


def reply(program: MiniProgram, path: str, words: list[str]) -> RenderableType:
    """Reply the word that was announced."""
    told = program.post(f"{path}/replies", {"text": _need(words, "关键词")})
    place = f"第 {told['place']} 名" if told.get("place") else ""
    return f"{OUTCOMES.get(told['outcome'], told['outcome'])} {place}".strip()


def see_raffle(program: MiniProgram, path: str, _: list[str]) -> RenderableType:
    """Show the own place in the pool, and what was won."""
    own = program.get(path)["own"]
    if not own or not (own["entry"] or own["wins"]):
        return "还没有进入奖池。"
    lines = []
    if own["entry"]:
        lines.append(f"第 {own['entry']['draw']} 次抽奖，奖池 {own['entry']['number']} 号")
    for win in own["wins"]:
        state = "已领取" if win["handed_at"] else f"领奖码 {win['code']}"
        lines.append(f"中奖：{win['prize']}，{state}")
    return escape("\n".join(lines))


# The kind and the function of each command.
COMMANDS: dict[str, tuple[str, Command]] = {
    "看比赛": ("contest", see_contest),
    "抢答": ("contest", answer_contest),
    "看摇一摇": ("shake", see_shake),
    "摇": ("shake", shake),
    "看画": ("drawing", see_drawing),
    "选词": ("drawing", choose_word),
    "画": ("drawing", draw),
    "猜": ("drawing", guess),
    "看投票": ("polls", see_polls),
    "投票": ("polls", vote),
    "看建议": ("polls", see_suggestions),
    "提建议": ("polls", suggest),
    "附议": ("polls", second),
    "回复": ("keywords", reply),
    "抽奖": ("raffle", see_raffle),
}
