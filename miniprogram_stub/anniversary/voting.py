"""The vote: everybody votes once, some repeat their ballot, some vote too late; then the count is
checked."""

from base64 import urlsafe_b64encode
from collections import Counter
from typing import Any

from miniprogram_stub.anniversary.hall import Hall
from miniprogram_stub.anniversary.phone import AnniversaryPhone

RECEIPT_BYTES = 24
# Of ten phones one sends its ballot again, one votes twice, and one votes after the end.
ONE_IN = 10
# With fewer ballots an anonymous poll shows no results.
LEAST_BALLOTS = 5


class PollRun:
    """One poll, from its opening to its results."""

    def __init__(self, hall: Hall, poll_id: int) -> None:
        self._hall = hall
        self._path = f"{hall.path('polls')}/polls/{poll_id}"
        self._source = f"poll:{poll_id}"
        self._chosen: dict[str, tuple[int, ...]] = {}

    def run(self) -> int:
        """Open, let everybody vote, close, show, and count again.

        Returns how many options have results: none where too few voted.
        """
        hall = self._hall
        hall.host.post(f"{self._path}/actions", {"action": "open"})
        hall.everybody("投票", self._cast)
        hall.host.post(f"{self._path}/actions", {"action": "close"})
        hall.everybody("迟到的票", self._come_late)
        hall.host.post(f"{self._path}/actions", {"action": "show", "display": "bars"})
        return self._count()

    def _cast(self, phone: AnniversaryPhone) -> None:
        poll = phone.program.get(self._path)
        options = [option["id"] for option in poll["options"]]
        count = phone.random.randint(1, min(poll["most_choices"], len(options)))
        chosen = phone.random.sample(options, count)
        ballot = {"choice": chosen, "receipt": _receipt(phone), **self._read_off_the_screen(poll)}
        ballots = f"{self._path}/ballots"
        told = phone.program.post(ballots, ballot)
        self._hear(phone, chosen, told)
        temper = phone.random.randrange(ONE_IN)
        if temper == 0:
            self._hear(phone, chosen, phone.program.post(ballots, ballot))
        elif temper == 1:
            phone.refused(ballots, {**ballot, "receipt": _receipt(phone)}, "already_voted")

    def _read_off_the_screen(self, poll: dict[str, Any]) -> dict[str, str]:
        """Return the code on the screen, which the host sees, too, if ballots need one."""
        if not poll["hall_code"]:
            return {}
        shown = self._hall.host.get(self._path)["current_hall_code"]
        return {"hall_code": shown["code"]}

    def _hear(self, phone: AnniversaryPhone, chosen: list[int], told: dict[str, Any]) -> None:
        if set(told["choice"]) != set(chosen):
            text = f"选了 {chosen}，却记成 {told['choice']}"
            phone.journal.contradicts(phone.name, self._source, text)
        # The choice stays on the phone: for an anonymous poll the journal stores who voted, not
        # what.
        phone.journal.acknowledged(phone.name, f"{self._source}:{phone.player_id}", "voted")
        self._chosen[phone.name] = tuple(chosen)

    def _come_late(self, phone: AnniversaryPhone) -> None:
        if self._chosen and phone.random.randrange(ONE_IN) == 0:
            some = next(iter(self._chosen.values()))
            body = {"choice": list(some), "receipt": _receipt(phone)}
            phone.refused(f"{self._path}/ballots", body, "poll_closed", "already_voted")

    def _count(self) -> int:
        """Check that every acknowledged ballot counts once, and no other does."""
        poll = self._hall.host.get(self._path)
        expect, results = self._hall.expect, poll["results"]
        expect(self._source, "有效票", len(self._chosen), poll["turnout"]["valid"])
        state = "shown" if len(self._chosen) >= LEAST_BALLOTS else "too_few"
        expect(self._source, "结果是否公布", state, results["state"])
        if results["state"] != "shown":
            return 0
        due = Counter(option for chosen in self._chosen.values() for option in chosen)
        found = {row["option_id"]: row["votes"] for row in results["rows"]}
        for option in poll["options"]:
            name = f"“{option['title']}”的票"
            expect(self._source, name, due[option["id"]], found.get(option["id"]))
        return len(poll["options"])


def _receipt(phone: AnniversaryPhone) -> str:
    return urlsafe_b64encode(phone.random.randbytes(RECEIPT_BYTES)).decode()
