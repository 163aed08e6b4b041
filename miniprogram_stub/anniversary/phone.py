"""A phone at the anniversary: joins, and takes each step."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from miniprogram_stub.centre import RosterLine
from miniprogram_stub.hunt import HuntSeat
from miniprogram_stub.live.journal import LiveJournal
from miniprogram_stub.program import MiniProgram, Refused
from miniprogram_stub.protocol import PATHS

ATTENDED = "attended"


class NoAnniversary(Exception):
    """The event lacks a kind of activity that the journey needs."""


@dataclass
class AnniversaryTally:
    """The outcome of a phone, and what happened on the way."""

    outcome: str = ""
    notes: Counter[str] = field(default_factory=Counter)


@dataclass
class AnniversaryPhone:
    """A person with a phone. `wait` passes the time and raises `EveningStopped` at the end."""

    staff: RosterLine
    program: MiniProgram
    journal: LiveJournal
    random: Random
    wait: Callable[[float], object]
    seat: HuntSeat | None = None
    tally: AnniversaryTally = field(default_factory=AnniversaryTally)

    @property
    def name(self) -> str:
        """Return what the journal calls this phone."""
        return self.program.phone.user

    @property
    def player_id(self) -> int:
        """Return the id of its player."""
        assert self.seat
        return self.seat.player_id

    def arrive(self, join_code: str) -> None:
        """Bind the account, and join."""
        if not self.program.get(PATHS["me"])["staff"]:
            proof = {"staff_number": self.staff.number, "invite_code": self.staff.invite_code}
            self.program.post(PATHS["binding"], proof)
        joined = self.program.post(PATHS["join"], {"code": join_code})
        event_id = joined["event"]["id"]
        receipt = self.program.get(f"/events/{event_id}/receipts")
        sources = frozenset(item["source"] for item in receipt["items"])
        self.seat = HuntSeat(event_id, 0, joined["player"]["id"], sources)

    def does(self, step: Callable[["AnniversaryPhone"], object]) -> None:
        """Take a step; an unexpected refusal ends the evening for this phone."""
        if self.tally.outcome:
            return
        try:
            step(self)
        except Refused as refusal:
            self.tally.outcome = refusal.slug
            self.journal.contradicts(self.name, refusal.slug, refusal.message)

    def leaves(self) -> None:
        """Set the outcome, unless something went wrong."""
        self.tally.outcome = self.tally.outcome or ATTENDED

    def refused(self, path: str, body: Any, *slugs: str) -> None:
        """Try what must be refused with one of these slugs; anything else is a contradiction."""
        try:
            answer = self.program.post(path, body)
        except Refused as refusal:
            self.tally.notes[refusal.slug] += 1
            if refusal.slug in slugs:
                return
            self.journal.contradicts(self.name, path, f"应以 {slugs} 拒绝，却是 {refusal.slug}")
        else:
            self.journal.contradicts(self.name, path, f"应以 {slugs} 拒绝，却答应了：{answer}")
