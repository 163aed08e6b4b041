"""A phone plays “美多”大淘金: it joins, digs and answers until the digs are used up."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from miniprogram_stub.journal import Journal, Record
from miniprogram_stub.pace import EveningStopped, Pace
from miniprogram_stub.players import PhoneHolder
from miniprogram_stub.program import MiniProgram, Refused
from miniprogram_stub.protocol import PATHS, activity_path

FINISHED, WALKED_AWAY, EVENT_OVER, STOPPED = "finished", "walked_away", "event_closed", "stopped"
# The outcomes of phones that could play; any other outcome is the slug of a refusal.
ENDINGS = (FINISHED, WALKED_AWAY, EVENT_OVER, STOPPED)
# Refusals that affect one question only.
LOST_QUESTIONS = ("deadline_passed", "question_voided")
# After an error of the server, or during a pause, the request is sent again.
TRIES_AFTER_ERROR = 5
PAUSE_SECONDS = 1.5


class NoHunt(Exception):
    """The event has no hunt."""


@dataclass(frozen=True)
class HuntSeat:
    """The seat of a phone in an event; `known_before` are the sources that were on its receipt
    before."""

    event_id: int
    activity_id: int
    player_id: int
    known_before: frozenset[str]


@dataclass
class HuntTally:
    """The outcome of a phone: one of `ENDINGS`, or the slug of a refusal."""

    outcome: str = ""
    digs_planned: int = 0
    digs_done: int = 0
    notes: Counter[str] = field(default_factory=Counter)


@dataclass
class HuntPhone:
    """A player with a phone at a hunt. `wait` passes the time and raises `EveningStopped` at the end."""

    holder: PhoneHolder
    program: MiniProgram
    journal: Journal
    pace: Pace
    wait: Callable[[float], object]
    most_digs: int | None = None
    seat: HuntSeat | None = None
    tally: HuntTally = field(default_factory=HuntTally)

    @property
    def name(self) -> str:
        """Return what the journal calls this phone."""
        return self.program.phone.user

    def play(self, join_code: str) -> None:
        """Play to the end; raises `ServerAway` and `NoHunt`."""
        try:
            self.wait(self.pace.arrival_seconds(self.holder.player))
            self.seat = self._arrive(join_code)
            self.tally.outcome = _Digger(self, self.seat).until_done()
        except Refused as refusal:
            done = refusal.slug == "no_digs_left"
            self.tally.outcome = FINISHED if done else refusal.slug
        except EveningStopped:
            self.tally.outcome = STOPPED
        finally:
            # Thousands may still play; a later request opens a connection again.
            self.program.phone.close()

    def _arrive(self, join_code: str) -> HuntSeat:
        self._prove_who_i_am()
        joined = self.program.post(PATHS["join"], {"code": join_code})
        hunts = [item for item in joined["event"]["activities"] if item["kind"] == "hunt"]
        if not hunts:
            raise NoHunt
        event_id = joined["event"]["id"]
        receipt = self.program.get(f"/events/{event_id}/receipts")
        sources = frozenset(item["source"] for item in receipt["items"])
        return HuntSeat(event_id, hunts[0]["id"], joined["player"]["id"], sources)

    def _prove_who_i_am(self) -> None:
        """Bind the 工号; if that is refused, the phone stays a guest and its digs are refused."""
        if self.program.get(PATHS["me"])["staff"]:
            return
        staff = self.holder.staff
        proof = {"staff_number": staff.number, "invite_code": staff.invite_code}
        try:
            self.program.post(PATHS["binding"], proof)
        except Refused as refusal:
            self.tally.notes[refusal.slug] += 1


class _Digger:
    """A phone with a seat that digs on the map."""

    def __init__(self, phone: HuntPhone, seat: HuntSeat) -> None:
        self._phone = phone
        self._seat = seat
        self._player = phone.holder.player
        self._tally = phone.tally
        self._wait = phone.wait

    def until_done(self) -> str:
        """Dig until nothing is left; return the outcome."""
        hunt = self._phone.program.get(activity_path("hunt", self._seat.activity_id))
        sites = list(hunt["sites"])
        wanted = hunt["digs_left"] + bool(hunt["current_dig"])
        self._tally.digs_planned = min(wanted, self._phone.most_digs or wanted)
        while sites and self._tally.digs_done < self._tally.digs_planned:
            site = self._player.site(sites)
            try:
                dig = self._post("/digs", {"site": site})
            except Refused as refusal:
                if refusal.slug != "no_question_left":
                    raise
                sites = [other for other in sites if other["key"] != site]
                continue
            if not self._solve(dig):
                return WALKED_AWAY
        return FINISHED

    def _solve(self, dig: dict[str, Any]) -> bool:
        """Answer or skip an open question; False if the player stops."""
        pace, digs = self._phone.pace, self._tally.digs_planned
        think = min(pace.think_seconds(self._player, digs), dig["seconds_left"] * 0.8)
        self._wait(think)
        if self._player.snoozes() and self._tally.notes["snoozed"] == 0:
            dig = self._snooze(dig)
        if self._player.gives_up():
            return self._give_up(dig)
        if self._player.comes_late() and dig["seconds_left"] <= pace.longest_wait_seconds:
            self._wait(dig["seconds_left"] + 1)
        self._answer(dig)
        self._tally.digs_done += 1
        if self._player.peeks():
            self._peek()
        self._wait(pace.gap_seconds(self._player, digs, think))
        return True

    def _snooze(self, dig: dict[str, Any]) -> dict[str, Any]:
        """“来电了”: asks for the snooze; a refusal changes nothing."""
        self._tally.notes["snoozed"] += 1
        try:
            snoozed: dict[str, Any] = self._post(f"/digs/{dig['id']}/snooze")
        except Refused as refusal:
            if refusal.slug not in ("snooze_used", *LOST_QUESTIONS):
                raise
            self._tally.notes[refusal.slug] += 1
            return dig
        return snoozed

    def _give_up(self, dig: dict[str, Any]) -> bool:
        """Let the countdown run out, or stop playing if that takes too long."""
        self._tally.notes["gave_up"] += 1
        if dig["seconds_left"] > self._phone.pace.longest_wait_seconds:
            return False
        self._wait(dig["seconds_left"] + 1)
        self._tally.digs_done += 1
        return True

    def _answer(self, dig: dict[str, Any]) -> None:
        right = self._phone.holder.answers.right_choice(dig["question"])
        choice = self._player.choice(dig["question"], right)
        self._phone.journal.sent(self._phone.name, dig["id"])
        if not self._player.double_taps():
            self._tap(dig["id"], choice)
            return
        self._tally.notes["double_taps"] += 1
        with ThreadPoolExecutor(1) as other_finger:
            second = other_finger.submit(self._tap, dig["id"], choice)
            self._tap(dig["id"], choice)
            second.result()

    def _tap(self, dig_id: int, choice: list[str]) -> None:
        """Send an answer until it is acknowledged or refused, and note the result in the journal."""
        phone = self._phone
        try:
            said = self._post(f"/digs/{dig_id}/answer", {"choice": choice})
        except Refused as refusal:
            if refusal.status < 500:
                phone.journal.refused(phone.name, dig_id, refusal.slug)
            self._tally.notes[refusal.slug] += 1
            if refusal.slug not in LOST_QUESTIONS:
                raise
            return
        treasure = (said["treasure"] or {}).get("points", 0)
        phone.journal.acknowledged(
            Record(
                phone.name,
                dig_id,
                tuple(choice),
                said["verdict"],
                said["points"],
                treasure,
                corrected=said["corrected"],
                counted=said["counted"],
            )
        )

    def _peek(self) -> None:
        self._phone.program.get(f"/events/{self._seat.event_id}/leaderboards/event", around="me")

    def _post(self, path: str, data: Any = None) -> Any:
        """Call the hunt; waits during pauses, and sends again after an error of the server."""
        hunt, errors = activity_path("hunt", self._seat.activity_id), 0
        while True:
            try:
                return self._phone.program.post(hunt + path, data)
            except Refused as refusal:
                errors += refusal.status >= 500
                asks_again = refusal.status >= 500 and errors < TRIES_AFTER_ERROR
                if not asks_again and refusal.slug != "event_paused":
                    raise
                self._tally.notes[refusal.slug] += 1
            self._wait(self._player.spread(PAUSE_SECONDS))
