"""Runs an evening: many phones play at once, and afterwards everything is counted again."""

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from queue import Empty, SimpleQueue
from random import Random
from typing import Any

from miniprogram_stub.centre import AnswerBook, RosterLine
from miniprogram_stub.faults import FINE, BadNetwork, FaultRates
from miniprogram_stub.hunt import ENDINGS, HuntPhone
from miniprogram_stub.pace import Pace, StopSignal
from miniprogram_stub.phone import Phone, RequestFailed
from miniprogram_stub.players import PhoneHolder, draw_player
from miniprogram_stub.program import PATIENCE_SECONDS, MiniProgram, Refused, ServerAway
from miniprogram_stub.recount import Difference, FinalBoard, ReceiptLine, Statement, recount
from miniprogram_stub.transport import Network

LOOK_SECONDS = 0.2
READERS = 8
TOP = 200
# Boards may be behind the ledger for some seconds after an outage of Redis.
RECOUNTS = 6
SETTLE_SECONDS = 2.0


class Frozen(Exception):
    """The board is frozen, so phones cannot read the final score."""


@dataclass(frozen=True)
class Servers:
    """The service under test and the emulator that stands for WeChat."""

    url: str
    wechat_url: str


@dataclass(frozen=True)
class Recount:
    """The result of the recount. `unread` are phones whose score the server refused to show."""

    differences: Sequence[Difference]
    unread: dict[str, str]


class Evening:
    """The phones of a hunt, from joining to the recount. `finished` is the text for phones that
    played to the end."""

    finished = "挖完了"

    def __init__(
        self,
        servers: Servers,
        journal: Any,
        seed: int,
        stop_signal: StopSignal | None = None,
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> None:
        self.phones: list[Any] = []
        self.servers = servers
        self.journal = journal
        self.seed = seed
        self.stop_signal = stop_signal or StopSignal()
        self._patience_seconds = patience_seconds
        self._networks: list[BadNetwork] = []

    def random(self, name: str) -> Random:
        """Return a random generator of this evening, the same in every run with the seed."""
        return Random(f"{self.seed}:{name}")

    def program(self, user: str, fault_rates: FaultRates = FINE) -> MiniProgram:
        """Return the mini program on a new phone with a network of its own."""
        network = BadNetwork(
            Network(), fault_rates, self.random(f"network:{user}"), self.stop_signal.wait
        )
        self._networks.append(network)
        return MiniProgram(
            Phone(user, self.servers.wechat_url, network),
            self.servers.url,
            sleep=self.stop_signal.wait,
            random=self.random(f"program:{user}"),
            patience_seconds=self._patience_seconds,
        )

    def knock(self) -> None:
        """Raise `ServerAway` unless both servers answer."""
        knocking = Phone("knock", self.servers.wechat_url, Network())
        try:
            knocking.request(self.servers.url + "/healthz")
            knocking.login()
        except RequestFailed as failure:
            raise ServerAway(failure.errMsg) from None
        finally:
            knocking.close()

    def invite(
        self,
        people: Sequence[RosterLine],
        answers: AnswerBook,
        fault_rates: FaultRates,
        pace: Pace,
        most_digs: int | None,
    ) -> None:
        """Give each of these people a phone."""
        for number, staff in enumerate(people):
            self.phones.append(
                HuntPhone(
                    PhoneHolder(staff, draw_player(number, self.seed), answers),
                    self.program(staff.user, fault_rates),
                    self.journal,
                    pace,
                    self.stop_signal.wait,
                    most_digs,
                )
            )

    def play(self, join_code: str, show: Callable[[], object]) -> None:
        """Let all phones play to the end; `show` is called now and then.

        If one raises `ServerAway` or `NoHunt`, or on an interrupt, all stop.
        """
        with ThreadPoolExecutor(len(self.phones)) as hands:
            ended: SimpleQueue[Future[None]] = SimpleQueue()
            try:
                for phone in self.phones:
                    hands.submit(phone.play, join_code).add_done_callback(ended.put)
                left = len(self.phones)
                while left:
                    with suppress(Empty):
                        ended.get(timeout=LOOK_SECONDS).result()
                        left -= 1
                    show()
            finally:
                self.stop_signal.send()
        self.stop_signal.reset()

    def injected(self) -> Counter[str]:
        """Return how often each fault was put in."""
        return sum((network.injected for network in self._networks), Counter())

    def outcomes(self) -> Counter[str]:
        """Return how many phones ended how."""
        return Counter(phone.tally.outcome for phone in self.phones)

    def could_play(self) -> bool:
        """Whether any phone could play."""
        return any(outcome in ENDINGS for outcome in self.outcomes())

    def notes(self) -> Counter[str]:
        """Return what happened on the way, over all phones."""
        notes = sum((phone.tally.notes for phone in self.phones), Counter[str]())
        return notes + sum((phone.program.counts for phone in self.phones), Counter[str]())

    def recount(self) -> Recount:
        """Compare the journal with the server, on a good network; raises `Frozen`, `ServerAway`.

        A board that differs is read again for some seconds before it is reported.
        """
        self.stop_signal.reset()
        for network in self._networks:
            network.calm()
        for _ in range(RECOUNTS - 1):
            found = self._recount_once()
            if not found.differences or not all(item.may_settle for item in found.differences):
                return found
            self.stop_signal.wait(SETTLE_SECONDS)
        return self._recount_once()

    def board(self, scope: str, top: int) -> dict[str, Any]:
        """Return the first rows of the event's board as a phone sees it; no rows if no phone may."""
        for phone in self.phones:
            if phone.seat:
                path = f"/events/{phone.seat.event_id}/leaderboards/event"
                try:
                    board: dict[str, Any] = phone.program.get(path, scope=scope, top=top)
                except Refused:
                    continue
                return board
        return {"scope": scope, "rows": [], "total": 0, "me": None, "formula": None}

    def close(self) -> None:
        """Close all connections."""
        for network in self._networks:
            network.close()

    def _recount_once(self) -> Recount:
        seated = [phone for phone in self.phones if phone.seat]
        unread: dict[str, str] = {}

        def read(phone: HuntPhone) -> Statement | None:
            try:
                return _statement(phone)
            except Refused as refusal:
                unread[phone.name] = refusal.slug
                return None

        with ThreadPoolExecutor(READERS) as readers:
            statements = [found for found in readers.map(read, seated) if found]
        board = self.board("players", TOP)
        found = recount(self.journal, statements, FinalBoard(board["rows"], board["total"]))
        return Recount(found, unread)


def _statement(phone: HuntPhone) -> Statement | None:
    """Read the score and the receipt of a phone; None for a guest, who has no score."""
    assert phone.seat
    path = f"/events/{phone.seat.event_id}"
    receipt = phone.program.get(f"{path}/receipts")
    standing = phone.program.get(f"{path}/me")["standing"]
    if receipt["frozen"]:
        raise Frozen
    if standing["points"] is None and not receipt["items"]:
        return None
    return Statement(
        phone.name,
        phone.seat.player_id,
        tuple(_entry(item) for item in receipt["items"]),
        receipt["total_points"],
        standing["points"],
        phone.seat.known_before,
    )


def _entry(item: dict[str, Any]) -> ReceiptLine:
    earned_at = datetime.fromisoformat(item["earned_at"]).timestamp()
    return ReceiptLine(item["source"], item["points"], earned_at, item.get("reversed", False))
