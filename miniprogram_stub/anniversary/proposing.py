"""Suggestions: everybody proposes and supports, the host merges suggestions of the same idea, and
the best become a poll."""

from collections import defaultdict
from typing import Any

from miniprogram_stub.anniversary.hall import Hall
from miniprogram_stub.anniversary.ideas import IDEAS, wordings
from miniprogram_stub.anniversary.phone import AnniversaryPhone

SECONDED = 3
BEST = 6
MOST_CHOICES = 2


class Proposals:
    """Sixty suggestions, of which twelve are left after merging, of which six become options."""

    def __init__(self, hall: Hall) -> None:
        self._hall = hall
        self._path = f"{hall.path('polls')}/suggestions"
        # Suggestions by idea, and supporters by suggestion.
        self._proposed: dict[int, dict[int, str]] = defaultdict(dict)
        self._behind: dict[int, set[int]] = defaultdict(set)
        self._own: dict[str, set[int]] = defaultdict(set)

    def run(self) -> int:
        """Collect, merge, decide, and make a poll; returns the poll."""
        hall = self._hall
        hall.everybody("提建议", self._propose)
        hall.everybody("附议", self._second)
        hall.expect("suggestions", "建议数", len(wordings()), len(self._behind))
        kept = [self._merge(ideas) for _, ideas in sorted(self._proposed.items())]
        listed = hall.host.get(self._path, page_size=100)
        hall.expect("suggestions", "合并后的建议数", len(IDEAS), listed["total"])
        found = {item["id"]: item["supports"] for item in listed["items"]}
        due = {one: len(self._behind[one]) for one in kept}
        hall.expect("suggestions", "附议人数", due, found)
        self._decline(min(kept, key=lambda one: (due[one], -one)))
        poll = self._put_to_the_vote(due)
        hall.everybody("看结果", self._read_what_became)
        return poll

    def _propose(self, phone: AnniversaryPhone) -> None:
        place, phones = self._hall.phones.index(phone), len(self._hall.phones)
        for idea, text in wordings()[place::phones]:
            phone.program.get(f"{self._path}/similar", text=text)
            body = {"text": text}
            made = phone.program.post(self._path, body)
            self._own[phone.name].add(made["id"])
            self._proposed[idea][made["id"]] = text
            self._behind[made["id"]].add(phone.player_id)
            phone.journal.acknowledged(phone.name, f"suggestion:{text}", made["id"])
            if phone.random.random() < 0.1:
                again = phone.program.post(self._path, body)
                phone.journal.acknowledged(phone.name, f"suggestion:{text}", again["id"])

    def _second(self, phone: AnniversaryPhone) -> None:
        for one in phone.random.sample(sorted(self._behind), SECONDED):
            seconded = phone.program.call("PUT", f"{self._path}/{one}/support")
            self._hall.expect(f"suggestion:{one}", "附议", True, seconded["supported"])
            self._behind[one].add(phone.player_id)

    def _merge(self, ideas: dict[int, str]) -> int:
        """Merge suggestions of an idea into the one with the most supporters; each supporter counts
        once."""
        target, *others = sorted(ideas, key=lambda one: (-len(self._behind[one]), one))
        for one in others:
            self._hall.host.post(f"{self._path}/{one}/merge", {"into": target})
            self._behind[target] |= self._behind[one]
        return target

    def _decline(self, one: int) -> None:
        decision = {"status": "declined", "reason": "今年场地和时间都排不开，明年再议"}
        declined = self._hall.host.call("PUT", f"{self._path}/{one}", decision)
        self._hall.expect(f"suggestion:{one}", "答复", decision["reason"], declined["reason"])

    def _put_to_the_vote(self, due: dict[int, int]) -> int:
        host, polls = self._hall.host, self._hall.path("polls")
        body = {
            "title": "周年庆最想做的事",
            "description": f"最多选 {MOST_CHOICES} 项。",
            "number": len(host.get(polls)["items"]) + 1,
            "best": BEST,
            "method": "multiple",
            "most_choices": MOST_CHOICES,
            "hall_code": True,
        }
        poll: dict[str, Any] = host.post(f"{self._path}/polls", body)
        texts = {one: text for ideas in self._proposed.values() for one, text in ideas.items()}
        best = sorted(due, key=lambda one: (-due[one], one))[:BEST]
        titles = {option["title"] for option in poll["options"]}
        self._hall.expect(
            f"poll:{poll['id']}", "候选项", sorted(texts[one] for one in best), sorted(titles)
        )
        self._poll_id, self._best = poll["id"], set(best)
        return self._poll_id

    def _read_what_became(self, phone: AnniversaryPhone) -> None:
        """Check that every proposer reads the decision on their suggestion, or on the one that it
        was merged into."""
        mine = phone.program.get(self._path, mine="true", page_size=100)["items"]
        for item in mine:
            root = item["merged_into"] or item["id"]
            told = (item["poll"] or {}).get("id")
            due = self._poll_id if root in self._best else None
            self._hall.expect(f"suggestion:{item['id']}", "进入的投票", due, told)
        own = self._own[phone.name]
        self._hall.expect("suggestions", f"{phone.name} 的建议", own, {item["id"] for item in mine})
