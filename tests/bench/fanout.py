"""Fan-out: strokes to the phones of a hall, and boards to its screens."""

import json
import statistics
import time
from collections.abc import Callable
from dataclasses import replace

import urllib3

from backend.activities.drawing.service import STROKES
from backend.activities.drawing.settings import HALL
from backend.events.passes import ScreenPasses, cookie_name
from backend.live.feed import Feed, Message, key
from backend.live.frames import frame_of
from tests.bench.figures import Figure, Repeat
from tests.bench.installation import Installation
from tests.bench.live import GREETING, LiveScenario, bare_meter, hall, paths_to, sound
from tests.bench.processor import Spent
from tests.bench.scenarios import require
from tests.bench.sockets import Heard, Plan, Running
from tests.support import free_port

SETTLE_SECONDS = 1.0
# One in so many watchers is read at once, to know how late its messages are.
SAMPLED = 10


class Audience:
    """Watchers of which one in ten is read at once; the messages of the others are only counted.

    A load tool that read all of them at once would take the servers' processors.
    """

    def __init__(self, plan: Plan) -> None:
        self._parts = [
            Running(_some(plan, lambda place: place % SAMPLED == 0)),
            Running(replace(_some(plan, lambda place: place % SAMPLED > 0), drained=True)),
        ]
        for part in self._parts:
            part.wait_until("ready")
        for part in self._parts:
            part.begin()

    def heard(self) -> Heard:
        """Return how late messages were to those that are read at once, and the count of all."""
        sampled, drained = (sound(part.heard()) for part in self._parts)
        return replace(
            sampled,
            messages=sampled.messages + drained.messages,
            processor_seconds=sampled.processor_seconds + drained.processor_seconds,
        )

    def stop(self) -> None:
        """End the watching at once."""
        for part in self._parts:
            part.stop()


def _some(plan: Plan, is_chosen: Callable[[int], bool]) -> Plan:
    """Return a plan with some of its watchers."""
    places = [place for place in range(len(plan.paths)) if is_chosen(place)]
    return replace(
        plan,
        paths=[plan.paths[place] for place in places],
        cookies=[plan.cookies[place] for place in places] if plan.cookies else (),
    )


class _Strokes(LiveScenario):
    """Strokes of one who draws for the whole hall, which watches over sockets."""

    phones = 2000
    strokes = 100

    def _open_hall(self, place: Installation) -> None:
        """Open an event in which one draws for the whole hall."""
        self._place = place
        self._event, self._callers = hall(place, "drawing", self.phones)
        self._activity = self._event.activities.get()
        self._activity.settings = {**self._activity.settings, "mode": HALL}
        self._activity.save()

    def _stroke(self, number: int, place: int) -> Message:
        """Return a stroke; its seq is ours, so that all have the same length."""
        line = {"op": "draw", "stroke": number, "colour": 3, "width": 2, "points": [*range(24)]}
        about = {"activity_id": self._activity.id, "room": 0, "turn_id": 1, "first": 10_000}
        data = {**about, "ops": [line], "stamp": 0}
        seq = f"{10**13 + number}-{place}"
        return Message(seq, STROKES, json.dumps(data))

    def _add(self, redis: object, message: Message, seq: str = "") -> None:
        redis.xadd(  # type: ignore[attr-defined]
            key(self._event.id), {"type": message.type, "data": message.data}, id=seq or message.seq
        )

    def _listening(self) -> Plan:
        paths = paths_to(self._place, self._event, self._callers)
        return Plan("listen", self._place.settings.port, paths)

    def _bare(self, port: int, size: int) -> tuple[float, Spent]:
        """Let the bare loop write as many strokes; return deliveries per second and what they cost."""
        meter = bare_meter(port)
        everything = size * self.strokes
        listening = ("listen", free_port(), [""] * self.phones)
        listener = Running(Plan(*listening, bytes=everything, plain=True))
        listener.wait_for("listening")
        asked = {
            "port": listener.plan.port,
            "sockets": self.phones,
            "size": size,
            "times": self.strokes,
        }
        urllib3.request("POST", f"http://127.0.0.1:{port}/fan", json=asked, timeout=60)
        rate = self._rate(listener.heard(), size)
        return rate, meter.spent(self.phones * self.strokes, 0.0)

    def _rate(self, heard: Heard, size: int) -> float:
        """Return deliveries per second; raises `Wrong` if some are missing."""
        least = 0.99 * size * self.strokes * self.phones
        require(sound(heard).bytes >= least, f"only {heard.bytes} of {least:.0f} bytes came")
        return heard.bytes / size / heard.seconds


class Fanout(_Strokes):
    """Strokes to watching sockets, against a loop over plain TCP sockets in one process.

    Strokes that are ready together go to a socket in one write, which the bare loop does not do.
    """

    name = "fanout"
    target = 0.85
    workers = 1

    def measure(
        self, place: Installation, bare_port: int, step: Callable[[], object]
    ) -> list[Figure]:
        """Measure deliveries per second."""
        self._open_hall(place)
        repeats = []
        for number in range(self.repeats):
            size = len(frame_of(self._stroke(number, 100)))
            bare, bare_spent = self._bare(bare_port, size)
            step()
            meter = place.meter()
            ours = self._ours(number, size)
            spent = meter.spent(self.phones * self.strokes, 0.0)
            step()
            repeats.append(Repeat(bare, ours, bare_spent, spent))
        return [Figure(self.name, self.target, repeats, unit="deliveries/s")]

    def _ours(self, number: int, size: int) -> float:
        watching = self._watch(bytes_each=size * self.strokes)
        with self._place.redis.pipeline(transaction=False) as pipe:
            for at in range(100, 100 + self.strokes):
                self._add(pipe, self._stroke(number, at))
            pipe.execute()
        return self._rate(watching.heard(), size)

    def _watch(self, bytes_each: int) -> Running:
        watching = Running(replace(self._listening(), bytes=bytes_each))
        watching.wait_for("ready")
        return watching


class FanoutLateness(_Strokes):
    """How late strokes are on phones at a steady rate while screens watch, and boards on screens.

    Each stroke is a write of its own: the processor time of these rows, for one delivery, says what a
    write costs beside one of the bare loop.
    """

    name = "fanout_lateness"
    # The two halves of the first are the bare loop and one rate, those of the second the other two.
    repeats = 2
    screens = 200

    def measure(
        self, place: Installation, bare_port: int, step: Callable[[], object]
    ) -> list[Figure]:
        """Measure strokes at two rates, then boards; the bare loop only says what a write costs."""
        self._open_hall(place)
        _, self._bare_spent = self._bare(bare_port, len(frame_of(self._stroke(0, 100))))
        step()
        late = []
        screens = self._watch_on_screens(seconds=120.0)
        try:
            for rate in (20, 60):
                late.append(self._late(rate, 100.0))
                step()
        finally:
            screens.stop()
        late.append(self._late_boards(5, 150.0))
        step()
        return late

    def _watch_on_screens(self, seconds: float) -> Audience:
        """Open the streams of so many screens, five of which have the same pass."""
        passes = ScreenPasses(self._place.settings.secret)
        name = cookie_name(self._event.id)
        cookies = [f"{name}={passes.issue(self._event)}" for _ in range(self.screens // 5)] * 5
        path = f"/api/v1/events/{self._event.id}/stream"
        port = self._place.settings.port
        return Audience(
            Plan("listen", port, [path] * len(cookies), cookies=cookies, seconds=seconds)
        )

    def _audience(self, seconds: float) -> Audience:
        return Audience(replace(self._listening(), greeting=GREETING, seconds=seconds))

    def _late(self, rate: int, most_ms: float) -> Figure:
        """Return how late 99 of 100 deliveries are at most, at so many strokes a second."""
        seconds = 4.0
        watching = self._audience(seconds + 2)
        time.sleep(SETTLE_SECONDS)
        meter = self._place.meter()
        began = time.time()
        for number in range(int(rate * seconds)):
            time.sleep(max(0, began + number / rate - time.time()))
            stroke = self._stroke(number, 100)
            stamped = stroke.data.replace('"stamp": 0', f'"stamp": {time.time():017.6f}')
            self._add(self._place.redis, Message("", stroke.type, stamped), "*")
        heard = watching.heard()
        wanted = int(rate * seconds) * self.phones
        require(heard.messages == wanted, f"{heard.messages} of {wanted} deliveries")
        spent = meter.spent(wanted, heard.processor_seconds)
        return self._lateness(f"fanout_p99_at_{rate}", most_ms, heard, spent)

    def _late_boards(self, rate: int, most_ms: float) -> Figure:
        """Return how late 99 of 100 boards are on screens, at so many changes a second, while
        phones watch, too."""
        self._event, self._callers = hall(self._place, "shake", self.phones)
        seconds = 6.0
        phones = self._audience(seconds + 4)
        watching = self._watch_on_screens(seconds=seconds + 2)
        time.sleep(SETTLE_SECONDS)
        meter = self._place.meter()
        began = time.time()
        for number in range(int(rate * seconds)):
            time.sleep(max(0, began + number / rate - time.time()))
            Feed(self._place.redis).publish(self._event.id, "board", n=number)
        heard = watching.heard()
        load_seconds = heard.processor_seconds + phones.heard().processor_seconds
        least = int(rate * seconds) * self.screens // 2
        require(heard.messages >= least, f"only {heard.messages} of {least} boards came")
        spent = meter.spent(heard.messages, load_seconds)
        return self._lateness(f"fanout_boards_p99_at_{rate}", most_ms, heard, spent)

    def _lateness(self, name: str, most_ms: float, heard: Heard, spent: Spent) -> Figure:
        p99 = statistics.quantiles(heard.late_ms, n=100)[98]
        repeat = Repeat(most_ms, p99, self._bare_spent, spent)
        return Figure(name, 1.0, [repeat], unit="ms", is_limit=True)


SCENARIOS = (Fanout, FanoutLateness)
