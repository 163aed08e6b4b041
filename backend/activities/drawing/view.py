"""Builds what is shown of a game: to all, to one player, and its gallery. Before a turn is over,
its word is shown to the drawer and to players who have guessed it alone.
"""

from dataclasses import asdict
from typing import Any

import peewee
import structlog
from redis import RedisError

from backend.activities.drawing import guessing, rules
from backend.activities.drawing.context import (
    COLUMNS,
    GameContext,
    Signs,
    newest_turn,
    newest_turns,
    prompt_of,
    rooms_of,
    state_of,
    turn_in,
)
from backend.activities.drawing.ink import Ink
from backend.activities.drawing.keeping import kept_ops
from backend.activities.drawing.models import (
    DrawingGuess,
    DrawingReport,
    DrawingSeat,
    DrawingTurn,
    DrawingVote,
)
from backend.activities.drawing.strokes import Op
from backend.events.models import Player
from backend.events.visibility import View, sees_all, shows_gains, shows_held_back

log = structlog.get_logger(__name__)

PLAYING, GALLERY = "playing", "gallery"
# How many places are shown after the vote, and how many drawings at most when several share a
# place.
WINNER_PLACES, WINNERS_MOST = 3, 6


class DrawingViews:
    """Builds what is shown of games, to everybody and to players. Build one per process."""

    def __init__(self, ink: Ink) -> None:
        self._ink = ink

    def shown(self, context: GameContext, view: View, now: int) -> dict[str, Any]:
        """Return what all see: in the hall the turn with its drawing, else a line for each room."""
        common = {
            "mode": context.settings["mode"],
            "draw_seconds": context.settings["draw_seconds"],
        }
        if context.game.ended_at is not None:
            drawings = in_gallery(context.activity.id).count()
            return {
                "phase": GALLERY,
                "since": context.game.ended_at,
                **common,
                "drawings": drawings,
                "pinned": _place_of(context),
                "winners": _winners(context) if context.shows_votes else None,
            }
        turns = newest_turns(context.activity.id)
        rooms = rooms_of(context.activity.id)
        signs = self._ink.seen(context.event.id, context.activity.id)
        playing = {"phase": PLAYING, "since": context.game.began_at, **common}
        if context.is_hall:
            turn = turns.get(rooms[0].id) if rooms else None
            playing["turns"] = context.settings["turns"]
            playing["turn"] = turn and self.turn(context, turn, signs, view, now)
        else:
            playing["rooms"] = _rooms(context, turns, signs, now)
        return playing

    def rooms(self, context: GameContext, now: int) -> list[dict[str, Any]]:
        """Return a row for each room; also for the single room of a hall."""
        signs = self._ink.seen(context.event.id, context.activity.id)
        return _rooms(context, newest_turns(context.activity.id), signs, now)

    def turn_of(self, context: GameContext, turn_id: int, now: int) -> dict[str, Any] | None:
        """Return a turn with its drawing, as a host sees it; None if the game has no such turn."""
        turn = turn_in(context.activity.id, turn_id)
        if turn is None:
            return None
        signs = self._ink.seen(context.event.id, context.activity.id)
        return self.turn(context, turn, signs, View.HOST, now)

    def turn(
        self, context: GameContext, turn: DrawingTurn, signs: Signs, view: View, now: int
    ) -> dict[str, Any]:
        """Return a turn with its whole drawing, as everybody in the room sees it."""
        state = state_of(context, turn, signs, now)
        shown = {**_headline(turn, state), **self._guessing(context, turn, state, view)}
        void = state.ending == rules.VOIDED
        ops = [] if void or state.phase == rules.CHOOSING else self.ops(context, turn)
        return {**shown, "count": len(ops), "ops": ops}

    def _guessing(
        self, context: GameContext, turn: DrawingTurn, state: rules.TurnState, view: View
    ) -> dict[str, Any]:
        """Return the hints, who guessed, and, when the turn is over, the answer and the points."""
        prompt = prompt_of(turn)
        over = state.phase == rules.OVER
        begun = state.phase == rules.DRAWING or (over and turn.choice is not None)
        share = state.used_ms / (turn.draw_seconds * 1000)
        hints = guessing.hints(prompt["text"], prompt["category"], share, turn.id)
        revealed = over and begun
        shows_points = over and shows_gains(context.event, view)
        guessed = _guessed(turn.id, shows_points)
        return {
            "hints": asdict(hints) if begun else None,
            "guessed": guessed,
            "drawer_points": rules.drawer_points([line["points"] for line in guessed])
            if shows_points
            else None,
            "answer": prompt["text"] if revealed else None,
            "category": prompt["category"] if revealed else None,
        }

    def ops(self, context: GameContext, turn: DrawingTurn) -> list[Op]:
        """Return the drawing of a turn; the database's copy while Redis is away or has lost it."""
        kept = _kept_ink(turn)
        if kept is not None:
            return kept
        try:
            # Also empty where it was moved into the database after the read above.
            ops = self._ink.ops(context.event.id, turn.id) or _kept_ink(turn)
        except RedisError as error:
            log.warning("ink_away", turn_id=turn.id, error=str(error))
            ops = None
        return ops or kept_ops(turn.id)

    def own(self, context: GameContext, player_id: int, now: int) -> dict[str, Any] | None:
        """Return what one player alone sees; in rooms the turn of their room is part of it."""
        seat = DrawingSeat.get_or_none(
            DrawingSeat.activity == context.activity.id, DrawingSeat.player == player_id
        )
        if seat is None:
            return None
        room = seat.room
        vote = DrawingVote.get_or_none(
            DrawingVote.activity == context.activity.id, DrawingVote.player == player_id
        )
        own: dict[str, Any] = {
            "room": room.number,
            "room_over": room.ended_at is not None,
            "players": _players(room.id),
            "voted_turn_id": vote and vote.turn_id,
        }
        turn = newest_turn(room.id)
        if turn is None or context.game.ended_at is not None:
            return own
        signs = self._ink.sign_of(context.event.id, context.activity.id, turn.drawer_id)
        own |= _part(context, turn, player_id, state_of(context, turn, signs, now))
        if not context.is_hall:
            own["turn"] = self.turn(context, turn, signs, View.OWN, now)
        return own

    def gallery(
        self, context: GameContext, view: View, player_id: int | None
    ) -> list[dict[str, Any]]:
        """Return the drawings of turns that are over and not void, without their operations.

        Drawings that a host removed are shown to hosts only. Hosts always see the votes, others
        after a host has ended the vote.
        """
        counts = votes_of(context.activity.id)
        shows_votes = shows_held_back(context.shows_votes, view)
        return [
            {
                **_picture(turn),
                "votes": counts.get(turn.id, 0) if shows_votes else None,
                "own": turn.drawer_id == player_id,
                "hidden": turn.hidden_at is not None,
                "pinned": turn.id == context.game.pinned_turn_id,
            }
            for turn in in_gallery(context.activity.id, view)
        ]

    def picture(self, context: GameContext, view: View, turn_id: int) -> dict[str, Any] | None:
        """Return one drawing of the gallery with its operations, to be replayed."""
        turn = in_gallery(context.activity.id, view).where(DrawingTurn.id == turn_id).first()
        return turn and {**_picture(turn), "ops": self.ops(context, turn)}

    def exhibit(self, context: GameContext, number: int) -> dict[str, Any] | None:
        """Return the drawing at a place of the gallery, from 1; None before the gallery opens."""
        if number < 1 or context.game.ended_at is None:
            return None
        turn = in_gallery(context.activity.id).offset(number - 1).limit(1).first()
        return turn and {**_picture(turn), "ops": self.ops(context, turn)}


def reported(activity_id: int) -> dict[int, int]:
    """Return {turn: how many players reported it}."""
    return dict(
        DrawingReport.select(DrawingReport.turn, peewee.fn.COUNT(DrawingReport.id))
        .join(DrawingTurn)
        .where(DrawingTurn.activity == activity_id)
        .group_by(DrawingReport.turn)
        .tuples()
    )


def _place_of(context: GameContext) -> int | None:
    """Return the number of the pinned drawing in the gallery, from 1; None if none is pinned."""
    pinned = context.game.pinned_turn_id
    shown = in_gallery(context.activity.id)
    if pinned is None or not shown.where(DrawingTurn.id == pinned).exists():
        return None
    return int(shown.where(DrawingTurn.id <= pinned).count())


def _winners(context: GameContext) -> list[dict[str, Any]]:
    """Return the drawings on the first three places by votes; equal votes share a place."""
    counts = votes_of(context.activity.id)
    found = [
        (counts[turn.id], number, turn)
        for number, turn in enumerate(in_gallery(context.activity.id), start=1)
        if turn.id in counts
    ]
    return [
        {
            "rank": rank,
            "votes": votes,
            "number": number,
            **{key: _picture(turn)[key] for key in ("turn_id", "drawer", "answer")},
        }
        for votes, number, turn in sorted(found, key=lambda each: (-each[0], each[1]))
        if (rank := 1 + sum(more > votes for more, _, _ in found)) <= WINNER_PLACES
    ][:WINNERS_MOST]


def _rooms(
    context: GameContext, turns: dict[int, DrawingTurn], signs: Signs, now: int
) -> list[dict[str, Any]]:
    sizes = dict(
        DrawingSeat.select(DrawingSeat.room, peewee.fn.COUNT(DrawingSeat.id))
        .where(DrawingSeat.activity == context.activity.id)
        .group_by(DrawingSeat.room)
        .tuples()
    )
    guessed = dict(
        DrawingGuess.select(DrawingGuess.turn, peewee.fn.COUNT(DrawingGuess.id))
        .where(DrawingGuess.turn.in_([turn.id for turn in turns.values()]))
        .group_by(DrawingGuess.turn)
        .tuples()
    )
    lines = []
    for room in rooms_of(context.activity.id):
        turn = turns.get(room.id)
        line = {"room": room.number, "players": sizes.get(room.id, 0)}
        line["over"] = room.ended_at is not None
        line["turn"] = turn and {
            **_headline(turn, state_of(context, turn, signs, now)),
            "guessed": guessed.get(turn.id, 0),
        }
        lines.append(line)
    return lines


def _headline(turn: DrawingTurn, state: rules.TurnState) -> dict[str, Any]:
    return {
        "turn_id": turn.id,
        "number": turn.number,
        "drawer": {
            "id": turn.drawer_id,
            "name": turn.drawer.name,
            "team": turn.drawer.team_name,
        },
        "phase": state.phase,
        "since": state.since,
        "left_ms": state.left_ms,
        "ending": state.ending,
    }


def _guessed(turn_id: int, shows_points: bool) -> list[dict[str, Any]]:
    rows = (
        DrawingGuess.select(DrawingGuess, Player)
        .join(Player)
        .where(DrawingGuess.turn == turn_id)
        .order_by(DrawingGuess.id)
    )
    return [
        {
            "player_id": guess.player_id,
            "name": guess.player.name,
            "place": place,
            "points": guess.points if shows_points else None,
        }
        for place, guess in enumerate(rows, start=1)
    ]


def _players(room_id: int) -> list[dict[str, Any]]:
    rows = (
        DrawingSeat.select(DrawingSeat, Player)
        .join(Player)
        .where(DrawingSeat.room == room_id, Player.status == "active")
        .order_by(DrawingSeat.position, DrawingSeat.id)
        # A room has at most 12 players; the list of a whole hall would be too long.
        .limit(rules.ROOM_MOST)
    )
    return [{"id": seat.player_id, "name": seat.player.name} for seat in rows]


def _part(
    context: GameContext, turn: DrawingTurn, player_id: int, state: rules.TurnState
) -> dict[str, Any]:
    """Return a player's part in a turn; the drawer and those who guessed know the word."""
    draws = turn.drawer_id == player_id
    guess = DrawingGuess.get_or_none(DrawingGuess.turn == turn.id, DrawingGuess.player == player_id)
    knows = (draws or guess is not None) and state.phase == rules.DRAWING
    offered = draws and state.phase == rules.CHOOSING
    points = guess and shows_gains(context.event, View.OWN)
    return {
        "turn_id": turn.id,
        "role": "drawer" if draws else "guesser",
        "offers": turn.offers if offered else None,
        "prompt": prompt_of(turn) if knows else None,
        "has_guessed": guess is not None,
        "points": guess.points if points else None,
        "has_reported": DrawingReport.select()
        .where(DrawingReport.turn == turn.id, DrawingReport.player == player_id)
        .exists(),
    }


def _kept_ink(turn: DrawingTurn) -> list[Op] | None:
    """Return the drawing of a finished turn; None until it was moved into the turn's row."""
    ((ink,),) = DrawingTurn.select(DrawingTurn.ink).where(DrawingTurn.id == turn.id).tuples()
    return None if ink is None else list(ink)


def in_gallery(activity_id: int, view: View = View.PUBLIC) -> peewee.ModelSelect:
    """Return the turns that a view sees in the gallery, with their drawers, without the drawings."""
    found = (
        DrawingTurn.select(*COLUMNS, Player)
        .join(Player)
        .where(
            DrawingTurn.activity == activity_id,
            DrawingTurn.ended_at.is_null(False),
            DrawingTurn.choice.is_null(False),
            DrawingTurn.ending != rules.VOIDED,
        )
        .order_by(DrawingTurn.id)
    )
    return found if sees_all(view) else found.where(DrawingTurn.hidden_at.is_null())


def _picture(turn: DrawingTurn) -> dict[str, Any]:
    prompt = prompt_of(turn)
    return {
        "turn_id": turn.id,
        "drawer": {
            "id": turn.drawer_id,
            "name": turn.drawer.name,
            "team": turn.drawer.team_name,
        },
        "answer": prompt["text"],
        "category": prompt["category"],
        "ended_at": turn.ended_at,
    }


def votes_of(activity_id: int) -> dict[int, int]:
    """Return {turn: how many voted for its drawing}."""
    return dict(
        DrawingVote.select(DrawingVote.turn, peewee.fn.COUNT(DrawingVote.id))
        .where(DrawingVote.activity == activity_id)
        .group_by(DrawingVote.turn)
        .tuples()
    )
