"""Every figure of the report, computed again by a plain statement."""

import math
from collections import defaultdict
from typing import Any

import pytest

from backend.activities import KINDS
from backend.events.models import Event
from backend.report.answers import LEAST_ANSWERS, QuestionFigures
from backend.report.service import EventReport, report_of
from tests.report.conftest import Written
from tests.support import FakeClock

# Every counted answer to a question that is not void: question, activity, player, letters, right.
ANSWERS = """
SELECT a.question_id AS question, a.activity_id AS activity, a.player_id AS player,
       a.choice AS choice, CASE WHEN a.correct THEN 1 ELSE 0 END AS correct
FROM answer a JOIN player p ON p.id = a.player_id WHERE p.event_id = :event AND p.status = 'active' AND a.question_id NOT IN
     (SELECT question_id FROM correction WHERE event_id = :event AND action = 'void')
UNION ALL
SELECT r.question_id, r.activity_id, a.player_id, a.choice, CASE WHEN a.correct THEN 1 ELSE 0 END
FROM contest_answer a JOIN contest_round r ON r.id = a.round_id
JOIN player p ON p.id = a.player_id
WHERE p.event_id = :event AND p.status = 'active' AND r.question_id NOT IN
      (SELECT question_id FROM correction WHERE event_id = :event AND action = 'void')
"""
# The unreversed ledger entries of the players on the board.
IN_FORCE = """
SELECT e.player_id AS player, e.activity_id AS activity, e.points AS points, e.earned_at AS at,
       e.id AS id, e.day AS day
FROM score_entry e JOIN player p ON p.id = e.player_id
WHERE e.event_id = :event AND p.status = 'active' AND e.reverses_id IS NULL
  AND NOT EXISTS (SELECT 1 FROM score_entry r WHERE r.reverses_id = e.id)
"""


@pytest.fixture
def report(written: Written, clock: FakeClock) -> EventReport:
    """Return the report of an evening with a removed player and a void question of the contest."""
    path = f"/events/{written.id}"
    (kicked,) = written.rows("SELECT MAX(id) FROM player WHERE event_id = :event")[0]
    written.host.ok("PUT", f"{path}/players/{kicked}", {"status": "kicked"})
    question = written.one(
        "SELECT MIN(r.question_id) FROM contest_round r JOIN activity a ON a.id = r.activity_id"
        " WHERE a.event_id = :event"
    )
    ruling = {"question_id": question, "action": "void", "reason": "题目有误"}
    assert written.host.ok("POST", f"{path}/corrections", ruling)["rescored"] > 0
    return report_of(Event.get_by_id(written.id), KINDS, clock.now())


def test_every_figure_is_that_of_a_recount(written: Written, report: EventReport) -> None:
    _recount_people(written, report)
    _recount_boards(written, report)
    _recount_activities(written, report)
    _recount_questions(written, report)
    _recount_lessons(written, report)
    _recount_course(written, report)
    _recount_highlights(written, report)
    _recount_winners(written, report)
    _recount_comparison(written, report)


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_last_event_is_compared_once_everybody_may_know_its_order(
    written: Written, clock: FakeClock
) -> None:
    """Its hosts may be others."""
    closed = {"state": "closed", "frozen_at": None, "closes_at": None}
    for facts in (closed, {**closed, "state": "open"}, {**closed, "frozen_at": clock.now()}):
        Event.update(facts).where(Event.id == written.earlier).execute()
        report = report_of(Event.get_by_id(written.id), KINDS, clock.now())
        assert (report.comparison is not None) == (facts == closed)
        improved = [one for one in report.highlights if one.title == "进步最大"]
        assert bool(improved) == (facts == closed)


def _recount_people(written: Written, report: EventReport) -> None:
    came = (
        "p.event_id = :event AND p.status = 'active' AND p.staff_id IS NOT NULL AND (p.came_at IS"
        " NOT NULL OR EXISTS (SELECT 1 FROM score_entry l WHERE l.player_id = p.id))"
    )
    staff = report.attendance.staff
    assert staff.came == written.one(f"SELECT COUNT(*) FROM player p WHERE {came}") > 20
    assert staff.heads == written.one("SELECT COUNT(*) FROM staff WHERE active")
    for name, shares in (
        ("team_name", report.attendance.teams),
        ("shift", report.attendance.shifts),
    ):
        there = dict(
            written.rows(f"SELECT p.{name}, COUNT(*) FROM player p WHERE {came} GROUP BY p.{name}")
        )
        assert {one.name: one.came for one in shares if one.came} == there
    heads = written.rows(
        "SELECT t.name, COUNT(*) FROM staff s JOIN team t ON t.id = s.team_id"
        " WHERE s.active GROUP BY t.name"
    )
    assert {one.name: one.heads for one in report.attendance.teams} == dict(heads)


def _recount_boards(written: Written, report: EventReport) -> None:
    totals = dict(written.rows(f"SELECT player, SUM(points) FROM ({IN_FORCE}) f GROUP BY player"))
    assert {one.player_id: one.points for one in report.people} == totals
    for one in report.people:
        above = written.one(
            f"SELECT COUNT(*) FROM (SELECT SUM(points) AS s FROM ({IN_FORCE}) f GROUP BY player) t"
            " WHERE s > ?",
            one.points,
        )
        ties = sum(points == one.points for points in totals.values())
        assert above < one.rank <= above + ties
    best = report.teams[0]
    five = written.rows(
        f"SELECT SUM(f.points) AS s FROM ({IN_FORCE}) f JOIN player p ON p.id = f.player"
        " WHERE p.team_name = ? GROUP BY f.player ORDER BY s DESC LIMIT 5",
        best.name,
    )
    assert best.points == pytest.approx(sum(points for (points,) in five) / 5)


def _recount_activities(written: Written, report: EventReport) -> None:
    rows = written.rows(
        f"SELECT activity, SUM(points), COUNT(DISTINCT CASE WHEN points > 0 THEN player END)"
        f" FROM ({IN_FORCE}) f GROUP BY activity"
    )
    counted = {activity: (points, scorers) for activity, points, scorers in rows}
    for part in report.activities:
        assert (part.points, part.scorers) == counted.get(part.activity.id, (0, 0))
    facts = {
        (part.activity.kind, fact.label): fact.value
        for part in report.activities
        for fact in part.report.facts
    }
    of_event = "WHERE a.event_id = :event"
    statements = {
        ("hunt", "挖宝次数"): "dig x JOIN activity a ON a.id = x.activity_id",
        ("hunt", "作答"): "dig x JOIN answer y ON y.dig_id = x.id AND NOT x.voided"
        " JOIN activity a ON a.id = x.activity_id",
        ("hunt", "挖到的宝物"): "treasure_claim c JOIN treasure x ON x.id = c.treasure_id"
        " JOIN activity a ON a.id = x.activity_id",
        ("contest", "题目"): "contest_round x JOIN activity a ON a.id = x.activity_id",
        ("shake", "轮次"): "shake_round x JOIN activity a ON a.id = x.activity_id",
        ("drawing", "画作"): "drawing_turn x JOIN activity a ON a.id = x.activity_id",
        ("drawing", "猜中"): "drawing_guess g JOIN drawing_turn x ON x.id = g.turn_id"
        " JOIN activity a ON a.id = x.activity_id",
        ("polls", "有效票"): "poll_ballot b JOIN poll x ON x.id = b.poll_id"
        " JOIN activity a ON a.id = x.activity_id",
        ("keywords", "抢中"): "keyword_hit x JOIN activity a ON a.id = x.activity_id",
        ("raffle", "送出的奖品"): "raffle_pick x JOIN activity a ON a.id = x.activity_id",
    }
    for key, tables in statements.items():
        assert facts[key] == written.one(f"SELECT COUNT(*) FROM {tables} {of_event}") > 0, key
    shakes = written.one(
        "SELECT SUM(s.count) FROM shake_result s JOIN player p ON p.id = s.player_id"
        " WHERE p.event_id = :event"
    )
    assert facts["shake", "一共摇了"] == shakes
    (poll,) = [one for part in report.activities if part.activity.kind == "polls"
               for one in part.report.tallies]  # fmt: skip
    for title, votes in poll.rows:
        assert votes == written.one(
            "SELECT COUNT(*) FROM poll_ballot b JOIN poll_option o ON o.poll_id = b.poll_id"
            " WHERE o.title = ? AND b.choice = '[' || o.id || ']' AND o.poll_id IN (SELECT p.id"
            " FROM poll p JOIN activity a ON a.id = p.activity_id WHERE a.event_id = :event)",
            title,
        )


def _recount_questions(written: Written, report: EventReport) -> None:
    rows = written.rows(
        f"SELECT question, activity, COUNT(*), SUM(correct) FROM ({ANSWERS}) g"
        " GROUP BY question, activity"
    )
    counted = {(question, activity): (total, right) for question, activity, total, right in rows}
    assert {
        (one.question_id, one.activity_id): (one.answers, one.right) for one in report.questions
    } == counted
    told = 0
    for one in report.questions:
        assert one.percent == round(100 * one.right / one.answers, 1)
        for option in one.options:
            assert option.count == written.one(
                f"SELECT COUNT(*) FROM ({ANSWERS}) g WHERE question = ? AND activity = ?"
                " AND ',' || choice || ',' LIKE ?",
                *(one.question_id, one.activity_id, f"%,{option.letter},%"),
            )
        assert one.discrimination == _discrimination(written, one)
        told += one.discrimination is not None
    assert told > 5


def _discrimination(written: Written, one: QuestionFigures) -> float | None:
    """Return the correlation of a right answer with the share of right ones among the others."""
    ((n, x, y, yy, xy),) = written.rows(
        f"""
        WITH given AS ({ANSWERS}), pairs AS (
            SELECT g.correct * 1.0 AS x, (SELECT AVG(o.correct * 1.0) FROM given o
                WHERE o.player = g.player AND o.activity = g.activity
                  AND o.question <> g.question) AS y
            FROM given g WHERE g.question = ? AND g.activity = ?)
        SELECT COUNT(y), SUM(x), SUM(y), SUM(y * y), SUM(x * y) FROM pairs WHERE y IS NOT NULL
        """,
        *(one.question_id, one.activity_id),
    )
    if n < LEAST_ANSWERS:
        return None
    n, x, y, yy, xy = (float(value) for value in (n, x, y, yy, xy))
    spread = (n * x - x * x) * (n * yy - y * y)
    return round((n * xy - x * y) / math.sqrt(spread), 2) if spread > 1e-9 else None


def _recount_lessons(written: Written, report: EventReport) -> None:
    topics = written.rows(
        f"SELECT q.topic, COUNT(*), SUM(1 - g.correct) FROM ({ANSWERS}) g"
        " JOIN question q ON q.id = g.question GROUP BY q.topic HAVING COUNT(*) >= 5"
    )
    assert sorted((one.topic, one.answers, one.wrong) for one in report.topics) == sorted(topics)
    teams = written.rows(
        f"SELECT q.topic, p.team_name, COUNT(*), SUM(1 - g.correct) FROM ({ANSWERS}) g"
        " JOIN question q ON q.id = g.question JOIN player p ON p.id = g.player"
        " WHERE p.status = 'active' GROUP BY q.topic, p.team_name HAVING COUNT(*) >= 5"
    )
    found = [(one.topic, one.team, one.answers, one.wrong) for one in report.team_topics]
    assert sorted(found) == sorted(teams)
    shares = [one.percent for one in report.topics]
    assert shares == sorted(shares, reverse=True)


def _recount_course(written: Written, report: EventReport) -> None:
    course = report.course
    ends = written.rows(f"SELECT activity, MAX(at) FROM ({IN_FORCE}) f GROUP BY activity")
    assert sorted((stage.activity_id, stage.at) for stage in course.stages) == sorted(ends)
    for stage, ranks in zip(course.stages, course.ranks, strict=True):
        points = defaultdict(int, written.rows(
            f"SELECT player, SUM(points) FROM ({IN_FORCE}) f WHERE at <= ? GROUP BY player",
            stage.at,
        ))  # fmt: skip
        for player, rank in ranks.items():
            above = sum(points[other] > points[player] for other in ranks)
            ties = sum(points[other] == points[player] for other in ranks)
            assert above < rank <= above + ties
    assert course.ranks[-1] == {one.player_id: one.rank for one in report.people}
    assert sum(span.points for span in course.spans) == sum(one.points for one in report.people)
    assert sum(span.joined for span in course.spans) == len(report.seats)


def _recount_highlights(written: Written, report: EventReport) -> None:
    lines: dict[str, list[Any]] = defaultdict(list)
    for line in report.highlights:
        lines[line.title].append(line)
    first = written.rows(
        f"SELECT activity, player FROM ({IN_FORCE}) f WHERE points > 0 AND NOT EXISTS (SELECT 1 FROM"
        f" ({IN_FORCE}) g WHERE g.activity = f.activity AND g.points > 0 AND (g.at < f.at OR"
        " (g.at = f.at AND g.id < f.id)))"
    )
    assert sorted(one.player_id for one in lines["率先得分"]) == sorted(p for _, p in first)
    final = {one.player_id: one.rank for one in report.people}
    rises = [ranks[player] - final[player] for ranks in report.course.ranks for player in ranks]
    climb = report.course.climb
    assert climb is not None
    assert climb.before - climb.after == max(rises) > 0
    assert [one.player_id for one in lines["最大逆袭"]] == [climb.player_id]
    before = "SELECT staff_id FROM player WHERE event_id = ? AND status = 'active'"
    new = written.rows(
        "SELECT id FROM player WHERE event_id = :event AND status = 'active'"
        f" AND staff_id NOT IN ({before})",
        written.earlier,
    )
    best = min((final[player], player) for (player,) in new)
    assert [one.player_id for one in lines["最佳新人"]] == [best[1]]
    keen = report.attendance.teams[0]
    assert f"{keen.heads} 人来了 {keen.came} 人" in lines["最齐的班组"][0].about


def _recount_winners(written: Written, report: EventReport) -> None:
    rows = written.rows(
        "SELECT z.title, e.name, e.team_name FROM raffle_pick k"
        " JOIN raffle_prize z ON z.id = k.prize_id JOIN raffle_entry e ON e.id = k.entry_id"
        " WHERE k.event_id = :event AND k.status = 'won'"
    )
    (raffle,) = [part.report for part in report.activities if part.activity.kind == "raffle"]
    found = [(one.prize, one.name, one.team) for one in raffle.winners]
    assert sorted(found) == sorted(rows)
    (drawing,) = [part.report for part in report.activities if part.activity.kind == "drawing"]
    votes = dict(
        written.rows(
            "SELECT v.turn_id, COUNT(*) FROM drawing_vote v JOIN activity a ON a.id = v.activity_id"
            " WHERE a.event_id = :event GROUP BY v.turn_id"
        )
    )
    assert {one.key: one.votes for one in drawing.exhibits if one.votes} == votes


def _recount_comparison(written: Written, report: EventReport) -> None:
    comparison = report.comparison
    assert comparison is not None
    assert comparison.event.id == written.earlier
    active = "SELECT {} FROM player WHERE event_id = ? AND status = 'active'"
    came = [
        written.one(active.format("COUNT(*)"), event) for event in (written.id, written.earlier)
    ]
    changes = {one.label: one for one in comparison.changes}
    assert [changes["参加的员工"].now, changes["参加的员工"].before] == came
    both = written.one(
        f"SELECT COUNT(*) FROM player WHERE event_id = :event AND status = 'active'"
        f" AND staff_id IN ({active.format('staff_id')})",
        written.earlier,
    )
    assert comparison.again == both
    total, right = written.rows(f"SELECT COUNT(*), SUM(correct) FROM ({ANSWERS}) g")[0]
    assert changes["作答"].now == total
    assert changes["答对率"].now == round(100 * right / total, 1)
    points = sum(one.points for one in report.people)
    assert changes["人均得分"].now == round(points / came[0], 1)
    staff = active.format("staff_id")
    improved = [one for one in report.highlights if one.title == "进步最大"]
    assert all(
        written.one(f"SELECT COUNT(*) FROM player WHERE id = ? AND staff_id IN ({staff})",
                    one.player_id, written.earlier)
        for one in improved
    )  # fmt: skip
