"""Hidden treasures: a dig finds one by chance, as long as the stock lasts."""

import hmac
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from backend.activities.hunt import rules
from backend.activities.hunt.facts import DigFacts, FoundTreasure, Verdict
from backend.db import Database
from backend.given import GivenRows

_HELD_SQL = """
SELECT c.player_id, t.key FROM treasure_claim c JOIN treasure t ON t.id = c.treasure_id
WHERE t.activity_id = ? AND c.player_id IN ({marks})
"""
_LEFT_SQL = """
SELECT id, key, title, points, claimed, stock FROM treasure
WHERE activity_id = ? AND claimed < stock AND key IN ({marks}) ORDER BY id
"""
_LOCK = " FOR NO KEY UPDATE"
_COUNTS = GivenRows(id="BIGINT", claimed="INTEGER")
_COUNT_SQL = f"""
WITH given({_COUNTS.names}) AS ({{rows}})
UPDATE treasure SET claimed = (SELECT g.claimed FROM given g WHERE g.id = treasure.id)
WHERE id IN (SELECT g.id FROM given g) RETURNING id
"""  # nosec B608 # our own names
_CLAIMS = GivenRows(
    treasure_id="BIGINT", player_id="BIGINT", dig_id="BIGINT", number="INTEGER", at="BIGINT"
)
_CLAIM_SQL = f"""
INSERT INTO treasure_claim ({_CLAIMS.names}) {{rows}} RETURNING id
"""  # nosec B608 # our own names


class _Roll(NamedTuple):
    """The treasures that a dig finds if they are left, the first of them first."""

    facts: DigFacts
    at: int
    keys: Sequence[str]


def find_all(
    database: Database, hunt_key: bytes, answers: Iterable[tuple[DigFacts, Verdict]]
) -> dict[int, FoundTreasure]:
    """Claim the treasures that right answers of different players find, in the caller's transaction.

    Returns {dig: treasure}. A treasure whose stock is used up, or that the player has already, is not
    found. Treasures are locked in one order, so that two transactions never wait for each other.
    """
    rolls: dict[int, list[_Roll]] = defaultdict(list)
    for facts, verdict in answers:
        keys = _rolled(hunt_key, facts)
        if keys:
            rolls[facts.activity_id].append(_Roll(facts, verdict.answered_at, keys))
    found: dict[int, FoundTreasure] = {}
    for activity_id in sorted(rolls):
        found |= _claim(database, activity_id, rolls[activity_id])
    return found


def _rolled(hunt_key: bytes, facts: DigFacts) -> list[str]:
    return [
        item["key"]
        for item in facts.settings["treasures"]
        if item["site"] == facts.site
        and rules.finds(roll(hunt_key, facts.salt, facts.dig_id, item["key"]), item["chance"])
    ]


def _claim(
    database: Database, activity_id: int, rolls: Sequence[_Roll]
) -> dict[int, FoundTreasure]:
    """Claim treasures of one hunt.

    If a player gets one in two transactions at once, the unique index refuses the second.
    """
    players = [one.facts.player_id for one in rolls]
    held = set(database.sql(_marked(_HELD_SQL, players), (activity_id, *players)).fetchall())
    wanted = [
        one._replace(keys=[key for key in one.keys if (one.facts.player_id, key) not in held])
        for one in rolls
    ]
    keys = sorted({key for one in wanted for key in one.keys})
    if not keys:
        return {}
    left_sql = _marked(_LEFT_SQL, keys) + ("" if database.is_sqlite else _LOCK)
    left = {row[1]: row for row in database.sql(left_sql, (activity_id, *keys)).fetchall()}
    found: dict[int, FoundTreasure] = {}
    claims: list[tuple[int, ...]] = []
    counts: dict[int, int] = {}
    for facts, at, own in wanted:
        for key in own:
            if key not in left:
                continue
            treasure_id, _, title, points, claimed, stock = left[key]
            number = counts.get(treasure_id, claimed) + 1
            if number <= stock:
                counts[treasure_id] = number
                claims.append((treasure_id, facts.player_id, facts.dig_id, number, at))
                found[facts.dig_id] = FoundTreasure(title, points)
                break
    _COUNTS.run(database, _COUNT_SQL, list(counts.items()))
    _CLAIMS.run(database, _CLAIM_SQL, claims)
    return found


def _marked(statement: str, values: Sequence[object]) -> str:
    return statement.format(marks=", ".join("?" * len(values)))


def roll(hunt_key: bytes, salt: str, dig_id: int, key: str) -> float:
    """Return a number from 0 to 1 that is the same for a repeat and that no player can predict.

    `salt` is the activity's own, so that no other activity tells what a dig will find here.
    """
    text = f"treasure {salt} {dig_id} {key}"
    digest = hmac.digest(hunt_key, text.encode(), "sha256")
    return int.from_bytes(digest[:8], "big") / 2**64
