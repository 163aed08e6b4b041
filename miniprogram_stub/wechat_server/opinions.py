"""WeChat's opinion of a text: to be shown, to be reviewed by a person, or not to be shown."""

import hashlib
from dataclasses import dataclass

from miniprogram_stub.wechat_server import facts


@dataclass(frozen=True)
class Opinion:
    """An opinion; `keyword` is the suspicious part of the text."""

    suggest: str
    label: int
    keyword: str | None = None


def opinion_of(text: str) -> Opinion:
    """Return the strictest opinion about the suspicious parts of a text."""
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
