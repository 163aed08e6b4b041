"""Phones and the host of 现场竞赛."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from miniprogram_stub.live.phone import UNHEARD_SECONDS, LivePhone
from miniprogram_stub.program import MiniProgram, Refused
from miniprogram_stub.protocol import activity_path

KIND = "contest"
# The rules of `docs/api.md`, implemented a second time for the recount.
BASE_POINTS = {1: 40, 2: 50, 3: 60, 4: 80, 5: 100}
SPEED_PERCENT = {"accuracy": 0, "light_speed": 20, "speed": 100}
STREAK_FROM, STREAK_STEP, STREAK_MOST = 3, 5, 25
# The largest share of the time that a phone takes, and its time to think at the fast pace.
OF_THE_TIME = 0.6
FAST_SECONDS = (0.1, 1.5)


def points_of(
    scoring: str, difficulty: int, used_ms: int, seconds: int, streak: int, *, streaks: bool
) -> int:
    """Return what a right answer earns; `streak` counts it."""
    base, limit_ms = BASE_POINTS[difficulty], seconds * 1000
    left_ms = min(max(limit_ms - used_ms, 0), limit_ms)
    points = base + base * SPEED_PERCENT[scoring] * left_ms // (100 * limit_ms)
    if streaks and streak >= STREAK_FROM:
        points += min(STREAK_STEP * (streak - STREAK_FROM + 1), STREAK_MOST)
    return points


@dataclass
class _Plan:
    """An answer that a player has chosen, and when it was sent last."""

    round_id: int
    choice: list[str]
    at: float
    sent_at: float = 0.0
    tries: int = 0


class ContestPhone(LivePhone):
    """A player at a contest."""

    kind = KIND
    _plan: _Plan | None = None
    _rounds: dict[int, dict[str, Any]]

    def look(self) -> dict[str, Any] | None:
        """Return the game over HTTP."""
        game: dict[str, Any] | None = self.program.get(self.path)["state"]
        return game

    def see(self, game: dict[str, Any] | None) -> None:
        """Choose an answer to a new question; store what was revealed."""
        if not hasattr(self, "_rounds"):
            self._rounds = {}
        if game is None or game["round"] is None:
            return
        current = game["round"]
        if "right" in current:
            self._rounds[current["id"]] = {**current, "game": game}
        if game["phase"] != "question" or self._told(current["id"]) is not None:
            return
        if current["question"] is None:
            # The event is paused.
            return
        if self._plan is None or self._plan.round_id != current["id"]:
            self._think(current)

    def _think(self, current: dict[str, Any]) -> None:
        right = self.holder.answers.right_choice(current["question"])
        choice = self.holder.player.choice(current["question"], right)
        seconds = min(self.random.uniform(*FAST_SECONDS), current["left_ms"] / 1000 * OF_THE_TIME)
        self._plan = _Plan(current["id"], choice, time.monotonic() + seconds)
        self.tally.digs_planned += 1

    def act(self) -> None:
        """Send the answer when it is due; repeat it until it is acknowledged."""
        plan, now = self._plan, time.monotonic()
        if plan is None or now < plan.at or now < plan.sent_at + UNHEARD_SECONDS:
            return
        plan.tries += 1
        plan.sent_at = now
        self.journal.sent(self.name, self._source(plan.round_id))
        if self.has_socket and plan.tries % 3:
            self.notes["repeated"] += plan.tries > 1
            data = {"round_id": plan.round_id, "choice": plan.choice}
            self.say("contest.answer", data)
            return
        self._answer_over_http(plan)

    def _answer_over_http(self, plan: _Plan) -> None:
        self.notes["over_http"] += 1
        try:
            told = self.program.post(
                f"{self.path}/rounds/{plan.round_id}/answer", {"choice": plan.choice}
            )
        except Refused as refusal:
            self._refused(plan.round_id, refusal.slug)
        else:
            self._acknowledged(told)

    def hear(self, asked: dict[str, Any], answer: dict[str, Any]) -> None:
        """Note the result of an answer in the journal."""
        if answer["type"] == "ack":
            self._acknowledged(answer["data"])
        elif answer["data"]["error"] != "unavailable":
            self._refused(asked["data"]["round_id"], answer["data"]["error"])

    @property
    def answered(self) -> set[int]:
        """The rounds in which an answer was acknowledged to this phone."""
        if not hasattr(self, "_answered"):
            self._answered: set[int] = set()
        return self._answered

    def _acknowledged(self, told: dict[str, Any]) -> None:
        self.answered.add(told["round_id"])
        self.journal.acknowledged(self.name, self._source(told["round_id"]), told)
        self._done(told["round_id"])

    def _refused(self, round_id: int, slug: str) -> None:
        self.notes[slug] += 1
        self.journal.refused(self.name, self._source(round_id), slug)
        self._done(round_id)

    def _done(self, round_id: int) -> None:
        if self._plan and self._plan.round_id == round_id:
            self._plan = None
            self.tally.digs_done += 1

    def _source(self, round_id: int) -> str:
        assert self.seat
        return f"contest:{round_id}:{self.seat.player_id}"

    def _told(self, round_id: int) -> Any:
        return self.journal.told(self._source(round_id))

    def revealed(self) -> dict[int, dict[str, Any]]:
        """Return the rounds whose reveal this phone saw, `{id: round}`."""
        return getattr(self, "_rounds", {})

    def count_points(self, rounds: dict[int, dict[str, Any]]) -> None:
        """Note the points that every acknowledged answer must have earned, by the stub's own rules.

        An answer without acknowledgement may or may not count, so the streak after it is unknown
        until the next wrong or missing answer. So it is after a round that no phone saw revealed; what
        was acknowledged in such a round may have any points.
        """
        for round_id in self.answered - rounds.keys():
            self.journal.doubts(self.name, self._source(round_id))
        streak: int | None = 0
        position = 0
        for round_id, current in sorted(rounds.items(), key=lambda item: item[1]["position"]):
            if current["position"] > position + 1:
                streak = None
            position = current["position"]
            told, game, source = self._told(round_id), current["game"], self._source(round_id)
            if told is None:
                streak = None if source in self.journal.doubtful(self.name) else 0
                continue
            if sorted(told["choice"]) != sorted(current["key"]):
                streak = 0
                if told["counted"]:
                    self.journal.earns(self.name, source, 0)
                continue
            streak = None if streak is None else streak + 1
            if not told["counted"]:
                continue
            if streak is None and game["streak"]:
                self.journal.doubts(self.name, source)
                continue
            points = points_of(
                game["scoring"],
                current["question"]["difficulty"],
                told["used_ms"],
                current["seconds"],
                streak or 0,
                streaks=game["streak"],
            )
            self.journal.earns(self.name, source, points)


def count_all(phones: Sequence[ContestPhone], terms: Mapping[str, Any]) -> None:
    """Note the points that every acknowledged answer must have earned, from what any phone saw at
    the reveals."""
    rounds: dict[int, dict[str, Any]] = {}
    for phone in phones:
        rounds |= phone.revealed()
    for phone in phones:
        phone.count_points(rounds)


class ContestHost:
    """The host of a contest: shows a question when all phones are ready for it."""

    def __init__(
        self, program: MiniProgram, activity_id: int, phones: Sequence[ContestPhone]
    ) -> None:
        self._program = program
        self._path = activity_path(KIND, activity_id)
        self._phones = phones

    def run(self, wait: Any) -> None:
        """Run the contest to its podium; raises `Refused`, `ServerAway` and `EveningStopped`."""
        state = self._act("begin")
        for position in range(1, state["rounds"] + 1):
            self._act("next", position)
            self._await_answers(wait)
            self._act("reveal", position)
            wait(0.6)
            self._act("board", position)
            wait(0.4)
        self._act("podium")
        wait(1.0)

    def _await_answers(self, wait: Any) -> None:
        while True:
            current = self._program.get(self._path)["state"]["round"]
            if current["answered"] >= len(self._phones) or current["left_ms"] == 0:
                # Waits for the grace period, in which late answers still count.
                wait(0.6)
                return
            wait(0.3)

    def _act(self, action: str, position: int | None = None) -> dict[str, Any]:
        body = {"action": action, "position": position}
        state: dict[str, Any] = self._program.post(f"{self._path}/actions", body)["state"]
        return state
