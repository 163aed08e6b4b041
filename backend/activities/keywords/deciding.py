"""Decides about replies, in the transaction that writes them."""

from collections.abc import Sequence
from dataclasses import dataclass

from backend.activities.keywords import rules
from backend.activities.keywords.models import Keyword
from backend.activities.keywords.words import facts_of
from backend.db import Database
from backend.errors import NotFound
from backend.events import lifecycle, players
from backend.events.models import Activity, Event
from backend.events.play import Speaker
from backend.selection import AllColumns, Selection


@dataclass(frozen=True)
class ReplyOutcome:
    """The result of a reply. `word` is the announced word, None if the reply is none of the words.

    A repeat gets the first result: the place and points that the player has.
    """

    outcome: str
    event: Event
    word: Keyword | None = None
    place: int | None = None
    points: int | None = None
    at: int = 0


@dataclass(frozen=True)
class KeywordReply:
    """A reply that may win."""

    speaker: Speaker
    activity_id: int
    word_id: int
    at: int


@dataclass
class WordNow:
    """A word during the transaction; `taken` grows with each hit that is decided."""

    event: Event
    activity: Activity
    word: Keyword
    taken: int


@dataclass(frozen=True)
class WordHit:
    """A place of a word that a player has won."""

    word_id: int
    activity_id: int
    place: int
    points: int
    at: int
    turn: int | None


@dataclass(frozen=True)
class _HitRow:
    """A player with one of their hits, or with none."""

    player_id: int
    status: str
    holder: int | None
    hit: WordHit | None


@dataclass(frozen=True)
class PlayerNow:
    """A player during the transaction, with their hits by word."""

    status: str
    holder: int | None
    hits: dict[int, WordHit]

    def turn(self, activity_id: int) -> int:
        """Return the number of the player's next hit in an activity."""
        turns = [hit.turn or 0 for hit in self.hits.values() if hit.activity_id == activity_id]
        return max(turns, default=0) + 1


@dataclass(frozen=True)
class ReplyFacts:
    """What decides about replies: words and players by their ids."""

    words: dict[int, WordNow]
    players: dict[int, PlayerNow]


def _hit(*, word_id: int | None, **columns: int) -> WordHit | None:
    return None if word_id is None else WordHit(word_id, **columns)


_WORDS = Selection(
    WordNow,
    event=AllColumns(Event, "e"),
    activity=AllColumns(Activity, "a"),
    word=AllColumns(Keyword, "k"),
    taken="(SELECT COUNT(*) FROM keyword_hit c WHERE c.word_id = k.id)",
)
_WORDS_SQL = f"""
SELECT {_WORDS}
FROM keyword k JOIN activity a ON a.id = k.activity_id JOIN event e ON e.id = a.event_id
WHERE k.id IN ({{marks}})
"""  # nosec B608 # our own names
_HITS = Selection(
    _HitRow,
    player_id="p.id",
    status="p.status",
    holder=players.HOLDER,
    hit=Selection(
        _hit,
        word_id="h.word_id",
        activity_id="h.activity_id",
        place="h.place",
        points="h.points",
        at="h.at",
        turn="h.turn",
    ),
)
_HITS_SQL = f"""
SELECT {_HITS}
FROM player p LEFT JOIN keyword_hit h ON h.player_id = p.id WHERE p.id IN ({{marks}})
"""  # nosec B608 # our own names


def read(database: Database, replies: Sequence[KeywordReply]) -> ReplyFacts:
    """Read the words and players that decide about replies."""
    word_ids = tuple({one.word_id for one in replies})
    statement = _WORDS_SQL.format(marks=", ".join("?" * len(word_ids)))
    words = _WORDS.read(database.sql(statement, word_ids).fetchall())
    player_ids = tuple(one.speaker.player_id for one in replies)
    statement = _HITS_SQL.format(marks=", ".join("?" * len(player_ids)))
    known: dict[int, PlayerNow] = {}
    for row in _HITS.read(database.sql(statement, player_ids).fetchall()):
        player = known.setdefault(row.player_id, PlayerNow(row.status, row.holder, {}))
        if row.hit is not None:
            player.hits[row.hit.word_id] = row.hit
    return ReplyFacts({one.word.id: one for one in words}, known)


def decide(facts: ReplyFacts, reply: KeywordReply) -> tuple[ReplyOutcome, bool]:
    """Return the result of a reply, and whether a hit (or a reply to a decoy) has to be written.

    Places are given in the order of these calls. Raises `NotFound`, `Kicked`, `Banned`, `StaffOnly`
    or what `lifecycle.require_playing` raises.
    """
    known = facts.words.get(reply.word_id)
    if known is None:
        raise NotFound
    event, word, player = known.event, known.word, facts.players[reply.speaker.player_id]
    if word.id in player.hits:
        return first_outcome(event, word, player.hits[word.id]), False
    players.require_active(player.status)
    players.require_holder(player.holder, reply.speaker.account_id)
    lifecycle.require_playing(event, reply.at)
    hits = player.turn(reply.activity_id) - 1
    most = known.activity.settings["hits_per_person"]
    found = rules.outcome(facts_of(word, known.taken), hits, most, event.pauses, reply.at)
    if found not in (rules.HIT, rules.DECOY):
        return ReplyOutcome(found, event, word), False
    known.taken += 1
    points = word.points if found == rules.HIT else 0
    return ReplyOutcome(found, event, word, known.taken, points, reply.at), True


def first_outcome(event: Event, word: Keyword, hit: WordHit) -> ReplyOutcome:
    """Return the first result of a player who has a place of this word."""
    found = rules.DECOY if word.decoy else rules.HIT
    return ReplyOutcome(found, event, word, hit.place, hit.points, hit.at)
