"""Takes answers of players in a hunt, exactly once each."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any, NamedTuple

from redis import RedisError

from backend.activities.hunt import digs, errors, rules, treasures
from backend.activities.hunt.facts import DigFacts, Verdict, facts_of
from backend.activities.hunt.judging import judge
from backend.db import Database
from backend.encoding import encoded
from backend.errors import SignedOut
from backend.events import competition, visibility
from backend.events.visibility import View
from backend.given import GivenRows
from backend.identity import principal
from backend.intake import Intake, NewItem
from backend.scoring.ledger import EVENT_BOARD, Award, Total
from backend.scoring.reader import BoardReader
from backend.scoring.scorekeeper import Moved, Scorekeeper, gain_message


class SentHuntAnswer(NamedTuple):
    """An answer as a phone sent it; `choice` holds the letters that the player was shown.

    `token_version` is None for an answer over a socket, because signing out closes the socket.
    """

    activity_id: int
    dig_id: int
    account_id: int
    token_version: int | None
    choice: Sequence[str]
    at: int


class TakenHuntAnswer(NamedTuple):
    """An answer in the transaction, with the standings that it moved; a repeat moves none.

    `rank` is the player's after the answer was shown; None for a repeat, and if it is not known.
    """

    facts: DigFacts
    verdict: Verdict
    totals: Mapping[str, Total] = MappingProxyType({})
    rank: int | None = None


class ScoreAfterAnswer(NamedTuple):
    """What a player may see of their score after an answer; None for what is not known."""

    points: float | None
    rank: int | None
    is_frozen: bool


class HuntOutcome(NamedTuple):
    """What an answer led to, all that the player is told. `sittings_left` decides what is sealed."""

    facts: DigFacts
    verdict: Verdict
    sittings_left: int
    score: ScoreAfterAnswer


class HuntAnswers(Intake[SentHuntAnswer, dict[int, DigFacts], TakenHuntAnswer, TakenHuntAnswer]):
    """Takes answers. Build one per process."""

    counted_as = "hunt_answers"

    def __init__(self, scores: Scorekeeper, key: bytes) -> None:
        super().__init__(scores.database)
        self._scores = scores
        self._reader = BoardReader(scores)
        self._key = key

    def submit_answer(self, answer: SentHuntAnswer) -> HuntOutcome:
        """Judge an answer and score it, exactly once.

        One transaction holds the unique answer, its score entry (also for 0 points), a treasure if
        one is found, and the standings; an answer out of competition is kept and earns nothing. A
        repeat of the choice changes nothing. Raises `SignedOut`, `NotYourQuestion`, or what
        `judging.judge` raises; then nothing is written.
        """
        taken = self.take(answer)
        left = _sittings_left(taken.facts, answer.at)
        return HuntOutcome(taken.facts, taken.verdict, left, self._score(taken))

    def _score(self, taken: TakenHuntAnswer) -> ScoreAfterAnswer:
        """Return what the player may see of the standings after an answer."""
        is_frozen = visibility.reads_frozen_board(taken.facts.event, View.OWN)
        if is_frozen or not taken.totals:
            return ScoreAfterAnswer(*self._on_board(taken.facts), is_frozen)
        return ScoreAfterAnswer(taken.totals[EVENT_BOARD].points, taken.rank, is_frozen)

    def _on_board(self, facts: DigFacts) -> tuple[float | None, int | None]:
        """Return points and rank on the board that the player sees; nothing while Redis is away."""
        try:
            row = self._reader.row(facts.event, EVENT_BOARD, facts.player_id, View.OWN)
        except RedisError:
            return None, None
        return (row.points, row.rank) if row else (None, None)

    def show(self, results: Sequence[TakenHuntAnswer]) -> list[TakenHuntAnswer]:
        """Put the standings that answers moved on the boards; returns the answers with ranks."""
        self.database.release()
        moved = [_moved(one) for one in results if one.totals]
        ranks = iter(self._scores.show_each(moved))
        return [one._replace(rank=next(ranks)) if one.totals else one for one in results]

    # --- in the transaction, see `Intake`

    def lock(self, items: Sequence[SentHuntAnswer]) -> None:
        """Take shared locks, so that corrections of these hunts wait."""
        self.database.share(*(one.activity_id for one in items))

    def key(self, item: SentHuntAnswer) -> int:
        """Return the account: the streak and the standings of a player change with each answer."""
        return item.account_id

    def read(self, items: Sequence[SentHuntAnswer]) -> dict[int, DigFacts]:
        """Return the facts of each dig."""
        return facts_of(self.database, [one.dig_id for one in items])

    def judge(
        self, facts: dict[int, DigFacts], item: SentHuntAnswer
    ) -> NewItem[TakenHuntAnswer] | TakenHuntAnswer:
        """Judge an answer."""
        own = self._own(facts.get(item.dig_id), item)
        taken = TakenHuntAnswer(own, judge(own, item.choice, item.at))
        return NewItem(taken) if own.verdict is None else taken

    def _own(self, facts: DigFacts | None, item: SentHuntAnswer) -> DigFacts:
        """Return the facts of the caller's own dig; raises `SignedOut` or `NotYourQuestion`."""
        own = (item.activity_id, item.account_id)
        if facts is None or (facts.activity_id, facts.account_id) != own:
            if item.token_version is not None:
                principal.load(self.database, item.account_id, item.token_version)
            raise errors.NotYourQuestion
        if item.token_version not in (None, facts.token_version):
            raise SignedOut
        return facts

    def write(
        self, facts: dict[int, DigFacts], entries: Sequence[TakenHuntAnswer]
    ) -> list[TakenHuntAnswer | None]:
        """Write answers, and award those that are the first to their dig and count."""
        written = _write(self.database, entries)
        first = [one for one in entries if one.facts.dig_id in written]
        scored = self._award_all([one for one in first if one.verdict.counts])
        for one in first:
            if not one.verdict.counts:
                # The player is out of competition from now on.
                at = one.verdict.answered_at
                competition.leave(self.database, one.facts.activity_id, [one.facts.player_id], at)
                scored[one.facts.dig_id] = one
        return [scored.get(one.facts.dig_id) for one in entries]

    def _award_all(self, answers: Sequence[TakenHuntAnswer]) -> dict[int, TakenHuntAnswer]:
        """Award what answers earn, and the treasures they find; returns {dig: answer}."""
        found = self._with_treasures(answers)
        earned = [_award_of(one) for one in found]
        earned += [_treasure_award_of(one) for one in found if one.verdict.treasure]
        now = max((award.earned_at for award in earned), default=0)
        moved = self._scores.award_all(earned, now)
        return {
            one.facts.dig_id: one._replace(totals={total.board: total for total in totals or ()})
            for one, totals in zip(found, moved, strict=False)
        }

    def _with_treasures(self, answers: Sequence[TakenHuntAnswer]) -> list[TakenHuntAnswer]:
        """Return answers with the treasures that they find."""
        right = ((one.facts, one.verdict) for one in answers if one.verdict.correct)
        found = treasures.find_all(self.database, self._key, right)
        return [
            one._replace(verdict=replace(one.verdict, treasure=found[one.facts.dig_id]))
            if one.facts.dig_id in found
            else one
            for one in answers
        ]


def _moved(answer: TakenHuntAnswer) -> Moved:
    scorer, verdict = answer.facts.scorer(), answer.verdict
    gain = gain_message(scorer, verdict.gained, "answer", verdict.answered_at)
    return Moved(scorer, list(answer.totals.values()), gain if verdict.gained else None)


def _sittings_left(facts: DigFacts, now: int) -> int:
    if facts.sittings < 2:
        return 0
    sittings = digs.sittings_of(facts.activity_id)
    return digs.sittings_left(facts.event, facts.activity_id, facts.settings, sittings, now)


def _award_of(answer: TakenHuntAnswer) -> Award:
    return _award(answer, "answer", f"dig:{answer.facts.dig_id}", answer.verdict.points)


def _treasure_award_of(answer: TakenHuntAnswer) -> Award:
    find = answer.verdict.treasure
    assert find is not None
    source = f"treasure:{answer.facts.dig_id}"
    return _award(answer, "treasure", source, find.points, find.title)


def _award(answer: TakenHuntAnswer, reason: str, source: str, points: int, note: str = "") -> Award:
    return Award(
        event_id=answer.facts.event.id,
        player_id=answer.facts.player_id,
        activity_id=answer.facts.activity_id,
        points=points,
        reason=reason,
        source=source,
        rule_version=rules.VERSION,
        earned_at=answer.verdict.answered_at,
        note=note,
    )


_ANSWERS = GivenRows(
    dig_id="BIGINT",
    activity_id="BIGINT",
    player_id="BIGINT",
    question_id="BIGINT",
    choice="TEXT",
    correct="BOOLEAN",
    points="INTEGER",
    breakdown="JSON",
    streak_before="INTEGER",
    streak="INTEGER",
    elapsed_ms="INTEGER",
    answered_at="BIGINT",
    counted="BOOLEAN",
)
_ANSWER_SQL = f"""
INSERT INTO answer ({_ANSWERS.names}) {{rows}} ON CONFLICT DO NOTHING RETURNING dig_id
"""  # nosec B608 # our own names


def _write(database: Database, answers: Sequence[TakenHuntAnswer]) -> set[int]:
    """Write answers and return the digs of those that are the first to theirs."""
    rows = [_row_of(one.facts, one.verdict) for one in answers]
    return {dig_id for (dig_id,) in _ANSWERS.run(database, _ANSWER_SQL, rows)}


def _row_of(facts: DigFacts, verdict: Verdict) -> tuple[Any, ...]:
    breakdown = encoded([vars(part) for part in verdict.parts]).decode()
    return (
        *(facts.dig_id, facts.activity_id, facts.player_id, facts.question_id),
        *(verdict.letters, verdict.correct, verdict.points, breakdown),
        *(facts.streak_before or 0, verdict.streak, verdict.used_ms, verdict.answered_at),
        verdict.counts,
    )
