"""The stub's record of live games: what was acknowledged, and the points that each source must
earn."""

import json
import threading
import time
from pathlib import Path
from typing import Any, Self


class LiveJournal:
    """Records of an evening, also as JSON lines if a file is given. Thread-safe.

    A source is the ledger's name of an award, such as `contest:<round>:<player>`.
    """

    def __init__(self, file: Path | None = None) -> None:
        self._lock = threading.Lock()
        self._lines = file.open("a", encoding="utf-8") if file else None
        self._told: dict[str, Any] = {}
        self._due: dict[str, dict[str, int]] = {}
        self._sent: dict[str, set[str]] = {}
        self._known: dict[str, Any] = {}
        self.contradictions: list[tuple[str, str, str]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def sent(self, phone: str, source: str) -> None:
        """Note that something is being sent; without an answer it may or may not count."""
        with self._lock:
            if source not in self._told:
                self._sent.setdefault(phone, set()).add(source)

    def acknowledged(self, phone: str, source: str, told: Any) -> None:
        """Note the server's answer; another answer about the same source is a contradiction."""
        with self._lock:
            self._sent.get(phone, set()).discard(source)
            first = self._told.setdefault(source, told)
            if first != told:
                self.contradictions.append((phone, source, f"先说 {first}，后说 {told}"))
            self._write({"phone": phone, "source": source, "told": told})

    def grows(self, phone: str, source: str, count: int, accepted: int) -> None:
        """Note the accepted count of a cumulative report, which must never decrease."""
        with self._lock:
            self._sent.get(phone, set()).discard(source)
            told = self._told.setdefault(source, {"count": count, "accepted": accepted})
            if count >= told["count"] and accepted < told["accepted"]:
                text = f"{told['count']} 次算 {told['accepted']}，{count} 次却只算 {accepted}"
                self.contradictions.append((phone, source, text))
            told["count"] = max(told["count"], count)
            told["accepted"] = max(told["accepted"], accepted)
            self._write({"phone": phone, "source": source, "count": count, "accepted": accepted})

    def contradicts(self, phone: str, source: str, text: str) -> None:
        """Note an impossible answer of the server."""
        with self._lock:
            self.contradictions.append((phone, source, text))

    def refused(self, phone: str, source: str, slug: str) -> None:
        """Note a refusal: the source must not count, unless it was acknowledged before."""
        with self._lock:
            self._sent.get(phone, set()).discard(source)
            self._write({"phone": phone, "source": source, "refused": slug})

    def earns(self, phone: str, source: str, points: int) -> None:
        """Note the points that an acknowledged source must earn, by the stub's own count."""
        with self._lock:
            self._due.setdefault(phone, {})[source] = points
            self._write({"phone": phone, "source": source, "points": points})

    def doubts(self, phone: str, source: str) -> None:
        """Note that the points of a source are unknown, as for one without an answer."""
        with self._lock:
            self._sent.setdefault(phone, set()).add(source)

    def learns(self, phone: str, subject: str, fact: Any) -> None:
        """Note a fact that one phone has found out, for all phones.

        Facts do not change: another value for the same subject is a contradiction.
        """
        with self._lock:
            if subject not in self._known:
                self._known[subject] = fact
                self._write({"phone": phone, "subject": subject, "fact": fact})
            elif self._known[subject] != fact:
                text = f"先是 {self._known[subject]}，后是 {fact}"
                self.contradictions.append((phone, subject, text))

    def known(self, subject: str) -> Any:
        """Return the fact about a subject, None if no phone has found it out."""
        return self._known.get(subject)

    def came_back(self, phone: str, seconds: float) -> None:
        """Note that a phone has a socket again, so long after it lost one."""
        with self._lock:
            self._write({"phone": phone, "socket_back_seconds": seconds})

    def told(self, source: str) -> Any:
        """Return what was acknowledged about a source, None if nothing was."""
        return self._told.get(source)

    def due(self, phone: str) -> dict[str, int]:
        """Return {source: points} of what must be in the ledger."""
        with self._lock:
            return dict(self._due.get(phone, {}))

    def contradicted(self) -> list[tuple[str, str]]:
        """Return (phone, sentence) for each contradiction of the server."""
        return [(phone, f"{source} {text}") for phone, source, text in self.contradictions]

    def doubtful(self, phone: str) -> set[str]:
        """Return the sources that were sent and neither acknowledged nor refused."""
        with self._lock:
            return set(self._sent.get(phone, set()))

    def __len__(self) -> int:
        return len(self._told)

    def close(self) -> None:
        """Close the file."""
        if self._lines:
            self._lines.close()

    def _write(self, line: dict[str, Any]) -> None:
        if self._lines:
            stamped = {"at": time.time(), **line}
            self._lines.write(json.dumps(stamped, ensure_ascii=False) + "\n")
            self._lines.flush()
