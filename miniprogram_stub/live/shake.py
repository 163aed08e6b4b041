"""Phones and the host of 摇一摇."""

import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any

from miniprogram_stub.live.phone import LivePhone
from miniprogram_stub.program import MiniProgram, Refused
from miniprogram_stub.protocol import activity_path

KIND = "shake"
# The sample's rounds: mode, length, winners of a draw.
ROUNDS = (("race", 8, 0), ("tug", 6, 0), ("draw", 6, 3))
REPORT_SECONDS = 0.25
OVER_HTTP_SECONDS = 1.0
# The last report is repeated until it is acknowledged, as long as late reports are accepted.
GRACE_SECONDS = 1.2
# What counts in a mode that is not shaken.
WAYS = {"cash": "swipe", "packets": "tap"}
SLOWEST, FASTEST = 2.0, 7.5
PODIUM_SECONDS = 25.0


def places(values: Mapping[str, Fraction | int]) -> dict[str, int]:
    """Return the place of each player: most first, equal counts share a place (1-2-2-4)."""
    return {
        key: 1 + sum(other > value for other in values.values()) for key, value in values.items()
    }


class ShakePhone(LivePhone):
    """A player who shakes: the count grows, and the newest count is reported."""

    kind = KIND
    _round: dict[str, Any] | None = None
    _began = 0.0
    _count = 0
    _reported_at = 0.0

    def look(self) -> dict[str, Any] | None:
        """Return the game over HTTP."""
        game: dict[str, Any] = self.program.get(self.path)
        return game if game["phase"] else None

    def see(self, game: dict[str, Any] | None) -> None:
        """Start with a new round, and end with its podium."""
        if game is None:
            return
        current = game["round"]
        if game["phase"] == "podium":
            self._round = None
            if current["id"] not in self.results:
                self._remember(current)
        elif self._round is None or self._round["id"] != current["id"]:
            self._round = current
            self._began, self._count = 0.0, 0
            self.tally.digs_planned += 1
        elif game["phase"] == "running" and not self._began:
            played = current["seconds"] * 1000 - current["left_ms"]
            self._began = time.monotonic() - played / 1000

    def _remember(self, current: dict[str, Any]) -> None:
        """Read the result of a round while its podium is shown."""
        own = self.program.get(self.path)["own"]
        if own and own["round_id"] == current["id"]:
            self.results[current["id"]] = {**current, "own": own}
            self.tally.digs_done += 1

    def act(self) -> None:
        """Shake on, and report now and then."""
        if self._round is None:
            return
        if not self._began:
            self._begin_by_the_clock()
            return
        now = time.monotonic()
        played = now - self._began
        over = played - self._round["seconds"]
        heard = self.journal.told(self.source(self._round["id"])) or {}
        if over > GRACE_SECONDS or (over > 0 and heard.get("count") == self._count):
            return
        every = REPORT_SECONDS if self.has_socket else OVER_HTTP_SECONDS
        if now < self._reported_at + every:
            return
        self._reported_at = now
        speed = SLOWEST + (FASTEST - SLOWEST) * self.holder.player.profile.speed
        self._count = max(self._count, int(speed * min(played, self._round["seconds"])))
        self._report()

    def _begin_by_the_clock(self) -> None:
        """Begin when the countdown is over, at the moment that the server has stated."""
        assert self._round
        starts_at = datetime.fromisoformat(self._round["starts_at"]).timestamp()
        if time.time() >= starts_at + 0.1:
            self._began = time.monotonic()

    def _report(self) -> None:
        assert self._round
        round_id = self._round["id"]
        how = WAYS.get(self._round["mode"], "shake")
        self.claimed[round_id] = self._count
        self.journal.sent(self.name, self.source(round_id))
        if self.has_socket:
            data = {"round_id": round_id, "count": self._count, "how": how}
            self.say("shake.report", data)
            return
        self.notes["over_http"] += 1
        try:
            body = {"count": self._count, "how": how}
            told = self.program.post(f"{self.path}/rounds/{round_id}/reports", body)
        except Refused as refusal:
            self.notes[refusal.slug] += 1
        else:
            self._accepted(round_id, self._count, told["accepted"])

    def hear(self, asked: dict[str, Any], answer: dict[str, Any]) -> None:
        """Note the accepted count."""
        if answer["type"] == "ack":
            told = answer["data"]
            self._accepted(told["round_id"], asked["data"]["count"], told["accepted"])
        else:
            self.notes[answer["data"]["error"]] += 1

    def _accepted(self, round_id: int, count: int, accepted: int) -> None:
        self.journal.grows(self.name, self.source(round_id), count, accepted)

    def source(self, round_id: int) -> str:
        """Return what the ledger calls this player's part in a round."""
        assert self.seat
        return f"shake:{round_id}:{self.seat.player_id}"

    @property
    def claimed(self) -> dict[int, int]:
        """The highest count that this phone has reported, by round."""
        if not hasattr(self, "_claimed"):
            self._claimed: dict[int, int] = {}
        return self._claimed

    @property
    def results(self) -> dict[int, dict[str, Any]]:
        """The rounds whose podium this phone saw."""
        if not hasattr(self, "_results"):
            self._results: dict[int, dict[str, Any]] = {}
        return self._results


def count_all(phones: Sequence[ShakePhone], terms: Mapping[str, Any]) -> None:
    """Note the points of all players in every round, by the stub's own rules.

    A count must be at least the one acknowledged last, and at most the highest one reported.
    """
    for round_id in sorted({round_id for phone in phones for round_id in phone.results}):
        seen = [phone for phone in phones if round_id in phone.results]
        for phone in seen:
            _check_count(phone, round_id)
        shook = [phone for phone in seen if phone.results[round_id]["own"]["count"]]
        points = _POINTS[seen[0].results[round_id]["mode"]](shook, round_id, terms)
        for phone in shook:
            source = phone.source(round_id)
            phone.journal.earns(phone.name, source, points[phone.name])


def _lost(round_id: int) -> str:
    """Return what the journal calls that the server lost counts of a round, and says so."""
    return f"shake:{round_id}:counts_lost"


def _check_count(phone: ShakePhone, round_id: int) -> None:
    told = phone.journal.told(phone.source(round_id)) or {"accepted": 0}
    count = phone.results[round_id]["own"]["count"]
    if phone.journal.known(_lost(round_id)):
        phone.notes["counts_lost"] += 1
        return
    if not told["accepted"] <= count <= phone.claimed.get(round_id, 0):
        text = f"确认过 {told['accepted']}，报过 {phone.claimed.get(round_id, 0)}，成绩却是 {count}"
        phone.journal.contradicts(phone.name, phone.source(round_id), text)


def _race(shook: Sequence[ShakePhone], round_id: int, terms: Mapping[str, Any]) -> dict[str, int]:
    place = places({phone.name: phone.results[round_id]["own"]["count"] for phone in shook})
    table = terms["points_by_place"]
    return {name: terms["participation_points"] + _at(table, at) for name, at in place.items()}


def _tug(shook: Sequence[ShakePhone], round_id: int, terms: Mapping[str, Any]) -> dict[str, int]:
    counts: dict[str, list[int]] = defaultdict(list)
    for phone in shook:
        counts[phone.holder.staff.team].append(phone.results[round_id]["own"]["count"])
    least = terms["team_minimum"]
    means = {team: Fraction(sum(own), max(len(own), least)) for team, own in counts.items()}
    place, table = places(means), terms["team_points_by_place"]
    return {
        phone.name: terms["participation_points"] + _at(table, place[phone.holder.staff.team])
        for phone in shook
    }


def _draw(shook: Sequence[ShakePhone], round_id: int, terms: Mapping[str, Any]) -> dict[str, int]:
    won = [phone.name for phone in shook if phone.results[round_id]["own"]["won"]]
    wanted = min(shook[0].results[round_id]["winner_count"], len(shook)) if shook else 0
    if len(won) != wanted:
        shook[0].journal.contradicts(
            "", f"shake:{round_id}", f"应抽出 {wanted} 人，有 {len(won)} 人"
        )
    return {
        phone.name: terms["participation_points"]
        + (terms["draw_points"] if phone.name in won else 0)
        for phone in shook
    }


_POINTS = {"race": _race, "cash": _race, "packets": _race, "tug": _tug, "draw": _draw}


def _at(table: Sequence[int], place: int) -> int:
    return table[place - 1] if place <= len(table) else 0


class ShakeHost:
    """The host of a shake: one round of each mode."""

    def __init__(
        self, program: MiniProgram, activity_id: int, phones: Sequence[ShakePhone]
    ) -> None:
        self._program = program
        self._path = activity_path(KIND, activity_id)
        self._phones = phones

    def run(self, wait: Any) -> None:
        """Run the rounds to their podiums; raises `Refused`, `ServerAway` and `EveningStopped`."""
        for number, (mode, seconds, winners) in enumerate(ROUNDS, start=1):
            body: dict[str, Any] = {"mode": mode, "number": number, "seconds": seconds}
            if winners:
                body |= {"winner_count": winners, "at_least": 1}
            made = self._program.post(f"{self._path}/rounds", body)
            while (shown := self._program.get(self._path))["phase"] != "podium":
                wait(0.4)
            if shown["counts_lost"]:
                # Redis lost its counts, and the host is told so.
                self._phones[0].journal.learns("host", _lost(made["id"]), True)
            self._await_eyes(made["id"], wait)

    def _await_eyes(self, round_id: int, wait: Any) -> None:
        """Keep the podium until all phones have seen it, within a limit of time."""
        for _ in range(int(PODIUM_SECONDS / 0.4)):
            if all(round_id in phone.results for phone in self._phones):
                return
            wait(0.4)
