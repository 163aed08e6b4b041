"""Answers while Redis hangs: it is stopped, keeps its connections, and does not reply."""

import os
import signal
import statistics
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import urllib3

from backend.scoring.models import ScoreEntry
from tests.bench import crowd
from tests.bench.answers import answer_of
from tests.bench.crowd import OpenDig
from tests.bench.figures import Figure
from tests.bench.installation import Installation
from tests.bench.live import LiveScenario, limit
from tests.bench.scenarios import require

CATCH_UP_SECONDS = 20


class AnswerRedisSilent(LiveScenario):
    """The longest time of 99 of 100 answers while Redis does not reply; afterwards boards catch up."""

    name = "answer_redis_silent"
    most_ms = 500.0
    answers = 400
    connections = 8

    def measure(
        self, place: Installation, bare_port: int, step: Callable[[], object]
    ) -> list[Figure]:
        """Measure, and check afterwards that every answer counts and is on the board."""
        people = crowd.callers(place)
        event = crowd.new_event(place)
        crowd.seat(place, event, people)
        crowd.give_points(place, event)
        digs = crowd.open_digs(place, event, people, self.answers * self.repeats)
        activity_id = event.activities.get().id
        found = []
        for number in range(self.repeats):
            some = digs[number * self.answers : (number + 1) * self.answers]
            pid = place.redis_server.pid
            assert pid is not None
            os.kill(pid, signal.SIGSTOP)
            try:
                took = self._answer(place, activity_id, some)
            finally:
                os.kill(pid, signal.SIGCONT)
            step()
            found.append(statistics.quantiles(took, n=100)[98])
            self._require_caught_up(place, event.id, (number + 1) * self.answers)
            step()
        return [limit(self.name, self.most_ms, found)]

    def _answer(
        self, place: Installation, activity_id: int, digs: Sequence[OpenDig]
    ) -> list[float]:
        """Send all answers and return how many ms each took."""
        url = f"http://127.0.0.1:{place.settings.port}"
        with urllib3.PoolManager(maxsize=self.connections, retries=False, timeout=20) as http:

            def send(dig: OpenDig) -> float:
                path, body = answer_of(activity_id, dig)
                began = time.monotonic()
                headers = {"Authorization": f"Bearer {dig.caller.token}"}
                answer = http.request("POST", url + path, json=body, headers=headers)
                require(answer.status == 200, f"{answer.status}: {answer.data[:200]!r}")
                return (time.monotonic() - began) * 1000

            with ThreadPoolExecutor(self.connections) as pool:
                return list(pool.map(send, digs))

    def _require_caught_up(self, place: Installation, event_id: int, answers: int) -> None:
        entries = ScoreEntry.select().where(
            ScoreEntry.event == event_id, ScoreEntry.reason == "answer"
        )
        require(entries.count() == answers, f"{entries.count()} entries of {answers}")
        deadline = time.monotonic() + CATCH_UP_SECONDS
        while True:
            differences = place.boards.verify(event_id).differences
            if not differences:
                return
            require(time.monotonic() < deadline, f"{len(differences)} differences stay")
            time.sleep(0.2)
