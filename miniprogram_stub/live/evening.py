"""An evening of a live game: phones, the host who runs it, and the recount."""

import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from miniprogram_stub.centre import AnswerBook, Staff, settings_of
from miniprogram_stub.evening import Evening, Recount
from miniprogram_stub.faults import FINE, Weather
from miniprogram_stub.live import contest, drawing, shake
from miniprogram_stub.live.phone import LivePhone
from miniprogram_stub.live.wire import Wire
from miniprogram_stub.pace import Stopped
from miniprogram_stub.players import draw_player
from miniprogram_stub.program import MiniProgram
from miniprogram_stub.stage import Host, Stage


@dataclass(frozen=True)
class Game:
    """A kind of live game: its phones, its host, how its points are counted again, and the sample
    template that is rehearsed.
    """

    phone: type[LivePhone]
    host: Any
    count_all: Callable[[Sequence[Any], Mapping[str, Any]], None]
    template: str


KINDS = {
    contest.KIND: Game(contest.ContestPhone, contest.ContestHost, contest.count_all, contest.KIND),
    shake.KIND: Game(shake.ShakePhone, shake.ShakeHost, shake.count_all, shake.KIND),
    drawing.KIND: Game(
        drawing.DrawingPhone, drawing.DrawingHost, drawing.count_all, drawing.TEMPLATE
    ),
}
# Of so many phones one cannot open a socket and plays over HTTP alone.
WITHOUT_SOCKET = 8
DELAY_SECONDS = (1.5, 2.5)
BACKGROUND_SECONDS = (8.0, 12.0)
ARRIVED_SECONDS = 60.0


class LiveEvening(Evening):
    """The phones of a live game, from coming in to the recount."""

    finished = "玩到了最后"

    def invite_live(
        self,
        kind: str,
        template: str,
        people: Sequence[Staff],
        answers: AnswerBook,
        weather: Weather,
    ) -> None:
        """Give each of these people a phone with a socket; with faults, some have none."""
        self._game, self._template = KINDS[kind], template
        on_wire = replace(
            weather, delay_seconds=DELAY_SECONDS, background_seconds=BACKGROUND_SECONDS
        )
        for number, staff in enumerate(people):
            name = staff.user
            wire = Wire(on_wire, self.random(f"wire:{name}"), self.whistle.wait)
            self.phones.append(
                self._game.phone(
                    staff,
                    self.program(name, weather),
                    draw_player(number, self.seed),
                    answers,
                    self.journal,
                    wire,
                    self.random(f"phone:{name}"),
                    self.whistle.wait,
                    has_socket=weather == FINE or number % WITHOUT_SOCKET != WITHOUT_SOCKET - 1,
                )
            )

    def run(
        self, host: Host | None, stage: Stage | None, join_code: str, show: Callable[[], object]
    ) -> None:
        """Let the phones play; a host runs the game at a stage of their own and closes it then.

        Without a host somebody else runs the event.
        """
        if host is None or stage is None:
            self.play(join_code, show)
        else:
            self._run(host, stage, show)

    def _run(self, host: Host, stage: Stage, show: Callable[[], object]) -> None:
        errors: list[Exception] = []

        def conduct() -> None:
            try:
                self._await_phones()
                program: MiniProgram = host.program
                activity_id = program.get(f"/events/{stage.event_id}")["activities"][0]["id"]
                self._game.host(program, activity_id, self.phones).run(self.whistle.wait)
                host.close(stage)
            except Stopped:
                return
            except Exception as error:  # noqa: BLE001 - whoever waits for the end raises it
                errors.append(error)
                self.whistle.blow()

        conductor = threading.Thread(target=conduct, name="host", daemon=True)
        conductor.start()
        try:
            self.play(stage.join_code, show)
        finally:
            self.whistle.blow()
            conductor.join()
            self.whistle.reset()
        if errors:
            raise errors[0]

    def _await_phones(self) -> None:
        """Wait until everybody is in, or cannot come."""
        waited = 0.0
        while waited < ARRIVED_SECONDS:
            if all(phone.seat or phone.tally.outcome for phone in self.phones):
                self.whistle.wait(0.5)
                return
            self.whistle.wait(0.2)
            waited += 0.2

    def injected(self) -> Counter[str]:
        """Return how often each fault was put in, on sockets and on requests."""
        wires = sum((phone.wire.injected for phone in self.phones), Counter[str]())
        return super().injected() + wires

    def recount(self) -> Recount:
        """Compare the journal with the server, see `Evening.recount`."""
        for network in self._networks:
            network.calm()
        self._game.count_all(self.phones, settings_of(self._template))
        return super().recount()
