"""Answers of a hunt over sockets: each is durable, scored and on the board before it is acknowledged."""

import json
from collections.abc import Callable, Sequence

from backend.scoring.models import ScoreEntry
from tests.bench import crowd
from tests.bench.crowd import Caller, OpenDig
from tests.bench.figures import Figure, Repeat
from tests.bench.installation import Installation
from tests.bench.live import ACK, LiveScenario, bare_meter, paths_to, sound
from tests.bench.load import Plan, put_on
from tests.bench.scenarios import MOST_PER_SECOND, require
from tests.bench.sockets import Plan as Sockets
from tests.bench.sockets import Running


class AnswerSocketSqlite(LiveScenario):
    """Answers of 64 phones with four under way each, against the bare route over HTTP."""

    name = "answer_socket_sqlite"
    target = 1.0
    phones = 64
    in_flight = 4
    connections = 32
    warmup_seconds = 1.0
    seconds = 3.0

    def measure(
        self, place: Installation, bare_port: int, step: Callable[[], object]
    ) -> list[Figure]:
        """Measure the bare route and the answers in turn; the ledger is counted."""
        people = crowd.callers(place)[: self.phones]
        event = crowd.new_event(place)
        crowd.seat(place, event, people)
        crowd.give_points(place, event)
        activity_id = event.activities.get().id
        count = int(MOST_PER_SECOND * self.seconds)
        digs = crowd.open_digs(place, event, people, count * self.repeats)
        repeats: list[Repeat] = []
        answered = 0
        for number in range(self.repeats):
            meter = bare_meter(bare_port)
            bare = put_on(
                Plan(
                    bare_port,
                    [crowd.request("GET", "/")],
                    connections=self.connections,
                    warmup_seconds=self.warmup_seconds,
                    seconds=self.seconds,
                ),
                wrk=None,
            )
            bare_spent = meter.spent(bare.acknowledged, bare.processor_seconds)
            step()
            some = digs[number * count : (number + 1) * count]
            plan = Sockets(
                "talk",
                place.settings.port,
                paths_to(place, event, people),
                own=self._messages(activity_id, people, some),
                in_flight=self.in_flight,
                answer=ACK,
                seconds=self.seconds,
            )
            running = Running(plan)
            running.wait_for("ready")
            meter = place.meter()
            heard = sound(running.heard())
            spent = meter.spent(heard.messages, heard.processor_seconds)
            step()
            answered += heard.messages
            repeats.append(Repeat(bare.rate, heard.messages / heard.seconds, bare_spent, spent))
        entries = ScoreEntry.select().where(
            ScoreEntry.event == event, ScoreEntry.reason == "answer"
        )
        require(entries.count() == answered, f"{answered} answers, {entries.count()} entries")
        differences = place.boards.verify(event.id).differences
        require(not differences, f"{len(differences)} differences: {differences[:1]}")
        return [Figure(self.name, self.target, repeats, unit="answers/s")]

    def _messages(
        self, activity_id: int, people: Sequence[Caller], digs: Sequence[OpenDig]
    ) -> list[list[str]]:
        """Return what each phone sends: the right answers to its own digs."""
        own: dict[int, list[str]] = {person.account_id: [] for person in people}
        for dig in digs:
            data = {"dig_id": dig.dig_id, "choice": dig.right}
            asked = {"type": "hunt.answer", "id": 1, "activity_id": activity_id, "data": data}
            own[dig.caller.account_id].append(json.dumps(asked))
        return list(own.values())


class AnswerSocketPostgresql(AnswerSocketSqlite):
    """The same over PostgreSQL."""

    name = "answer_socket_postgresql"
    postgresql = True


SCENARIOS = (AnswerSocketSqlite, AnswerSocketPostgresql)
