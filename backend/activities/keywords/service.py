"""Replies of players to announced words; each is answered at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from backend.activities.keywords import deciding, rules
from backend.activities.keywords.deciding import (
    KeywordReply,
    ReplyFacts,
    ReplyOutcome,
    WordHit,
    first_outcome,
)
from backend.activities.keywords.models import Keyword, KeywordHit
from backend.activities.keywords.words import facts_of
from backend.errors import NotFound
from backend.events import lifecycle, players
from backend.events.models import Activity, Event
from backend.events.play import Speaker
from backend.intake import Intake, NewItem
from backend.scoring.ledger import Award, Total
from backend.scoring.scorekeeper import Scorekeeper, Scorer, gain_message
from backend.selection import AllColumns, Selection
from backend.web.limits import Limits

# Replies that hit nothing, per player: nobody types faster, and nobody searches for words.
WRONG_RATE = "20/minute"


@dataclass(frozen=True)
class _KnownReply:
    """The facts about a reply: its activity, the word that it names, and the player's hit of that
    word. `hits` is how many words of the activity the player has hit.
    """

    event: Event
    activity: Activity
    word: Keyword | None
    place: int | None
    points: int | None
    at: int | None
    taken: int
    hits: int
    status: str
    holder: int | None


_HEARD = Selection(
    _KnownReply,
    event=AllColumns(Event, "e"),
    activity=AllColumns(Activity, "a"),
    word=AllColumns(Keyword, "k"),
    place="h.place",
    points="h.points",
    at="h.at",
    taken="(SELECT COUNT(*) FROM keyword_hit c WHERE c.word_id = k.id)",
    hits=(
        "(SELECT COUNT(t.turn) FROM keyword_hit t"
        " WHERE t.activity_id = a.id AND t.player_id = p.id)"
    ),
    status="p.status",
    holder=players.HOLDER,
)
_HEARD_SQL = f"""
SELECT {_HEARD}
FROM activity a JOIN event e ON e.id = a.event_id JOIN player p ON p.id = ?
LEFT JOIN keyword_spelling s ON s.activity_id = a.id AND s.key IN (?, ?)
LEFT JOIN keyword k ON k.id = s.word_id
LEFT JOIN keyword_hit h ON h.word_id = k.id AND h.player_id = p.id
WHERE a.id = ? AND e.id = ? AND a.kind = 'keywords'
ORDER BY CASE WHEN s.key = ? THEN 0 ELSE 1 END LIMIT 1
"""  # nosec B608 # our own names


@dataclass(frozen=True)
class TakenReply:
    """A reply in the transaction, with the standings that it moved; a repeat moves none."""

    reply: KeywordReply
    outcome: ReplyOutcome
    totals: Sequence[Total] = ()

    @property
    def key(self) -> tuple[int, int]:
        """The word and the player, who can have one place of the word at most."""
        return self.reply.word_id, self.reply.speaker.player_id


class KeywordReplies(Intake[KeywordReply, ReplyFacts, TakenReply, TakenReply]):
    """Takes replies. Build one per process."""

    counted_as = "keyword_replies"

    def __init__(self, scores: Scorekeeper, limits: Limits) -> None:
        super().__init__(scores.database)
        self._scores = scores
        self._limits = limits

    def reply(self, speaker: Speaker, activity_id: int, text: str, now: int) -> ReplyOutcome:
        """Take a reply of a player, from a socket or a request; returns its outcome.

        Only a reply that may win takes part in a transaction: the unique hit, its score entry and
        the standings are written together, and places are given in the order in which the server
        takes the replies. Wrong replies are not stored; too many within a minute are refused.
        Raises `NotFound`, `StaffOnly`, `Kicked`, `Banned`, `TooManyRequests` or what
        `lifecycle.require_playing` raises.
        """
        if not speaker.is_staff:
            raise players.StaffOnly
        rate = (WRONG_RATE, "wrong-keywords", str(speaker.player_id))
        self._limits.check(*rate)
        outcome, word_id = self._hear(speaker, activity_id, text, now)
        if outcome.outcome == rules.WRONG:
            self._limits.hit(*rate)
        if word_id is None:
            return outcome
        taken = self.take(KeywordReply(speaker, activity_id, word_id, now))
        if taken.totals:
            self._show(taken)
        return taken.outcome

    def _show(self, taken: TakenReply) -> None:
        """Put the standings on the boards, and publish the gain."""
        outcome = taken.outcome
        scorer = _scorer(taken.reply.speaker, outcome.event)
        gain = gain_message(scorer, outcome.points or 0, "keyword", outcome.at)
        self._scores.show(scorer, taken.totals, gain if outcome.points else None)

    def _hear(
        self, speaker: Speaker, activity_id: int, text: str, now: int
    ) -> tuple[ReplyOutcome, int | None]:
        """Return the result of a reply, and its word if a transaction has to decide."""
        keys = rules.heard(text)
        asked = (speaker.player_id, *keys, activity_id, speaker.event_id, keys[0])
        found = _HEARD.read(self.database.read(_HEARD_SQL, asked))
        if not found:
            raise NotFound
        heard = found[0]
        event, word = heard.event, heard.word
        if word is not None and heard.place is not None:
            assert heard.points is not None and heard.at is not None
            hit = WordHit(word.id, activity_id, heard.place, heard.points, heard.at, None)
            return first_outcome(event, word, hit), None
        _require_player(speaker, heard.status, heard.holder)
        lifecycle.require_valid(heard.activity)
        lifecycle.require_playing(event, now)
        if word is None:
            return ReplyOutcome(rules.WRONG, event), None
        most = heard.activity.settings["hits_per_person"]
        # Hits and given places only grow: a reply that cannot win now needs no transaction.
        holds = rules.outcome(facts_of(word, heard.taken), heard.hits, most, event.pauses, now)
        if holds in (rules.HIT, rules.DECOY):
            return ReplyOutcome(holds, event, word), word.id
        return ReplyOutcome(holds, event, None if holds == rules.WRONG else word), None

    # --- in the transaction, see `Intake`

    def lock(self, items: Sequence[KeywordReply]) -> None:
        """Take exclusive locks on these activities: nobody else gives places or changes words."""
        self.database.claim(*(one.activity_id for one in items))

    def key(self, item: KeywordReply) -> int:
        """Return the player: how many words one may hit depends on the hits before."""
        return item.speaker.player_id

    def read(self, items: Sequence[KeywordReply]) -> ReplyFacts:
        """Return words and players."""
        return deciding.read(self.database, items)

    def judge(self, facts: ReplyFacts, item: KeywordReply) -> NewItem[TakenReply] | TakenReply:
        """Decide about a reply."""
        outcome, is_new = deciding.decide(facts, item)
        taken = TakenReply(item, outcome)
        return NewItem(taken) if is_new else taken

    def write(self, facts: ReplyFacts, entries: Sequence[TakenReply]) -> list[TakenReply | None]:
        """Write hits and award them; a decoy earns nothing and leaves no entry."""
        written = self._insert(facts, entries)
        kept = [one for one in entries if one.key in written]
        won = [one for one in kept if one.outcome.outcome == rules.HIT]
        now = max((one.reply.at for one in won), default=0)
        moved = self._scores.award_all([_award_of(one) for one in won], now)
        totals = {one.key: found or () for one, found in zip(won, moved, strict=True)}
        return [
            TakenReply(one.reply, one.outcome, totals.get(one.key, ()))
            if one.key in written
            else None
            for one in entries
        ]

    def _insert(self, facts: ReplyFacts, entries: Sequence[TakenReply]) -> set[tuple[int, int]]:
        """Write hits; returns the word and the player of those that are new."""
        if not entries:
            return set()
        rows = [_row_of(facts, one) for one in entries]
        written = KeywordHit.insert_many(rows).on_conflict(action="nothing")
        return set(written.returning(KeywordHit.word, KeywordHit.player).tuples().execute())


def _row_of(facts: ReplyFacts, taken: TakenReply) -> dict[str, Any]:
    reply, outcome = taken.reply, taken.outcome
    player = facts.players[reply.speaker.player_id]
    return {
        "activity": reply.activity_id,
        "word": reply.word_id,
        "player": reply.speaker.player_id,
        "place": outcome.place,
        "turn": player.turn(reply.activity_id) if outcome.outcome == rules.HIT else None,
        "points": outcome.points,
        "at": reply.at,
    }


def _require_player(speaker: Speaker, status: str, holder: int | None) -> None:
    players.require_active(status)
    players.require_holder(holder, speaker.account_id)


def _award_of(taken: TakenReply) -> Award:
    reply, outcome = taken.reply, taken.outcome
    assert outcome.word is not None
    return Award(
        event_id=reply.speaker.event_id,
        player_id=reply.speaker.player_id,
        activity_id=reply.activity_id,
        points=outcome.points or 0,
        reason="keyword",
        source=f"keyword:{reply.word_id}:{reply.speaker.player_id}",
        rule_version=rules.VERSION,
        earned_at=reply.at,
        note=f"关键词“{outcome.word.text}” · 第 {outcome.place} 位",
    )


def _scorer(speaker: Speaker, event: Event) -> Scorer:
    return Scorer(
        speaker.player_id,
        speaker.event_id,
        event.began_at,
        speaker.name,
        speaker.team_id,
        speaker.team_name,
        on_board=True,
    )
