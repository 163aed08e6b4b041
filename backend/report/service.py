"""Puts the report of an event together."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from backend.events.kinds import Kinds
from backend.events.models import Activity, Event, EventTeam, Player
from backend.events.reporting import ActivityReport, Landmark
from backend.offload.steps import in_steps
from backend.questions.models import Question
from backend.questions.teaching import ENOUGH
from backend.report import answers, earlier
from backend.report.answers import QuestionFigures
from backend.report.attendance import Turnout, attendance, who_came
from backend.report.course import Course, course, in_force
from backend.report.highlights import Highlight, RankedPlayer, highlights, keenest
from backend.report.mementos import Mementos, mementos
from backend.scoring import ledger
from backend.scoring.boards import expected_boards
from backend.scoring.corrections import REKEY
from backend.scoring.ledger import EVENT_BOARD, Entry
from backend.scoring.models import Correction, Standing
from backend.scoring.ranking import places, unpack_points, unpack_team


@dataclass(frozen=True)
class ReportPlace:
    """A place on a board: of a player, or of a team if `player_id` is None."""

    rank: int
    name: str
    team: str | None
    points: float
    player_id: int | None = None


@dataclass(frozen=True)
class ActivityPart:
    """An activity with the report of its kind, and its points in the ledger."""

    activity: Activity
    title: str
    kind: str
    report: ActivityReport
    points: int
    scorers: int
    questions: list[QuestionFigures]


@dataclass(frozen=True)
class WeakTopic:
    """How often everybody, or a team, answered a topic wrong."""

    topic: str
    team: str | None
    answers: int
    wrong: int

    @property
    def percent(self) -> float:
        """The share of wrong answers in percent."""
        return round(100 * self.wrong / self.answers, 1)


@dataclass(frozen=True)
class FigureThenAndNow:
    """A figure of this event and of the last one."""

    label: str
    unit: str
    now: float
    before: float


@dataclass(frozen=True)
class Comparison:
    """The last event of the same template for comparison; `again` is how many people came to both."""

    event: Event
    changes: list[FigureThenAndNow]
    again: int


@dataclass(frozen=True)
class EventReport:
    """Everything that the report contains.

    Names are unmasked. `public` says whether the order may be told: the event is over and its
    boards are not frozen.
    """

    event: Event
    public: bool
    attendance: Turnout
    people: list[ReportPlace]
    teams: list[ReportPlace]
    activities: list[ActivityPart]
    topics: list[WeakTopic]
    team_topics: list[WeakTopic]
    sealed: int
    course: Course
    seats: Mapping[int, RankedPlayer]
    highlights: list[Highlight]
    comparison: Comparison | None
    mementos: Mementos

    @property
    def questions(self) -> list[QuestionFigures]:
        """The questions of all activities, those with the fewest right answers first."""
        found = [one for part in self.activities for one in part.questions]
        return sorted(found, key=lambda one: (one.percent, -one.answers, one.question_id))

    @property
    def landmarks(self) -> list[Landmark]:
        """The moments of the event and of its activities in their order."""
        own = (
            (self.event.opens_at, "活动开始"),
            (self.event.frozen_at, "封榜"),
            (self.event.closed_at, "活动结束"),
        )
        found = [Landmark(at, title) for at, title in own if at is not None]
        found += [one for part in self.activities for one in part.report.landmarks]
        return sorted(found, key=lambda one: one.at)


@dataclass(frozen=True)
class _Rows:
    """The rows of an event from which its report, or the comparison of another report, is computed."""

    event: Event
    players: list[Player]
    came: set[int]
    ranks: dict[int, int]
    points: dict[int, int]
    team_scores: dict[int, int]
    reports: list[tuple[Activity, ActivityReport]]


def report_of(event: Event, kinds: Kinds, now: int) -> EventReport:
    """Return the report of an event as it is now, for its hosts."""
    rows = _read(event, kinds, now)
    entries = in_force(ledger.entries_of(event.id))
    seats = {
        one.id: RankedPlayer(one.id, one.staff_id, one.name, one.team_name) for one in rows.players
    }
    joined = {
        one.id: one.joined_at
        for one in rows.players
        if one.staff_id is not None and one.id in rows.came
    }
    opened = event.opens_at or event.began_at
    began = course(entries, joined, event.began_at, rows.ranks, opened)
    questions = _questions(rows.reports)
    keys = _keys(event)
    parts = [
        _part(
            activity,
            kinds[activity.kind].title.zh,
            report,
            [
                one
                for one in entries
                if one.activity_id == activity.id and one.player_id in rows.ranks
            ],
            answers.figures(activity.id, report.answers or (), questions, keys),
        )
        for activity, report in in_steps(rows.reports, 1)
    ]
    last = earlier.last_of_template(event, now)
    before = _read(last, kinds, now) if last else None
    came = attendance(rows.players, rows.came)
    titles = {activity.id: activity.title for activity, _ in rows.reports}
    lines = highlights(
        seats, rows.ranks, began, titles, _ranks_of_staff(before), earlier.veterans(event)
    )
    keen = keenest(came)
    return EventReport(
        event=event,
        public=earlier.is_public(event, now),
        attendance=came,
        people=[
            ReportPlace(rank, seats[one].name, seats[one].team, rows.points[one], one)
            for one, rank in rows.ranks.items()
        ],
        teams=_team_places(event, rows.team_scores),
        activities=parts,
        topics=_lessons(rows.reports, questions, {}),
        team_topics=_lessons(rows.reports, questions, seats),
        sealed=sum(report.answers is None for _, report in rows.reports),
        course=began,
        seats=seats,
        highlights=[*lines, *([keen] if keen else [])],
        comparison=_comparison(rows, before) if before else None,
        mementos=mementos(event),
    )


def _read(event: Event, kinds: Kinds, now: int) -> _Rows:
    seated = Player.select().where(Player.event == event, Player.status == "active")
    players = list(in_steps(seated))
    totals = ledger.totals_of(Standing, Standing.event == event, Standing.board == EVENT_BOARD)
    packed = expected_boards(event, totals)
    # Players who joined after `players` was read are left out.
    known = {one.id for one in players}
    board = packed.get(f"players:{EVENT_BOARD}", {})
    people = {player: score for player, score in board.items() if player in known}
    activities = event.activities.order_by(Activity.position, Activity.id)
    return _Rows(
        event=event,
        players=players,
        came=who_came(event) & known,
        ranks=places(people),
        points={player: unpack_points(score) for player, score in people.items()},
        team_scores=packed.get(f"teams:{EVENT_BOARD}", {}),
        reports=[
            (one, _of_players(kinds[one.kind].report(one, now), known))
            for one in in_steps(activities, 1)
        ],
    )


def _of_players(report: ActivityReport, players: Collection[int]) -> ActivityReport:
    """Return the report of an activity without answers of players who were removed from the event."""
    if not report.answers:
        return report
    return replace(report, answers=[one for one in report.answers if one.player_id in players])


def _ranks_of_staff(rows: _Rows | None) -> dict[int, int]:
    if rows is None:
        return {}
    staff = {one.id: one.staff_id for one in rows.players}
    found = {staff[player]: rank for player, rank in rows.ranks.items()}
    return {staff_id: rank for staff_id, rank in found.items() if staff_id is not None}


def _team_places(event: Event, scores: Mapping[int, int]) -> list[ReportPlace]:
    names = {one.team_id: one.name for one in EventTeam.select().where(EventTeam.event == event)}
    return [
        ReportPlace(rank, names[team_id], None, unpack_team(scores[team_id]))
        for team_id, rank in places(scores).items()
    ]


def _questions(reports: Iterable[tuple[Activity, ActivityReport]]) -> dict[int, Question]:
    ids = {answer.question_id for _, report in reports for answer in report.answers or ()}
    return {one.id: one for one in Question.select().where(Question.id.in_(list(ids)))}


def _keys(event: Event) -> dict[int, Sequence[str]]:
    """Return the keys that hosts gave questions in an event."""
    rows = Correction.select(Correction.question_id, Correction.key).where(
        Correction.event == event, Correction.action == REKEY
    )
    return dict(rows.order_by(Correction.id).tuples())


def _part(
    activity: Activity,
    kind: str,
    report: ActivityReport,
    earned: Sequence[Entry],
    questions: list[QuestionFigures],
) -> ActivityPart:
    return ActivityPart(
        activity=activity,
        title=activity.title,
        kind=kind,
        report=report,
        points=sum(one.points for one in earned),
        scorers=len({one.player_id for one in earned if one.points > 0}),
        questions=questions,
    )


def _lessons(
    reports: Iterable[tuple[Activity, ActivityReport]],
    questions: Mapping[int, Question],
    seats: Mapping[int, RankedPlayer],
) -> list[WeakTopic]:
    """Return topics by the share of wrong answers, also by team if there are seats.

    Groups with few answers are left out.
    """
    counts: dict[tuple[str, str | None], list[int]] = defaultdict(lambda: [0, 0])
    given = (answer for _, report in reports for answer in report.answers or ())
    for answer in in_steps(given, answers.STEP):
        seat = seats.get(answer.player_id)
        if answer.question_id not in questions or (seats and (seat is None or seat.team is None)):
            continue
        count = counts[questions[answer.question_id].topic, seat.team if seat else None]
        count[0] += 1
        count[1] += not answer.correct
    found = [
        WeakTopic(topic, team, total, wrong)
        for (topic, team), (total, wrong) in counts.items()
        if total >= ENOUGH
    ]
    return sorted(found, key=lambda one: (-one.percent, -one.answers, one.topic, one.team or ""))


def _comparison(rows: _Rows, before: _Rows) -> Comparison:
    labels = (
        ("参加的员工", "人"),
        ("参加的亲友", "人"),
        ("得到分的人", "人"),
        ("人均得分", "分"),
        ("作答", "次"),
        ("答对率", "%"),
    )
    pairs = zip(labels, _key_figures(rows), _key_figures(before), strict=True)
    return Comparison(
        event=before.event,
        changes=[FigureThenAndNow(label, unit, now, then) for (label, unit), now, then in pairs],
        again=len(_staff(rows) & _staff(before)),
    )


def _staff(rows: _Rows) -> set[int]:
    """Return the staff who came."""
    return {
        one.staff_id for one in rows.players if one.staff_id is not None and one.id in rows.came
    }


def _key_figures(rows: _Rows) -> tuple[float, ...]:
    staff = len(_staff(rows))
    given = [answer for _, report in rows.reports for answer in report.answers or ()]
    right = sum(answer.correct for answer in given)
    return (
        staff,
        len(rows.came) - staff,
        sum(points > 0 for points in rows.points.values()),
        round(sum(rows.points.values()) / staff, 1) if staff else 0.0,
        len(given),
        round(100 * right / len(given), 1) if given else 0.0,
    )
