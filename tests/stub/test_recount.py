"""The recount finds every way in which ledger and board can differ from what phones were told."""

from dataclasses import replace

import pytest

from miniprogram_stub.journal import Journal, Record
from miniprogram_stub.recount import Difference, FinalBoard, ReceiptLine, Statement, recount

ANNE = Statement(
    "anne",
    1,
    (
        ReceiptLine("dig:10", 60, 100.0),
        ReceiptLine("dig:11", 0, 130.0),
        ReceiptLine("treasure:10", 50, 100.0),
    ),
    total_points=110,
    standing_points=110,
)
BELA = Statement("bela", 2, (ReceiptLine("dig:20", 110, 90.0),), 110, 110)
CARO = Statement("caro", 3, (), 0, 0)


def row(rank: int, player_id: int, points: int) -> dict:
    return {"rank": rank, "id": player_id, "name": "", "team": "", "points": points}


BOARD = FinalBoard([row(1, 2, 110), row(2, 1, 110), row(3, 3, 0)], total=3)


@pytest.fixture
def journal() -> Journal:
    journal = Journal()
    journal.acknowledged(Record("anne", 10, ("A",), "correct", 60, 50))
    journal.acknowledged(Record("anne", 11, ("B",), "wrong", 0, 0))
    journal.acknowledged(Record("bela", 20, ("T",), "correct", 110, 0))
    return journal


def kinds(found: list[Difference]) -> list[tuple[str, str]]:
    return [(difference.kind, difference.phone) for difference in found]


def test_evening_without_differences_is_clean(journal):
    assert recount(journal, [ANNE, BELA, CARO], BOARD) == []


@pytest.mark.parametrize(
    ("entries", "kind"),
    [
        ((ReceiptLine("dig:10", 110, 100.0),), "missing"),
        ((ReceiptLine("dig:10", 60, 100.0), ReceiptLine("dig:11", 0, 100.0)), "missing"),
        ((*ANNE.entries, ReceiptLine("dig:11", 0, 100.0)), "doubled"),
        ((*ANNE.entries, ReceiptLine("treasure:10", 0, 100.0)), "doubled"),
        (
            (
                ReceiptLine("dig:10", 61, 100.0),
                ReceiptLine("dig:11", 0, 100.0),
                ReceiptLine("treasure:10", 49, 100.0),
            ),
            "wrong_points",
        ),
        ((*ANNE.entries, ReceiptLine("dig:12", 0)), "unexpected"),
        ((*ANNE.entries, ReceiptLine("treasure:11", 0, 100.0)), "unexpected"),
    ],
)
def test_receipt_that_differs_from_the_journal_is_found(journal, entries, kind):
    found = recount(journal, [replace(ANNE, entries=entries), BELA, CARO], BOARD)
    assert (kind, "anne") in kinds(found)
    assert {phone for _, phone in kinds(found)} == {"anne"}


def test_entries_of_an_earlier_evening_are_expected(journal):
    before = replace(
        BELA,
        entries=(*BELA.entries, ReceiptLine("dig:5", 40)),
        total_points=150,
        standing_points=150,
        known_before=frozenset({"dig:5"}),
    )
    board = FinalBoard([row(1, 2, 150), row(2, 1, 110), row(3, 3, 0)], 3)
    assert recount(journal, [ANNE, before, CARO], board) == []


def test_hosts_corrections_count_but_need_no_answer(journal):
    corrected = replace(
        ANNE,
        entries=(*ANNE.entries, ReceiptLine("adjustment:1", -30), ReceiptLine("reversal:7", -60)),
        total_points=20,
        standing_points=20,
    )
    board = FinalBoard([row(1, 2, 110), row(2, 1, 20), row(3, 3, 0)], 3)
    assert recount(journal, [corrected, BELA, CARO], board) == []


@pytest.mark.parametrize("entries", [ANNE.entries, (*ANNE.entries, ReceiptLine("dig:12", 0))])
def test_answer_that_was_never_heard_of_again_may_count_or_not(journal, entries):
    journal.sent("anne", 12)
    assert recount(journal, [replace(ANNE, entries=entries), BELA, CARO], BOARD) == []


def test_refused_answer_must_not_count(journal):
    journal.sent("anne", 12)
    journal.refused("anne", 12, "deadline_passed")
    late = replace(ANNE, entries=(*ANNE.entries, ReceiptLine("dig:12", 0)))
    assert kinds(recount(journal, [late, BELA, CARO], BOARD)) == [("unexpected", "anne")]


def test_own_first_answer_cannot_be_taken_already(journal):
    journal.refused("anne", 12, "already_answered")
    assert kinds(recount(journal, [ANNE, BELA, CARO], BOARD)) == [("contradiction", "anne")]


def test_second_answer_of_the_server_must_be_the_first(journal):
    journal.acknowledged(Record("bela", 20, ("T",), "correct", 110, 0))
    assert recount(journal, [ANNE, BELA, CARO], BOARD) == []
    journal.acknowledged(Record("bela", 20, ("T",), "correct", 112, 0))
    assert kinds(recount(journal, [ANNE, BELA, CARO], BOARD)) == [("contradiction", "bela")]


def test_answer_may_be_told_otherwise_after_a_correction(journal):
    journal.acknowledged(Record("bela", 20, ("T",), "correct", 0, 0, corrected=True))
    assert recount(journal, [ANNE, BELA, CARO], BOARD) == []


def test_answer_out_of_competition_must_not_be_in_the_ledger(journal):
    journal.acknowledged(Record("bela", 21, ("T",), "correct", 0, 0, counted=False))
    assert recount(journal, [ANNE, BELA, CARO], BOARD) == []
    entries = replace(BELA, entries=(*BELA.entries, ReceiptLine("dig:21", 0)))
    assert kinds(recount(journal, [ANNE, entries, CARO], BOARD)) == [("unexpected", "bela")]


def test_ledger_says_what_an_answer_earned_before_its_correction_was_heard_of(journal):
    journal.sent("anne", 12)
    journal.acknowledged(Record("anne", 12, ("A",), "correct", 0, 0, corrected=True))
    for sources in (("dig:12", "reversal:8"), ("dig:12:correction:3",)):
        entries = (*ANNE.entries, *(ReceiptLine(source, 0) for source in sources))
        assert recount(journal, [replace(ANNE, entries=entries), BELA, CARO], BOARD) == []


def test_sum_of_a_receipt_must_be_right(journal):
    found = recount(journal, [replace(CARO, total_points=5, standing_points=5), ANNE, BELA], BOARD)
    assert ("wrong_total", "caro") in kinds(found)


@pytest.mark.parametrize("points", [109, None])
def test_standing_must_be_the_sum(journal, points):
    found = recount(journal, [replace(ANNE, standing_points=points), BELA, CARO], BOARD)
    assert kinds(found) == [("wrong_standing", "anne")]


@pytest.mark.parametrize(
    ("rows", "total", "differences"),
    [
        ([row(1, 2, 110), row(2, 1, 110)], 2, [("not_on_board", "caro")]),
        ([row(1, 2, 110), row(2, 1, 110)], 300, []),
        ([row(1, 2, 110), row(2, 3, 0)], 300, [("not_on_board", "anne")]),
        ([row(1, 2, 110), row(2, 1, 100), row(3, 3, 0)], 3, [("wrong_row", "anne")]),
        (
            [row(1, 2, 110), row(2, 1, 110), row(3, 3, 0), row(3, 3, 0)],
            4,
            [("twice_on_board", "caro")],
        ),
        ([row(1, 1, 110), row(2, 2, 110), row(3, 3, 0)], 3, [("wrong_tie", "bela")]),
        ([row(1, 2, 110), row(1, 1, 110), row(3, 3, 0)], 3, [("wrong_tie", "anne")]),
        ([row(1, 3, 0), row(2, 2, 110), row(3, 1, 110)], 3, [("wrong_order", "bela")]),
        ([row(1, 2, 110), row(2, 1, 110), row(4, 3, 0)], 3, [("wrong_rank", "caro")]),
        ([row(2, 2, 110), row(2, 1, 110), row(3, 3, 0)], 3, None),
        ([], 0, [("not_on_board", name) for name in ("anne", "bela", "caro")]),
    ],
)
def test_board_must_follow_from_the_standings(journal, rows, total, differences):
    found = kinds(recount(journal, [ANNE, BELA, CARO], FinalBoard(rows, total)))
    if differences is None:
        assert ("wrong_rank", "bela") in found
    else:
        assert found == differences


def test_equal_points_at_the_same_moment_share_a_rank_and_skip_the_next():
    journal = Journal()
    statements = []
    for player_id, points in enumerate([90, 70, 70, 50], 1):
        phone = f"p{player_id}"
        journal.acknowledged(Record(phone, player_id, ("A",), "correct", points, 0))
        entry = ReceiptLine(f"dig:{player_id}", points, 100.0)
        statements.append(Statement(phone, player_id, (entry,), points, points))
    rows = [row(1, 1, 90), row(2, 2, 70), row(2, 3, 70), row(4, 4, 50)]
    assert recount(journal, statements, FinalBoard(rows, 4)) == []
    rows[3]["rank"] = 3
    assert kinds(recount(journal, statements, FinalBoard(rows, 4))) == [("wrong_rank", "p4")]
