"""The rules of drawing and guessing: rooms, drawers, prompts, phases and points. Pure.

Times are milliseconds of play, without pauses of the event. A turn is choosing → drawing → over;
its phase is a function of stored facts and the present moment.
"""

import random
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from backend.events.lifecycle import Pauses, moment_of, played_ms

VERSION = "drawing-1"

CHOOSING, DRAWING, OVER = "choosing", "drawing", "over"
TIME, ALL_GUESSED, VANISHED, VOIDED, CLOSED = "time", "all_guessed", "vanished", "voided", "closed"

CHOOSE_MS = 10_000
GRACE_MS = 8_000
# How long the answer is shown before the next turn begins; a turn without a drawing has no such
# time.
REVEAL_MS = 6_000
REVEAL_NOTHING_MS = 2_000
# Later than every moment that the database can hold.
NEVER = 2**62

ROOM_LEAST, ROOM_MOST = 2, 12
PROMPTS = 3

BASE_POINTS, TIME_POINTS = 20, 60
FIRST_POINTS = (20, 10, 5)

# After this many wrong guesses in a turn, each further one lengthens the wait before the next.
FREE_GUESSES = 4
WAIT_STEP_MS, LONGEST_WAIT_MS = 500, 8_000


@dataclass(frozen=True)
class TurnFacts:
    """What is stored about a turn, and how long it may take.

    `chosen_at` is null until the drawer has chosen, `seen_at` is the drawer's last sign of life,
    null if unknown (then the drawer counts as present).
    """

    began_at: int
    chosen_at: int | None
    ended_at: int | None
    ending: str | None
    draw_ms: int
    seen_at: int | None = None


@dataclass(frozen=True)
class TurnState:
    """The present phase. `since` is when it began, `left_ms` how much of it is left, `used_ms` how
    much of the drawing time is used."""

    phase: str
    since: int
    left_ms: int = 0
    used_ms: int = 0
    ending: str | None = None


def turn_state(turn: TurnFacts, pauses: Pauses, now: int) -> TurnState:
    """Return the present phase; if the drawer did not choose in time, the server's choice counts."""
    if turn.ended_at is not None:
        used = min(_drawn_ms(turn, pauses, turn.ended_at), turn.draw_ms)
        return TurnState(OVER, turn.ended_at, 0, used, turn.ending)
    drawn_from = drawing_from(turn, pauses)
    ends = [(moment_after(pauses, drawn_from, turn.draw_ms), TIME)]
    if turn.seen_at is not None:
        ends.append((moment_after(pauses, max(turn.seen_at, turn.began_at), GRACE_MS), VANISHED))
    over_at, ending = min(ends)
    if now >= over_at:
        used = min(_drawn_ms(turn, pauses, over_at), turn.draw_ms)
        return TurnState(OVER, over_at, 0, used, ending)
    used = min(_drawn_ms(turn, pauses, now), turn.draw_ms)
    if now < drawn_from:
        waited = played_ms(pauses, turn.began_at, now)
        return TurnState(CHOOSING, turn.began_at, max(0, CHOOSE_MS - waited))
    return TurnState(DRAWING, drawn_from, turn.draw_ms - used, used)


def drawing_from(turn: TurnFacts, pauses: Pauses) -> int:
    """Return the beginning of the drawing: the moment of the drawer's choice, else of the server's."""
    if turn.chosen_at is not None:
        return turn.chosen_at
    return moment_after(pauses, turn.began_at, CHOOSE_MS)


def moment_after(pauses: Pauses, since: int, played: int) -> int:
    """Return the moment at which so much time was played since another moment.

    During a pause without an end it is `NEVER`.
    """
    return min(moment_of(pauses, since, played, NEVER), NEVER)


def _drawn_ms(turn: TurnFacts, pauses: Pauses, until: int) -> int:
    if turn.chosen_at is not None:
        return played_ms(pauses, turn.chosen_at, until)
    return max(0, played_ms(pauses, turn.began_at, until) - CHOOSE_MS)


def reveal_ms(had_prompt: bool) -> int:
    """Return how long the end of a turn is shown."""
    return REVEAL_MS if had_prompt else REVEAL_NOTHING_MS


def guess_points(used_ms: int, draw_ms: int, place: int) -> int:
    """Return what a right guess earns: more for more time left, and for the first three."""
    left = min(max(draw_ms - used_ms, 0), draw_ms)
    bonus = FIRST_POINTS[place - 1] if place <= len(FIRST_POINTS) else 0
    return BASE_POINTS + TIME_POINTS * left // draw_ms + bonus


def guess_wait_ms(wrong: int) -> int:
    """Return how long a player who guessed wrong so often in a turn waits before the next guess.

    People hardly notice it; a program with the list of words can try only a few.
    """
    return min(max(wrong - FREE_GUESSES, 0) * WAIT_STEP_MS, LONGEST_WAIT_MS)


def drawer_points(guessers: Sequence[int]) -> int:
    """Return the mean of what the guessers earned, rounded; 0 when nobody guessed."""
    count = len(guessers)
    return (2 * sum(guessers) + count) // (2 * count) if count else 0


def earned(
    drawer: int, guesses: Sequence[tuple[int, int]], draw_ms: int, ending: str
) -> dict[int, int]:
    """Return {player: points} of a turn that is over; empty if it is void.

    `guesses` are (player, drawing time used) of those who guessed, the first one first.
    """
    if ending == VOIDED:
        return {}
    points = {
        player: guess_points(used, draw_ms, place)
        for place, (player, used) in enumerate(guesses, start=1)
    }
    return {**points, drawer: drawer_points(list(points.values()))} if points else {}


def is_majority(reports: int, present: int) -> bool:
    """Return whether enough of the players present have reported the turn to void it."""
    return 2 * reports > present


def deal(players: Sequence[int], most: int, rng: random.Random) -> list[list[int]]:
    """Deal players into rooms of nearly the same size, each in the order in which they draw."""
    shuffled = sorted(players)
    rng.shuffle(shuffled)
    rooms = max(1, -(-len(shuffled) // most))
    return [shuffled[start::rooms] for start in range(rooms)]


@dataclass(frozen=True)
class DrawerSeat:
    """A player's seat in a room: the order in which they draw, and how often they have drawn."""

    player_id: int
    position: int
    drawn: int
    present: bool


def next_drawer(seats: Collection[DrawerSeat], rounds: int | None) -> int | None:
    """Return who draws next: among present players first, the one who drew least, in order of
    seats.

    None when everybody has drawn `rounds` times.
    """
    waiting = [seat for seat in seats if rounds is None or seat.drawn < rounds]
    waiting.sort(key=lambda seat: (not seat.present, seat.drawn, seat.position))
    return waiting[0].player_id if waiting else None


@dataclass(frozen=True)
class Prompt:
    """A word that can be drawn."""

    text: str
    category: str
    difficulty: int


def prompts(
    words: Sequence[Prompt], drawn: Collection[str], offered: Mapping[str, int], rng: random.Random
) -> list[Prompt]:
    """Return three prompts to choose from, the easiest first, of different difficulty if possible.

    None is in `drawn`, the texts drawn in the event before, unless no others are left. Among the
    others those come first that were `offered` least.
    """
    fresh = [word for word in words if word.text not in drawn] or list(words)
    pool = sorted(fresh, key=lambda word: word.text)
    rng.shuffle(pool)
    pool.sort(key=lambda word: offered.get(word.text, 0))
    chosen: list[Prompt] = []
    for difficulty in sorted({word.difficulty for word in pool}):
        chosen.append(next(word for word in pool if word.difficulty == difficulty))
    texts = {word.text for word in chosen}
    for word in pool:
        if len(chosen) < PROMPTS and word.text not in texts:
            chosen.append(word)
            texts.add(word.text)
    return sorted(chosen[:PROMPTS], key=lambda word: word.difficulty)


def room_for(sizes: Mapping[int, int]) -> int | None:
    """Return the room with the fewest players, of {room: number of players}, for a late player.

    None when all are full, and one more is needed.
    """
    free = {room: size for room, size in sizes.items() if size < ROOM_MOST}
    return min(free, key=lambda room: (free[room], room)) if free else None
