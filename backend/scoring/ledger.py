"""The ledger: points exist only as rows of `score_entry`, and the standings beside them.

Everything here runs in the caller's transaction. An award and the standings it moves are written
together; the unique `(event, source)` decides that nothing scores twice.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import peewee

from backend.clock import business_day, business_week
from backend.db import Database
from backend.events.kinds import CorrectionFacts
from backend.events.models import Player
from backend.given import GivenRows
from backend.offload.steps import chunks, in_steps, pause
from backend.scoring.models import Correction, FrozenStanding, ScoreEntry, Standing

EVENT_BOARD = "event"
# Before the name of a board as it was when the ceremony began; kept beside the frozen ones.
FINAL = "final/"
# How many rows are read before other greenlets run.
_READ_AT_ONCE = 1_000
# How many rows a statement reads or writes when a question is corrected for all players.
_ROWS_AT_ONCE = 100
_NAMES_KEPT = 1_000


@dataclass(frozen=True)
class Calendar:
    """Where and when a business day begins."""

    zone: str
    boundary_hour: int

    def day(self, moment: int) -> str:
        """Return the business day of a moment."""
        return business_day(moment, self.zone, self.boundary_hour)


class Award(NamedTuple):
    """Points for one fact, named by `source`; `earned_at` is the moment that counts for ties."""

    event_id: int
    player_id: int
    activity_id: int | None
    points: int
    reason: str
    source: str
    rule_version: str
    earned_at: int
    note: str = ""


class Total(NamedTuple):
    """A player's standing on one board after a change."""

    board: str
    player_id: int
    points: int
    reached_at: int
    version: int


class Entry(NamedTuple):
    """A row of the ledger as the fold needs it."""

    id: int
    player_id: int
    activity_id: int | None
    day: str
    week: str
    points: int
    earned_at: int
    reverses_id: int | None

    def boards(self) -> tuple[str, ...]:
        """Return the boards that this entry counts on."""
        return boards_of(self.activity_id, self.day, self.week)


# An event has few activities, days and weeks, and a rebuild asks for each entry.
@lru_cache(_NAMES_KEPT)
def boards_of(activity_id: int | None, day: str, week: str) -> tuple[str, ...]:
    """Return the names of the boards that an award counts on."""
    own = () if activity_id is None else (f"activity-{activity_id}",)
    return (EVENT_BOARD, f"day-{day}", f"week-{week}", *own)


_ENTRIES = GivenRows(
    event_id="BIGINT",
    activity_id="BIGINT",
    player_id="BIGINT",
    points="INTEGER",
    reason="TEXT",
    source="TEXT",
    note="TEXT",
    rule_version="TEXT",
    day="TEXT",
    week="TEXT",
    earned_at="BIGINT",
    created_at="BIGINT",
    reverses_id="BIGINT",
)
# A void activity accepts reversals and no awards. On PostgreSQL an award may pass this check while
# a host voids the activity: see `corrections.void_activity`.
_INSERT_SQL = f"""
WITH given({_ENTRIES.names}) AS ({{rows}})
INSERT INTO score_entry ({_ENTRIES.names})
SELECT * FROM given
WHERE reverses_id IS NOT NULL OR NOT EXISTS (
    SELECT 1 FROM activity WHERE activity.id = given.activity_id AND activity.voided_at IS NOT NULL)
ON CONFLICT DO NOTHING RETURNING event_id, source
"""  # nosec B608 # our own names
_VOID_SQL = """
INSERT INTO score_entry (event_id, activity_id, player_id, points, reason, source, note,
                         rule_version, day, week, earned_at, created_at, reverses_id)
SELECT given.event_id, given.activity_id, given.player_id, -given.points, 'reversal',
       'reversal:' || given.id, ?, given.rule_version, given.day, given.week, given.earned_at, ?,
       given.id
FROM score_entry given
WHERE given.event_id = ? AND given.activity_id = ? AND given.points <> 0
  AND given.reverses_id IS NULL
  AND NOT EXISTS (SELECT 1 FROM score_entry taken WHERE taken.reverses_id = given.id)
ORDER BY given.id
RETURNING player_id
"""

_MOVES = GivenRows(
    event_id="BIGINT",
    board="TEXT",
    player_id="BIGINT",
    points="INTEGER",
    reached_at="BIGINT",
    updated_at="BIGINT",
)
# Zero points do not change the moment, so players who earn nothing keep their order. A standing of
# a player without points has the moment of joining.
_STANDING_SQL = f"""
WITH given({_MOVES.names}) AS ({{rows}})
INSERT INTO standing (event_id, board, player_id, points, reached_at, version, updated_at)
SELECT event_id, board, player_id, points, CASE WHEN points = 0
    THEN (SELECT joined_at FROM player WHERE player.id = given.player_id) ELSE reached_at END,
    1, updated_at
FROM given WHERE TRUE
ON CONFLICT (event_id, board, player_id) DO UPDATE SET
    points = standing.points + excluded.points,
    reached_at = CASE WHEN excluded.points = 0 OR standing.reached_at > excluded.reached_at
                      THEN standing.reached_at ELSE excluded.reached_at END,
    version = standing.version + 1,
    updated_at = excluded.updated_at
RETURNING board, player_id, points, reached_at, version
"""  # nosec B608 # our own names


class _Dated(NamedTuple):
    """An award with the days that it counts for, and the entry it takes back, if any."""

    award: Award
    day: str
    week: str
    reverses_id: int | None = None

    @property
    def key(self) -> tuple[int, str]:
        """What makes its entry unique."""
        return self.award.event_id, self.award.source


def _dated(award: Award, calendar: Calendar) -> _Dated:
    day = calendar.day(award.earned_at)
    return _Dated(award, day, business_week(day))


def write(database: Database, award: Award, calendar: Calendar, now: int) -> list[Total] | None:
    """Write an award and change the player's standings.

    Returns None, and writes nothing, if this source was written before or the activity is void.
    """
    return write_all(database, [award], calendar, now)[0]


def write_all(
    database: Database, awards: Sequence[Award], calendar: Calendar, now: int
) -> list[list[Total] | None]:
    """Write awards with two statements; the result is that of `write` for each.

    If a player is named twice, in the same event and activity, both results are the standings
    after both; none of these awards may be below zero.
    """
    dated = [_dated(award, calendar) for award in awards]
    new = _insert(database, dated, now)
    moved: dict[int, list[Total]] = defaultdict(list)
    written = {item.key: item for item in dated if item.key in new}
    for total in _move(database, written.values(), now):
        moved[total.player_id].append(total)
    return [moved[item.award.player_id] if item.key in new else None for item in dated]


def _move(database: Database, entries: Iterable[_Dated], now: int) -> list[Total]:
    """Move the standings of the entries' players, always in the same order of players, so that
    transactions that change the same standings cannot deadlock."""
    moves: dict[tuple[int, str, int], tuple[int, int]] = {}
    for item in sorted(entries, key=lambda item: item.award.player_id):
        award = item.award
        for board in boards_of(award.activity_id, item.day, item.week):
            place = award.event_id, board, award.player_id
            points, reached_at = moves.get(place, (0, 0))
            # A statement changes a row once. Zero points do not change the moment.
            reached_at = max(reached_at, award.earned_at if award.points else 0)
            moves[place] = points + award.points, reached_at
    rows = [(*place, *move, now) for place, move in moves.items()]
    return [Total(*row) for row in _MOVES.run(database, _STANDING_SQL, rows)]


def _insert(database: Database, entries: Sequence[_Dated], now: int) -> set[tuple[int, str]]:
    """Write entries and return the keys of those that were not there before."""
    rows = [_row_of(item, now) for item in entries]
    return {(event_id, source) for event_id, source in _ENTRIES.run(database, _INSERT_SQL, rows)}


def _row_of(item: _Dated, now: int) -> tuple[Any, ...]:
    award = item.award
    return (
        *(award.event_id, award.activity_id, award.player_id, award.points, award.reason),
        *(award.source, award.note, award.rule_version, item.day, item.week),
        *(award.earned_at, now, item.reverses_id),
    )


def reverse(database: Database, entry_id: int, note: str, now: int) -> bool:
    """Take an entry back by a reversal row, once; follow it with `recompute`."""
    return bool(_insert(database, [_reversal(ScoreEntry.get_by_id(entry_id), note)], now))


def _reversal(entry: ScoreEntry, note: str) -> _Dated:
    award = Award(
        event_id=entry.event_id,
        player_id=entry.player_id,
        activity_id=entry.activity_id,
        points=-entry.points,
        reason="reversal",
        source=f"reversal:{entry.id}",
        rule_version=entry.rule_version,
        earned_at=entry.earned_at,
        note=note,
    )
    return _Dated(award, entry.day, entry.week, entry.id)


def take_back_activity(
    database: Database, event_id: int, activity_id: int, note: str, now: int
) -> set[int]:
    """Reverse all points that were earned in an activity; returns the players who had some.

    Call `recompute` after it.
    """
    rows = database.sql(_VOID_SQL, (note, now, event_id, activity_id)).fetchall()
    return {player_id for (player_id,) in rows}


def correct(
    database: Database,
    correction: CorrectionFacts,
    wanted: Sequence[Award],
    calendar: Calendar,
    now: int,
) -> set[int]:
    """Change the points of an event's answers to a question to what they must be now.

    `wanted` are the awards as they would be for answers now, with the sources of the first awards.
    Entries that differ are reversed, and awards above zero are written with the source
    `<source>:correction:<id>`. Returns the players whose points changed; call `recompute` after it.
    """
    if not wanted:
        return set()
    in_force = _in_force(wanted[0].event_id, correction.question_id, [one.source for one in wanted])
    entries: list[_Dated] = []
    changed = set()
    for award in in_steps(wanted):
        entry = in_force.get(award.source)
        if award.points == (entry.points if entry else 0):
            continue
        changed.add(award.player_id)
        if entry is not None:
            entries.append(_reversal(entry, correction.reason))
        if award.points:
            source = f"{award.source}:correction:{correction.id}"
            entries.append(_dated(award._replace(source=source), calendar))
    for some in in_steps(chunks(entries, _ROWS_AT_ONCE), 1):
        _insert(database, some, now)
    return changed


def _in_force(event_id: int, question_id: int, sources: Sequence[str]) -> dict[str, ScoreEntry]:
    """Return the entries of sources, or of a correction of the question, that were not reversed."""
    earlier = Correction.select(Correction.id).where(
        Correction.event == event_id, Correction.question_id == question_id
    )
    endings = ["", *(f":correction:{number}" for (number,) in earlier.tuples())]
    reversal: type[ScoreEntry] = ScoreEntry.alias()
    taken_back = reversal.select(reversal.id).where(reversal.reverses_id == ScoreEntry.id)
    names = ((source + ending, source) for source in sources for ending in endings)
    found = {}
    for some in in_steps(chunks(names, _ROWS_AT_ONCE), 1):
        source_of = dict(some)
        entries = ScoreEntry.select().where(
            ScoreEntry.event == event_id,
            ScoreEntry.source.in_(list(source_of)),
            ~peewee.fn.EXISTS(taken_back),
        )
        found.update({source_of[entry.source]: entry for entry in entries})
    return found


_ENROL_SQL = """
INSERT INTO standing (event_id, board, player_id, points, reached_at, version, updated_at)
VALUES (?, ?, ?, 0, ?, 1, ?) ON CONFLICT DO NOTHING
"""


def enrol(database: Database, player: Player, now: int) -> None:
    """Give a player who came a standing of zero on the event's board; a repeat changes nothing."""
    database.sql(_ENROL_SQL, (player.event_id, EVENT_BOARD, player.id, player.joined_at, now))


def touch(player_id: int, now: int) -> None:
    """Give all standings of a player a new version, so that boards show or hide them anew."""
    # Without the event, by which SQLite would read the standings of all its players.
    Standing.update(version=Standing.version + 1, updated_at=now).where(
        Standing.player == player_id
    ).execute()


def fold(
    entries: Iterable[Entry], joined_at: Mapping[int, int]
) -> dict[tuple[str, int], tuple[int, int]]:
    """Return {(board, player): (points, reached_at)}: what the ledger alone says. Pure.

    The moment of reaching a score is that of the latest award that still counts: a correction does
    not cost a player their place in a tie. Without any, it is the moment of joining. In which order
    the entries were written makes no difference.
    """
    rows = list(entries)
    taken_back = {entry.reverses_id for entry in rows if entry.reverses_id is not None}
    return _folded(rows, taken_back, joined_at)


def folded(
    event_id: int, player_ids: Collection[int] | None = None
) -> dict[tuple[str, int], tuple[int, int]]:
    """Return what `fold` returns for an event, or for some of its players.

    The entries are read in steps and not kept, so an event may have millions.
    """
    entries = _read(event_id, player_ids)
    return _folded(entries, _taken_back(event_id, player_ids), joined_of(event_id, player_ids))


def _folded(
    entries: Iterable[Entry], taken_back: Collection[int], joined_at: Mapping[int, int]
) -> dict[tuple[str, int], tuple[int, int]]:
    """Fold entries, of which those with the ids `taken_back` were reversed."""
    # First by what decides the boards, because most entries share that with others.
    sums: dict[tuple[int, int | None, str, str], int] = defaultdict(int)
    moments: dict[tuple[int, int | None, str, str], int] = {}
    for entry_id, player, activity_id, day, week, points, earned_at, reverses_id in entries:
        place = (player, activity_id, day, week)
        sums[place] += points
        if points != 0 and reverses_id is None and entry_id not in taken_back:
            moments[place] = max(moments.get(place, 0), earned_at)
    totals: dict[tuple[str, int], int] = defaultdict(int)
    latest: dict[tuple[str, int], int] = {}
    for place, points in sums.items():
        player, *names = place
        for board in boards_of(*names):
            totals[board, player] += points
            if place in moments:
                latest[board, player] = max(latest.get((board, player), 0), moments[place])
    found = {(EVENT_BOARD, player): (0, at) for player, at in joined_at.items()}
    for key, total in totals.items():
        found[key] = (total, latest.get(key, joined_at.get(key[1], 0)))
    return found


def entries_of(event_id: int) -> list[Entry]:
    """Return the entries of an event in order of writing."""
    return list(_read(event_id, None))


_ENTRY_COLUMNS = (
    ScoreEntry.id,
    ScoreEntry.player,
    ScoreEntry.activity_id,
    ScoreEntry.day,
    ScoreEntry.week,
    ScoreEntry.points,
    ScoreEntry.earned_at,
    ScoreEntry.reverses_id,
)


def _read(event_id: int, player_ids: Collection[int] | None) -> Iterator[Entry]:
    """Yield the entries of an event, or of some of its players, in order of writing.

    They are read a page at a time; other greenlets run between the pages.
    """
    last = 0
    while True:
        page = (
            ScoreEntry.select(*_ENTRY_COLUMNS)
            .where(*_own(event_id, player_ids), ScoreEntry.id > last)
            .order_by(ScoreEntry.id)
            .limit(_READ_AT_ONCE)
        )
        # As the driver returns them: peewee's own rows take several times as long.
        rows = ScoreEntry._meta.database.execute(page).fetchall()
        yield from map(Entry._make, rows)
        if len(rows) < _READ_AT_ONCE:
            return
        last = rows[-1][0]
        pause()


def _taken_back(event_id: int, player_ids: Collection[int] | None) -> set[int]:
    """Return the ids of the entries that were reversed."""
    reversals = ScoreEntry.select(ScoreEntry.reverses_id).where(
        *_own(event_id, player_ids), ScoreEntry.reverses_id.is_null(False)
    )
    return {entry_id for (entry_id,) in reversals.tuples()}


def _own(event_id: int, player_ids: Collection[int] | None) -> list[Any]:
    """Return the conditions for the entries of an event, or of some of its players."""
    of_players = [] if player_ids is None else [ScoreEntry.player.in_(list(player_ids))]
    return [ScoreEntry.event == event_id, *of_players]


def came(event_id: int) -> Any:
    """Return the condition for the players who came to an event: their phone was connected while it
    was on, or they have entries. Others joined and stayed away."""
    scored = ScoreEntry.select(ScoreEntry.player).where(ScoreEntry.event == event_id)
    return Player.came_at.is_null(False) | Player.id.in_(scored)


def joined_of(event_id: int, player_ids: Collection[int] | None = None) -> dict[int, int]:
    """Return {player: joined_at} of the staff who came to an event, or of some of them: boards show
    these."""
    staff = Player.select(Player.id, Player.joined_at).where(
        Player.event == event_id, Player.staff_id.is_null(False), came(event_id)
    )
    if player_ids is not None:
        staff = staff.where(Player.id.in_(list(player_ids)))
    return dict(staff.tuples())


def recompute(event_id: int, now: int, player_ids: Iterable[int] | None = None) -> list[Total]:
    """Compute standings again from the ledger and return those that changed.

    Of all players, or of some.
    """
    if player_ids is None:
        return _recomputed(event_id, now, None)
    return [
        total
        for some in in_steps(chunks(player_ids, _ROWS_AT_ONCE), 1)
        for total in _recomputed(event_id, now, some)
    ]


def _recomputed(event_id: int, now: int, player_ids: Sequence[int] | None) -> list[Total]:
    """Set the standings of all players, or of some, and return those that changed."""
    own = [Standing.event == event_id]
    if player_ids is not None:
        own.append(Standing.player.in_(list(player_ids)))
    known = {(one.board, one.player_id): one for one in totals_of(Standing, *own)}
    wrong = (
        {
            "event": event_id,
            "board": board,
            "player": player,
            "points": points,
            "reached_at": reached_at,
            "version": 1,
            "updated_at": now,
        }
        for (board, player), (points, reached_at) in folded(event_id, player_ids).items()
        if not _is(known.get((board, player)), points, reached_at)
    )
    return [total for some in in_steps(chunks(wrong, _ROWS_AT_ONCE), 1) for total in _set(some)]


def _is(total: Total | None, points: int, reached_at: int) -> bool:
    return total is not None and (total.points, total.reached_at) == (points, reached_at)


def _set(rows: Sequence[dict[str, Any]]) -> list[Total]:
    """Write standings, each with a new version."""
    written = (
        Standing.insert_many(rows)
        .on_conflict(
            conflict_target=[Standing.event, Standing.board, Standing.player],
            preserve=[Standing.points, Standing.reached_at, Standing.updated_at],
            update={Standing.version: Standing.version + 1},
        )
        .returning(
            Standing.board, Standing.player, Standing.points, Standing.reached_at, Standing.version
        )
    )
    return [Total(*row) for row in written.tuples().execute()]


def totals_of(table: type[Standing] | type[FrozenStanding], *where: Any) -> list[Total]:
    """Return standings, live or frozen."""
    rows = table.select(
        table.board,
        table.player.alias("player_id"),
        table.points,
        table.reached_at,
        table.version,
    )
    return [Total(*row) for row in in_steps(rows.where(*where).tuples(), _READ_AT_ONCE)]


def standings_of(event_id: int) -> list[Total]:
    """Return all standings of an event."""
    return totals_of(Standing, Standing.event == event_id)
