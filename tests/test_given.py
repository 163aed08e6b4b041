"""Rows that a hand-written statement is given arrive as they are, on each database."""

from backend.db import Database
from backend.given import GivenRows

ROWS = GivenRows(number="BIGINT", word="TEXT", is_right="BOOLEAN", part="TEXT")
SQL = "WITH given(number, word, is_right, part) AS ({rows}) SELECT * FROM given ORDER BY number"


def test_rows_arrive_as_they_are(database: Database) -> None:
    given = [
        (1, "“美多”? %s {rows} 100%", True, None),
        (2**53, "\"quoted\\\" 'single' \n", False, '[1, "a"]'),
        (2**53 + 1, "🎉", True, ""),
        (2**53 + 2, None, None, "null"),
    ]
    assert ROWS.run(database, SQL, given) == given


def test_no_rows_run_no_statement(database: Database) -> None:
    assert ROWS.run(database, "no statement", []) == []
