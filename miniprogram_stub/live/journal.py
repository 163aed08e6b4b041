"""The stub's own record of live games: what was acknowledged, and what each source must bring."""

import json
import threading
from pathlib import Path
from typing import Any, Self


class LiveJournal:
    """Records of an evening, and where a file is given a JSON line each. Safe for all phones.

    A source is what the ledger calls an award, such as `contest:<round>:<player>`.
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
        """Note that something is on its way; what is never heard of may count or not."""
        with self._lock:
            if source not in self._told:
                self._sent.setdefault(phone, set()).add(source)

    def acknowledged(self, phone: str, source: str, told: Any) -> None:
        """Note what the server said; saying something else about the same source contradicts it."""
        with self._lock:
            self._sent.get(phone, set()).discard(source)
            first = self._told.setdefault(source, told)
            if first != told:
                self.contradictions.append((phone, source, f"先说 {first}，后说 {told}"))
            self._write({"phone": phone, "source": source, "told": told})

    def grows(self, phone: str, source: str, count: int, accepted: int) -> None:
        """Note what counts of a cumulative report by now; what has counted never becomes less."""
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
        """Note something that the server says and that cannot be."""
        with self._lock:
            self.contradictions.append((phone, source, text))

    def refused(self, phone: str, source: str, slug: str) -> None:
        """Note that the server refused: it must not count, unless it had been acknowledged."""
        with self._lock:
            self._sent.get(phone, set()).discard(source)
            self._write({"phone": phone, "source": source, "refused": slug})

    def earns(self, phone: str, source: str, points: int) -> None:
        """Note what an acknowledged source must bring, by the stub's own count."""
        with self._lock:
            self._due.setdefault(phone, {})[source] = points

    def doubts(self, phone: str, source: str) -> None:
        """Note that nobody can tell what a source must bring, as with what was never heard of."""
        with self._lock:
            self._sent.setdefault(phone, set()).add(source)

    def learns(self, phone: str, subject: str, fact: Any) -> None:
        """Note what one phone has found out and all may know from now on, as people in a room do.

        Facts do not change: another one about the same subject is a contradiction.
        """
        with self._lock:
            if subject not in self._known:
                self._known[subject] = fact
                self._write({"phone": phone, "subject": subject, "fact": fact})
            elif self._known[subject] != fact:
                text = f"先是 {self._known[subject]}，后是 {fact}"
                self.contradictions.append((phone, subject, text))

    def known(self, subject: str) -> Any:
        """Return what any phone has found out about a subject, None if none has."""
        return self._known.get(subject)

    def told(self, source: str) -> Any:
        """Return what was acknowledged about a source, None if nothing was."""
        return self._told.get(source)

    def due(self, phone: str) -> dict[str, int]:
        """Return {source: points} of what must be in the ledger."""
        with self._lock:
            return dict(self._due.get(phone, {}))

    def contradicted(self) -> list[tuple[str, str]]:
        """Return (phone, sentence) for everything that the server said in two ways."""
        return [(phone, f"{source} {text}") for phone, source, text in self.contradictions]

    def doubtful(self, phone: str) -> set[str]:
        """Return the sources that went out and were never heard of again."""
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
            self._lines.write(json.dumps(line, ensure_ascii=False) + "\n")
            self._lines.flush()
