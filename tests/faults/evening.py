"""Phones that play; the answers that were acknowledged to them are compared with the ledger."""

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from tests.phones import PATIENCE_SECONDS, Phone
from tests.support import Keys

DIGS = 3


class Evening:
    """Phones that play one event on an installation, each in a thread of its own."""

    def __init__(self, phones: Sequence[Phone], event: dict[str, Any], keys: Keys) -> None:
        self.event_id: int = event["id"]
        self.planned = len(phones) * DIGS
        self._phones = phones
        self._code: str = event["join_code"]
        self._keys = keys
        self._pool = ThreadPoolExecutor(len(phones))
        self._running: list[Future[None]] = []
        for phone in phones:
            phone.told.clear()
            phone.late = 0

    def begin(self) -> None:
        """Let all phones play at once."""
        self._running = [self._pool.submit(self._play, phone) for phone in self._phones]

    def _play(self, phone: Phone) -> None:
        event = phone.join(self._code)
        hunt = f"/hunts/{event['activities'][0]['id']}"
        sites = [site["key"] for site in phone.ok("GET", hunt)["sites"][:DIGS]]
        phone.dig(hunt, sites, self._keys)

    def told(self) -> dict[int, int]:
        """Return the results that phones got so far: {dig: points}."""
        return {dig: points for phone in self._phones for dig, points in list(phone.told.items())}

    def late(self) -> int:
        """Return how many answers came after their deadline."""
        return sum(phone.late for phone in self._phones)

    def end(self) -> dict[int, int]:
        """Wait until all phones are done and return their results."""
        for phone in self._running:
            phone.result(PATIENCE_SECONDS * 2)
        self._pool.shutdown()
        return self.told()
