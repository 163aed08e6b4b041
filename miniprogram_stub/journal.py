"""The stub's record of what the server acknowledged, written before the phone continues.

The recount compares it with the ledger.
"""

import json
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

# What the first answer to an own open question can never be refused with.
UNFAIR_REFUSALS = ("already_answered", "not_your_question", "bad_choice")


@dataclass(frozen=True, slots=True)
class Record:
    """One acknowledged answer. Treasure points are not part of `points`.

    `corrected` if a host has voided or re-keyed the question: the points are the present ones. Not
    `counted` if it was given out of competition: it must not be in the ledger.
    """

    phone: str
    dig_id: int
    choice: tuple[str, ...]
    verdict: str
    points: int
    treasure_points: int
    corrected: bool = False
    counted: bool = True


class Journal:
    """Records of an evening, in memory and, if a file is given, as JSON lines.

    Safe for all phones at once. An answer is `sent` before it goes out and then either
    `acknowledged` or `refused`; what is neither at the end may be in the ledger or not.
    """

    def __init__(self, file: Path | None = None) -> None:
        self._lock = threading.Lock()
        self._lines = file.open("a", encoding="utf-8") if file else None
        self._records: dict[int, Record] = {}
        self._sent: dict[int, str] = {}
        self.contradictions: list[tuple[str, int, str]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        if self._lines:
            self._lines.close()

    def sent(self, phone: str, dig_id: int) -> None:
        """Note that an answer is being sent."""
        with self._lock:
            self._sent[dig_id] = phone

    def acknowledged(self, record: Record) -> None:
        """Note the server's answer; another answer about the same dig is a contradiction, unless a
        host corrected the question meanwhile."""
        with self._lock:
            self._sent.pop(record.dig_id, None)
            first = self._records.setdefault(record.dig_id, record)
            if first != record and not record.corrected:
                text = f"先说 {first.verdict} {first.points} 分，后说 {record.verdict} {record.points} 分"
                self.contradictions.append((record.phone, record.dig_id, text))
            self._write(asdict(record))

    def refused(self, phone: str, dig_id: int, slug: str) -> None:
        """Note that the server refused an answer: it must not count."""
        with self._lock:
            self._sent.pop(dig_id, None)
            if slug in UNFAIR_REFUSALS:
                self.contradictions.append((phone, dig_id, f"自己的第一个答案被拒绝：{slug}"))
            self._write({"phone": phone, "dig_id": dig_id, "refused": slug})

    def records(self, phone: str) -> list[Record]:
        """Return what was acknowledged to a phone."""
        with self._lock:
            return [record for record in self._records.values() if record.phone == phone]

    def unconfirmed(self, phone: str) -> set[int]:
        """Return the digs whose answer was sent and neither acknowledged nor refused."""
        with self._lock:
            return {dig_id for dig_id, sender in self._sent.items() if sender == phone}

    def due(self, phone: str) -> dict[str, int]:
        """Return {source: points} of what was acknowledged to a phone, as the ledger names it."""
        found = {}
        for record in self.records(phone):
            if not record.corrected and record.counted:
                found[f"dig:{record.dig_id}"] = record.points
            if record.treasure_points and record.counted:
                found[f"treasure:{record.dig_id}"] = record.treasure_points
        return found

    def contradicted(self) -> list[tuple[str, str]]:
        """Return (phone, sentence) for each contradiction of the server."""
        return [(phone, f"dig:{dig_id} {text}") for phone, dig_id, text in self.contradictions]

    def doubtful(self, phone: str) -> set[str]:
        """Return the sources that may be in the ledger or not, or with other points."""
        unheard = self.unconfirmed(phone)
        found = {f"{kind}:{dig_id}" for dig_id in unheard for kind in ("dig", "treasure")}
        corrected = [one for one in self.records(phone) if one.corrected and one.counted]
        return found | {f"dig:{one.dig_id}" for one in corrected}

    def __len__(self) -> int:
        return len(self._records)

    def _write(self, line: dict[str, Any]) -> None:
        if self._lines:
            stamped = {"at": time.time(), **line}
            self._lines.write(json.dumps(stamped, ensure_ascii=False) + "\n")
            self._lines.flush()
