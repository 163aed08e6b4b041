"""Records of draws as files, made without a server."""

from itertools import islice
from typing import Any

from backend.activities.raffle import rules
from backend.activities.raffle.rules import DrawTerms, PoolEntry

SEED = "ab" * 32


def document(won: int = 2, absent: int = 1, waiting_seconds: int | None = 60) -> dict[str, Any]:
    """Return the file of a fair draw; without waiting time one of before there were calls."""
    pool = [PoolEntry(n, rules.tag_of("00", f"staff:{n}"), f"王*{n}") for n in range(1, 11)]
    terms = DrawTerms(7, 3, "一等奖", 2, waiting_seconds)
    committed = rules.commitment(terms, rules.pool_digest(pool), SEED)
    numbers = islice(rules.order(SEED, committed, "扎西德勒", 10), won + absent)
    return {
        "format": terms.format,
        "activity": 7,
        "draw": 3,
        "prize": "一等奖",
        "count": 2,
        "waiting_seconds": waiting_seconds,
        "commitment": committed,
        "seed": SEED,
        "word": "扎西德勒",
        "pool": [vars(entry) for entry in pool],
        "picks": [_pick(turn, number, turn <= absent) for turn, number in enumerate(numbers, 1)],
    }


def _pick(turn: int, number: int, is_absent: bool) -> dict[str, Any]:
    """Return somebody who was drawn; who was absent was called and waited for, for 61 seconds."""
    moments = (
        ("2026-11-22T02:00:01.500Z", "2026-11-22T02:01:02.500Z") if is_absent else (None, None)
    )
    host = "扎西" if is_absent else None
    return {
        "turn": turn,
        "number": number,
        "status": "absent" if is_absent else "won",
        "drawn_at": "2026-11-22T02:00:00.000Z",
        "called_at": moments[0],
        "called_by": host,
        "absent_at": moments[1],
        "absent_by": host,
    }
