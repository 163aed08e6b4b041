"""What a player does with announced words: reply one, and be told at once what came of it."""

from collections.abc import Sequence
from typing import Any

from backend.activities.keywords import rules
from backend.activities.keywords.deciding import (
    Answer,
    Given,
    Person,
    Taken,
    decide,
    first_answer,
    people_of,
    words_of,
)
from backend.activities.keywords.models import Keyword
from backend.activities.keywords.words import facts_of
from backend.errors import NotFound, Unavailable
from backend.events import lifecycle, players
from backend.events.models import Activity, Event
from backend.events.play import Speaker
from backend.gathering import Gathering, rounds
from backend.scoring.ledger import Award, Total
from backend.scoring.scorekeeper import Scorekeeper, Scorer, gain_message
from backend.web.limits import Limits

# Replies that hit nothing, per player: nobody types faster, and nobody searches for words.
WRONG_RATE = "20/minute"


# A reply's word by any of its spellings, with how many places are given, what the player has of it,
# and how many words of the activity they have hit.
_HEARD_SQL = f"""
SELECT {Event.columns("e")}, {Activity.columns("a")}, {Keyword.columns("k")},
       h.place, h.points, h.at, (SELECT COUNT(*) FROM keyword_hit c WHERE c.word_id = k.id),
       (SELECT COUNT(t.turn) FROM keyword_hit t WHERE t.activity_id = a.id AND t.player_id = p.id),
       p.status, {players.HOLDER}
FROM activity a JOIN event e ON e.id = a.event_id JOIN player p ON p.id = ?
LEFT JOIN keyword_spelling s ON s.activity_id = a.id AND s.key IN (?, ?)
LEFT JOIN keyword k ON k.id = s.word_id
LEFT JOIN keyword_hit h ON h.word_id = k.id AND h.player_id = p.id
WHERE a.id = ? AND e.id = ? AND a.kind = 'keywords'
ORDER BY CASE WHEN s.key = ? THEN 0 ELSE 1 END LIMIT 1
"""
_HIT_SQL = """
INSERT INTO keyword_hit (activity_id, word_id, player_id, place, turn, points, at)
VALUES {rows} ON CONFLICT DO NOTHING RETURNING word_id, player_id
"""


class Desk:
    """Takes replies. Those that come together are written together. Build one per process."""

    def __init__(self, scores: Scorekeeper, limits: Limits) -> None:
        self._scores = scores
        self._database = scores.database
        self._limits = limits
        self._gathering: Gathering[Given, Taken] = Gathering(
            self._take_all, opened=self._database.write, tries_alone=True
        )

    def reply(self, speaker: Speaker, activity_id: int, text: str, now: int) -> Answer:
        """Take what a player wrote, wherever it was written; returns what came of it.

        Only a reply that may win takes part in a transaction: the unique hit, its score entry and
        the standings are written together, and places are given in the order in which the server
        comes to them. Words that are wrong are written nowhere; too many within a minute are
        refused. Raises `NotFound`, `StaffOnly`, `Kicked`, `Banned`, `TooManyRequests` or what
        `lifecycle.require_playing` raises.
        """
        if not speaker.is_staff:
            raise players.StaffOnly
        rate = (WRONG_RATE, "wrong-keywords", str(speaker.player_id))
        self._limits.check(*rate)
        answer, word_id = self._hear(speaker, activity_id, text, now)
        if answer.outcome == rules.WRONG:
            self._limits.hit(*rate)
        if word_id is None:
            return answer
        # Nobody keeps a connection while waiting for others.
        self._database.release()
        taken = self._gathering.do(Given(speaker, activity_id, word_id, now))
        if taken.totals:
            scorer, answer = _scorer(speaker, taken.answer), taken.answer
            gain = gain_message(scorer, answer.points or 0, "keyword", answer.at)
            self._scores.show(scorer, taken.totals, gain if answer.points else None)
        return taken.answer

    def _hear(
        self, speaker: Speaker, activity_id: int, text: str, now: int
    ) -> tuple[Answer, int | None]:
        """Return what a reply comes to, and its word if only a transaction can tell."""
        keys = rules.heard(text)
        rows = self._database.read(
            _HEARD_SQL, (speaker.player_id, *keys, activity_id, speaker.event_id, keys[0])
        )
        if not rows:
            raise NotFound
        *row, status, holder = rows[0]
        event, rest = Event.from_row(row[: Event.width()]), row[Event.width() :]
        activity, rest = Activity.from_row(rest[: Activity.width()]), rest[Activity.width() :]
        if rest[0] is None:
            _require_player(speaker, status, holder)
            lifecycle.require_playing(event, now)
            return Answer(rules.WRONG, event), None
        word = Keyword.from_row(rest[: Keyword.width()])
        place, points, at, taken, hits = rest[Keyword.width() :]
        if place is not None:
            return first_answer(event, word, place, points, at), None
        _require_player(speaker, status, holder)
        lifecycle.require_playing(event, now)
        most = activity.settings["hits_per_person"]
        # Hits and places only ever grow: who may not win now need not wait for a transaction.
        found = rules.outcome(facts_of(word, taken), hits, most, event.pauses, now)
        if found in (rules.HIT, rules.DECOY):
            return Answer(found, event, word), word.id
        return Answer(found, event, None if found == rules.WRONG else word), None

    def _take_all(self, given: Sequence[Given]) -> list[Taken | Exception]:
        """Take replies in the open transaction; those of one player one after the other."""
        for activity_id in sorted({one.activity_id for one in given}):
            self._database.claim(activity_id)
        outcomes: dict[int, Taken | Exception] = {}
        for places in rounds(given, lambda one: one.speaker.player_id):
            taken = self._take([given[place] for place in places])
            outcomes.update(zip(places, taken, strict=True))
        return [outcomes[place] for place in range(len(given))]

    def _take(self, given: Sequence[Given]) -> list[Taken | Exception]:
        words = words_of(self._database, {one.word_id for one in given})
        people = people_of(self._database, [one.speaker.player_id for one in given])
        decided = [
            decide(words.get(one.word_id), people[one.speaker.player_id], one) for one in given
        ]
        new = [
            (one, item.answer)
            for one, item in zip(given, decided, strict=True)
            if isinstance(item, Taken) and item.is_new
        ]
        written = self._write(new, people)
        totals = self._award([item for item in new if _key(item[0]) in written])
        return [
            self._told(one, item, written, totals) for one, item in zip(given, decided, strict=True)
        ]

    def _write(
        self, new: Sequence[tuple[Given, Answer]], people: dict[int, Person]
    ) -> set[tuple[int, int]]:
        """Write hits; returns the (word, player) of those that are new."""
        if not new:
            return set()
        parameters: list[Any] = []
        for one, answer in new:
            person = people[one.speaker.player_id]
            turn = person.turn(one.activity_id) if answer.outcome == rules.HIT else None
            parameters += (one.activity_id, one.word_id, one.speaker.player_id, answer.place)
            parameters += (turn, answer.points, one.at)
        statement = _HIT_SQL.format(rows=", ".join(["(?, ?, ?, ?, ?, ?, ?)"] * len(new)))
        return {tuple(row) for row in self._database.sql(statement, tuple(parameters)).fetchall()}

    def _award(self, hits: Sequence[tuple[Given, Answer]]) -> dict[int, list[Total]]:
        """Return {player: what moved}; a decoy earns nothing and leaves no entry."""
        won = [(one, answer) for one, answer in hits if answer.outcome == rules.HIT]
        if not won:
            return {}
        awards = [_award_of(one, answer) for one, answer in won]
        moved = self._scores.award_all(awards, max(one.at for one, _ in won))
        return {award.player_id: totals or [] for award, totals in zip(awards, moved, strict=True)}

    def _told(
        self,
        one: Given,
        item: Taken | Exception,
        written: set[tuple[int, int]],
        totals: dict[int, list[Total]],
    ) -> Taken | Exception:
        if not isinstance(item, Taken) or not item.is_new:
            return item
        if _key(one) not in written:
            # Somebody who did not wait for the claim was first; asking again tells what holds now.
            return Unavailable(retry_after_seconds=1)
        return Taken(item.answer, totals.get(one.speaker.player_id, []), is_new=True)


def _require_player(speaker: Speaker, status: str, holder: int | None) -> None:
    players.require_active(status)
    players.require_holder(holder, speaker.account_id)


def _key(one: Given) -> tuple[int, int]:
    return one.word_id, one.speaker.player_id


def _award_of(one: Given, answer: Answer) -> Award:
    assert answer.word is not None
    return Award(
        event_id=one.speaker.event_id,
        player_id=one.speaker.player_id,
        activity_id=one.activity_id,
        points=answer.points or 0,
        reason="keyword",
        source=f"keyword:{one.word_id}:{one.speaker.player_id}",
        rule_version=rules.VERSION,
        earned_at=one.at,
        note=f"关键词“{answer.word.text}” · 第 {answer.place} 位",
    )


def _scorer(speaker: Speaker, answer: Answer) -> Scorer:
    return Scorer(
        speaker.player_id,
        speaker.event_id,
        answer.event.began_at,
        speaker.name,
        speaker.team_id,
        speaker.team_name,
        on_board=True,
    )
