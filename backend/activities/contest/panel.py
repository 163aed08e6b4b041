"""What the hosts' console shows of a contest."""

from typing import Any

import peewee

from backend.activities.contest import pacing, rules, steps, view
from backend.activities.contest.models import Contest, ContestAnswer, ContestRound
from backend.activities.contest.rules import ContestPosition
from backend.events import lifecycle
from backend.events.models import Activity, Player
from backend.events.visibility import View
from backend.kept_counts import KeptCounts
from backend.questions import marking, supply
from backend.questions.models import Question
from backend.scoring import corrections

ACTIONS = ("begin", "next", "reveal", "board", "podium", "dismiss")
SCORING_NAMES = {
    marking.ACCURACY: "只看对错",
    marking.LIGHT_SPEED: "对错为主，快一点加分",
    marking.SPEED: "越快分越高",
}


def panel(activity: Activity, counts: KeptCounts, now: int) -> dict[str, Any]:
    """Return a contest as hosts see it.

    `state` is what the screen shows, with the key. `chosen` is {letter: how many chose it} of the
    current round, also before the reveal. `actions` are the actions that are allowed now, `tied`
    the players who would take part in a playoff, `banks` the titles of its question banks, and
    `rounds` all questions with the state of each. What is counted over all players is up to a second
    old; `again_ms` is after how long a page has to ask again to show it as it is now, 0 if it was
    counted for this call.
    """
    contest = pacing.contest_of(activity)
    key = (activity.id, "panel", contest.phase, contest.position, contest.phase_at)
    again_ms = counts.left_ms(key, now)
    counted = counts.of(key, now, lambda: _counts(activity, contest))
    where = ContestPosition(contest.phase, contest.position)
    rounds = pacing.count(activity.id)
    return {
        "phase": contest.phase,
        "position": contest.position,
        "auto": contest.auto,
        "state": view.shown(activity, View.HOST, now, counts),
        "chosen": counted["chosen"],
        "may_answer": counted["may_answer"],
        "actions": [action for action in ACTIONS if _is_allowed(activity, where, action, rounds)],
        "tied": counted["tied"],
        "rounds": _rounds(activity, counted["answers"]),
        "again_ms": again_ms,
        "settings": activity.settings,
        "banks": supply.titles(activity.settings["banks"]),
        "scoring": SCORING_NAMES[activity.settings["scoring"]],
        "may_play": lifecycle.state(activity.event, now) == lifecycle.OPEN
        and not lifecycle.is_paused(activity.event),
        "phases": steps.PHASE_NAMES,
    }


def _counts(activity: Activity, contest: Contest) -> dict[str, Any]:
    """Return what is counted over all players and their answers."""
    return {
        "chosen": _chosen(activity, contest),
        "may_answer": _may_answer(activity, contest),
        "tied": _tied(activity, contest),
        "answers": _answers(activity),
    }


def _is_allowed(activity: Activity, where: ContestPosition, action: str, rounds: int) -> bool:
    if action == "begin" and pacing.was_played(activity.id):
        return False
    return rules.follows(where, action, rounds) is not None


def _chosen(activity: Activity, contest: Contest) -> dict[str, int]:
    """Return {letter: how many players chose it} of the current round; empty before the first."""
    current = pacing.round_at(activity.id, contest.position)
    if current is None or current.shown_at is None:
        return {}
    answers = ContestAnswer.select(ContestAnswer.choice).where(
        ContestAnswer.round == current, ContestAnswer.counted
    )
    choices = [choice for (choice,) in answers.tuples()]
    return rules.distribution(view.letters_of(current.question), choices)


def _may_answer(activity: Activity, contest: Contest) -> int:
    """Return how many players may answer: active staff, in a playoff the tied players."""
    if contest.playoff is not None and contest.playoff_from is not None:
        return len(contest.playoff)
    seats = Player.select().where(
        Player.event == activity.event_id, Player.status == "active", Player.staff_id.is_null(False)
    )
    return int(seats.count())


def _tied(activity: Activity, contest: Contest) -> list[dict[str, Any]]:
    """Return the players who would take part in a playoff now; empty in phases that allow none."""
    if contest.phase not in (rules.BOARD, rules.PODIUM):
        return []
    totals = pacing.totals_of(activity.id)
    return view.names_of(rules.tied_after(totals, pacing.playoffs_of(activity.id, contest)))


def _answers(activity: Activity) -> dict[int, tuple[int, int]]:
    """Return {round: (how many answered, how many were right)}; rounds without answers are left out."""
    counted = (
        ContestAnswer.select(
            ContestAnswer.round,
            peewee.fn.COUNT(ContestAnswer.id),
            peewee.fn.SUM(peewee.Case(None, ((ContestAnswer.correct, 1),), 0)),
        )
        .join(ContestRound)
        .where(ContestRound.activity == activity, ContestAnswer.counted)
        .group_by(ContestAnswer.round)
        .tuples()
    )
    return {round_id: (answered, int(right or 0)) for round_id, answered, right in counted}


def _rounds(activity: Activity, answers: dict[int, tuple[int, int]]) -> list[dict[str, Any]]:
    """Return all questions of the contest, with how many answered and how many were right."""
    voided = corrections.voided_questions(activity.event_id)
    query = (
        ContestRound.select(ContestRound, Question)
        .join(Question)
        .where(ContestRound.activity == activity)
        .order_by(ContestRound.position)
    )
    return [
        {
            "id": row.id,
            "position": row.position,
            "question_id": row.question_id,
            "stem": row.question.stem,
            "topic": row.question.topic,
            "key": "".join(pacing.right_key(activity.event, row.question)),
            "is_shown": row.shown_at is not None,
            "is_revealed": row.revealed_at is not None,
            "is_voided": row.question_id in voided,
            "answered": answers.get(row.id, (0, 0))[0],
            "right": answers.get(row.id, (0, 0))[1],
        }
        for row in query
    ]
