"""Takes answers of a contest: the first answer of a player to a round counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from backend.activities.contest import errors, rules
from backend.db import Database
from backend.events import competition, lifecycle, players
from backend.events.competition import is_out_sql
from backend.events.models import Event
from backend.given import GivenRows
from backend.intake import Intake, NewItem
from backend.live.feed import COUNTS, Feed
from backend.questions import marking
from backend.selection import AllColumns, Bool, Json, Selection


@dataclass(frozen=True)
class SentAnswer:
    """An answer as a phone gave it: letters as in the bank, which a contest does not shuffle."""

    activity_id: int
    round_id: int
    player_id: int
    account_id: int
    choice: Sequence[str]
    at: int


@dataclass(frozen=True)
class TakenAnswer:
    """An answer that is stored; a repeat returns the first one. Out of competition it is not
    `counted`."""

    round_id: int
    choice: list[str]
    used_ms: int
    answered_at: int
    counted: bool


class RoundFacts(NamedTuple):
    """What decides whether a player may answer a round."""

    round_id: int
    activity_id: int
    position: int
    shown_at: int | None
    seconds: int
    question_kind: str
    options: list[str]
    phase: str
    current: int
    playoff: list[int] | None
    playoff_from: int | None
    event: Event
    player_id: int
    status: str
    staff_id: int | None
    joined_at: int
    holder: int | None
    is_out: bool
    taken: TakenAnswer | None


def _taken(*, choice: str | None, **columns: Any) -> TakenAnswer | None:
    return None if choice is None else TakenAnswer(choice=choice.split(","), **columns)


# What is the same for all answers to a round is read once for all of them.
_ROUND: Selection[dict[str, Any]] = Selection(
    dict,
    round_id="r.id",
    activity_id="r.activity_id",
    position="r.position",
    shown_at="r.shown_at",
    seconds="r.seconds",
    question_kind="q.kind",
    options=Json("CAST(q.options AS TEXT)"),
    phase="c.phase",
    current="c.position",
    playoff=Json("CAST(c.playoff AS TEXT)"),
    playoff_from="c.playoff_from",
    event=AllColumns(Event, "e"),
)
_ROUND_SQL = f"""
SELECT {_ROUND}
FROM contest_round r JOIN question q ON q.id = r.question_id
JOIN contest c ON c.activity_id = r.activity_id JOIN activity t ON t.id = r.activity_id
JOIN event e ON e.id = t.event_id
WHERE r.id = ?
"""  # nosec B608 # our own names
_SEAT: Selection[dict[str, Any]] = Selection(
    dict,
    player_id="p.id",
    status="p.status",
    staff_id="p.staff_id",
    joined_at="p.joined_at",
    holder=players.HOLDER,
    is_out=Bool(is_out_sql("r.activity_id")),
    taken=Selection(
        _taken,
        round_id="r.id",
        choice="a.choice",
        used_ms="a.used_ms",
        answered_at="a.answered_at",
        counted=Bool("a.counted"),
    ),
)
_SEAT_SQL = f"""
SELECT {_SEAT}
FROM contest_round r JOIN activity t ON t.id = r.activity_id JOIN player p ON p.event_id = t.event_id
LEFT JOIN contest_answer a ON a.round_id = r.id AND a.player_id = p.id
WHERE r.id = ? AND p.id IN ({{marks}})
"""  # nosec B608 # our own names
_ANSWERS = GivenRows(
    round_id="BIGINT",
    player_id="BIGINT",
    choice="TEXT",
    used_ms="INTEGER",
    answered_at="BIGINT",
    counted="BOOLEAN",
)
_ANSWER_SQL = f"""
INSERT INTO contest_answer ({_ANSWERS.names}) {{rows}}
ON CONFLICT DO NOTHING RETURNING round_id, player_id
"""  # nosec B608 # our own names

# Facts and entries by round and player.
Key = tuple[int, int]
Kept = tuple[RoundFacts, TakenAnswer]


class ContestAnswers(Intake[SentAnswer, dict[Key, RoundFacts], Kept, Kept]):
    """Takes answers. Build one per process."""

    counted_as = "contest_answers"

    def __init__(self, database: Database, feed: Feed) -> None:
        super().__init__(database)
        self._feed = feed

    def submit(self, answer: SentAnswer) -> TakenAnswer:
        """Store an answer, exactly once; a repeat of the choice changes nothing.

        Raises `NoRound`, `BadRoundChoice`, `RoundAlreadyAnswered`, `ContestRoundOver`, `JoinedLate`,
        `NotInPlayoff`, `StaffOnly`, `Kicked`, `Banned`, or what `lifecycle.require_playing`
        raises; then nothing is written. It is judged at the reveal.
        """
        return self.take(answer)[1]

    def show(self, results: Sequence[Kept]) -> Sequence[Kept]:
        """Tell phones and screens that more players have answered."""
        for event_id in {facts.event.id for facts, _ in results}:
            self._feed.publish(event_id, COUNTS)
        return results

    # --- in the transaction, see `Intake`

    def lock(self, items: Sequence[SentAnswer]) -> None:
        """Take shared locks, so that reveals of these contests wait."""
        self.database.share(*(one.activity_id for one in items))

    def key(self, item: SentAnswer) -> Key:
        """Return round and player: the first of two taps is stored."""
        return item.round_id, item.player_id

    def read(self, items: Sequence[SentAnswer]) -> dict[Key, RoundFacts]:
        """Return the facts of the rounds (mostly one) and their players."""
        found: dict[Key, RoundFacts] = {}
        for round_id in sorted({one.round_id for one in items}):
            asked = [one.player_id for one in items if one.round_id == round_id]
            found |= {(round_id, one.player_id): one for one in self._facts(round_id, asked)}
        return found

    def _facts(self, round_id: int, player_ids: Sequence[int]) -> list[RoundFacts]:
        rounds = _ROUND.read(self.database.sql(_ROUND_SQL, (round_id,)).fetchall())
        if not rounds:
            return []
        # Few different statements, so that PostgreSQL can reuse their plans.
        length = 1 << (len(player_ids) - 1).bit_length()
        asked = (round_id, *player_ids, *[0] * (length - len(player_ids)))
        statement = _SEAT_SQL.format(marks=", ".join("?" * length))
        seats = _SEAT.read(self.database.sql(statement, asked).fetchall())
        return [RoundFacts(**rounds[0], **seat) for seat in seats]

    def judge(self, facts: dict[Key, RoundFacts], item: SentAnswer) -> NewItem[Kept] | Kept:
        """Return the row to store for an answer."""
        own = facts.get(self.key(item))
        if own is None or own.activity_id != item.activity_id or own.shown_at is None:
            raise errors.NoRound
        if own.taken is None:
            _require_player(own, item.account_id)
        choice = sorted(set(item.choice))
        if not choice or not _is_offered(own, choice):
            raise errors.BadRoundChoice
        if own.taken is None:
            used_ms = _require_time(own, own.shown_at, item.at)
            taken = TakenAnswer(own.round_id, choice, used_ms, item.at, not own.is_out)
            return NewItem((own, taken))
        if own.taken.choice != choice:
            raise errors.RoundAlreadyAnswered
        return own, own.taken

    def write(self, facts: dict[Key, RoundFacts], entries: Sequence[Kept]) -> list[Kept | None]:
        """Write answers; mark players who play out of competition."""
        rows = [
            (
                *(own.round_id, own.player_id, ",".join(taken.choice)),
                *(taken.used_ms, taken.answered_at, taken.counted),
            )
            for own, taken in entries
        ]
        written = set(_ANSWERS.run(self.database, _ANSWER_SQL, rows))
        kept = [one if (one[0].round_id, one[0].player_id) in written else None for one in entries]
        for own, taken in (one for one in kept if one and not one[1].counted):
            at = taken.answered_at
            competition.leave(self.database, own.activity_id, [own.player_id], at)
        return kept


def _is_offered(facts: RoundFacts, choice: Sequence[str]) -> bool:
    if facts.question_kind == "truefalse":
        return len(choice) == 1 and choice[0] in marking.TRUE_FALSE
    letters = marking.LETTERS[: len(facts.options)]
    return set(choice) <= set(letters) and (facts.question_kind == "multiple" or len(choice) == 1)


def _require_player(facts: RoundFacts, account_id: int) -> None:
    players.require_active(facts.status)
    if facts.staff_id is None:
        raise players.StaffOnly
    players.require_holder(facts.holder, account_id)


def _require_time(facts: RoundFacts, shown_at: int, now: int) -> int:
    """Return the time used, pauses not counted; raises unless answers are taken now."""
    lifecycle.require_playing(facts.event, now)
    if facts.joined_at > shown_at:
        raise errors.JoinedLate
    is_playoff = facts.playoff_from is not None and facts.position >= facts.playoff_from
    if is_playoff and facts.player_id not in (facts.playoff or ()):
        raise errors.NotInPlayoff
    used_ms = lifecycle.played_ms(facts.event.pauses, shown_at, now)
    is_on = facts.phase == rules.QUESTION and facts.current == facts.position
    if not is_on or not rules.in_time(used_ms, facts.seconds):
        raise errors.ContestRoundOver
    return min(used_ms, facts.seconds * 1000)
