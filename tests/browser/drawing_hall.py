"""你画我猜 in the hall, in front of the screen: one draws, the others guess."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from tests.browser.hall import Hall
from tests.installation import until
from tests.phones import Phone

State = dict[str, Any]
# From left to right through the middle of the canvas, in the first colour.
LINE = {"stroke": 1, "colour": 0, "width": 5, "points": [100, 375, 800, 0]}


class DrawingHall:
    """An event in which the whole hall watches one canvas, or draws in rooms."""

    def __init__(self, hall: Hall, turns: int = 0, mode: str = "hall") -> None:
        self.hall = hall
        self.activity_id = hall.activity("drawing")
        self._path = f"/drawings/{self.activity_id}"
        changed = "UPDATE activity SET settings = json_set(settings, ?, ?) WHERE id = ?"
        hall.installation.change(changed, "$.mode", mode, self.activity_id)
        if turns:
            hall.installation.change(changed, "$.turns", turns, self.activity_id)

    def begin(self) -> State:
        """Let the host begin; returns the first turn."""
        self.hall.host.ok("POST", f"{self._path}/begin")
        return self.turn(self.hall.host)

    def begin_rooms(self) -> list[State]:
        """Let the host begin; returns the rooms."""
        self.hall.host.ok("POST", f"{self._path}/begin")
        return self.rooms()

    def play(self, phones: Sequence[Phone], turns: int = 2) -> list[str]:
        """Let two phones draw and guess these turns by turns; returns the words."""
        people = self.hall.join(*phones[:2])
        players = {one["id"]: phone for one, phone in zip(people, phones, strict=False)}
        self.begin()
        words = []
        for number in range(1, turns + 1):
            until(partial(self._is_at, number), 15, "the next turn")
            turn = self.turn(self.hall.host)
            drawer = self.drawer(turn, players)
            words.append(self.choose(drawer, turn))
            self.draw(drawer, turn, 0)
            (guesser,) = (phone for phone in players.values() if phone is not drawer)
            self.guess(guesser, turn, words[-1])
        return words

    def _is_at(self, number: int) -> bool:
        return self.number() == number

    def gallery(self) -> list[State]:
        """Return the drawings as hosts see them, once the gallery is open."""
        until(lambda: self.hall.host.ok("GET", self._path)["phase"] == "gallery", 15, "the gallery")
        items: list[State] = self.hall.host.ok("GET", f"{self._path}/gallery")["items"]
        return items

    def shown(self) -> State:
        """Return the game as hosts see it."""
        found: State = self.hall.host.ok("GET", self._path)
        return found

    def rooms(self) -> list[State]:
        """Return the rooms with their turns."""
        found: list[State] = self.shown()["rooms"]
        return found

    def report(self, phone: Phone, turn: State) -> None:
        """Let a guesser report a drawing."""
        phone.ok("POST", f"{self._turn(turn)}/reports")

    def pin(self, turn_id: int | None) -> None:
        """Let the host pin a drawing on the screen, or unpin it."""
        self.hall.host.ok("PUT", f"{self._path}/pin", {"turn_id": turn_id})

    def vote(self, phone: Phone, turn_id: int) -> None:
        """Let a player vote for a drawing."""
        phone.ok("POST", f"{self._path}/turns/{turn_id}/votes")

    def end_voting(self) -> None:
        """Let the host end the vote."""
        self.hall.host.ok("POST", f"{self._path}/end-voting")

    def hide(self, turn_id: int) -> None:
        """Let the host take a drawing out of the gallery."""
        self.hall.host.ok("PUT", f"{self._path}/gallery/{turn_id}", {"hidden": True})

    def turn(self, phone: Phone) -> State:
        """Return the turn that is on, as a phone sees it."""
        found: State = phone.ok("GET", self._path)["turn"]
        return found

    def number(self) -> int:
        """Return which turn it is, 0 before the first and afterwards."""
        turn = self.hall.host.ok("GET", self._path).get("turn")
        return int(turn["number"]) if turn else 0

    def drawer(self, turn: State, players: dict[int, Phone]) -> Phone:
        """Return the phone of who draws."""
        return players[turn["drawer"]["id"]]

    def choose(self, phone: Phone, turn: State) -> str:
        """Let the drawer take the first prompt, and return it."""
        chosen = phone.ok("POST", f"{self._turn(turn)}/choice", {"choice": 0})
        text: str = chosen["prompt"]["text"]
        return text

    def draw(self, phone: Phone, turn: State, at: int) -> None:
        """Draw a line through the middle."""
        batches = [{**LINE, "stroke": at + 1}]
        phone.ok("POST", f"{self._turn(turn)}/strokes", {"at": at, "batches": batches})

    def undo(self, phone: Phone, turn: State, at: int) -> None:
        """Take the last line back."""
        phone.ok("POST", f"{self._turn(turn)}/undo", {"at": at})

    def fill(self, phone: Phone, turn: State, at: int) -> None:
        """Fill what is around the middle with the first colour."""
        where = {"colour": 0, "x": 500, "y": 375}
        phone.ok("POST", f"{self._turn(turn)}/fill", {"at": at, **where})

    def clear(self, phone: Phone, turn: State, at: int) -> None:
        """Take everything off the canvas."""
        phone.ok("POST", f"{self._turn(turn)}/clear", {"at": at})

    def guess(self, phone: Phone, turn: State, text: str) -> str:
        """Guess and return the verdict."""
        verdict: str = phone.ok("POST", f"{self._turn(turn)}/guesses", {"text": text})["verdict"]
        return verdict

    def _turn(self, turn: State) -> str:
        return f"{self._path}/turns/{turn['turn_id']}"
