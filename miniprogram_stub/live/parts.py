"""The part of a phone in one turn of 你画我猜, on its socket or over HTTP."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

from miniprogram_stub.live.phone import LivePhone
from miniprogram_stub.program import Refused

# Messages `drawing.<name>` of the socket, and the last part of the path of the same HTTP operation.
TWINS = {
    "choose": "choice",
    "strokes": "strokes",
    "undo": "undo",
    "clear": "clear",
    "fill": "fill",
    "guess": "guesses",
    "report": "reports",
    "vote": "votes",
}
# Refusals after which the message is sent again.
COME_AGAIN = ("unavailable", "too_many_requests", "event_paused")


def subject(turn_id: int, what: str) -> str:
    """Return the journal's name of a fact about a turn."""
    return f"drawing:{turn_id}:{what}"


class TurnPart(ABC):
    """A phone's part in one turn."""

    here_seconds: float

    def __init__(self, phone: LivePhone, turn_id: int) -> None:
        self.phone = phone
        self.turn_id = turn_id

    @abstractmethod
    def see_own(self, own: Mapping[str, Any]) -> None:
        """Read what only this player sees of the turn."""

    @abstractmethod
    def while_choosing(self) -> None:
        """Do what is due while the drawer chooses."""

    @abstractmethod
    def while_drawing(self) -> None:
        """Do what is due while it is drawn."""

    @abstractmethod
    def hear(
        self, word: str, data: Mapping[str, Any], told: Mapping[str, Any], refused: str | None
    ) -> None:
        """Handle the answer to a message; `refused` is the slug of a refusal."""

    def ask(self, word: str, data: Mapping[str, Any], *, over_http: bool = False) -> None:
        """Send a message on the socket, or over HTTP if there is none."""
        phone = self.phone
        if phone.has_socket and not over_http:
            phone.say(f"drawing.{word}", {"turn_id": self.turn_id, **data})
            return
        phone.notes["over_http"] += 1
        try:
            told = phone.program.post(f"{phone.path}/turns/{self.turn_id}/{TWINS[word]}", {**data})
        except Refused as refusal:
            phone.notes[refusal.slug] += 1
            self.hear(word, data, {}, refusal.slug)
        else:
            self.hear(word, data, told, None)

    def learn(self, what: str, fact: Any) -> None:
        """Note a fact about the turn for everybody in the room."""
        self.phone.journal.learns(self.phone.name, subject(self.turn_id, what), fact)

    def known(self, what: str) -> Any:
        """Return a fact that anybody in the room has found out about the turn."""
        return self.phone.journal.known(subject(self.turn_id, what))

    @property
    def source(self) -> str:
        """What the ledger calls this player's part in the turn."""
        assert self.phone.seat
        return f"drawing:{self.turn_id}:{self.phone.seat.player_id}"
