"""What a reply leads to, decided in the transaction in which it is written."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from backend.activities.keywords import rules
from backend.activities.keywords.models import Keyword
from backend.activities.keywords.words import facts_of
from backend.db import Database
from backend.errors import LinkaError, NotFound
from backend.events import lifecycle, players
from backend.events.models import Activity, Event
from backend.events.play import Speaker
from backend.scoring.ledger import Total


@dataclass(frozen=True)
class Answer:
    """What a reply led to. `word` is what was announced, None when no word was meant.

    A repeat gets the first answer: the place and the points that the player has.
    """

    outcome: str
    event: Event
    word: Keyword | None = None
    place: int | None = None
    points: int | None = None
    at: int = 0


@dataclass(frozen=True)
class Given:
    """A reply that may win, on its way into the transaction."""

    speaker: Speaker
    activity_id: int
    word_id: int
    at: int


@dataclass(frozen=True)
class Taken:
    """A reply in the transaction; one that is new and hit has moved standings."""

    answer: Answer
    totals: list[Total] = field(default_factory=list)
    is_new: bool = False


_WORDS_SQL = f"""
SELECT {Event.columns("e")}, {Activity.columns("a")}, {Keyword.columns("k")},
       (SELECT COUNT(*) FROM keyword_hit c WHERE c.word_id = k.id)
FROM keyword k JOIN activity a ON a.id = k.activity_id JOIN event e ON e.id = a.event_id
WHERE k.id IN ({{marks}})
"""
_PEOPLE_SQL = f"""
SELECT p.id, p.status, {players.HOLDER}, h.word_id, h.place, h.points, h.at, h.turn, h.activity_id
FROM player p LEFT JOIN keyword_hit h ON h.player_id = p.id WHERE p.id IN ({{marks}})
"""


@dataclass
class Word:
    """A word in the transaction; `taken` grows with each hit that is decided."""

    event: Event
    activity: Activity
    word: Keyword
    taken: int


@dataclass
class Person:
    """A player in the transaction: (place, points, at) by word, and how many hits by activity."""

    status: str
    holder: int | None
    hits: dict[int, tuple[int, int, int]]
    turns: dict[int, int]

    def turn(self, activity_id: int) -> int:
        """Return the number of the player's next hit."""
        return self.turns.get(activity_id, 0) + 1


def words_of(database: Database, word_ids: set[int]) -> dict[int, Word]:
    """Return words by id, as they are at this moment of the transaction."""
    statement = _WORDS_SQL.format(marks=", ".join("?" * len(word_ids)))
    found = {}
    for row in database.sql(statement, tuple(word_ids)).fetchall():
        event, rest = Event.from_row(row[: Event.width()]), row[Event.width() :]
        activity, rest = Activity.from_row(rest[: Activity.width()]), rest[Activity.width() :]
        word = Keyword.from_row(rest[: Keyword.width()])
        found[word.id] = Word(event, activity, word, rest[Keyword.width()])
    return found


def people_of(database: Database, player_ids: Sequence[int]) -> dict[int, Person]:
    """Return players by id, with all that they have hit."""
    statement = _PEOPLE_SQL.format(marks=", ".join("?" * len(player_ids)))
    found: dict[int, Person] = {}
    for row in database.sql(statement, tuple(player_ids)).fetchall():
        player_id, status, holder, word_id, place, points, at, turn, activity_id = row
        person = found.setdefault(player_id, Person(status, holder, {}, {}))
        if word_id is not None:
            person.hits[word_id] = (place, points, at)
            person.turns[activity_id] = max(person.turns.get(activity_id, 0), turn or 0)
    return found


def decide(known: Word | None, person: Person, one: Given) -> Taken | Exception:
    """Decide one reply; the order of these calls is the order in which places are given."""
    if known is None:
        return NotFound()
    event, word = known.event, known.word
    if word.id in person.hits:
        return Taken(first_answer(event, word, *person.hits[word.id]))
    try:
        players.require_active(person.status)
        players.require_holder(person.holder, one.speaker.account_id)
        lifecycle.require_playing(event, one.at)
    except LinkaError as refusal:
        return refusal
    hits = person.turn(one.activity_id) - 1
    most = known.activity.settings["hits_per_person"]
    found = rules.outcome(facts_of(word, known.taken), hits, most, event.pauses, one.at)
    if found not in (rules.HIT, rules.DECOY):
        return Taken(Answer(found, event, word))
    known.taken += 1
    points = word.points if found == rules.HIT else 0
    return Taken(Answer(found, event, word, known.taken, points, one.at), is_new=True)


def first_answer(event: Event, word: Keyword, place: int, points: int, at: int) -> Answer:
    """Return what a player was told who has this place of a word already."""
    return Answer(rules.DECOY if word.decoy else rules.HIT, event, word, place, points, at)
