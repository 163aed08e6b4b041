"""What the ledger alone says: a pure fold from entries to points and moments."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.scoring.ledger import Entry, boards_of, fold

JOINED = {1: 100, 2: 200, 3: 300}
DAYS = (("2026-11-22", "2026-W47"), ("2026-11-23", "2026-W48"))


def entry(
    number: int, points: int, at: int = 1000, player: int = 1, reverses: int | None = None
) -> Entry:
    """Return an entry of activity 7 on the first day."""
    return Entry(number, player, 7, *DAYS[0], points, at, reverses)


AWARDS = st.tuples(
    st.sampled_from(sorted(JOINED)),
    st.sampled_from([None, 7, 8]),
    st.sampled_from(DAYS),
    st.integers(-50, 50),
    st.integers(300, 2000),
    st.booleans(),
)


@st.composite
def ledgers(draw: st.DrawFn) -> list[Entry]:
    """Return the entries of an event; some of them are taken back."""
    awards = draw(st.lists(AWARDS, max_size=12))
    rows = [
        Entry(number, player, activity, *day, points, at, None)
        for number, (player, activity, day, points, at, _) in enumerate(awards, start=1)
    ]
    taken = [row for row, award in zip(rows, awards, strict=True) if award[-1]]
    return rows + [reversal(row, row.id + 100) for row in taken]


def reversal(row: Entry, number: int) -> Entry:
    """Return the entry that takes another one back."""
    return row._replace(id=number, points=-row.points, reverses_id=row.id)


@given(ledgers(), st.randoms())
def test_order_does_not_matter(rows: list[Entry], chance: object) -> None:
    shuffled = list(rows)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert fold(shuffled, JOINED) == fold(rows, JOINED)


@given(ledgers())
def test_points_of_a_board_are_the_sum_of_its_entries(rows: list[Entry]) -> None:
    totals = fold(rows, JOINED)
    for (board, player), (points, _) in totals.items():
        counted = [row for row in rows if row.player_id == player and board in row.boards()]
        assert points == sum(row.points for row in counted)
    assert {
        key for row in rows for key in [(b, row.player_id) for b in row.boards()]
    } <= totals.keys()


@given(ledgers())
def test_reversal_takes_back_exactly(rows: list[Entry]) -> None:
    gone = {row.reverses_id for row in rows if row.reverses_id is not None}
    left = [row for row in rows if row.id not in gone and row.reverses_id is None]
    after, before = fold(rows, JOINED), fold(left, JOINED)
    for key, total in after.items():
        assert total == before.get(key, (0, JOINED[key[1]]))


@given(ledgers(), st.integers(300, 5000), st.sampled_from(sorted(JOINED)))
def test_zero_moves_neither_points_nor_the_moment(rows: list[Entry], at: int, player: int) -> None:
    zero = Entry(10**6, player, 7, *DAYS[0], 0, at, None)
    before, after = fold(rows, JOINED), fold([*rows, zero], JOINED)
    assert after.items() >= before.items()
    for key in after.keys() - before.keys():
        assert after[key] == (0, JOINED[player])


def test_moment_is_that_of_the_latest_award_that_counts() -> None:
    rows = [entry(1, 10, 1000), entry(2, 5, 3000), entry(3, 7, 2000)]
    assert fold(rows, JOINED)["event", 1] == (22, 3000)


def test_correction_gives_the_earlier_moment_back() -> None:
    rows = [entry(1, 10, 1000), entry(2, 5, 3000)]
    assert fold([*rows, reversal(rows[1], 3)], JOINED)["event", 1] == (10, 1000)


def test_corrected_answer_keeps_the_moment_of_the_answer() -> None:
    first = entry(1, 10, 1000)
    again = entry(3, 4, 1000)
    assert fold([first, reversal(first, 2), again], JOINED)["event", 1] == (4, 1000)


def test_who_has_earned_nothing_stands_at_the_moment_of_joining() -> None:
    assert fold([], JOINED) == {("event", player): (0, at) for player, at in JOINED.items()}


def test_players_do_not_mix() -> None:
    totals = fold([entry(1, 10), entry(2, 3, player=2)], JOINED)
    assert (totals["event", 1][0], totals["event", 2][0]) == (10, 3)


@pytest.mark.parametrize(
    ("activity", "boards"),
    [
        (None, ("event", "day-2026-11-22", "week-2026-W47")),
        (7, ("event", "day-2026-11-22", "week-2026-W47", "activity-7")),
    ],
)
def test_award_counts_on_its_boards(activity: int | None, boards: tuple[str, ...]) -> None:
    assert boards_of(activity, "2026-11-22", "2026-W47") == boards
