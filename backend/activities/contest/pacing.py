"""Actions on a contest by a host or by time: begin, next, reveal, board, podium, playoff."""

import random
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import peewee

from backend.activities.contest import errors, rules
from backend.activities.contest.models import Contest, ContestAnswer, ContestRound
from backend.activities.contest.rules import ContestPosition, Timing
from backend.errors import Invalid, Sentence
from backend.events import lifecycle
from backend.events.models import Activity, Event, Player
from backend.identity import audit
from backend.live.feed import Feed
from backend.questions import marking, supply
from backend.questions.models import Question
from backend.scoring import corrections
from backend.scoring.ledger import Award, Total
from backend.scoring.scorekeeper import Scorekeeper, scorer_of

_NO_QUESTION = Sentence("题库里没有可用的题目。", "The banks have no usable question.")
_NO_UNUSED_QUESTION = Sentence(
    "题库里没有没用过的题目了。", "The banks have no unused question left."
)

ANSWERS_AT_ONCE = 400

_JUDGED_SQL = """
UPDATE contest_answer SET correct = (v.column2 = 1), points = v.column3, streak = v.column4
FROM (VALUES {rows}) AS v WHERE contest_answer.id = v.column1
"""


@dataclass(frozen=True)
class JudgedAnswer:
    """An answer and what it earned."""

    answer: ContestAnswer
    correct: bool
    points: int
    streak: int


class Pacing:
    """Moves contests on. Build one per process."""

    def __init__(self, scores: Scorekeeper, feed: Feed) -> None:
        self._scores = scores
        self._database = scores.database
        self._feed = feed

    def act(
        self,
        activity: Activity,
        action: str,
        now: int,
        *,
        position: int | None = None,
        auto: bool | None = None,
        actor_id: int | None = None,
    ) -> None:
        """Apply an action of a host, who is `actor_id`; a repeat changes nothing.

        `position` is the round that the host means by `next`, `reveal` and `board`; another round
        than the one that can follow is `WrongPhase`. Raises `WrongPhase`, `NobodyTied`, `Invalid` (no questions), or what `lifecycle.require_playing`
        raises for `begin` and `next`.
        """
        event = activity.event
        if action in ("begin", "next", "playoff"):
            lifecycle.require_playing(event, now)
        moved: list[tuple[Player, list[Total]]] = []
        with self._database.write():
            self._database.claim(activity.id)
            contest = contest_of(activity)
            before = (contest.phase, contest.position)
            if action == "playoff":
                self._play_off(activity, contest, now)
            elif self._go(activity, contest, action, position, auto, now) and action == "reveal":
                moved = self._score(activity, contest, now)
            after = (contest.phase, contest.position)
            if actor_id is not None and after != before:
                _note(activity, actor_id, action, before, after, now)
        self._scores.show_all(
            event.id, [(scorer_of(player, event.began_at), totals) for player, totals in moved]
        )
        self._feed.publish(event.id, "activity")

    def advance(self, activity: Activity, now: int) -> None:
        """Apply the action that is due in a contest that runs by itself; a repeat changes nothing."""
        contest = contest_of(activity)
        event = activity.event
        if not contest.auto or lifecycle.is_paused(event):
            return
        if lifecycle.state(event, now) != lifecycle.OPEN:
            return
        current = round_at(activity.id, contest.position)
        since_ms = lifecycle.played_ms(event.pauses, contest.phase_at, now)
        where = ContestPosition(contest.phase, contest.position)
        action = rules.due(
            where, since_ms, current.seconds if current else 0, count(activity.id), timing(activity)
        )
        if action:
            position = contest.position + 1 if action == "next" else contest.position
            self.act(activity, action, now, position=position)

    def _go(
        self,
        activity: Activity,
        contest: Contest,
        action: str,
        position: int | None,
        auto: bool | None,
        now: int,
    ) -> bool:
        """Apply an action; False if it was applied before."""
        where = ContestPosition(contest.phase, contest.position)
        if rules.is_there(where, action, position):
            return False
        target = rules.follows(where, action, count(activity.id))
        # The lobby is at position 0: `next` from there is the first round.
        wanted = 1 if action == "next" and position == 0 else position
        meant = wanted is None or target is None or target.position == wanted
        if target is None or not meant:
            raise errors.WrongPhase
        if action == "begin":
            self._begin(activity, contest, auto, now)
        if action == "next":
            self._replace_unusable(activity, target.position, now)
            ContestRound.update(shown_at=now).where(
                ContestRound.activity == activity, ContestRound.position == target.position
            ).execute()
        contest.phase, contest.position, contest.phase_at = target.phase, target.position, now
        contest.save()
        return True

    def _begin(self, activity: Activity, contest: Contest, auto: bool | None, now: int) -> None:
        """Draw the questions anew, easier ones first."""
        if was_played(activity.id):
            # A contest that was played cannot begin again, because its answers have earned points.
            raise errors.WrongPhase
        ContestRound.delete().where(ContestRound.activity == activity).execute()
        drawn = _draw(activity, activity.settings["questions"], self._day(now), set())
        if not drawn:
            raise Invalid(fields={"banks": [_NO_QUESTION]})
        for position, question in enumerate(drawn, start=1):
            ContestRound.create(
                activity=activity,
                position=position,
                question=question,
                seconds=activity.settings["question_seconds"],
            )
        contest.auto = activity.settings["auto"] if auto is None else auto
        contest.playoff = contest.playoff_from = None

    def _replace_unusable(self, activity: Activity, position: int, now: int) -> None:
        """Give a round another question if its own was voided or has expired since it was drawn.

        If the banks have no other question left, it keeps its own; a voided one earns nothing.
        """
        current = round_at(activity.id, position)
        assert current is not None
        question, day = current.question, self._day(now)
        if question.id not in corrections.not_to_be_drawn(activity.event_id) and (
            question.expires_on is None or question.expires_on >= day
        ):
            return
        drawn = _draw(activity, 1, day, _used(activity))
        if drawn:
            ContestRound.update(question=drawn[0]).where(ContestRound.id == current.id).execute()

    def _day(self, now: int) -> str:
        return self._scores.calendar.day(now)

    def _play_off(self, activity: Activity, contest: Contest, now: int) -> None:
        """Show one more question to those alone who are tied on the first places."""
        if contest.phase not in (rules.BOARD, rules.PODIUM):
            raise errors.WrongPhase
        same = rules.tied_after(totals_of(activity.id), playoffs_of(activity.id, contest))
        if not same:
            raise errors.NobodyTied
        drawn = _draw(activity, 1, self._day(now), _used(activity))
        if not drawn:
            raise Invalid(fields={"banks": [_NO_UNUSED_QUESTION]})
        position = count(activity.id) + 1
        ContestRound.create(
            activity=activity,
            position=position,
            question=drawn[0],
            seconds=activity.settings["question_seconds"],
            shown_at=now,
        )
        contest.playoff = same
        contest.playoff_from = contest.playoff_from or position
        contest.phase, contest.position, contest.phase_at = rules.QUESTION, position, now
        contest.save()

    def _score(
        self, activity: Activity, contest: Contest, now: int
    ) -> list[tuple[Player, list[Total]]]:
        """Judge all answers to the round and award points, in the transaction of the reveal."""
        current = round_at(activity.id, contest.position)
        assert current is not None
        ContestRound.update(revealed_at=now).where(ContestRound.id == current.id).execute()
        is_playoff = contest.playoff_from is not None and current.position >= contest.playoff_from
        judged = _judge_all(activity, current, counts=not is_playoff)
        moved: list[tuple[Player, list[Total]]] = []
        for start in range(0, len(judged), ANSWERS_AT_ONCE):
            chunk = judged[start : start + ANSWERS_AT_ONCE]
            keep(self._scores, chunk)
            counted = [one for one in chunk if one.answer.counted]
            awards = [award_of(activity, current, one) for one in counted]
            for one, totals in zip(counted, self._scores.award_all(awards, now), strict=True):
                moved.append((one.answer.player, totals or []))
        return moved


def _note(
    activity: Activity,
    actor_id: int,
    action: str,
    before: tuple[str, int],
    after: tuple[str, int],
    now: int,
) -> None:
    """Write a line of the audit about an action that moved a contest on."""
    audit.record(
        actor_id,
        f"contest_{action}",
        f"activity:{activity.id}",
        now,
        before=dict(zip(("phase", "position"), before, strict=True)),
        after=dict(zip(("phase", "position"), after, strict=True)),
    )


def contest_of(activity: Activity) -> Contest:
    """Return the contest of an activity."""
    found: Contest = Contest.get(Contest.activity == activity)
    return found


def timing(activity: Activity) -> Timing:
    """Return how long the phases last when the contest runs by itself."""
    settings = activity.settings
    return Timing(settings["lobby_seconds"], settings["reveal_seconds"], settings["board_seconds"])


def count(activity_id: int) -> int:
    """Return how many rounds there are."""
    return int(ContestRound.select().where(ContestRound.activity == activity_id).count())


def was_played(activity_id: int) -> bool:
    """Return whether a question was shown; such a contest cannot begin again."""
    shown = ContestRound.select().where(
        ContestRound.activity == activity_id, ContestRound.shown_at.is_null(False)
    )
    return bool(shown.exists())


def round_at(activity_id: int, position: int) -> ContestRound | None:
    """Return the round at a position with its question."""
    return (
        ContestRound.select(ContestRound, Question)
        .join(Question)
        .where(ContestRound.activity == activity_id, ContestRound.position == position)
        .first()
    )


def totals_of(activity_id: int, until: int | None = None) -> dict[int, int]:
    """Return {player: points} of all who answered, of the rounds up to `until` if given.

    Answers out of competition are left out.
    """
    query = (
        ContestAnswer.select(
            ContestAnswer.player, peewee.fn.COALESCE(peewee.fn.SUM(ContestAnswer.points), 0)
        )
        .join(ContestRound)
        .where(
            ContestRound.activity == activity_id,
            ContestRound.revealed_at.is_null(False),
            ContestAnswer.counted,
        )
    )
    if until is not None:
        query = query.where(ContestRound.position <= until)
    return dict(query.group_by(ContestAnswer.player).tuples())


def playoffs_of(activity_id: int, contest: Contest) -> list[dict[int, int]]:
    """Return {player: time used} of those who were right, for each revealed round of a playoff."""
    if contest.playoff_from is None:
        return []
    rounds = ContestRound.select().where(
        ContestRound.activity == activity_id,
        ContestRound.position >= contest.playoff_from,
        ContestRound.revealed_at.is_null(False),
    )
    return [
        dict(
            ContestAnswer.select(ContestAnswer.player, ContestAnswer.used_ms)
            .where(ContestAnswer.round == row, ContestAnswer.correct, ContestAnswer.counted)
            .tuples()
        )
        for row in rounds.order_by(ContestRound.position)
    ]


def right_key(event: Event, question: Question) -> list[str]:
    """Return the key that is valid in this event."""
    return corrections.key_of(event.id, question.id) or list(question.key)


def _used(activity: Activity) -> set[int]:
    return {
        row.question_id for row in ContestRound.select().where(ContestRound.activity == activity)
    }


def _draw(activity: Activity, number: int, day: str, used: set[int]) -> list[Question]:
    left_out = corrections.not_to_be_drawn(activity.event_id) | used
    candidates = [
        question
        for question in supply.of_banks(activity.settings["banks"], day).order_by(Question.id)
        if question.id not in left_out
    ]
    luck = random.Random(secrets.randbits(64))  # nosec B311 # a game, not a secret
    drawn = luck.sample(candidates, min(number, len(candidates)))
    return sorted(drawn, key=lambda question: question.difficulty)


def _judge_all(activity: Activity, current: ContestRound, *, counts: bool) -> list[JudgedAnswer]:
    key = right_key(activity.event, current.question)
    voided = current.question_id in corrections.voided_questions(activity.event_id)
    before: dict[int, int] = dict(
        ContestAnswer.select(ContestAnswer.player, ContestAnswer.streak)
        .join(ContestRound)
        .where(
            ContestRound.activity == activity,
            ContestRound.position == current.position - 1,
        )
        .tuples()
    )
    answers = (
        ContestAnswer.select(ContestAnswer, Player)
        .join(Player)
        .where(ContestAnswer.round == current)
        .order_by(ContestAnswer.id)
    )
    return [
        judge(
            activity,
            current,
            answer,
            key,
            before.get(answer.player_id),
            counts=counts and not voided and answer.counted,
        )
        for answer in answers
    ]


def judge(
    activity: Activity,
    current: ContestRound,
    answer: ContestAnswer,
    key: Sequence[str],
    streak_before: int | None,
    *,
    counts: bool,
) -> JudgedAnswer:
    """Return the verdict on an answer and what it earns."""
    correct = marking.verdict(key, answer.choice.split(","))
    streak = rules.streak_after(streak_before, correct)
    points = 0
    if correct and counts:
        points = sum(part.points for part in parts_of(activity, current, answer, streak))
    return JudgedAnswer(answer, correct, points, streak)


def parts_of(
    activity: Activity, current: ContestRound, answer: ContestAnswer, streak: int
) -> tuple[marking.PointsPart, ...]:
    """Return what a right answer earns, part by part."""
    return marking.points(
        activity.settings["scoring"],
        current.question.difficulty,
        answer.used_ms,
        current.seconds * 1000,
        streak if activity.settings["streak"] else 1,
    )


def keep(scores: Scorekeeper, judged: Sequence[JudgedAnswer]) -> None:
    """Store verdicts, in the caller's transaction."""
    parameters: list[Any] = []
    for one in judged:
        parameters += (one.answer.id, int(one.correct), one.points, one.streak)
    rows = ", ".join(
        ["(CAST(? AS BIGINT), CAST(? AS INT), CAST(? AS INT), CAST(? AS INT))"] * len(judged)
    )
    scores.database.sql(_JUDGED_SQL.format(rows=rows), tuple(parameters))


def award_of(activity: Activity, current: ContestRound, one: JudgedAnswer) -> Award:
    """Return the award for an answer."""
    return Award(
        event_id=activity.event_id,
        player_id=one.answer.player_id,
        activity_id=activity.id,
        points=one.points,
        reason="answer",
        source=f"contest:{current.id}:{one.answer.player_id}",
        rule_version=rules.VERSION,
        earned_at=one.answer.answered_at,
    )
