"""States of the kinds that are hard to show: crowds, ties, difficult names, empty lists.

Each is what the stream says about one activity, and the messages that follow.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

Facts = dict[str, Any]
Case = tuple[Facts, list[tuple[str, Facts]]]

# From 2 to 12 characters, with a middle dot, with emoji.
NAMES = (
    "王芳",
    "次仁旺堆",
    "旦增·格桑卓嘎·白玛央金",
    "欧阳雪莲",
    "李伟🎉🎊",
    "扎西达瓦·次仁顿珠",
    "卓玛",
    "阿旺洛桑江白坚赞益西尼玛",
    "司马相如",
    "格桑梅朵",
    "张三丰",
    "德吉·央宗",
    "刘洋",
)
TEAMS = (
    "客服一班",
    "高原综合业务支撑与投诉升级处理专席",
    "夜班二组",
    "藏语服务专席班组",
    None,
)


def moment(seconds: float) -> str:
    """Return a moment so many seconds from now."""
    return (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat()


def person(number: int) -> Facts:
    """Return one of many people: names and teams repeat after a while."""
    name = NAMES[number % len(NAMES)]
    return {"name": name, "team": TEAMS[number % len(TEAMS)]}


def _activity(kind: str, **facts: Any) -> Facts:
    return {"id": 7, "kind": kind, "title": "春季班组技能竞赛", "since": moment(-60), **facts}


# 现场竞赛 -----------------------------------------------------------------------------------------

LONG_OPTIONS = (
    "先安抚客户情绪，再核实停电范围、是否有计划检修公告，最后登记报修工单并承诺回访时限",
    "直接告诉客户正在抢修，请耐心等待",
    "请客户自行查看电表箱空气开关是否跳闸，确认后再决定要不要报修，避免重复派单给抢修班组造成负担",
    "转接班长处理",
)


def _round(**facts: Any) -> Facts:
    question = {
        "kind": "single",
        "topic": "停电报修",
        "stem": "冬季用电高峰，客户来电反映整栋楼停电，坐席应当怎样处理？",
        "options": [
            {"key": key, "text": text} for key, text in zip("ABCD", LONG_OPTIONS, strict=True)
        ],
    }
    return {
        "id": 3,
        "ends_at": moment(12),
        "paused": False,
        "seconds": 20,
        "answered": 38,
        "expected": 65,
        "question": question,
        **facts,
    }


def _contest(phase: str, **facts: Any) -> Facts:
    told = {"position": 4, "rounds": 10, "scoring": "speed", "round": None, "board": None}
    return _activity("contest", phase=phase, **{**told, "playoff": None, **facts})


def _revealed() -> Facts:
    return _round(
        key=["A"],
        right=21,
        explanation="先安抚、再核实、后登记是报修三步法；重复派单由系统自动合并，不必请客户自查表箱。"
        "承诺的回访时限以工单类型为准，最长不超过四十五分钟。",
        distribution={"A": 21, "B": 4, "C": 13, "D": 0},
    )


def _line(number: int, rank: int, points: int, gained: int = 0) -> Facts:
    climbed = (2, 0, -1, None)[number % 4]
    return {
        "id": number,
        "rank": rank,
        **person(number),
        "points": points,
        "gained": gained,
        "climbed": climbed,
    }


def _board(*rows: Facts, more: int = 0) -> Facts:
    return {"frozen": False, "rows": list(rows), "more": more, "out_of_competition": []}


CONTEST: dict[str, Facts] = {
    "contest-lobby": _contest("lobby"),
    "contest-question": _contest("question", round=_round()),
    "contest-reveal": _contest("reveal", round=_revealed()),
    "contest-board": _contest(
        "board",
        board=_board(
            _line(2, 1, 3_820, 940),
            _line(7, 2, 3_700, 1_020),
            _line(1, 2, 3_700, 0),
            _line(4, 4, 3_150, 880),
            _line(5, 5, 2_900, 910),
            more=3,
        ),
    ),
    "contest-podium": _contest(
        "podium", board=_board(_line(2, 1, 9_820), _line(7, 2, 8_700), _line(4, 3, 8_150))
    ),
    "contest-podium-tie": _contest(
        "podium",
        board=_board(
            _line(2, 1, 9_820), _line(7, 1, 9_820), _line(4, 3, 8_150), _line(5, 3, 8_150)
        ),
    ),
    "contest-podium-crowd": _contest(
        "podium", board=_board(*[_line(number, 1, 1_000) for number in range(11)], more=4)
    ),
    "contest-podium-playoff": _contest(
        "podium", board=_board(_line(2, 1, 9_820), _line(7, 2, 9_820), _line(4, 3, 8_150))
    ),
    "contest-podium-empty": _contest("podium", board=_board()),
}

# 摇一摇 -------------------------------------------------------------------------------------------


def _shake(phase: str, mode: str = "race", podium: Facts | None = None, **facts: Any) -> Facts:
    round_ = {
        "id": 5,
        "mode": mode,
        "starts_at": moment(3 if phase == "countdown" else -10),
        "ends_at": moment(20),
        "paused": False,
        "seconds": 30,
        "at_least": 10,
        "winner_count": 5,
        "teams": [],
        **facts,
    }
    return _activity("shake", phase=phase, round=round_, podium=podium)


def _pulse(*lanes: Facts, more: int = 0) -> tuple[str, Facts]:
    told = {"activity_id": 7, "round_id": 5, "left_ms": 18_000, "shakers": 65, "more": more}
    return "shake.pulse", {**told, "lanes": list(lanes)}


def _runner(number: int, count: int) -> Facts:
    return {"player_id": number, **person(number), "count": count}


def _crew(number: int, count: float, members: int) -> Facts:
    name = TEAMS[number % 4] or ""
    label = name if number < 4 else f"{name[:6]}{number}组"
    return {"team_id": number, "name": label, "count": count, "members": members}


def _teams(count: int) -> list[Facts]:
    return [
        {"team_id": one["team_id"], "name": one["name"]}
        for one in (_crew(number, 0, 0) for number in range(count))
    ]


def _shaker(number: int, place: int, count: int) -> Facts:
    row = {"player_id": number, "place": place, "count": count, "value": count, "points": 90}
    return {**row, **person(number)}


SHAKE: dict[str, Case] = {
    "shake-countdown": (_shake("countdown"), []),
    "shake-race": (
        _shake("running"),
        [_pulse(*[_runner(number, 160 - 9 * number) for number in range(8)])],
    ),
    "shake-cash": (
        _shake("running", "cash"),
        [_pulse(*[_runner(number, 160 - 9 * number) for number in range(8)])],
    ),
    "shake-packets": (
        _shake("running", "packets"),
        [_pulse(*[_runner(number, 60 - 3 * number) for number in range(5)])],
    ),
    "shake-nobody": (_shake("running"), [_pulse()]),
    "shake-draw": (
        _shake(
            "podium",
            "draw",
            podium={
                "shakers": 65,
                "rows": [_shaker(number, 1, 90 - number) for number in range(5)],
                "teams": [],
            },
        ),
        [],
    ),
    "shake-tug-two": (
        _shake("running", "tug", teams=_teams(2)),
        [_pulse(_crew(0, 41.5, 12), _crew(1, 38.25, 9))],
    ),
    "shake-tug-many": (
        _shake("running", "tug", teams=_teams(14)),
        [_pulse(*[_crew(number, 60.5 - number * 4, max(0, 12 - number)) for number in range(12)])],
    ),
    "shake-tug-three": (
        _shake("running", "tug", teams=_teams(3)),
        [_pulse(*[_crew(number, 41.5 - number, 12) for number in range(3)])],
    ),
    "shake-tug-thirty": (
        _shake("running", "tug", teams=_teams(30)),
        [_pulse(*[_crew(number, 60 - number, 9) for number in range(12)], more=18)],
    ),
    "shake-podium": (
        _shake(
            "podium",
            podium={
                "shakers": 65,
                "rows": [_shaker(number, number + 1, 200 - number) for number in range(10)],
                "teams": [],
            },
        ),
        [],
    ),
}

# 投票 ---------------------------------------------------------------------------------------------

TITLES = (
    "晨光里的玛尼堆",
    "夜班食堂那一碗热面",
    "布达拉宫下的合影：2024 年新员工报到的第一天，大家都还很紧张",
    "雪后的营业厅",
    "班组春游🌸",
    "师傅",
    "扎西·次仁的第一通投诉电话",
)


def _poll(options: int, pictures: bool = False, **facts: Any) -> Facts:
    listed = [
        {
            "id": number,
            "number": number,
            "title": TITLES[number % len(TITLES)],
            "picture_id": number if pictures else None,
            "direct": number == 2,
        }
        for number in range(1, options + 1)
    ]
    told = {
        "id": 4,
        "title": "“我身边的高原”摄影作品投票",
        "state": "open",
        "display": "bars",
        "method": "single",
        "anonymous": True,
        "guests_allowed": True,
        "persons_known": True,
        "most_choices": 1,
        "option_count": options,
        "places": 1,
        "current_hall_code": None,
        "turnout": {
            "valid": 2615,
            "staff": 1980,
            "guests": 635,
            "refused": 412,
            "refused_by_reason": {"duplicate": 390, "closed": 22},
        },
        "options": listed,
        "results": {"state": "hidden", "final": False, "counted": 0, "tied": [], "rows": []},
    }
    return _activity("polls", phase="open", poll={**told, **facts})


def _tally(options: int, pictures: bool = False, final: bool = True, **facts: Any) -> Facts:
    shown = _poll(options, pictures)["poll"]
    rows = []
    for place, option in enumerate(shown["options"], 1):
        votes = max(0, 700 - place * 55)
        facts_of = {"votes": votes, "share": votes / 26.15, "place": place, "shares_place": False}
        won = {"tied": False, "won": place == 1, "out_in_round": None}
        rows.append({"option_id": option["id"], **option, **facts_of, **won})
    results = {"state": "shown", "final": final, "counted": 2615, "tied": [], "rows": rows}
    return _poll(options, pictures, state="closed", results=results, **facts)


POLLS: dict[str, Facts] = {
    "polls-three": _poll(3),
    "polls-nine": _poll(9),
    "polls-pictures-two": _poll(2, pictures=True),
    "polls-pictures-six": _poll(6, pictures=True),
    "polls-pictures-crowd": _poll(24, pictures=True),
    "polls-none": _poll(0),
    "polls-result-three": _tally(3),
    "polls-result-pictures": _tally(6, pictures=True),
    "polls-result-two": _tally(2, pictures=True),
    "polls-result-race": _tally(10, display="race"),
}

# 回复有效关键词 -----------------------------------------------------------------------------------


def _word(number: int, text: str, state: str, taken: int, places: int, **facts: Any) -> Facts:
    hits = [{"place": place, **person(place)} for place in range(1, min(taken, 60) + 1)]
    told = {"id": number, "text": text, "state": state, "decoy": False, "caught": 0}
    return {
        **told,
        "closes_at": moment(30),
        "seconds": 60,
        "places": places,
        "points": 20,
        "taken": taken,
        "hits": hits,
        **facts,
    }


def _keywords(*words: Facts, phase: str = "open") -> Facts:
    return _activity("keywords", phase=phase, words=list(words), paused=False, hits_per_person=None)


KEYWORDS: dict[str, Facts] = {
    "keywords-one": _keywords(_word(1, "扎西德勒", "open", 9, 20)),
    "keywords-many": _keywords(_word(1, "扎西德勒", "gone", 60, 60)),
    "keywords-two": _keywords(
        _word(1, "扎西德勒", "gone", 20, 20), _word(2, "高原电力十周年生日快乐", "open", 5, 20)
    ),
    "keywords-three": _keywords(
        _word(1, "扎西德勒", "gone", 20, 20),
        _word(2, "美多", "open", 5, 20),
        _word(3, "幌子词", "over", 0, 20, decoy=True, caught=12),
    ),
    "keywords-four": _keywords(
        *[_word(number, "扎西德勒", "open", number * 3, 20) for number in range(4)]
    ),
    "keywords-five": _keywords(
        *[
            _word(number, "高原电力十周年"[: 2 + number], "open", 12 + number, 20)
            for number in range(5)
        ]
    ),
    "keywords-eight": _keywords(
        *[_word(number, "扎西德勒", "gone", 20, 20) for number in range(7)],
        _word(8, "美多", "open", 60, 60),
    ),
    "keywords-none": _keywords(_word(1, "扎西德勒", "over", 0, 20), phase="over"),
}

# 抽奖 ---------------------------------------------------------------------------------------------


def _winner(number: int) -> Facts:
    told = {"number": str(100 + number), "status": "won", "drawn_at": moment(-120)}
    return {**told, **person(number), "digits": "017" if number == 1 else None}


def _draw(won: int, **facts: Any) -> Facts:
    told = {
        "id": 2,
        "number": 3,
        "state": "drawn",
        "prize": "二等奖：高原户外保温壶",
        "who": "今晚在场的员工",
        "pool_size": 65,
        "count": won,
        "only_candidate": False,
        "word": "扎西德勒",
        "commitment": "3f9a" * 16,
        "seed": None,
        "rolling": list(NAMES),
        "winners": [_winner(number) for number in range(won)],
        **facts,
    }
    return _activity("raffle", phase=told["state"], calls=[], draw=told, prizes=[])


def _honours(*counts: int) -> Facts:
    titles = (
        "一等奖：双人林芝三日游",
        "二等奖：高原户外保温壶",
        "三等奖：牛肉干礼包",
        "阳光普照奖",
    )
    prizes = [
        {"title": title, "winners": [_winner(number) for number in range(count)]}
        for title, count in zip(titles, counts, strict=False)
    ]
    return _activity("raffle", phase="winners", calls=[], draw=None, prizes=prizes)


RAFFLE: dict[str, Facts] = {
    "raffle-locked": _draw(5, state="committed", winners=[]),
    "raffle-one": _draw(1),
    "raffle-five": _draw(5),
    "raffle-seven": _draw(7),
    "raffle-seventeen": _draw(17),
    "raffle-thirty": _draw(30),
    "raffle-winners": _honours(1, 3, 8, 20),
    "raffle-winners-few": _honours(1),
    "raffle-winners-none": _honours(),
}

# 你画我猜 -----------------------------------------------------------------------------------------


def _room(number: int, over: bool = False) -> Facts:
    turn = None if over else {"drawer": person(number), "guessed": number % 4, "phase": "drawing"}
    return {"room": number, "players": 6, "over": over, "turn": turn}


def _drawing(**facts: Any) -> Facts:
    told = {"phase": "playing", "mode": "rooms", "draw_seconds": 80, "drawings": 0, "pinned": None}
    return _activity("drawing", **{**told, **facts})


def _turn(phase: str, guessed: int, **facts: Any) -> Facts:
    told = {
        "turn_id": 9,
        "number": 3,
        "phase": phase,
        "drawer": person(2),
        "left_ms": 42_000,
        "ending": None,
        "hints": {"characters": 3, "category": "高原动物", "initials": "z__", "pattern": "藏__"},
        "answer": None,
        "category": None,
        "guessed": [
            {"place": place, "name": person(place)["name"], "points": 100 - place * 5}
            for place in range(1, guessed + 1)
        ],
        "ops": [
            {
                "op": "draw",
                "stroke": 1,
                "colour": 0,
                "width": 2,
                "points": [200, 300, 300, -100, 200, 250],
            }
        ],
    }
    return {**told, **facts}


_SAID = [
    ("drawing.said", {"activity_id": 7, **person(number), "text": "是不是一头牦牛在雪山上吃草"})
    for number in range(6)
]

DRAWING: dict[str, Case] = {
    "drawing-rooms-few": (_drawing(rooms=[_room(number) for number in range(1, 5)]), []),
    "drawing-rooms-one": (_drawing(rooms=[_room(1)]), []),
    "drawing-rooms-seventeen": (_drawing(rooms=[_room(number) for number in range(1, 18)]), []),
    "drawing-rooms-twelve": (_drawing(rooms=[_room(number) for number in range(1, 13)]), []),
    "drawing-rooms-many": (_drawing(rooms=[_room(number) for number in range(1, 27)]), []),
    "drawing-rooms-none": (_drawing(rooms=[]), []),
    "drawing-turn": (_drawing(mode="hall", turns=8, turn=_turn("drawing", 9)), _SAID),
    "drawing-over": (
        _drawing(
            mode="hall",
            turns=8,
            turn=_turn("over", 9, answer="藏羚羊", category="高原动物", ending="time"),
        ),
        _SAID,
    ),
}

ALL: dict[str, Case] = {
    **{name: (facts, []) for name, facts in CONTEST.items()},
    **SHAKE,
    **{name: (facts, []) for name, facts in POLLS.items()},
    **{name: (facts, []) for name, facts in KEYWORDS.items()},
    **{name: (facts, []) for name, facts in RAFFLE.items()},
    **DRAWING,
}
CASES = {
    name: case
    for name, case in ALL.items()
    if name.startswith(("contest", "shake", "polls", "keywords", "raffle", "drawing"))
}
