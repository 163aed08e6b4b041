"""Decides what happens to a text, by the finding of its check. Pure."""

from dataclasses import dataclass

PENDING, APPROVED, REJECTED = "pending", "approved", "rejected"
STATUSES = (PENDING, APPROVED, REJECTED)

# The findings. Those of WeChat have WeChat's names.
LISTED, CLEAN, PASS, REVIEW, RISKY = "listed", "clean", "pass", "review", "risky"
UNAVAILABLE, PICTURE, BY_HOST = "unavailable", "picture", "host"

# A host can still approve a text that was rejected automatically. A text that could not be checked
# is not shown before a host approves it.
STATUS_OF = {
    LISTED: REJECTED,
    CLEAN: APPROVED,
    PASS: APPROVED,
    REVIEW: PENDING,
    RISKY: REJECTED,
    UNAVAILABLE: PENDING,
    PICTURE: PENDING,
    BY_HOST: APPROVED,
}

_REASONS = {
    LISTED: "含有不能展示的词语",
    RISKY: "没有通过微信的内容安全检查",
}


@dataclass(frozen=True)
class Finding:
    """The result of a check of a text; `label` is WeChat's number for it, or null."""

    name: str
    label: int | None = None

    @property
    def status(self) -> str:
        """The status that the text gets."""
        return STATUS_OF[self.name]

    @property
    def reason(self) -> str:
        """The reason of a rejection, for the author; else empty."""
        return _REASONS.get(self.name, "")


def finding_of(suggest: str, label: int) -> Finding:
    """Return WeChat's opinion as a finding; an unknown opinion is left to hosts."""
    return Finding(suggest if suggest in (PASS, RISKY) else REVIEW, label)
