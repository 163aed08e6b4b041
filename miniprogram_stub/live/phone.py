"""A phone at a live game: it joins, keeps its socket open and plays until the event is over."""

import itertools
import time
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable
from random import Random
from typing import Any

from miniprogram_stub.hunt import EVENT_OVER, FINISHED, STOPPED, HuntSeat, HuntTally
from miniprogram_stub.live.journal import LiveJournal
from miniprogram_stub.live.wire import PhoneSocket, SocketClosed
from miniprogram_stub.pace import EveningStopped
from miniprogram_stub.players import PhoneHolder
from miniprogram_stub.program import MiniProgram, Refused
from miniprogram_stub.protocol import PATHS, PROTOCOL, REQUESTS, activity_path

LISTEN_SECONDS = 0.2
POLL_SECONDS = 0.5
HEARTBEAT_SECONDS = float(PROTOCOL["heartbeat_seconds"])
# After this time a phone sends an unanswered message again.
UNHEARD_SECONDS = float(PROTOCOL["unheard_seconds"])


class NoGame(Exception):
    """The event has no game of this kind."""


class LivePhone(ABC):
    """A player with a phone at a live game. `wait` passes the time and raises `EveningStopped`.

    `has_socket` is false for a phone whose socket will not open: it plays over HTTP alone. The
    player comes `arrives_after_seconds` after the beginning.
    """

    kind: str
    arrives_after_seconds = 0.0

    def __init__(
        self,
        holder: PhoneHolder,
        program: MiniProgram,
        journal: LiveJournal,
        wire: PhoneSocket,
        random: Random,
        wait: Callable[[float], object],
        *,
        has_socket: bool = True,
    ) -> None:
        self.holder = holder
        self.program = program
        self.journal = journal
        self.wire = wire
        self.random = random
        self.wait = wait
        self.has_socket = has_socket
        self.seat: HuntSeat | None = None
        self.tally = HuntTally()
        self._ids = itertools.count(1)
        self._asked: dict[int, dict[str, Any]] = {}
        self._seq = ""
        self._pinged_at = 0.0
        self._lost_at: float | None = None
        self._is_over = False

    @property
    def name(self) -> str:
        """Return what the journal calls this phone."""
        return self.program.phone.user

    @property
    def notes(self) -> Counter[str]:
        """Return what happened on the way."""
        return self.tally.notes

    def play(self, join_code: str) -> None:
        """Play until the event is over; raises `ServerAway` and `NoGame`."""
        try:
            self.wait(self.arrives_after_seconds)
            self.seat = self._arrive(join_code)
            while not self._is_over:
                self._listen()
                self.act()
            self.tally.outcome = FINISHED
        except Refused as refusal:
            over = refusal.slug == "event_closed"
            self.tally.outcome = EVENT_OVER if over else refusal.slug
        except EveningStopped:
            self.tally.outcome = STOPPED
        finally:
            self.wire.close()

    @abstractmethod
    def look(self) -> dict[str, Any] | None:
        """Return the game as it is over HTTP, None while it is not on."""

    @abstractmethod
    def see(self, game: dict[str, Any] | None) -> None:
        """Look at the game as everybody sees it, None while it is not on."""

    @abstractmethod
    def act(self) -> None:
        """Do what is due."""

    @abstractmethod
    def hear(self, asked: dict[str, Any], answer: dict[str, Any]) -> None:
        """Handle the answer, an `ack` or a `refusal`, to a message on the socket."""

    @property
    def path(self) -> str:
        """The game's path over HTTP."""
        assert self.seat
        return activity_path(self.kind, self.seat.activity_id)

    def say(self, kind: str, data: dict[str, Any]) -> None:
        """Send a message on the socket; the answer comes later, or never."""
        assert self.seat
        assert kind in REQUESTS, kind
        number = next(self._ids)
        asked = {
            "type": kind,
            "id": number,
            "activity_id": self.seat.activity_id,
            "data": data,
        }
        self._asked[number] = asked
        try:
            self.wire.send(asked)
        except SocketClosed as closed:
            self._lost(closed)

    def _arrive(self, join_code: str) -> HuntSeat:
        if not self.program.get(PATHS["me"])["staff"]:
            staff = self.holder.staff
            proof = {"staff_number": staff.number, "invite_code": staff.invite_code}
            self.program.post(PATHS["binding"], proof)
        joined = self.program.post(PATHS["join"], {"code": join_code})
        games = [item for item in joined["event"]["activities"] if item["kind"] == self.kind]
        if not games:
            raise NoGame(self.kind)
        event_id = joined["event"]["id"]
        receipt = self.program.get(f"/events/{event_id}/receipts")
        sources = frozenset(item["source"] for item in receipt["items"])
        return HuntSeat(event_id, games[0]["id"], joined["player"]["id"], sources)

    def _listen(self) -> None:
        if not self.has_socket:
            self.wait(POLL_SECONDS)
            self._poll()
            return
        if not self.wire.is_open:
            self._connect()
        try:
            message = self.wire.receive(LISTEN_SECONDS)
            # The stop signal also ends a phone that only listens.
            self.wait(0)
            if message is not None:
                self._take(message)
            self._keep_alive()
        except SocketClosed as closed:
            self._lost(closed)

    def _lost(self, closed: SocketClosed) -> None:
        """Wait as long as the server asked for; the next look at the socket opens another one."""
        self.notes["sockets_lost"] += 1
        self._lost_at = self._lost_at or time.monotonic()
        if closed.retry_after_seconds:
            self.wait(closed.retry_after_seconds)

    def _connect(self) -> None:
        assert self.seat
        ticket = self.program.post(f"/events/{self.seat.event_id}/tickets")
        base = self.program.server_url.replace("http", "ws", 1)
        try:
            self.wire.open(f"{base}{ticket['path']}&after={self._seq}")
            self._pinged_at = time.monotonic()
        except SocketClosed:
            self.notes["sockets_refused"] += 1
            self.wait(POLL_SECONDS)
            self._poll()

    def _keep_alive(self) -> None:
        if time.monotonic() > self._pinged_at + HEARTBEAT_SECONDS:
            self._pinged_at = time.monotonic()
            self.wire.send({"type": "ping"})

    def _take(self, message: dict[str, Any]) -> None:
        self._seq = message.get("seq") or self._seq
        if self._lost_at is not None:
            self.journal.came_back(self.name, time.monotonic() - self._lost_at)
            self._lost_at = None
        kind = message["type"]
        if kind == "state":
            self._see_state(message["data"])
        elif kind in ("ack", "refusal"):
            asked = self._asked.pop(message.get("id", 0), None)
            if asked:
                self.hear(asked, message)

    def _see_state(self, state: dict[str, Any]) -> None:
        assert self.seat
        if state["event"]["state"] in ("closed", "archived"):
            self._is_over = True
        mine = [game for game in state["activities"] if game["id"] == self.seat.activity_id]
        self.see(mine[0] if mine else None)

    def _poll(self) -> None:
        """Read over HTTP what the socket would have sent."""
        assert self.seat
        event = self.program.get(f"/events/{self.seat.event_id}")
        game = self.look()
        activities = [{"id": self.seat.activity_id, **game}] if game else []
        self._see_state({"event": event, "activities": activities})
