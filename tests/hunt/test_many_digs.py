"""Of digs only those are read that decide, on PostgreSQL too."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from backend.activities.hunt import own_digs
from backend.activities.hunt.facts import facts_of
from backend.activities.hunt.models import Dig
from backend.db import Database
from tests.hunt.evening import Evening
from tests.test_growth import Steps

on_postgresql = pytest.mark.parametrize("databases", ["postgresql"], indirect=True)
on_sqlite = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)

MANY = 3_000

_OTHERS = """
INSERT INTO dig (activity_id, player_id, site, question_id, option_order, opened_at, limit_seconds,
                 snooze_seconds, voided, day, slot)
SELECT activity_id, ?, site, question_id, option_order, opened_at, limit_seconds, 0, FALSE, day, n
FROM dig, generate_series(1, ?) n WHERE dig.id = ?
"""
_LATER = """
WITH RECURSIVE later(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM later WHERE n < ?)
INSERT INTO dig (activity_id, player_id, site, question_id, option_order, opened_at, limit_seconds,
                 snooze_seconds, voided, day, slot)
SELECT activity_id, player_id, site, question_id, option_order, opened_at, limit_seconds, 0, FALSE,
       day, slot + n
FROM dig, later WHERE dig.id = ?
"""
_READ = """
SELECT COALESCE(seq_tup_read, 0) + COALESCE(idx_tup_fetch, 0)
FROM pg_stat_xact_user_tables WHERE relname = 'dig'
"""


class Diggers:
    """A player with an answered dig and an open one, between which another one has dug many times."""

    def __init__(self, evening: Evening) -> None:
        self.now = evening.clock.now()
        self.database: Database = evening.centre.app.extensions["linka.database"]
        evening.ask(), evening.ask()
        player, other = evening.diggers(2)
        other_id = evening.player_id(other)
        first = evening.dig(player)["id"]
        evening.answer(player, evening.dig(player), "B")
        with self.database.write():
            self.database.sql(_OTHERS, (other_id, MANY, first))
        self.digs = [first, evening.dig(player)["id"]]
        self.database.sql("ANALYZE dig")
        self.dig = Dig.get_by_id(self.digs[-1])
        self.whose = self.dig.activity_id, self.dig.player_id

    @contextmanager
    def reading(self, most: int) -> Iterator[None]:
        """Require that the block reads at most so many rows of digs."""
        with self.database.write():
            [(before,)] = self.database.sql(_READ).fetchall()
            yield
            [(after,)] = self.database.sql(_READ).fetchall()
        assert after - before <= most


@pytest.fixture
def diggers(evening: Evening) -> Diggers:
    """Return the player, beside another one."""
    return Diggers(evening)


@on_postgresql
def test_streak_before_an_answer_is_read_from_own_digs(diggers: Diggers) -> None:
    # Both digs, and the first again as the one before the second.
    with diggers.reading(most=3):
        found = facts_of(diggers.database, diggers.digs)
    assert [found[dig].streak_before for dig in diggers.digs] == [None, 1]


@on_postgresql
def test_that_no_question_is_open_is_found_among_own_digs(diggers: Diggers) -> None:
    Dig.update(voided=True).where(Dig.id == diggers.dig.id).execute()
    with diggers.reading(most=2):
        assert own_digs.read(diggers.database, *diggers.whose).unanswered() is None


@on_sqlite
def test_streak_before_an_answer_is_read_without_later_digs(evening: Evening) -> None:
    evening.ask(), evening.ask()
    player = evening.digger()
    evening.answer(player, evening.dig(player), "B")
    dig_id = evening.dig(player)["id"]
    database: Database = evening.centre.app.extensions["linka.database"]
    steps = Steps(database)

    def taken() -> int:
        with database.write():
            steps.taken()
            assert facts_of(database, [dig_id])[dig_id].streak_before == 1
            return steps.taken().total()

    alone = taken()
    with database.write():
        database.sql(_LATER, (MANY, dig_id))
    assert taken() == alone
