"""Answers: durable, exactly once, scored and on the board; alone, and among nine board reads."""

import json
import random
from collections.abc import Sequence
from typing import Any

from backend.scoring.models import ScoreEntry
from tests.bench import crowd
from tests.bench.crowd import OpenDig
from tests.bench.installation import Installation
from tests.bench.scenarios import MOST_PER_SECOND, Scenario, require

READS_PER_ANSWER = 9


def answer_of(activity_id: int, dig: OpenDig) -> tuple[str, dict[str, Any]]:
    """Return path and body of the right answer to a dig."""
    return f"/api/v1/hunts/{activity_id}/digs/{dig.dig_id}/answer", {"choice": dig.right}


class _Answers(Scenario):
    """Right answers, each to another open dig."""

    once = True
    digs_per_second = MOST_PER_SECOND

    def prepare(self, place: Installation, repeats: int, seconds: float) -> None:
        """Seat the players, give them points and open their digs."""
        self._place = place
        self._people = crowd.callers(place)
        self._event = crowd.new_event(place)
        self._activity_id = self._event.activities.get().id
        crowd.seat(place, self._event, self._people)
        crowd.give_points(place, self._event)
        count = int(self.digs_per_second * seconds)
        digs = crowd.open_digs(place, self._event, self._people, count * repeats)
        self._parts = [digs[start : start + count] for start in range(0, len(digs), count)]

    def _answer(self, dig: OpenDig) -> bytes:
        path, body = answer_of(self._activity_id, dig)
        return dig.caller.request("POST", path.removeprefix("/api/v1"), json.dumps(body).encode())

    def requests(self, repeat: int) -> list[bytes]:
        """Return the answers of one repeat."""
        return [self._answer(dig) for dig in self._parts[repeat]]

    def check(self, body: Any) -> None:
        """A verdict, points, the score after it and a rank."""
        require(body["verdict"] == "correct" and body["points"] > 0, "not judged right")
        require(body["score"]["points"] >= body["points"], "not in the score")
        require(body["score"]["rank"] is not None, "not on the board")

    def _entries(self) -> int:
        query = ScoreEntry.select().where(
            ScoreEntry.event == self._event, ScoreEntry.reason == "answer"
        )
        return int(query.count())

    def check_all(self, acknowledged: Sequence[int]) -> None:
        """One entry for each answer, and boards that agree with the ledger."""
        answers, entries = sum(acknowledged), self._entries()
        require(entries == answers, f"{answers} answers, {entries} entries")
        self._verify()

    def _verify(self) -> None:
        findings = self._place.boards.verify(self._event.id)
        differences = findings.differences
        require(not differences, f"{len(differences)} differences: {differences[:1]}")


class AnswerSqlite(_Answers):
    """Answers over the embedded database."""

    name = "answer_sqlite"
    target = 0.5


class AnswerPostgresql(_Answers):
    """Answers over PostgreSQL."""

    name = "answer_postgresql"
    postgresql = True
    target = 0.5


class Mix(_Answers):
    """One answer to nine board reads."""

    name = "mix"
    target = 0.75
    digs_per_second = MOST_PER_SECOND // 5

    def requests(self, repeat: int) -> list[bytes]:
        """Return groups of ten: an answer and nine reads of the top 10 or 100, shuffled."""
        luck = random.Random(repeat)
        path = f"/events/{self._event.id}/leaderboards/event?top="
        found = []
        for dig in self._parts[repeat]:
            group = [self._answer(dig)]
            for _ in range(READS_PER_ANSWER):
                reader = luck.choice(self._people)
                group.append(reader.request("GET", path + luck.choice(("10", "100"))))
            luck.shuffle(group)
            found += group
        return found

    def check(self, body: Any) -> None:
        """An answer's outcome, or a board."""
        if "verdict" in body:
            super().check(body)
        else:
            require(len(body["rows"]) in (10, 100), f"{len(body['rows'])} rows")

    def check_all(self, acknowledged: Sequence[int]) -> None:
        """One entry in ten, the last group of a repeat aside, and boards that agree."""
        least = sum(count // (READS_PER_ANSWER + 1) for count in acknowledged)
        entries = self._entries()
        require(least <= entries <= least + len(acknowledged), f"{entries} entries, {least} groups")
        self._verify()
