"""Counts an evening again from the journal and compares it with what the server says.

Pure: the server's side comes as `Statement` and `FinalBoard`. What is compared: every acknowledged
answer against the receipts, the receipts against their sum and the standing, the standings against
the rows of the board, and the order of the board within itself.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Protocol

# How the sources of what players earn begin, and what is in those of a correction.
PLAYED = ("dig:", "treasure:", "contest:", "shake:", "drawing:", "keyword:")
CORRECTION = ":correction:"
# The ledger must be right at once; everything else may be behind it for some seconds.
LEDGER_KINDS = ("contradiction", "missing", "wrong_points", "doubled", "unexpected", "wrong_total")
# The board tells moments apart by ticks of 10 ms; closer than two ticks may fall into one.
SAME_MOMENT_SECONDS = 0.02


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """A line of a receipt; `earned_at` in seconds since the epoch."""

    source: str
    points: int
    earned_at: float = 0.0
    reversed: bool = False

    @property
    def is_played(self) -> bool:
        """Whether it was earned by playing; hosts make corrections and adjustments."""
        return self.source.startswith(PLAYED) and CORRECTION not in self.source


@dataclass(frozen=True, slots=True)
class Statement:
    """The server's statement about one phone. `known_before` are the sources from before the evening."""

    phone: str
    player_id: int
    entries: tuple[ReceiptLine, ...]
    total_points: int
    standing_points: int | None
    known_before: frozenset[str] = frozenset()

    def reached_at(self) -> float | None:
        """Return when the total was reached; None where it cannot be told from the receipt."""
        if not all(entry.is_played for entry in self.entries):
            return None
        return max((entry.earned_at for entry in self.entries if entry.points), default=None)


@dataclass(frozen=True, slots=True)
class FinalBoard:
    """The rows of the players' board, from the top, and how many there are in all."""

    rows: Sequence[dict[str, Any]]
    total: int


@dataclass(frozen=True, slots=True)
class Difference:
    """A difference between the expected and the actual state; `kind` names the broken promise."""

    kind: str
    phone: str
    text: str = field(compare=False)

    @property
    def may_settle(self) -> bool:
        """Whether the board may only be behind the ledger."""
        return self.kind not in LEDGER_KINDS


class JournalReader(Protocol):
    """A journal of the answers that phones got."""

    def contradicted(self) -> list[tuple[str, str]]:
        """Return (phone, sentence) for each contradiction of the server."""

    def due(self, phone: str) -> dict[str, int]:
        """Return {source: points} of what must be in the ledger."""

    def doubtful(self, phone: str) -> set[str]:
        """Return the sources that may be in the ledger or not."""


def recount(
    journal: JournalReader, statements: Sequence[Statement], board: FinalBoard
) -> list[Difference]:
    """Return every difference between the server and the journal."""
    differences = [
        Difference("contradiction", phone, text) for phone, text in journal.contradicted()
    ]
    for statement in statements:
        phone = statement.phone
        differences += _receipts(journal.due(phone), journal.doubtful(phone), statement)
        differences += _sums(statement)
    differences += _rows(board, statements)
    phones = {statement.player_id: statement.phone for statement in statements}
    for kind, player_id, text in (*_order(board), *_ties(board, statements)):
        differences.append(Difference(kind, phones.get(player_id, str(player_id)), text))
    return differences


def _receipts(due: Mapping[str, int], doubtful: set[str], statement: Statement) -> list[Difference]:
    """Every acknowledged answer once with its points, and nothing that was not acknowledged."""
    found: dict[str, list[int]] = defaultdict(list)
    for entry in statement.entries:
        if entry.is_played:
            found[entry.source].append(entry.points)
    differences = []
    for source, points in due.items():
        if source not in found:
            differences.append(("missing", f"{source} 应有 {points} 分，账上没有"))
        elif points not in found[source]:
            differences.append(
                ("wrong_points", f"{source} 应有 {points} 分，账上 {found[source][0]} 分")
            )
    for source, entries in found.items():
        if len(entries) > 1:
            differences.append(("doubled", f"{source} 在账上有 {len(entries)} 笔"))
        if source not in due and source not in doubtful | statement.known_before:
            differences.append(("unexpected", f"{source} 有 {entries[0]} 分，却没有确认过的答案"))
    return [Difference(kind, statement.phone, text) for kind, text in differences]


def _sums(statement: Statement) -> list[Difference]:
    differences = []
    added = sum(entry.points for entry in statement.entries)
    if added != statement.total_points:
        text = f"各笔相加 {added} 分，合计写着 {statement.total_points} 分"
        differences.append(Difference("wrong_total", statement.phone, text))
    if statement.standing_points != statement.total_points:
        text = f"明细合计 {statement.total_points} 分，得分显示 {statement.standing_points} 分"
        differences.append(Difference("wrong_standing", statement.phone, text))
    return differences


def _rows(board: FinalBoard, statements: Iterable[Statement]) -> list[Difference]:
    """Each phone once on the board with its points, unless the board goes on further down."""
    copies = Counter(row["id"] for row in board.rows)
    points = {row["id"]: row["points"] for row in board.rows}
    differences = []
    for statement in statements:
        phone, mine = statement.phone, statement.total_points
        if copies[statement.player_id] > 1:
            differences.append(Difference("twice_on_board", phone, "榜上出现了不止一次"))
        elif statement.player_id not in points:
            if _belongs_above(mine, board):
                differences.append(Difference("not_on_board", phone, f"有 {mine} 分，榜上没有"))
        elif points[statement.player_id] != mine:
            text = f"有 {mine} 分，榜上写着 {points[statement.player_id]} 分"
            differences.append(Difference("wrong_row", phone, text))
    return differences


def _belongs_above(points: int, board: FinalBoard) -> bool:
    """Whether a player with so many points must be among the rows that were read."""
    return len(board.rows) >= board.total or points > board.rows[-1]["points"]


def _order(board: FinalBoard) -> Iterator[tuple[str, int, str]]:
    """More points first; equal ranks only for equal points, and the next rank is skipped."""
    for position, row in enumerate(board.rows, 1):
        before = board.rows[position - 2] if position > 1 else None
        if before and row["points"] > before["points"]:
            text = f"第 {position} 行 {row['points']} 分，排在 {before['points']} 分之后"
            yield "wrong_order", row["id"], text
        tied = before and row["rank"] == before["rank"] and row["points"] == before["points"]
        if not tied and row["rank"] != position:
            yield "wrong_rank", row["id"], f"第 {position} 行的名次是 {row['rank']}"


def _ties(board: FinalBoard, statements: Iterable[Statement]) -> Iterator[tuple[str, int, str]]:
    """Of equal points, those reached earlier rank higher, and never equal to later ones."""
    reached = {statement.player_id: statement.reached_at() for statement in statements}
    rows: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in board.rows:
        if reached.get(row["id"]) is not None:
            rows[row["points"]].append(row)
    for equals in rows.values():
        for upper, lower in pairwise(equals):
            later = reached[upper["id"]] - reached[lower["id"]]  # type: ignore[operator]
            level = upper["rank"] == lower["rank"]
            if later > SAME_MOMENT_SECONDS or (level and -later > SAME_MOMENT_SECONDS):
                yield "wrong_tie", lower["id"], f"同为 {upper['points']} 分，先到的应排在前面"
