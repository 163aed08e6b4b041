"""A phone in the gallery: it checks that its own drawings are complete, and votes."""

import time
from collections.abc import Mapping, Sequence
from typing import Any

from miniprogram_stub.live.easel import DrawerPart
from miniprogram_stub.live.parts import COME_AGAIN, TurnPart
from miniprogram_stub.live.phone import UNHEARD_SECONDS, LivePhone
from miniprogram_stub.program import Refused


class DrawingVoter:
    """A player's vote for the best drawing; repeated until it is acknowledged."""

    def __init__(self, phone: LivePhone) -> None:
        self._phone = phone
        self._turn_id: int | None = None
        self._sent_at = 0.0
        self.is_done = False

    @property
    def source(self) -> str:
        """The journal's name of this player's vote."""
        assert self._phone.seat
        return f"drawing-vote:{self._phone.seat.activity_id}:{self._phone.seat.player_id}"

    def act(self, parts: Mapping[int, TurnPart]) -> None:
        """Check the drawings once, and vote; `parts` are the phone's parts in the turns."""
        now = time.monotonic()
        if self.is_done or now < self._sent_at + UNHEARD_SECONDS:
            return
        self._sent_at = now
        if self._turn_id is None:
            self._choose(parts)
        if self._turn_id is not None:
            self._vote(self._turn_id)

    def _choose(self, parts: Mapping[int, TurnPart]) -> None:
        drawings = self._phone.program.get(f"{self._phone.path}/gallery")["items"]
        self._check_own(drawings, parts)
        others = [item["turn_id"] for item in drawings if not item["own"]]
        if others:
            self._turn_id = self._phone.random.choice(others)
        self.is_done = not others

    def _check_own(
        self, drawings: Sequence[Mapping[str, Any]], parts: Mapping[int, TurnPart]
    ) -> None:
        for item in drawings:
            part = parts.get(item["turn_id"])
            if item["own"] and isinstance(part, DrawerPart):
                path = f"{self._phone.path}/gallery/{item['turn_id']}"
                part.compare(self._phone.program.get(path)["ops"])

    def _vote(self, turn_id: int) -> None:
        phone = self._phone
        phone.journal.sent(phone.name, self.source)
        if phone.has_socket:
            phone.say("drawing.vote", {"turn_id": turn_id})
            return
        try:
            phone.program.post(f"{phone.path}/turns/{turn_id}/votes")
        except Refused as refusal:
            self.hear(turn_id, refusal.slug)
        else:
            self.hear(turn_id, None)

    def hear(self, turn_id: int, refused: str | None) -> None:
        """Handle the answer to the vote; `refused` is the slug of a refusal."""
        if refused in COME_AGAIN:
            return
        self.is_done = True
        if refused is None:
            self._phone.journal.acknowledged(self._phone.name, self.source, turn_id)
        elif refused != "voting_over":
            # If this attempt came too late, an earlier one may still have counted.
            self._phone.journal.refused(self._phone.name, self.source, refused)
