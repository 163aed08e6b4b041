"""Runs games: hosts begin and finish them, and turns follow by themselves."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import structlog
from redis import RedisError

from backend.activities.drawing import errors, guessing, rules, settling
from backend.activities.drawing.access import begun
from backend.activities.drawing.context import (
    GameContext,
    Signs,
    context_of,
    newest_turns,
    rooms_of,
    seats_in,
    state_of,
)
from backend.activities.drawing.deck import Deck
from backend.activities.drawing.models import DrawingGame, DrawingGuess, DrawingRoom, DrawingTurn
from backend.activities.drawing.packs import words_of
from backend.activities.drawing.seating import (
    among,
    is_present,
    present_in,
    seat_everybody,
    seat_late,
    waiting,
)
from backend.activities.drawing.service import DrawingService
from backend.events import lifecycle
from backend.events.models import Activity
from backend.identity import audit
from backend.live.presence import Presence

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Step:
    """What a room does next: the `number`-th turn with a drawer, or its end without one."""

    room_id: int
    number: int
    drawer_id: int | None


class GameRunner:
    """Begins, advances and ends games. Several processes may call it at once."""

    def __init__(self, service: DrawingService, presence: Presence) -> None:
        self._service = service
        self._presence = presence
        self._scores = service.scores
        self._database = service.database
        self._ink = service.ink

    def begin(self, activity: Activity, by: int, now: int) -> None:
        """Deal all staff who play into rooms; a repeat changes nothing.

        For the event's hosts. Raises `NoWords` or what `lifecycle.require_playing` raises.
        """
        lifecycle.require_playing(activity.event, now)
        if not words_of(activity.settings["packs"]):
            raise errors.NoWords
        present = self._present(activity.event_id, now)
        with self._database.write():
            self._database.claim(activity.id)
            if DrawingGame.insert_new(activity=activity, began_at=now) is not None:
                seat_everybody(activity, present, now)
                audit.record(by, "begin_drawing", f"activity:{activity.id}", now)
        self.advance(activity.id, now)

    def finish(self, activity: Activity, by: int, now: int) -> None:
        """End the vote and take the game off phones and screens; turns that run end with what was
        earned. Harmless when repeated. For the event's hosts. Raises `NotBegun`.
        """
        context = begun(activity.id)
        with self._database.write():
            self._database.claim(activity.id)
            gains = settling.end_game(self._scores, context, now)
            finished = (
                DrawingGame.update(finished_at=now)
                .where(DrawingGame.activity == activity.id, DrawingGame.finished_at.is_null())
                .execute()
            )
            if finished:
                audit.record(by, "finish_drawing", f"activity:{activity.id}", now)
        settling.show(self._scores, gains)
        self._service.tell(activity.event_id, activity.id)

    def advance(self, activity_id: int, now: int) -> None:
        """Do what is due; several processes may do so at once."""
        context = context_of(activity_id)
        if context is None:
            return
        self._service.keeper.move(context)
        if context.game.ended_at is not None:
            return
        self._service.keeper.keep(context, now)
        state = lifecycle.state(context.event, now)
        if state in (lifecycle.CLOSED, lifecycle.ARCHIVED):
            self._close(context, now)
        elif state == lifecycle.OPEN and not lifecycle.is_paused(context.event):
            self._go_on(context, now)

    def _close(self, context: GameContext, now: int) -> None:
        with self._database.write():
            self._database.claim(context.activity.id)
            gains = settling.end_game(self._scores, context, now)
        settling.show(self._scores, gains)
        self._service.tell(context.event.id, context.activity.id)

    def _go_on(self, context: GameContext, now: int) -> None:
        signs = self._ink.seen(context.event.id, context.activity.id)
        changed = self._seat_late(context, signs, now)
        turns = newest_turns(context.activity.id)
        running = [turn for turn in turns.values() if turn.ended_at is None]
        guessed = _guessed(running)
        for turn in running:
            if self._run(context, turn, guessed.get(turn.id, set()), signs, now):
                changed = True
        if _steps(context, turns, signs, now):
            changed = self._take_steps(context, signs, now) or changed
        if changed:
            self._service.tell(context.event.id, context.activity.id)

    def _seat_late(self, context: GameContext, signs: Signs, now: int) -> bool:
        if not waiting(context.activity):
            return False
        present = self._present(context.event.id, now)
        # A player without a socket has called the operation that shows the game.
        there = present and present | set(signs)
        if not among(waiting(context.activity), there):
            return False
        with self._database.write():
            self._database.claim(context.activity.id)
            seat_late(context.activity, among(waiting(context.activity), there), now)
        return True

    def _present(self, event_id: int, now: int) -> set[int]:
        """Return the players who have a socket open; empty while presence is unknown."""
        try:
            return self._presence.players(event_id, now)
        except RedisError as error:
            log.warning("presence_away", event_id=event_id, error=str(error))
            return set()

    # --- turns that run

    def _run(
        self, context: GameContext, turn: DrawingTurn, guessed: set[int], signs: Signs, now: int
    ) -> bool:
        """Do what is due in a turn; returns whether what is shown has changed."""
        state = state_of(context, turn, signs, now)
        if state.phase == rules.OVER:
            return self._end(context, turn, state.ending or rules.TIME, state.since, now)
        if state.phase == rules.CHOOSING:
            return False
        # Everybody who is there has guessed, and at least one has.
        if guessed and present_in(turn.room_id, signs, now) <= guessed | {turn.drawer_id}:
            return self._end(context, turn, rules.ALL_GUESSED, now, now)
        return self._write_progress(turn, state)

    def _write_progress(self, turn: DrawingTurn, state: rules.TurnState) -> bool:
        """Store the server's choice, and the hints that are given from now on."""
        level = guessing.hint_level(state.used_ms / (turn.draw_seconds * 1000))
        if turn.choice is not None and turn.told_hints >= level:
            return False
        picked = hinted = 0
        with self._database.write():
            if turn.choice is None:
                picked = (
                    DrawingTurn.update(choice=DrawingTurn.fallback, chosen_at=state.since)
                    .where(
                        DrawingTurn.id == turn.id,
                        DrawingTurn.choice.is_null(),
                        DrawingTurn.ended_at.is_null(),
                    )
                    .execute()
                )
            if turn.told_hints < level:
                hinted = (
                    DrawingTurn.update(told_hints=level)
                    .where(DrawingTurn.id == turn.id, DrawingTurn.told_hints < level)
                    .execute()
                )
        return bool(picked or hinted)

    def _end(
        self, context: GameContext, turn: DrawingTurn, ending: str, ended_at: int, now: int
    ) -> bool:
        with self._database.write():
            self._database.claim(context.activity.id)
            gains = settling.end_turn(self._scores, context, turn.id, ending, ended_at, now)
        if gains is None:
            return False
        settling.show(self._scores, gains)
        return True

    # --- rooms whose next turn is due

    def _take_steps(self, context: GameContext, signs: Signs, now: int) -> bool:
        """Begin turns and end rooms, in one transaction that looks again at what is due."""
        with self._database.write():
            self._database.claim(context.activity.id)
            if DrawingGame.get_by_id(context.game.id).ended_at is not None:
                return False
            steps = _steps(context, newest_turns(context.activity.id), signs, now)
            deck = Deck(context)
            for step in steps:
                if step.drawer_id is None:
                    DrawingRoom.update(ended_at=now).where(DrawingRoom.id == step.room_id).execute()
                else:
                    self._begin_turn(context, step, step.drawer_id, deck, now)
            if all(room.ended_at is not None for room in rooms_of(context.activity.id)):
                DrawingGame.update(ended_at=now).where(DrawingGame.id == context.game.id).execute()
        return bool(steps)

    def _begin_turn(
        self, context: GameContext, step: Step, drawer_id: int, deck: Deck, now: int
    ) -> None:
        offers, fallback = deck.draw()
        turn = DrawingTurn.create(
            activity=context.activity.id,
            room=step.room_id,
            number=step.number,
            drawer=drawer_id,
            offers=offers,
            fallback=fallback,
            draw_seconds=context.settings["draw_seconds"],
            began_at=now,
        )
        try:
            # A database that was restored from a backup may give a number that Redis knows.
            self._ink.drop(context.event.id, turn.id)
        except RedisError as error:
            log.warning("ink_away", turn_id=turn.id, error=str(error))


def _guessed(turns: Sequence[DrawingTurn]) -> dict[int, set[int]]:
    """Return {turn: who guessed it}."""
    rows = DrawingGuess.select(DrawingGuess.turn, DrawingGuess.player).where(
        DrawingGuess.turn.in_([turn.id for turn in turns])
    )
    found: dict[int, set[int]] = {}
    for turn_id, player_id in rows.tuples():
        found.setdefault(turn_id, set()).add(player_id)
    return found


def _steps(
    context: GameContext, turns: dict[int, DrawingTurn], signs: Signs, now: int
) -> list[Step]:
    """Return what rooms do next, of those for whom it is time."""
    rooms = rooms_of(context.activity.id)
    still_open = [room for room in rooms if room.ended_at is None]
    due = [room for room in still_open if _is_due(context, turns.get(room.id), now)]
    seats = seats_in([room.id for room in due]) if due else {}
    steps = []
    lonely = []
    for room in due:
        last = turns[room.id].number if room.id in turns else 0
        present = [
            replace(seat, present=is_present(seat.player_id, signs, now)) for seat in seats[room.id]
        ]
        if len(present) < rules.ROOM_LEAST and last == 0:
            lonely.append(Step(room.id, 0, None))
        else:
            steps.append(Step(room.id, last + 1, _next_drawer(context, present, last)))
    ended = len(rooms) - len(still_open) + sum(step.drawer_id is None for step in steps)
    # A player alone in a room waits until all other rooms are done.
    return steps + lonely if ended and ended + len(lonely) == len(rooms) else steps


def _is_due(context: GameContext, turn: DrawingTurn | None, now: int) -> bool:
    if turn is None:
        return True
    if turn.ended_at is None:
        return False
    shown = lifecycle.played_ms(context.event.pauses, turn.ended_at, now)
    return shown >= rules.reveal_ms(had_prompt=turn.choice is not None)


def _next_drawer(context: GameContext, seats: Sequence[rules.DrawerSeat], last: int) -> int | None:
    if len(seats) < rules.ROOM_LEAST or (context.is_hall and last >= context.settings["turns"]):
        return None
    return rules.next_drawer(seats, None if context.is_hall else context.settings["rounds"])
