"""What WeChat thinks of a text: fine, to be looked at by a person, or not to be shown."""

import hashlib
from dataclasses import dataclass

from miniprogram_stub.wechat_server import facts


@dataclass(frozen=True)
class Opinion:
    """One opinion; `keyword` is what the text was found suspicious for."""

    suggest: str
    label: int
    keyword: str | None = None


def opinion_of(text: str) -> Opinion:
    """The strictest opinion that any suspicious part of the text earns it."""
    found = [
        Opinion(suggest, label, part)
        for part, (suggest, label) in facts.SUSPICIOUS_TEXTS.items()
        if part in text
    ]
    found.sort(key=lambda opinion: opinion.suggest != facts.RISKY)
    return found[0] if found else Opinion(facts.PASS, facts.CLEAN_LABEL)


def trace_id_of(*parts: object) -> str:
    """The id of a check: the same for the same call, in the shape of WeChat's."""
    digest = hashlib.sha256(repr(parts).encode()).hexdigest()
    return f"{digest[:8]}-{digest[8:16]}-{digest[16:24]}"
