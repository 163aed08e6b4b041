"""Builds what screens and phones are shown of a contest."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import peewee

from backend.activities.contest import pacing, rules
from backend.activities.contest.models import Contest, ContestAnswer, ContestRound
from backend.events import competition, lifecycle, visibility
from backend.events.models import Activity, Event, Player
from backend.events.visibility import View
from backend.kept_counts import KeptCounts
from backend.questions import marking
from backend.questions.models import Question

BOARD_ROWS = 5
# The podium shows three places, and as many players as a screen has room for, because places may be
# shared.
PODIUM_PLACES, PODIUM_ROWS = 3, 11
# Ranks take some 200 bytes for each player of a contest.
COUNTS_KEPT = 64
_TRUE_FALSE = {"T": "对", "F": "错"}

Counted = TypeVar("Counted")


def _ranks(activity_id: int) -> dict[int, tuple[int, int]]:
    totals = pacing.totals_of(activity_id)
    return {player: (totals[player], place) for place, player in rules.ranked(totals)}


def shown(
    activity: Activity, view: View, now: int, kept: KeptCounts | None = None
) -> dict[str, Any] | None:
    """Return a contest as everybody with this view sees it, None while it is not on.

    What is counted over all players is counted now, or taken from `kept`.
    """
    contest = pacing.contest_of(activity)
    if contest.phase in (rules.IDLE, rules.DONE):
        return None
    event = activity.event
    state: dict[str, Any] = {
        "phase": contest.phase,
        "since": contest.phase_at,
        "position": contest.position,
        "rounds": pacing.count(activity.id),
        "auto": contest.auto,
        "scoring": activity.settings["scoring"],
        "streak": activity.settings["streak"],
        "round": None,
        "board": None,
        "playoff": names_of(contest.playoff) if contest.playoff else None,
    }
    current = pacing.round_at(activity.id, contest.position)
    if current is not None and current.shown_at is not None:
        state["round"] = _round(event, contest, current, view, now, kept)
    if contest.phase in (rules.BOARD, rules.PODIUM):
        state["board"] = _board(activity, contest, view, now, kept)
    return state


def _counted(
    kept: KeptCounts | None,
    contest: Contest,
    name: str,
    now: int,
    count: Callable[[], Counted],
) -> Counted:
    """Return what is counted over all players: a thousand phones look after a reveal, and one of
    their requests counts. It is kept within one phase only."""
    if kept is None:
        return count()
    key = (contest.activity_id, name, contest.phase, contest.position, contest.phase_at)
    return kept.of(key, now, count)


def _round(
    event: Event,
    contest: Contest,
    current: ContestRound,
    view: View,
    now: int,
    kept: KeptCounts | None,
) -> dict[str, Any]:
    assert current.shown_at is not None
    used_ms = lifecycle.played_ms(event.pauses, current.shown_at, now)
    left_ms = max(0, current.seconds * 1000 - used_ms) if contest.phase == rules.QUESTION else 0
    question = current.question
    hidden = current.revealed_at is None and visibility.hides_question(event, view)
    found: dict[str, Any] = {
        "id": current.id,
        "position": current.position,
        "seconds": current.seconds,
        "shown_at": current.shown_at,
        "ends_at": lifecycle.end_of(
            event.pauses, current.shown_at, current.seconds * 1000, now, current.revealed_at
        ),
        "left_ms": left_ms,
        "paused": lifecycle.is_paused(event),
        **_counted(kept, contest, "answers", now, lambda: _answers(contest, current)),
        "question": None if hidden else _question(question),
    }
    if visibility.shows_held_back(current.revealed_at is not None, view):
        found["key"] = pacing.right_key(event, question)
        found["explanation"] = question.explanation
    if current.revealed_at is not None:
        found |= _counted(kept, contest, "choices", now, lambda: _choices(current))
    return found


def _answers(contest: Contest, current: ContestRound) -> dict[str, int]:
    """Return how many answered a round, and how many may."""
    return {"answered": _of(current).count(), "expected": _may_answer(contest, current)}


def _choices(current: ContestRound) -> dict[str, Any]:
    """Return how often each option of a round was chosen, and how many were right."""
    answers = list(_of(current))
    letters = letters_of(current.question)
    return {
        "distribution": rules.distribution(letters, [row.choice for row in answers]),
        "right": sum(bool(row.correct) for row in answers),
    }


def _of(current: ContestRound) -> Any:
    """Return the query of the answers to a round that count."""
    return ContestAnswer.select().where(ContestAnswer.round == current, ContestAnswer.counted)


def letters_of(question: Question) -> list[str]:
    """Return the letters of a question's options, `T` and `F` for true or false."""
    if question.kind == "truefalse":
        return list(marking.TRUE_FALSE)
    return list(marking.LETTERS[: len(question.options)])


def _may_answer(contest: Contest, current: ContestRound) -> int:
    """Return how many players may answer a round.

    These are the staff who had joined when it was shown, in a playoff its players.
    """
    if contest.playoff_from is not None and current.position >= contest.playoff_from:
        return len(contest.playoff or [])
    there = Player.select().where(
        Player.event == contest.activity.event_id,
        Player.status == "active",
        Player.staff_id.is_null(False),
        Player.joined_at <= current.shown_at,
    )
    return int(there.count())


def _question(question: Question) -> dict[str, Any]:
    if question.kind == "truefalse":
        options = [{"key": letter, "text": text} for letter, text in _TRUE_FALSE.items()]
    else:
        pairs = zip(letters_of(question), question.options, strict=True)
        options = [{"key": letter, "text": text} for letter, text in pairs]
    return {
        "id": question.id,
        "kind": question.kind,
        "topic": question.topic,
        "difficulty": question.difficulty,
        "stem": question.stem,
        "options": options,
    }


def names_of(player_ids: Sequence[int]) -> list[dict[str, Any]]:
    """Return players with their teams, by name."""
    rows = Player.select().where(Player.id.in_(player_ids)).order_by(Player.name)
    return [{"id": row.id, "name": row.name, "team": row.team_name} for row in rows]


def _board(
    activity: Activity, contest: Contest, view: View, now: int, kept: KeptCounts | None
) -> dict[str, Any]:
    """Return the first places, with how each moved since the round before; empty while the board is
    frozen.

    `gained` is what the last round brought a player. `more` is how many players share the place of
    the last row and are not shown; `out_of_competition` names players who have no place.
    """
    out = competition.names_out(activity.id)
    if visibility.reads_frozen_board(activity.event, view):
        return {"frozen": True, "rows": [], "more": 0, "out_of_competition": out}
    first_places = _counted(kept, contest, "places", now, lambda: _places(activity, contest))
    return {"frozen": False, **first_places, "out_of_competition": out}


def _places(activity: Activity, contest: Contest) -> dict[str, Any]:
    """Return the rows of the board, and how many share the last place and are not shown."""
    playoffs = pacing.playoffs_of(activity.id, contest)
    points = _present(pacing.totals_of(activity.id))
    earlier = pacing.totals_of(activity.id, contest.position - 1)
    before = {player: place for place, player in rules.ranked(earlier)}
    first = [(place, one) for place, one in rules.ranked(points, playoffs) if points[one] > 0]
    if contest.phase == rules.PODIUM:
        rows = [(place, one) for place, one in first if place <= PODIUM_PLACES][:PODIUM_ROWS]
    else:
        rows = first[:BOARD_ROWS]
    people = {row["id"]: row for row in names_of([player for _, player in rows])}
    return {
        "rows": [
            {
                "rank": place,
                **people[player],
                "points": points[player],
                "gained": points[player] - earlier.get(player, 0),
                "climbed": before[player] - place if player in before else None,
            }
            for place, player in rows
        ],
        "more": sum(place == rows[-1][0] for place, _ in first[len(rows) :]) if rows else 0,
    }


def _present(points: Mapping[int, int]) -> dict[int, int]:
    """Remove players who were kicked or banned."""
    active = {
        row.id
        for row in Player.select(Player.id).where(
            Player.id.in_(list(points)), Player.status == "active"
        )
    }
    return {player: value for player, value in points.items() if player in active}


def own(activity: Activity, player_id: int, counts: KeptCounts, now: int) -> dict[str, Any] | None:
    """Return what only one player sees: their answer, and after the reveal its points.

    A player out of competition is told so, also before the first question.
    """
    contest = pacing.contest_of(activity)
    found = _player(activity, player_id)
    if found is None:
        return None
    player, is_out = found
    current = pacing.round_at(activity.id, contest.position)
    if current is None or current.shown_at is None:
        return competition.told(is_out) if is_out else None
    answer = ContestAnswer.get_or_none(
        ContestAnswer.round == current, ContestAnswer.player == player_id
    )
    shown: dict[str, Any] = {
        "round_id": current.id,
        "plays": _plays(contest, current, player),
        "answer": answer and _own_answer(activity, current, answer),
        **competition.told(is_out),
    }
    if not visibility.reads_frozen_board(activity.event, View.OWN):
        points, rank = _counted(
            counts, contest, "ranks", now, lambda: _ranks(contest.activity_id)
        ).get(player_id, (0, None))
        shown |= {"points": points, "rank": rank}
    return shown


def _player(activity: Activity, player_id: int) -> tuple[Player, bool] | None:
    """Return a player, and whether they play out of competition; None if they are gone."""
    seat = Player.alias("p")
    is_out = peewee.SQL(competition.is_out_sql(str(activity.id))).alias("is_out")
    player = seat.select(seat, is_out).where(seat.id == player_id).first()
    return player and (player, bool(player.is_out))


def _plays(contest: Contest, current: ContestRound, player: Player) -> bool:
    """Say whether a player may answer this round."""
    assert current.shown_at is not None
    if player.staff_id is None or player.joined_at > current.shown_at:
        return False
    in_playoff = contest.playoff_from is not None and current.position >= contest.playoff_from
    return not in_playoff or player.id in (contest.playoff or [])


def _own_answer(activity: Activity, current: ContestRound, answer: ContestAnswer) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "choice": answer.choice.split(","),
        "used_ms": answer.used_ms,
        "answered_at": answer.answered_at,
        "counted": answer.counted,
    }
    if current.revealed_at is not None:
        shown |= {"correct": answer.correct, "streak": answer.streak}
        if not visibility.reads_frozen_board(activity.event, View.OWN):
            shown["points"] = answer.points
    return shown
