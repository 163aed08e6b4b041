"""The ledger on a real database: what is kept beside it is always what it says."""

import peewee
import pytest
import redis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.db import Database
from backend.scoring import ledger
from backend.scoring.models import ScoreEntry, Standing
from tests.scoring.evening import Evening
from tests.support import START, at_once

DAY = 24 * 3600
ONE_DATABASE = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
AWARDS = st.tuples(
    st.integers(0, 4),
    st.integers(-30, 30) | st.just(0),
    st.integers(10, 3 * DAY),
    st.booleans(),
    st.booleans(),
)


def reverse(evening: Evening, source: str, now: int) -> None:
    """Take an entry back and set the standings anew."""
    entry = ScoreEntry.get(ScoreEntry.event == evening.id, ScoreEntry.source == source)
    with evening.database.write():
        assert ledger.reverse(evening.database, entry.id, "有误", now)
        ledger.recompute(evening.id, now, [entry.player_id])


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(awards=st.lists(AWARDS, max_size=12))
def test_standings_are_always_what_the_ledger_says(
    database: Database, redis_server: redis.Redis, awards: list[tuple[int, int, int, bool, bool]]
) -> None:
    evening = Evening(database, redis_server)
    for place, points, after, in_activity, is_taken_back in awards:
        more = {} if in_activity else {"activity_id": None}
        award = evening.make(place, points, after, **more)
        evening.commit(award)
        if is_taken_back:
            reverse(evening, award.source, award.earned_at)
        assert evening.kept() == evening.folded()


def test_award_moves_every_board_it_counts_on(evening: Evening) -> None:
    totals = evening.commit(evening.make(0, 10))
    assert totals is not None
    expected = {"event", "day-2026-11-22", "week-2026-W47", f"activity-{evening.activity.id}"}
    assert {total.board for total in totals} == expected
    assert {(total.points, total.reached_at) for total in totals} == {(10, START + 60_000)}


def test_same_source_counts_once(evening: Evening) -> None:
    award = evening.make(0, 10)
    assert evening.commit(award) is not None
    before = evening.kept()
    assert evening.commit(award) is None
    assert evening.kept() == before
    assert ScoreEntry.select().count() == 1


def test_same_source_in_another_event_is_another_fact(
    evening: Evening, database: Database, redis_server: redis.Redis
) -> None:
    other = Evening(database, redis_server)
    assert evening.commit(evening.make(0, 10, source="answer:1")) is not None
    assert other.commit(other.make(0, 10, source="answer:1")) is not None


def test_same_award_50_times_at_once_counts_once(evening: Evening) -> None:
    award = evening.make(0, 10)

    def commit() -> bool:
        written = evening.commit(award) is not None
        evening.database.release()
        return written

    assert sorted(at_once([commit] * 50)) == [False] * 49 + [True]
    assert evening.kept()["event", evening.players[0].id] == (10, START + 60_000)
    assert evening.kept() == evening.folded()


def test_awards_at_once_are_all_counted(evening: Evening) -> None:
    awards = [evening.make(n % 5, n, 60 + n) for n in range(40)]

    def commit(award: ledger.Award) -> None:
        evening.commit(award)
        evening.database.release()

    at_once([lambda award=award: commit(award) for award in awards])
    assert ScoreEntry.select().count() == 40
    assert evening.kept() == evening.folded()


def test_awards_of_one_player_can_be_written_together(evening: Evening) -> None:
    awards = [
        evening.make(0, 40, 60, source="dig:1"),
        evening.make(1, 0, 50, source="dig:2"),
        evening.make(0, 0, 70, source="dig:3"),
        evening.make(0, 5, 65, source="treasure:1"),
        evening.make(0, 40, 60, source="dig:1"),
    ]
    with evening.database.write():
        first = ledger.write_all(evening.database, awards, evening.scores.calendar, START)
    assert all(totals is not None for totals in first)
    assert first[0] == first[2] == first[3]
    assert evening.kept() == evening.folded()
    assert ScoreEntry.select().count() == 4
    with evening.database.write():
        again = ledger.write_all(evening.database, awards, evening.scores.calendar, START)
    assert again == [None] * 5
    assert evening.kept() == evening.folded()


def test_versions_grow_with_every_change(evening: Evening) -> None:
    seen = []
    for points in (5, 0, -5):
        totals = evening.commit(evening.make(0, points)) or []
        seen.append(next(total.version for total in totals if total.board == "event"))
    assert seen == sorted(set(seen))


@ONE_DATABASE
def test_award_that_is_not_committed_leaves_nothing(evening: Evening) -> None:
    before = evening.kept()
    award = evening.make(0, 10)
    with pytest.raises(ZeroDivisionError), evening.database.write():
        evening.scores.award(award, award.earned_at)
        _ = 1 / 0
    assert ScoreEntry.select().count() == 0
    assert evening.kept() == before


# --- ties


def test_zero_does_not_move_the_moment(evening: Evening) -> None:
    evening.commit(evening.make(0, 10, 60))
    evening.commit(evening.make(0, 0, 90))
    assert evening.kept()["event", evening.players[0].id] == (10, START + 60_000)


def test_zero_alone_stands_at_the_moment_of_joining(evening: Evening) -> None:
    evening.commit(evening.make(0, 0, 90))
    player = evening.players[0]
    boards = {board: total for (board, who), total in evening.kept().items() if who == player.id}
    assert len(boards) == 4
    assert set(boards.values()) == {(0, player.joined_at)}


def test_later_writing_of_an_earlier_award_does_not_turn_time_back(evening: Evening) -> None:
    evening.commit(evening.make(0, 10, 90))
    evening.commit(evening.make(0, 5, 60))
    assert evening.kept()["event", evening.players[0].id] == (15, START + 90_000)


# --- days and weeks


@pytest.mark.parametrize(
    ("hours", "day", "week"),
    [
        (17.99, "2026-11-22", "2026-W47"),
        (18, "2026-11-23", "2026-W48"),
        (-6, "2026-11-22", "2026-W47"),
    ],
)
@ONE_DATABASE
def test_business_day_and_week_are_those_of_the_moment_earned(
    evening: Evening, hours: float, day: str, week: str
) -> None:
    evening.commit(evening.make(0, 10, hours * 3600))
    entry = ScoreEntry.get()
    assert (entry.day, entry.week) == (day, week)


# --- reversals


def test_reversal_takes_back_points_and_moment_on_every_board(evening: Evening) -> None:
    evening.commit(evening.make(0, 10, 60))
    before = evening.kept()
    award = evening.make(0, 7, 120)
    evening.commit(award)
    reverse(evening, award.source, START + 200_000)
    assert evening.kept() == before == evening.folded()


def test_entry_is_taken_back_once(evening: Evening) -> None:
    award = evening.make(0, 10)
    evening.commit(award)
    entry_id = ScoreEntry.get().id
    with evening.database.write():
        assert ledger.reverse(evening.database, entry_id, "有误", START)
        assert not ledger.reverse(evening.database, entry_id, "有误", START)
    reversal = ScoreEntry.get(ScoreEntry.reverses_id == entry_id)
    assert (reversal.points, reversal.reason, reversal.note) == (-10, "reversal", "有误")
    assert reversal.earned_at == award.earned_at


def test_recomputing_changes_only_what_differs(evening: Evening) -> None:
    evening.commit(evening.make(0, 10))
    evening.commit(evening.make(1, 10))
    Standing.update(points=999).where(
        Standing.player == evening.players[0], Standing.board == "event"
    ).execute()
    with evening.database.write():
        changed = ledger.recompute(evening.id, START)
    assert [(total.board, total.player_id) for total in changed] == [
        ("event", evening.players[0].id)
    ]
    assert evening.kept() == evening.folded()


def test_recomputing_brings_back_a_standing_that_is_missing(evening: Evening) -> None:
    evening.commit(evening.make(0, 10))
    Standing.delete().where(Standing.player == evening.players[0]).execute()
    with evening.database.write():
        ledger.recompute(evening.id, START)
    assert evening.kept() == evening.folded()


def test_database_itself_refuses_a_second_entry_of_a_source(evening: Evening) -> None:
    evening.commit(evening.make(0, 10, source="answer:1"))
    row = ScoreEntry.select().dicts().get()
    with pytest.raises(peewee.IntegrityError), evening.database.write():
        ScoreEntry.create(**{**row, "id": None})
