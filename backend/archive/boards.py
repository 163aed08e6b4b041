"""Converts whole boards to rows of an archive, and compares two of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from backend.archive.rows import board_name
from backend.scoring import ranking


@dataclass
class Numbering:
    """Maps the ids of an installation's rows to their numbers in the archive, and to their names."""

    activities: dict[int, int] = field(default_factory=dict)
    teams: dict[int, int] = field(default_factory=dict)
    players: dict[int, int] = field(default_factory=dict)
    names: dict[tuple[str, int], str] = field(default_factory=dict)


def rows_of(boards: Mapping[str, Mapping[int, int]], numbering: Numbering) -> list[dict[str, Any]]:
    """Return the rows of boards `{players:<board> or teams:<board>: {id: packed}}`, best first."""
    activities = {given: number for number, given in numbering.activities.items()}
    numbers = {
        "players": {given: number for number, given in numbering.players.items()},
        "teams": {given: number for number, given in numbering.teams.items()},
    }
    rows = []
    for key in boards:
        scope, _, board = key.partition(":")
        name = board_name(board, activities)
        members = [(packed, numbers[scope][given]) for given, packed in boards[key].items()]
        members.sort(key=lambda member: (-member[0], member[1]))
        ranks = ranking.ranks([packed for packed, _ in members])
        unpacked = ranking.unpack_points if scope == "players" else ranking.unpack_team
        rows += [
            {
                "board": name,
                "scope": scope,
                "rank": rank,
                "number": number,
                "name": numbering.names[scope, number],
                "points": unpacked(packed),
                "packed": packed,
            }
            for rank, (packed, number) in zip(ranks, members, strict=True)
        ]
    return sorted(rows, key=lambda row: (row["board"], row["scope"], row["rank"], row["number"]))


def differences(kept: Iterable[Mapping[str, Any]], made: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return a Chinese sentence for each row in which two boards differ."""
    before, after = ({_key(row): dict(row) for row in rows} for rows in (kept, made))
    return [
        f"{key[0]} {'个人榜' if key[1] == 'players' else '班组榜'} "
        f"{(before.get(key) or after[key])['name']}："
        f"归档里{_said(before.get(key))}，账本算出{_said(after.get(key))}"
        for key in sorted(before.keys() | after.keys())
        if before.get(key) != after.get(key)
    ]


def _key(row: Mapping[str, Any]) -> tuple[str, str, int]:
    return row["board"], row["scope"], row["number"]


def _said(row: Mapping[str, Any] | None) -> str:
    return "没有" if row is None else f"第 {row['rank']} 名 {row['points']:g} 分（{row['packed']}）"
