"""Draws prizes, and verifies each draw by the published rule."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

from miniprogram_stub.anniversary.hall import Hall
from miniprogram_stub.anniversary.phone import AnniversaryPhone
from miniprogram_stub.program import Refused

PRIZES = (("一等奖·酥油茶具", 1), ("二等奖·保温杯", 3))
HALL_WORD = "扎西德勒"


class RaffleRun:
    """Two prizes; of those drawn for the second one winner does not come when called."""

    def __init__(self, hall: Hall) -> None:
        self._hall = hall
        self._path = hall.path("raffle")
        self._proofs: list[dict[str, Any]] = []
        self._tags: dict[int, dict[int, str]] = {}
        self._won: dict[int, str] = {}

    def run(self) -> list[dict[str, Any]]:
        """Draw all prizes, hand them over, and return the records that anybody can verify."""
        for title, count in PRIZES:
            self._draw(title, count)
        self._hall.everybody("领奖", self._fetch)
        left = self._hall.host.get(f"{self._path}/winners", unclaimed="true")
        self._hall.expect("raffle", "未领取的奖品", [], [pick["name"] for pick in left])
        return self._proofs

    def _draw(self, title: str, count: int) -> None:
        hall, host = self._hall, self._hall.host
        prize = host.post(f"{self._path}/prizes", {"title": title, "stock": count})
        number = len(host.get(self._path)["draws"]) + 1
        wish = {"prize_id": prize["id"], "count": count, "number": number}
        try:
            committed = host.post(f"{self._path}/draws", wish)
        except Refused as refusal:
            # Nobody wins twice, so with few players all of them may have won.
            if refusal.slug != "pool_empty":
                raise
            hall.expect(f"raffle:{number}", "已中奖的人", len(hall.phones), len(self._won))
            return
        self._tags[number] = {}
        hall.everybody(f"核对奖池 · {title}", lambda phone: self._find_oneself(phone, number))
        path = f"{self._path}/draws/{committed['id']}"
        # Winners are drawn one by one; the hall's word is set with the first.
        for upto in range(1, count + 1):
            drawn = host.post(f"{path}/draw", {"upto": upto, "word": HALL_WORD})
        missing = 1 if count > 1 else 0
        for pick in drawn["picks"][:missing]:
            drawn = self._miss(f"{path}/picks/{pick['id']}")
        host.post(f"{path}/reveal")
        proof = host.get(path)
        self._proofs.append(proof)
        source = f"raffle:{number}"
        hall.expect(source, "承诺", committed["commitment"], proof["commitment"])
        hall.expect(source, "口令", HALL_WORD, proof["word"])
        due = min(count, len(proof["pool"]) - missing)
        self._count(source, proof, drawn["picks"], self._tags[number], due)

    def _miss(self, path: str) -> dict[str, Any]:
        """Call a winner who does not come, wait, and mark them as absent; a rehearsal waits five
        seconds."""
        host = self._hall.host
        called = host.post(f"{path}/call")
        self._hall.wait(called["waiting_seconds"])
        return host.post(f"{path}/absent")

    def _find_oneself(self, phone: AnniversaryPhone, number: int) -> None:
        entry = phone.program.get(self._path)["own"]["entry"]
        if entry and entry["draw"] == number:
            self._tags[number][entry["number"]] = entry["tag"]

    def _count(
        self,
        source: str,
        proof: Mapping[str, Any],
        picks: list[dict[str, Any]],
        tags: Mapping[int, str],
        due: int,
    ) -> None:
        """Check that everybody who was present is in the pool, and that the rule gives the same
        winners."""
        expect = self._hall.expect
        pool = {row["number"]: row["tag"] for row in proof["pool"]}
        expect(source, "奖池标记", tags, {number: pool.get(number) for number in tags})
        expect(source, "承诺的内容", proof["commitment"], commitment(proof))
        numbers = [pick["number"] for pick in proof["picks"]]
        expect(source, "中奖顺序", order(proof)[: len(numbers)], numbers)
        winners = [pick for pick in picks if pick["status"] == "won"]
        # Absent people cannot win this prize again; a small pool gives fewer winners.
        expect(source, "中奖人数", due, len(winners))
        for pick in winners:
            expect(source, "此前中过的奖", None, self._won.get(pick["player_id"]))
            self._won[pick["player_id"]] = pick["prize"]

    def _fetch(self, phone: AnniversaryPhone) -> None:
        """Winners show their code to the host, who hands each prize over once."""
        wins = phone.program.get(self._path)["own"]["wins"]
        due = [self._won[phone.player_id]] if phone.player_id in self._won else []
        self._hall.expect(f"raffle:{phone.name}", "奖品", due, [win["prize"] for win in wins])
        for win in wins:
            for _ in range(2):
                signed = self._hall.host.post(f"{self._path}/handovers", {"code": win["code"]})
                self._hall.expect(f"raffle:{phone.name}", "领取", win["prize"], signed["prize"])


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def commitment(proof: Mapping[str, Any]) -> str:
    """Return what had to be shown before a draw, from its record; the rule is in `docs/api.md`."""
    pool = [[row["number"], row["tag"], row["name"]] for row in proof["pool"]]
    names = ("format", "activity", "draw", "prize", "count", "waiting_seconds")
    facts = [proof[name] for name in names]
    digest = hashlib.sha256(_json(pool)).hexdigest()
    return hashlib.sha256(_json([*facts, digest, proof["seed"]])).hexdigest()


def order(proof: Mapping[str, Any]) -> list[int]:
    """Return the numbers of the pool in the order in which the rule picks them."""
    spoken = _json([proof["commitment"], proof["word"] or ""])
    key = hmac.digest(bytes.fromhex(proof["seed"]), spoken, "sha256")
    counter = 0
    block = b""
    left = list(range(1, len(proof["pool"]) + 1))
    for place in range(len(left)):
        size = len(left) - place
        while True:
            if not block:
                block = hmac.digest(key, counter.to_bytes(8, "big"), "sha256")
                counter += 1
            number, block = int.from_bytes(block[:8], "big"), block[8:]
            if number < 2**64 - 2**64 % size:
                break
        other = place + number % size
        left[place], left[other] = left[other], left[place]
    return left
