"""An evening of a live game: phones, the host who runs it, and the recount."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from miniprogram_stub.centre import AnswerBook, RosterLine, settings_of
from miniprogram_stub.evening import Evening, Recount
from miniprogram_stub.faults import FINE, FaultRates
from miniprogram_stub.host import Host, JoinableEvent
from miniprogram_stub.live import contest, drawing, shake
from miniprogram_stub.live.phone import LivePhone
from miniprogram_stub.live.wire import PhoneSocket
from miniprogram_stub.pace import EveningStopped
from miniprogram_stub.players import PhoneHolder, draw_player
from miniprogram_stub.program import MiniProgram


@dataclass(frozen=True)
class LiveGame:
    """A kind of live game: its phones, its host, how its points are counted again, and the sample
    template that is rehearsed.
    """

    phone: type[LivePhone]
    host: Any
    count_all: Callable[[Sequence[Any], Mapping[str, Any]], None]
    template: str


KINDS = {
    contest.KIND: LiveGame(
        contest.ContestPhone, contest.ContestHost, contest.count_all, contest.KIND
    ),
    shake.KIND: LiveGame(shake.ShakePhone, shake.ShakeHost, shake.count_all, shake.KIND),
    drawing.KIND: LiveGame(
        drawing.DrawingPhone, drawing.DrawingHost, drawing.count_all, drawing.TEMPLATE
    ),
}
# One of this many phones cannot open a socket and uses HTTP alone.
WITHOUT_SOCKET = 8
DELAY_SECONDS = (1.5, 2.5)
BACKGROUND_SECONDS = (8.0, 12.0)
ARRIVED_SECONDS = 60.0


class LiveEvening(Evening):
    """The phones of a live game, from joining to the recount."""

    finished = "玩到了最后"

    def invite_live(
        self,
        kind: str,
        template: str,
        people: Sequence[RosterLine],
        answers: AnswerBook,
        fault_rates: FaultRates,
        arrival_seconds: float = 0.0,
    ) -> None:
        """Give each of these people a phone with a socket; with faults, some have none.

        They arrive one after the other within `arrival_seconds`.
        """
        self._game, self._template = KINDS[kind], template
        self._arrival_seconds = arrival_seconds
        on_wire = replace(
            fault_rates, delay_seconds=DELAY_SECONDS, background_seconds=BACKGROUND_SECONDS
        )
        for number, staff in enumerate(people):
            name = staff.user
            wire = PhoneSocket(on_wire, self.random(f"wire:{name}"), self.stop_signal.wait)
            self.phones.append(
                self._game.phone(
                    PhoneHolder(staff, draw_player(number, self.seed), answers),
                    self.program(name, fault_rates),
                    self.journal,
                    wire,
                    self.random(f"phone:{name}"),
                    self.stop_signal.wait,
                    has_socket=fault_rates == FINE or number % WITHOUT_SOCKET != WITHOUT_SOCKET - 1,
                )
            )
            self.phones[-1].arrives_after_seconds = arrival_seconds * number / len(people)

    @contextmanager
    def led_by(self, host: Host, event: JoinableEvent) -> Iterator[None]:
        """Let a host run the game in a thread while the block lets the phones play.

        The host closes the event after the game. When the block ends, the host stops; an error of the
        host ends the play of all phones, and is raised here.
        """
        errors: list[Exception] = []

        def conduct() -> None:
            try:
                self._await_phones()
                program: MiniProgram = host.program
                activity_id = program.get(f"/events/{event.event_id}")["activities"][0]["id"]
                self._game.host(program, activity_id, self.phones).run(self.stop_signal.wait)
                host.close(event)
            except EveningStopped:
                return
            except Exception as error:  # noqa: BLE001 - raised again in the thread that waits
                errors.append(error)
                self.stop_signal.send()

        conductor = threading.Thread(target=conduct, name="host", daemon=True)
        conductor.start()
        try:
            yield
        finally:
            self.stop_signal.send()
            conductor.join()
            self.stop_signal.reset()
        if errors:
            raise errors[0]

    def _await_phones(self) -> None:
        """Wait until every phone has joined or failed."""
        waited = 0.0
        while waited < self._arrival_seconds + ARRIVED_SECONDS:
            if all(phone.seat or phone.tally.outcome for phone in self.phones):
                self.stop_signal.wait(0.5)
                return
            self.stop_signal.wait(0.2)
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
