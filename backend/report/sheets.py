"""The report as Excel: one file with a sheet for each part."""

from collections.abc import Iterable, Iterator

from backend.clock import local_time
from backend.report.attendance import GroupTurnout
from backend.report.service import ActivityPart, EventReport
from backend.sheets.writing import Column, Value, Worksheet

Row = tuple[Value, ...]
SHARE = (Column("参加人数", 10), Column("在册人数", 10), Column("参加率（%）", 12))
PLACE = (Column("名次", 8), Column("姓名", 14), Column("班组", 20), Column("得分", 10))
QUESTION = (
    Column("环节", 18),
    Column("题号", 12),
    Column("主题", 16),
    Column("题目", 50),
    Column("作答", 8),
    Column("答对", 8),
    Column("答对率（%）", 12),
    Column("区分度", 10),
    Column("最多人错选", 30),
    Column("错选人数", 10),
)
OPTION = (
    Column("环节", 18),
    Column("题号", 12),
    Column("题目", 50),
    Column("选项", 8),
    Column("内容", 40),
    Column("正确", 8),
    Column("选的人", 10),
    Column("占比（%）", 10),
)
LESSON = (
    Column("主题", 20),
    Column("班组", 20),
    Column("作答", 10),
    Column("答错", 10),
    Column("答错率（%）", 12),
)
NOTES = (
    "参加人数是有座位、没有被移出的员工；在册人数是花名册上的员工，加上参加以后离开的人。",
    "区分度：1 表示会的人答对、不会的人答错，0 表示看不出，负数表示会的人反而答错，要检查题目和答案。"
    "不到 10 次作答的题没有区分度。",
    "已作废的题目不计；一个环节的场次没有全部结束时，它的题目不列。",
)


def worksheets(report: EventReport, zone: str) -> list[Worksheet]:
    """Return the sheets of a report; moments are local times."""
    titles = {part.activity.id: part.title for part in report.activities}
    return [
        Worksheet("概览", (Column("项目", 30), Column("数值", 20)), _overview(report, zone)),
        Worksheet("个人名次", PLACE, [(p.rank, p.name, p.team, p.points) for p in report.people]),
        Worksheet(
            "班组名次",
            (Column("名次", 8), Column("班组", 24), Column("得分", 10)),
            [(place.rank, place.name, place.points) for place in report.teams],
        ),
        Worksheet("班组参加", (Column("班组", 24), *SHARE), _shares(report.attendance.teams)),
        Worksheet("班次参加", (Column("班次", 16), *SHARE), _shares(report.attendance.shifts)),
        Worksheet(
            "环节",
            (Column("环节", 20), Column("种类", 14), Column("项目", 20), Column("数值", 12)),
            [row for part in report.activities for row in _activity(part)],
        ),
        Worksheet(
            "环节结果",
            (Column("环节", 20), Column("项目", 30), Column("名称", 40), Column("数量", 10)),
            [
                (part.title, tally.title, label, count)
                for part in report.activities
                for tally in part.report.tallies
                for label, count in tally.rows
            ],
        ),
        Worksheet("题目", QUESTION, _questions(report, titles)),
        Worksheet("选项", OPTION, _options(report, titles)),
        Worksheet(
            "接下来教什么",
            LESSON,
            [
                (one.topic, one.team or "全部", one.answers, one.wrong, one.percent)
                for one in (*report.topics, *report.team_topics)
            ],
        ),
        Worksheet(
            "亮点",
            (Column("项目", 16), Column("姓名", 14), Column("班组", 20), Column("说明", 50)),
            [(one.title, one.name, one.team, one.about) for one in report.highlights],
        ),
        Worksheet(
            "获奖名单",
            (Column("环节", 20), Column("奖项", 24), Column("姓名", 14), Column("班组", 24)),
            [
                (part.title, one.prize, one.name, one.team)
                for part in report.activities
                for one in part.report.winners
            ],
        ),
        Worksheet("时间线", (Column("时间", 20), Column("事件", 50)), _landmarks(report, zone)),
        *_comparison(report),
    ]


def _overview(report: EventReport, zone: str) -> Iterator[Row]:
    event, staff = report.event, report.attendance.staff
    yield "活动", event.title
    yield "开始时间", local_time(event.opens_at, zone) if event.opens_at else None
    yield "结束时间", local_time(event.closed_at, zone) if event.closed_at else None
    yield "参加的员工", staff.came
    yield "在册员工", staff.heads
    yield "参加率（%）", staff.percent
    yield "参加的亲友", report.attendance.guests
    yield "得到分的人", sum(place.points > 0 for place in report.people)
    yield "作答", sum(one.answers for one in report.questions)
    yield "答对", sum(one.right for one in report.questions)


def _shares(shares: Iterable[GroupTurnout]) -> list[Row]:
    return [(one.name, one.came, one.heads, one.percent) for one in shares]


def _activity(part: ActivityPart) -> Iterator[Row]:
    for fact in part.report.facts:
        yield part.title, part.kind, fact.label, fact.value
    yield part.title, part.kind, "得到分的人", part.scorers
    yield part.title, part.kind, "发出的分", part.points


def _questions(report: EventReport, titles: dict[int, str]) -> Iterator[Row]:
    for one in report.questions:
        pull = one.pull
        yield (
            *(titles[one.activity_id], one.code, one.topic, one.stem),
            *(one.answers, one.right, one.percent, one.discrimination),
            *((one.words(pull), pull.count) if pull else (None, None)),
        )


def _options(report: EventReport, titles: dict[int, str]) -> Iterator[Row]:
    for one in report.questions:
        for option in one.options:
            yield (
                *(titles[one.activity_id], one.code, one.stem, option.letter, option.text),
                *("是" if option.is_right else "否", option.count, option.percent),
            )


def _landmarks(report: EventReport, zone: str) -> list[Row]:
    return [(local_time(one.at, zone), one.title) for one in report.landmarks]


def _comparison(report: EventReport) -> list[Worksheet]:
    if report.comparison is None:
        return []
    rows = [
        (one.label, one.unit, one.now, one.before, round(one.now - one.before, 1))
        for one in report.comparison.changes
    ]
    columns = (
        Column("项目", 16),
        Column("单位", 8),
        Column("这次", 12),
        Column(f"上次：{report.comparison.event.title}", 30),
        Column("变化", 12),
    )
    return [Worksheet("和上次比", columns, rows)]
