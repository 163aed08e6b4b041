"""Announced words: everybody replies in their own spelling, and the first ones win."""

from typing import Any

from miniprogram_stub.anniversary.hall import Hall
from miniprogram_stub.anniversary.phone import AnniversaryPhone

WORD, DECOY = "林卡生日快乐", "林卡天天快乐"
# Spellings of the same word.
TYPED = (
    WORD,
    "林卡 生日 快乐",
    "林卡生日快樂",
    "林卡生日快乐！",
    "　林卡生日快乐　",
    "linkashengrikuaile",
)
POINTS, SECONDS = 25, 120
ONE_IN_IS_FOOLED = 6


class KeywordRun:
    """Two words at once, one of them a decoy."""

    def __init__(self, hall: Hall) -> None:
        self._hall = hall
        self._path = hall.path("keywords")
        self._told: dict[int, dict[str, Any]] = {}
        self._places = max(1, len(hall.phones) // 2)
        self._word_id = 0

    def run(self) -> int:
        """Announce, let everybody reply, and count again; returns how many won."""
        word = self._prepare({"text": WORD, "points": POINTS, "places": self._places})
        decoy = self._prepare({"text": DECOY, "decoy": True})
        self._word_id = word["id"]
        host = self._hall.host
        host.post(f"{self._path}/open", {"word_ids": [word["id"], decoy["id"]]})
        self._hall.everybody("抢答关键词", self._reply)
        host.post(f"{self._path}/close", {"word_ids": [word["id"], decoy["id"]]})
        self._count()
        return len(self._told)

    def _prepare(self, facts: dict[str, Any]) -> dict[str, Any]:
        body = {"seconds": SECONDS, "pinyin": True, **facts}
        made: dict[str, Any] = self._hall.host.post(f"{self._path}/words", body)
        return made

    def _reply(self, phone: AnniversaryPhone) -> None:
        replies = f"{self._path}/replies"
        if phone.random.randrange(ONE_IN_IS_FOOLED) == 0:
            told = phone.program.post(replies, {"text": DECOY})
            self._hall.expect(f"keyword:{phone.player_id}", "诱饵词", "decoy", told["outcome"])
        source = f"keyword:{self._word_id}:{phone.player_id}"
        text = phone.random.choice(TYPED)
        phone.journal.sent(phone.name, source)
        told = phone.program.post(replies, {"text": text})
        phone.tally.notes[f"keyword_{told['outcome']}"] += 1
        again = phone.program.post(replies, {"text": phone.random.choice(TYPED)})
        if told["outcome"] != "hit":
            phone.journal.refused(phone.name, source, told["outcome"])
            self._hall.expect(source, "没抢到的答复", "places_gone", told["outcome"])
            return
        self._told[phone.player_id] = told
        phone.journal.acknowledged(phone.name, source, told["place"])
        phone.journal.acknowledged(phone.name, source, again["place"])
        phone.journal.earns(phone.name, source, POINTS)

    def _count(self) -> None:
        """Check that each place was given once, to the players who were told so."""
        shown = self._hall.phones[0].program.get(self._path)
        (word,) = (item for item in shown["words"] if item["id"] == self._word_id)
        source = f"keyword:{self._word_id}"
        places = sorted(told["place"] for told in self._told.values())
        due = min(self._places, len(self._hall.phones))
        self._hall.expect(source, "名次", list(range(1, due + 1)), places)
        self._hall.expect(source, "命中人数", due, word["taken"])
        hits = {hit["player_id"]: hit["place"] for hit in word["hits"]}
        named = {player: told["place"] for player, told in self._told.items()}
        self._hall.expect(source, "大屏名单", {**named, **hits}, named)
