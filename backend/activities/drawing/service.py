"""Actions of players: choose, draw, guess, write, report, vote; actions of hosts on drawings."""

from collections.abc import Sequence
from typing import Any

import structlog
from redis import Redis, RedisError

from backend.activities.drawing import errors, guessing, rules, settling
from backend.activities.drawing.access import (
    TurnAccess,
    begun,
    require_access,
    require_drawer,
    require_seat,
)
from backend.activities.drawing.context import GameContext, prompt_of, turn_in
from backend.activities.drawing.ink import AddedOps, Ink
from backend.activities.drawing.keeping import InkKeeper
from backend.activities.drawing.models import (
    DrawingGame,
    DrawingGuess,
    DrawingReport,
    DrawingTurn,
    DrawingVote,
)
from backend.activities.drawing.seating import present_in
from backend.activities.drawing.strokes import BadStroke, Op, decoded
from backend.errors import TooManyRequests
from backend.events.play import Speaker
from backend.events.visibility import View, shows_gains
from backend.identity import audit
from backend.live.feed import Feed
from backend.moderation.moderator import is_blocked
from backend.moderation.words import BlockedWords
from backend.scoring.scorekeeper import Scorekeeper

log = structlog.get_logger(__name__)

STROKES, GUESSED, SAID = "drawing.strokes", "drawing.guessed", "drawing.said"


class DrawingService:
    """Takes choices, strokes, guesses, reports and votes of players. Build one per process."""

    def __init__(self, scores: Scorekeeper, feed: Feed, redis: Redis) -> None:
        self.scores = scores
        self.database = scores.database
        self.feed = feed
        self.ink = Ink(redis)
        self.keeper = InkKeeper(self.database, self.ink)
        self._words = BlockedWords(self.database)

    # --- drawers

    def choose(
        self, speaker: Speaker, activity_id: int, turn_id: int, choice: int, now: int
    ) -> dict[str, Any]:
        """Choose a prompt by its place; a repeat changes nothing. For the turn's drawer.

        Raises `NotYourTurn`, `AlreadyChosen`, `UnknownPrompt`, `TurnOver`, or what `require_access` raises.
        """
        at = require_drawer(self.database, self.ink, speaker, activity_id, turn_id, now)
        if not 0 <= choice < len(at.turn.offers):
            raise errors.UnknownPrompt
        if at.state.phase == rules.CHOOSING:
            with self.database.write():
                chosen = (
                    DrawingTurn.update(choice=choice, chosen_at=now)
                    .where(
                        DrawingTurn.id == turn_id,
                        DrawingTurn.choice.is_null(),
                        DrawingTurn.ended_at.is_null(),
                    )
                    .execute()
                )
            self.note_sign(at.context, speaker.player_id, now)
            if chosen:
                self.tell(at.context.event.id, activity_id)
                return {"prompt": at.turn.offers[choice]}
            at = require_drawer(self.database, self.ink, speaker, activity_id, turn_id, now)
        if prompt_of(at.turn) != at.turn.offers[choice]:
            raise errors.AlreadyChosen
        return {"prompt": at.turn.offers[choice]}

    def draw(
        self,
        speaker: Speaker,
        activity_id: int,
        turn_id: int,
        at: int,
        ops: Sequence[Op],
        now: int,
    ) -> dict[str, Any]:
        """Add operations to the drawing, beginning at number `at`; a repeat changes nothing.

        For the turn's drawer. Returns how many operations there are now. The database has them
        about a second later, see `backend.activities.drawing.keeping`. Raises `BadStrokes`,
        `NotYourTurn`, `NotDrawing`, `StrokesMissing`, `DrawingFull`, `TurnOver`, or what
        `require_access` raises, and `RedisError`.
        """
        for op in ops:
            _require_drawable(op)
        access = require_drawer(self.database, self.ink, speaker, activity_id, turn_id, now)
        if access.state.phase == rules.CHOOSING:
            raise errors.NotDrawing
        event_id = access.context.event.id

        def add() -> AddedOps:
            return self.ink.add(event_id, activity_id, turn_id, speaker.player_id, at, ops, now)

        try:
            added = add()
        except errors.StrokesMissing:
            if not self.keeper.restore(event_id, turn_id):
                raise
            added = add()
        if added.ops:
            self.feed.publish(
                event_id,
                STROKES,
                activity_id=activity_id,
                room=access.room,
                turn_id=turn_id,
                first=added.first,
                ops=added.ops,
            )
        return {"count": added.count}

    # --- guesses, and texts of players who know the answer

    def guess(
        self, speaker: Speaker, activity_id: int, turn_id: int, text: str, now: int
    ) -> dict[str, Any]:
        """Guess; a text of a player who knows the answer is no guess. For staff who sit in the
        room.

        Returns `{verdict}`: `exact` with `place` and `points`, `near` (told to nobody else),
        `wrong` or `said`. Raises `GivesAway`, `NotDrawing`, `TurnOver`, `TooManyRequests` (more than
        three a second, or before the wait after wrong guesses is over), or what `require_access` raises.
        A right guess that is repeated after the end gets its first answer.
        """
        try:
            at = require_access(self.database, self.ink, speaker, activity_id, turn_id, now)
        except errors.TurnOver:
            return self._repeated(speaker, activity_id, turn_id, text)
        if at.state.phase == rules.CHOOSING:
            raise errors.NotDrawing
        self.note_sign(at.context, speaker.player_id, now)
        answer = prompt_of(at.turn)["text"]
        verdict = guessing.verdict(text, answer)
        guessed = DrawingGuess.get_or_none(
            DrawingGuess.turn == turn_id, DrawingGuess.player == speaker.player_id
        )
        if guessed or at.draws:
            if guessed and verdict == guessing.EXACT:
                return self._guessed(at, now)
            if guessing.gives_away(text, answer):
                raise errors.GivesAway
            self._pace(at, now, is_wrong_guess=False)
            self._say(at, text, now)
            return {"verdict": "said"}
        self._pace(at, now, is_wrong_guess=verdict != guessing.EXACT)
        if verdict == guessing.EXACT:
            return self._guessed(at, now)
        # A text that gives the answer away is not shown to others, even if its writer does not know
        # it.
        if verdict == guessing.NEAR or guessing.leaks(text, answer):
            return {"verdict": guessing.NEAR}
        self._say(at, text, now)
        return {"verdict": guessing.WRONG}

    def _pace(self, at: TurnAccess, now: int, *, is_wrong_guess: bool) -> None:
        """Raise `TooManyRequests` for texts that come faster than a person can think and type."""
        context = at.context
        try:
            wait_ms = self.ink.wait_ms(
                context.event.id,
                context.activity.id,
                at.turn.id,
                at.speaker.player_id,
                now,
                is_wrong_guess=is_wrong_guess,
            )
        except RedisError as error:
            log.warning("pace_away", error=str(error))
            return
        if wait_ms:
            raise TooManyRequests(retry_after_seconds=-(-wait_ms // 1000))

    def _guessed(self, at: TurnAccess, now: int) -> dict[str, Any]:
        """Write a right guess.

        A unique row makes it count once; the lock on the game orders the places.
        """
        context, turn, player_id = at.context, at.turn, at.speaker.player_id
        with self.database.write():
            self.database.claim(context.activity.id)
            if (
                DrawingTurn.select(DrawingTurn.ended_at)
                .where(DrawingTurn.id == turn.id)
                .tuples()
                .get()[0]
                is not None
            ):
                raise errors.TurnOver
            place = DrawingGuess.select().where(DrawingGuess.turn == turn.id).count() + 1
            points = rules.guess_points(at.state.used_ms, turn.draw_seconds * 1000, place)
            facts = {"used_ms": at.state.used_ms, "at": now, "points": points}
            new = DrawingGuess.insert_new(turn=turn.id, player=player_id, **facts)
            first = DrawingGuess.get(DrawingGuess.turn == turn.id, DrawingGuess.player == player_id)
        if new is not None:
            self.feed.publish(context.event.id, GUESSED, **_about(at), place=place)
        return _told_of(context, first)

    def _repeated(
        self, speaker: Speaker, activity_id: int, turn_id: int, text: str
    ) -> dict[str, Any]:
        """Return the first answer to a right guess whose turn is over; raises `TurnOver`."""
        first = (
            DrawingGuess.select(DrawingGuess, DrawingTurn)
            .join(DrawingTurn)
            .where(DrawingGuess.turn == turn_id, DrawingGuess.player == speaker.player_id)
            .first()
        )
        if first is None or guessing.verdict(text, prompt_of(first.turn)["text"]) != guessing.EXACT:
            raise errors.TurnOver
        return _told_of(begun(activity_id), first)

    def _say(self, at: TurnAccess, text: str, now: int) -> None:
        """Publish a text to the others; in the hall no more texts than the screen can show.

        Words of the local list are masked. Texts of a player whom a host blocked are not published.
        """
        if is_blocked(self.database, at.speaker.player_id):
            return
        if at.context.is_hall:
            try:
                if not self.ink.may_say(at.context.event.id, at.context.activity.id, now):
                    return
            except RedisError:
                return
        shown = self._words.masked(text, now)
        self.feed.publish(at.context.event.id, SAID, **_about(at), text=shown)

    def report(self, speaker: Speaker, activity_id: int, turn_id: int, now: int) -> dict[str, Any]:
        """Report a drawing with characters or offensive content; a majority of those present voids
        the turn.

        For staff who sit in the room, but not the drawer. Once each; a repeat is harmless. Raises
        `OwnDrawing`, `NotDrawing`, `TurnOver`, or what `require_access` raises.
        """
        at = require_access(self.database, self.ink, speaker, activity_id, turn_id, now)
        if at.draws:
            raise errors.OwnDrawing
        if at.state.phase == rules.CHOOSING:
            raise errors.NotDrawing
        self.note_sign(at.context, speaker.player_id, now)
        signs = self.ink.seen(at.context.event.id, activity_id)
        with self.database.write():
            self.database.claim(activity_id)
            DrawingReport.insert_new(turn=turn_id, player=speaker.player_id, at=now)
            reporters = {row[0] for row in _reporters(turn_id)}
            present = present_in(at.turn.room_id, signs, now) | reporters
            present.discard(at.turn.drawer_id)
            void = rules.is_majority(len(reporters), len(present))
            if void:
                settling.end_turn(self.scores, at.context, turn_id, rules.VOIDED, now, now)
        if void:
            self.tell(at.context.event.id, activity_id)
        return {"voided": void}

    def vote(self, speaker: Speaker, activity_id: int, turn_id: int, now: int) -> dict[str, Any]:
        """Vote for a drawing of the gallery, once; a repeat changes nothing. For staff who play.

        Raises `StaffOnly`, `NotInThisRoom` (no seat at all), `NotBegun`, `UnknownTurn`,
        `OwnDrawing`, `NotInGallery`, `VotingOver`, `AlreadyVoted`, `Kicked` or `Banned`.
        """
        context = begun(activity_id)
        require_seat(self.database, speaker, activity_id)
        turn = turn_in(activity_id, turn_id)
        if turn is None:
            raise errors.UnknownTurn
        if turn.drawer_id == speaker.player_id:
            raise errors.OwnDrawing
        if not _is_in_gallery(turn):
            raise errors.NotInGallery
        with self.database.write():
            self.database.claim(activity_id)
            earlier = DrawingVote.get_or_none(
                DrawingVote.activity == activity_id, DrawingVote.player == speaker.player_id
            )
            if earlier is None:
                game = DrawingGame.get_by_id(context.game.id)
                if game.voting_ended_at is not None or game.finished_at is not None:
                    raise errors.VotingOver
                DrawingVote.insert_new(
                    activity=activity_id, player=speaker.player_id, turn=turn_id, at=now
                )
        counted = DrawingVote.get(
            DrawingVote.activity == activity_id, DrawingVote.player == speaker.player_id
        )
        if counted.turn_id != turn_id:
            raise errors.AlreadyVotedForDrawing
        return {"turn_id": turn_id}

    def end_voting(self, context: GameContext, by: int, now: int) -> None:
        """End the vote and show everybody the votes, and the drawings with most votes.

        For the event's hosts. A repeat changes nothing. Raises `GalleryNotOpen`.
        """
        if context.game.ended_at is None:
            raise errors.GalleryNotOpen
        with self.database.write():
            self.database.claim(context.activity.id)
            ended = (
                DrawingGame.update(voting_ended_at=now)
                .where(DrawingGame.id == context.game.id, DrawingGame.voting_ended_at.is_null())
                .execute()
            )
            if ended:
                audit.record(by, "end_drawing_vote", f"activity:{context.activity.id}", now)
        self.tell(context.event.id, context.activity.id)

    def hang(self, context: GameContext, turn_id: int, hidden: bool, by: int, now: int) -> None:
        """Remove a drawing from the gallery for all but hosts, or show it again; points stay.

        Again is harmless. Raises `UnknownTurn`.
        """
        if turn_in(context.activity.id, turn_id) is None:
            raise errors.UnknownTurn
        with self.database.write():
            changed = (
                DrawingTurn.update(hidden_at=now if hidden else None)
                .where(DrawingTurn.id == turn_id, DrawingTurn.hidden_at.is_null(hidden))
                .execute()
            )
            if changed:
                action = "hide_drawing" if hidden else "show_drawing"
                audit.record(by, action, f"turn:{turn_id}", now)
        if changed:
            self.tell(context.event.id, context.activity.id)

    def pin(self, context: GameContext, turn_id: int | None, by: int, now: int) -> None:
        """Pin a drawing on the screen; with None the gallery shows all drawings in turn.

        A repeat changes nothing. Raises `UnknownTurn`, or `NotInGallery` for a turn that is not
        shown there.
        """
        if turn_id is not None:
            turn = turn_in(context.activity.id, turn_id)
            if turn is None:
                raise errors.UnknownTurn
            if not _is_in_gallery(turn):
                raise errors.NotInGallery
        with self.database.write():
            before = DrawingGame.get_by_id(context.game.id).pinned_turn_id
            if before == turn_id:
                return
            context.game.change(pinned_turn_id=turn_id)
            subject = f"activity:{context.activity.id}"
            audit.record(by, "pin_drawing", subject, now, before=before, after=turn_id)
        self.tell(context.event.id, context.activity.id)

    def void(self, context: GameContext, turn_id: int, by: int, now: int) -> None:
        """End a turn without points, as a majority of reports does.

        For the event's hosts. A repeat changes nothing. Raises `UnknownTurn`, or `TurnOver` for a
        turn that has ended in another way.
        """
        if turn_in(context.activity.id, turn_id) is None:
            raise errors.UnknownTurn
        with self.database.write():
            self.database.claim(context.activity.id)
            ended = settling.end_turn(self.scores, context, turn_id, rules.VOIDED, now, now)
            if ended is not None:
                audit.record(by, "void_drawing", f"turn:{turn_id}", now)
        if ended is not None:
            self.tell(context.event.id, context.activity.id)
        elif DrawingTurn.get_by_id(turn_id).ending != rules.VOIDED:
            raise errors.TurnOver

    def here(self, speaker: Speaker, activity_id: int, now: int) -> dict[str, Any]:
        """Note a sign of life; without one for 8 s a drawer has vanished. For staff with a seat.

        Raises `NotBegun`, `StaffOnly`, `NotInThisRoom`, `Kicked`, `Banned`, and `RedisError`.
        """
        context = begun(activity_id)
        require_seat(self.database, speaker, activity_id)
        self.ink.here(context.event.id, activity_id, speaker.player_id, now)
        return {}

    # --- access to turns

    def tell(self, event_id: int, activity_id: int) -> None:
        """Tell the feed that what is shown has changed."""
        self.feed.publish(event_id, "activity", activity_id=activity_id)

    def note_sign(self, context: GameContext, player_id: int, now: int) -> None:
        """Note a sign of life, unless Redis is away."""
        try:
            self.ink.here(context.event.id, context.activity.id, player_id, now)
        except RedisError as error:
            log.warning("signs_away", error=str(error))


def _told_of(context: GameContext, guess: DrawingGuess) -> dict[str, Any]:
    """Return the answer to a right guess, which is the same for every repeat."""
    place = (
        DrawingGuess.select()
        .where(DrawingGuess.turn == guess.turn_id, DrawingGuess.id <= guess.id)
        .count()
    )
    points = guess.points if shows_gains(context.event, View.OWN) else None
    return {"verdict": guessing.EXACT, "place": place, "points": points}


def _is_in_gallery(turn: DrawingTurn) -> bool:
    is_shown = turn.ending != rules.VOIDED and turn.hidden_at is None
    return turn.ended_at is not None and turn.choice is not None and is_shown


def _require_drawable(op: Op) -> None:
    if op["op"] == "draw":
        try:
            decoded(op["points"])
        except BadStroke as error:
            raise errors.BadStrokes(fields={"points": [error.sentence]}) from None


def _about(at: TurnAccess) -> dict[str, Any]:
    return {
        "activity_id": at.context.activity.id,
        "room": at.room,
        "turn_id": at.turn.id,
        "player_id": at.speaker.player_id,
        "name": at.speaker.name,
    }


def _reporters(turn_id: int) -> Any:
    return DrawingReport.select(DrawingReport.player).where(DrawingReport.turn == turn_id).tuples()
