"""A contest as a hall plays it in front of the screen: the host shows, phones answer."""

from typing import Any

from tests.browser.hall import Hall
from tests.phones import Phone

State = dict[str, Any]


class ContestHall:
    """An event with a contest on a real server."""

    def __init__(self, hall: Hall) -> None:
        self.hall = hall
        self.activity_id = hall.activity("contest")
        self._path = f"/contests/{self.activity_id}"

    def settle(self, **settings: Any) -> None:
        """Change settings of the contest before it begins."""
        changed = "UPDATE activity SET settings = json_set(settings, ?, ?) WHERE id = ?"
        for name, value in settings.items():
            self.hall.installation.change(changed, f"$.{name}", value, self.activity_id)

    def act(self, action: str, position: int | None = None) -> State:
        """Let the host go on; returns the contest as hosts see it, with the key."""
        body = {"action": action, "position": position}
        state: State = self.hall.host.ok("POST", f"{self._path}/actions", body)["state"]
        return state

    def show(self, position: int) -> State:
        """Show a question and return its round, with the key."""
        if position == 1:
            self.act("begin")
        found: State = self.act("next", position)["round"]
        return found

    def answer(self, phone: Phone, round_: State, *, right: bool = True) -> list[str]:
        """Let a phone answer, and return its choice; a wrong one names no option of the key."""
        key = list(round_["key"])
        letters = [option["key"] for option in round_["question"]["options"]]
        wrong = next([letter] for letter in letters if letter not in key)
        choice = key if right else wrong
        phone.ok("POST", f"{self._path}/rounds/{round_['id']}/answer", {"choice": choice})
        return choice

    def play(self, position: int, right: list[Phone], wrong: list[Phone]) -> State:
        """Play a round up to its board; returns the contest as hosts see it."""
        shown = self.show(position)
        for phone in right:
            self.answer(phone, shown)
        for phone in wrong:
            self.answer(phone, shown, right=False)
        self.act("reveal", position)
        return self.act("board", position)
