"""Builds what a hunt shows: the map, a dig, the result of an answer, the wrong-question list,
statistics."""

from collections import defaultdict
from typing import Any

import peewee

from backend.activities.hunt import own_digs, rules
from backend.activities.hunt.digs import HuntNow, current_dig, deadline_at, digs_left, left_ms
from backend.activities.hunt.facts import DigFacts, Verdict
from backend.activities.hunt.models import Dig, HuntAnswer
from backend.activities.hunt.service import HuntOutcome
from backend.clock import to_iso
from backend.db import Database
from backend.events import competition, lifecycle
from backend.events.models import Player
from backend.events.view import shown_sitting
from backend.events.visibility import View, hides_question, keys_are_sealed
from backend.questions import marking
from backend.questions.models import Question
from backend.scoring import corrections

TRUE_FALSE_TEXTS = {"T": "对", "F": "错"}


def shown_options(question: Question, order: str) -> list[dict[str, str]]:
    """Return the options in a player's own order, labelled A, B, C… in that order."""
    if order == marking.TRUE_FALSE:
        return [{"key": key, "text": text} for key, text in TRUE_FALSE_TEXTS.items()]
    return [
        {"key": label, "text": question.options[marking.LETTERS.index(letter)]}
        for label, letter in zip(marking.LETTERS, order, strict=False)
    ]


def shown_dig(
    ground: HuntNow, dig: Dig, view: View, now: int, facts: DigFacts | None = None
) -> dict[str, Any]:
    """Return a dig as its player sees it: no key before the answer, no open question in a pause.

    `facts` are those of the dig; they are not needed for a dig that is known to be open.
    """
    verdict = facts.verdict if facts else None
    left = left_ms(ground.event, dig, now)
    state = _state(dig, verdict, left)
    hidden = state == "open" and hides_question(ground.event, view)
    shown: dict[str, Any] = {
        "id": dig.id,
        "site": dig.site,
        "question": None if hidden else _shown_question(dig),
        "opened_at": dig.opened_at,
        "deadline_at": deadline_at(ground.event, dig, now)
        if verdict is None
        else verdict.answered_at,
        "seconds_left": -(-left // 1000) if verdict is None else 0,
        "snoozed": dig.snoozed_ms is not None,
        "state": state,
    }
    if facts and verdict:
        shown["result"] = _shown_result(facts, verdict, ground.sittings_left(now), view)
    return shown


def _shown_question(dig: Dig) -> dict[str, Any]:
    question = dig.question
    return {
        "id": question.id,
        "kind": question.kind,
        "topic": question.topic,
        "difficulty": question.difficulty,
        "stem": question.stem,
        "options": shown_options(question, dig.option_order),
    }


def _state(dig: Dig, verdict: Verdict | None, left: int) -> str:
    if dig.voided:
        return "voided"
    if verdict:
        return "answered"
    return "open" if left else "expired"


def _shown_result(
    facts: DigFacts, verdict: Verdict, sittings_left: int, view: View
) -> dict[str, Any]:
    """Return the result of an answer; key and explanation only if they are not sealed."""
    sealed = keys_are_sealed(sittings_left, view)
    return {
        "dig_id": facts.dig_id,
        "verdict": "correct" if verdict.correct else "wrong",
        "points": verdict.points,
        "counted": verdict.counts,
        "breakdown": [dict(vars(part)) for part in verdict.parts],
        "streak": verdict.streak,
        "choice": rules.to_shown(facts.option_order, verdict.letters.split(",")),
        "key": None if sealed else rules.to_shown(facts.option_order, facts.right()),
        "explanation": None if sealed else facts.explanation,
        "sealed": sealed,
        "corrected": facts.voided or facts.corrected_key is not None,
        "treasure": verdict.treasure and dict(vars(verdict.treasure)),
        "answered_at": verdict.answered_at,
    }


def shown_outcome(outcome: HuntOutcome, view: View) -> dict[str, Any]:
    """Return the response to an answer, with the moment as ISO text."""
    verdict, score = outcome.verdict, outcome.score
    points = None if score.points is None else int(score.points)
    return {
        **_shown_result(outcome.facts, verdict, outcome.sittings_left, view),
        "answered_at": to_iso(verdict.answered_at),
        "score": {"points": points, "rank": score.rank, "frozen": score.is_frozen},
    }


def key_in(ground: HuntNow, question: Question) -> list[str]:
    """Return the key that is valid in this event: the bank's, or a correction's."""
    return corrections.key_of(ground.event.id, question.id) or list(question.key)


def shown_hunt(
    database: Database, ground: HuntNow, player: Player, view: View, now: int
) -> dict[str, Any]:
    """Return the map with the player's own progress."""
    own = own_digs.read(database, ground.activity.id, player.id)
    progress = defaultdict(lambda: (0, 0), own.progress())
    dig = current_dig(ground, own, now)
    sitting = ground.sitting_of(player, now) if ground.sittings else None
    rest = database.read(_REST_SQL, (ground.event.id, ground.activity.id, player.id))
    # A rehearsal may have been wiped meanwhile.
    snoozes, is_out = rest[0] if rest else (0, False)
    return {
        "activity_id": ground.activity.id,
        "title": ground.activity.title,
        "state": _hunt_state(ground, sitting, now),
        "sitting": sitting and shown_sitting(sitting, ground.event, now),
        "sites": [
            {**site, "dug": progress[site["key"]][0], "correct": progress[site["key"]][1]}
            for site in ground.settings["sites"]
        ],
        "digs_per_day": ground.settings["digs_per_day"],
        "digs_left": digs_left(ground, own, now),
        "question_seconds": ground.settings["question_seconds"],
        "current_dig": dig and shown_dig(ground, dig, view, now),
        "snooze_left": not snoozes,
        "found": _found(database, ground, player),
        "streak": own.streak(),
        "scoring": ground.settings["scoring"],
        "sealed": keys_are_sealed(ground.sittings_left(now), view),
        **competition.told(bool(is_out)),
    }


_REST_SQL = f"""
SELECT (SELECT COUNT(*) FROM snooze z WHERE z.event_id = ? AND z.player_id = p.id),
 {competition.is_out_sql("?")}
FROM player p WHERE p.id = ?
"""  # nosec B608 # our own names
_FOUND_SQL = """
SELECT t.title, t.points, d.site, f.at FROM treasure_claim f
JOIN treasure t ON t.id = f.treasure_id JOIN dig d ON d.id = f.dig_id
WHERE t.activity_id = ? AND f.player_id = ? ORDER BY f.id
"""


def _found(database: Database, ground: HuntNow, player: Player) -> list[dict[str, Any]]:
    """Return the treasures that a player found, in the order of finding them."""
    claims = database.read(_FOUND_SQL, (ground.activity.id, player.id))
    return [
        {"title": title, "points": points, "site": site, "found_at": at}
        for title, points, site, at in claims
    ]


def _hunt_state(ground: HuntNow, sitting: Any, now: int) -> str:
    state = lifecycle.state(ground.event, now)
    if state in (lifecycle.CLOSED, lifecycle.ARCHIVED):
        return "closed"
    if state != lifecycle.OPEN:
        return "waiting"
    if lifecycle.is_paused(ground.event):
        return "paused"
    return ground.sitting_state(sitting, now) if sitting else "open"


def shown_wrong_questions(ground: HuntNow, player: Player, view: View, now: int) -> dict[str, Any]:
    """Return the questions whose last answer was wrong, newest first."""
    sealed = keys_are_sealed(ground.sittings_left(now), view)
    answers = (
        HuntAnswer.select(HuntAnswer, Dig, Question)
        .join(Dig)
        .join(Question)
        # By the digs, of which an index has those of a player in an activity.
        .where(Dig.activity == ground.activity, Dig.player == player, ~Dig.voided)
        .order_by(HuntAnswer.id.desc())
    )
    newest: dict[int, HuntAnswer] = {}
    for answer in answers:
        newest.setdefault(answer.question_id, answer)
    return {
        "sealed": sealed,
        "items": [
            _shown_wrong(ground, answer, sealed) for answer in newest.values() if not answer.correct
        ],
    }


def _shown_wrong(ground: HuntNow, answer: HuntAnswer, sealed: bool) -> dict[str, Any]:
    dig, question = answer.dig, answer.dig.question
    key = rules.to_shown(dig.option_order, key_in(ground, question))
    return {
        "question_id": question.id,
        "topic": question.topic,
        "stem": question.stem,
        "options": shown_options(question, dig.option_order),
        "choice": rules.to_shown(dig.option_order, answer.choice.split(",")),
        "key": None if sealed else key,
        "explanation": None if sealed else question.explanation,
        "answered_at": answer.answered_at,
    }


def statistics(ground: HuntNow) -> dict[str, Any]:
    """Return how often each question, topic and team's topic was answered and answered right.

    Answers out of competition are left out, because these players may read the keys.
    """
    rows = (
        HuntAnswer.select(
            Question.id,
            Question.code,
            Question.topic,
            Question.stem,
            Player.team_name,
            peewee.fn.COUNT(HuntAnswer.id),
            peewee.fn.SUM(peewee.Case(None, ((HuntAnswer.correct, 1),), 0)),
        )
        .join(Dig)
        .join(Question)
        .switch(HuntAnswer)
        .join(Player)
        .where(HuntAnswer.activity_id == ground.activity.id, HuntAnswer.counted, ~Dig.voided)
        .group_by(Question.id, Question.code, Question.topic, Question.stem, Player.team_name)
        .tuples()
    )
    questions: dict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0, 0])
    topics: dict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0, 0])
    teams: dict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0, 0])
    for question_id, code, topic, stem, team, answered, correct in rows:
        for tally, key in (
            (questions, (question_id, code, topic, stem)),
            (topics, (topic,)),
            (teams, (team, topic)),
        ):
            tally[key][0] += answered
            tally[key][1] += int(correct)
    return {
        "questions": _tallies(questions, ("question_id", "code", "topic", "stem")),
        "topics": _tallies(topics, ("topic",)),
        "teams": _tallies(teams, ("team", "topic")),
    }


def _tallies(
    tally: dict[tuple[Any, ...], list[int]], names: tuple[str, ...]
) -> list[dict[str, Any]]:
    """Return the rows, the lowest share of right answers first."""
    rows = [
        {**dict(zip(names, key, strict=True)), "answered": answered, "correct": correct}
        for key, (answered, correct) in tally.items()
    ]
    return sorted(rows, key=lambda row: (row["correct"] / row["answered"], -row["answered"]))
