"""The phone of a drawer: chooses, draws, and resends operations that were lost."""

import time
from collections.abc import Mapping, Sequence
from typing import Any

from miniprogram_stub.live.parts import COME_AGAIN, TurnPart
from miniprogram_stub.live.phone import UNHEARD_SECONDS, LivePhone
from miniprogram_stub.live.sketches import Op, portion, sketch

CHOOSE_SECONDS = (0.3, 1.5)
STROKE_SECONDS = (0.3, 0.8)
# Probabilities for each turn: the choice is left to the server; the drawer writes instead of
# drawing; the drawer tries to tell the word.
LETS_CHOOSE, WRITES, TELLS = 0.05, 0.03, 0.1


class DrawerPart(TurnPart):
    """A drawer's part in a turn."""

    here_seconds = 3.0

    def __init__(self, phone: LivePhone, turn_id: int) -> None:
        super().__init__(phone, turn_id)
        random = phone.random
        self.ops = sketch(random)
        self._writes = random.random() < WRITES
        self._tells = random.random() < TELLS
        self._chooses = random.random() >= LETS_CHOOSE
        self._next_at = time.monotonic() + random.uniform(*CHOOSE_SECONDS)
        self._asked_at = 0.0
        self._offers: Sequence[dict[str, Any]] = ()
        self._choice: int | None = None
        self._word: str | None = None
        # How many operations were acknowledged, which is sent next, and how many were sent in all.
        self.arrived = 0
        self._next = 0
        self._sent = 0

    def see_own(self, own: Mapping[str, Any]) -> None:
        """Read the prompts, and the choice."""
        self._offers = own["offers"] or ()
        if own["prompt"]:
            self._know(own["prompt"]["text"])

    def _know(self, word: str) -> None:
        self._word = word
        self.learn("word", word)
        if self._writes:
            self.learn("written", True)

    def while_choosing(self) -> None:
        """Choose, unless the choice is left to the server; repeat it until it is acknowledged."""
        now = time.monotonic()
        if not (self._chooses and self._offers) or now < self._next_at or self._word:
            return
        if now < self._asked_at + UNHEARD_SECONDS:
            return
        if self._choice is None:
            self._choice = self.phone.random.randrange(len(self._offers))
        self._asked_at = now
        self.ask("choose", {"choice": self._choice})

    def while_drawing(self) -> None:
        """Send operations without waiting for acknowledgements; resend those that were lost."""
        now = time.monotonic()
        if self._tells and self._word:
            self._tells = False
            self.ask("guess", {"text": self._word})
        if self._next < len(self.ops):
            if now >= self._next_at:
                self._next_at = now + self.phone.random.uniform(*STROKE_SECONDS)
                self._asked_at = now
                self._draw()
        elif self.arrived < len(self.ops) and now > self._asked_at + UNHEARD_SECONDS:
            self.phone.notes["repeated"] += 1
            self._next = self.arrived

    def _draw(self) -> None:
        ops, at = portion(self.ops, self._next), self._next
        self._next += len(ops)
        self._sent = max(self._sent, self._next)
        first = _without_op(ops[0])
        if ops[0]["op"] == "draw":
            self.ask("strokes", {"at": at, "batches": [_without_op(op) for op in ops]})
        else:
            self.ask(ops[0]["op"], {"at": at, **first})

    def hear(
        self, word: str, data: Mapping[str, Any], told: Mapping[str, Any], refused: str | None
    ) -> None:
        """Handle the answer to the choice, or the number of operations that arrived."""
        if word == "choose":
            if refused is None:
                self._know(told["prompt"]["text"])
            elif refused not in COME_AGAIN:
                self._chooses = False
        elif word == "guess":
            if refused is None:
                self._contradict("画手说出了答案，没有被拦下")
        elif refused is None:
            self.arrived = max(self.arrived, told["count"])
            if self.arrived > self._sent:
                self._contradict(f"画了 {self._sent} 笔，收到 {self.arrived} 笔")
        elif refused == "strokes_missing":
            at = told.get("errors", {}).get("at", [self.arrived])[0]
            self._next = min(self._next, int(at))

    def compare(self, replayed: Sequence[Op]) -> None:
        """Compare the acknowledged operations with the drawing that everybody can replay."""
        if list(replayed[: self.arrived]) != self.ops[: self.arrived]:
            self._contradict(f"确认过 {self.arrived} 笔，画廊里的画不是这样")

    def _contradict(self, text: str) -> None:
        self.phone.journal.contradicts(self.phone.name, self.source, text)


def _without_op(op: Op) -> Op:
    return {key: value for key, value in op.items() if key != "op"}
