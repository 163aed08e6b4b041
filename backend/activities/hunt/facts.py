"""What the verdict on an answer follows from, read in one statement."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from backend.db import Database
from backend.events.competition import is_out_sql
from backend.events.players import HOLDER
from backend.scoring.scorekeeper import Scorer


@dataclass(frozen=True)
class Facts:
    """A dig with its question, player, activity and event."""

    dig_id: int
    activity_id: int
    player_id: int
    site: str
    option_order: str
    opened_at: int
    limit_seconds: int
    snooze_seconds: int
    snoozed_ms: int | None
    voided: bool
    question_id: int
    kind: str
    key: list[str]
    difficulty: int
    explanation: str
    event_id: int
    state: str
    opens_at: int | None
    closes_at: int | None
    pauses: list[list[int | None]]
    frozen_at: int | None
    began_at: int
    settings: dict[str, Any]
    account_id: int
    token_version: int | None
    staff_id: int | None
    status: str
    name: str
    team_id: int | None
    team_name: str | None
    corrected_key: list[str] | None
    streak_before: int | None
    answered: str | None
    sittings: int
    salt: str
    holder: int | None
    is_out: bool

    def right(self) -> list[str]:
        """Return the key that holds in this event, in the bank's letters."""
        return self.corrected_key or self.key

    def scorer(self) -> Scorer:
        """Return the player as the boards need them."""
        return Scorer(
            self.player_id,
            self.event_id,
            self.began_at,
            self.name,
            self.team_id,
            self.team_name,
            on_board=True,
        )


# One round trip. The streak is that of the player's dig before this one: 0 when it was wrong or
# never answered.
_FACTS_SQL = f"""
SELECT d.id, d.activity_id, d.player_id, d.site, d.option_order, d.opened_at, d.limit_seconds,
       d.snooze_seconds, d.snoozed_ms, d.voided, q.id, q.kind, q.key, q.difficulty,
       q.explanation, e.id, e.state, e.opens_at, e.closes_at, e.pauses, e.frozen_at, e.began_at,
       CAST(a.settings AS TEXT), p.account_id, o.token_version, p.staff_id, p.status, p.name,
       p.team_id, p.team_name,
       (SELECT c.key FROM correction c WHERE c.event_id = e.id AND c.question_id = q.id
        AND c.action = 'rekey' ORDER BY c.id DESC LIMIT 1),
       (SELECT x.streak FROM dig pd LEFT JOIN answer x ON x.dig_id = pd.id
        WHERE pd.activity_id = d.activity_id AND pd.player_id = d.player_id AND pd.id < d.id
        AND NOT pd.voided ORDER BY pd.id DESC LIMIT 1),
       (SELECT x.choice FROM answer x WHERE x.dig_id = d.id),
       (SELECT COUNT(*) FROM sitting s WHERE s.activity_id = a.id), a.salt, {HOLDER},
       {is_out_sql("d.activity_id")}
FROM dig d JOIN question q ON q.id = d.question_id JOIN player p ON p.id = d.player_id
JOIN activity a ON a.id = d.activity_id JOIN event e ON e.id = a.event_id
LEFT JOIN account o ON o.id = p.account_id
WHERE d.id IN ({{marks}})
"""


def facts_of(database: Database, dig_ids: Sequence[int]) -> dict[int, Facts]:
    """Return {dig: facts}, read in one statement; digs that do not exist are left out."""
    # Few different statements, so that PostgreSQL plans each of them once.
    length = 1 << (len(dig_ids) - 1).bit_length()
    asked = (*dig_ids, *[0] * (length - len(dig_ids)))
    statement = _FACTS_SQL.format(marks=", ".join("?" * length))
    read = _JsonReader()
    return {row[0]: read.facts(row) for row in database.sql(statement, asked).fetchall()}


# The columns of _FACTS_SQL that hold JSON.
_JSON_COLUMNS = (12, 19, 22, 30)


class _JsonReader:
    """Reads the JSON of rows; PostgreSQL's driver has read some already, the rest is often the same."""

    def __init__(self) -> None:
        self._known: dict[str, Any] = {}

    def facts(self, row: Sequence[Any]) -> Facts:
        """Return the facts in a row."""
        values = list(row)
        for column in _JSON_COLUMNS:
            if isinstance(values[column], str):
                values[column] = self._value(values[column])
        return Facts(*values)

    def _value(self, text: str) -> Any:
        if text not in self._known:
            self._known[text] = json.loads(text)
        return self._known[text]
