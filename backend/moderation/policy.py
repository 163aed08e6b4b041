"""What follows from what a check found. Pure."""

from dataclasses import dataclass

PENDING, APPROVED, REJECTED = "pending", "approved", "rejected"
STATUSES = (PENDING, APPROVED, REJECTED)

# What was found. WeChat's own words are taken as they are.
LISTED, CLEAN, PASS, REVIEW, RISKY = "listed", "clean", "pass", "review", "risky"
UNAVAILABLE, PICTURE, BY_HOST = "unavailable", "picture", "host"

# Nothing is lost: what is rejected by itself can still be approved by a host. Nothing that could
# not be checked is shown before a host has looked at it.
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
    """What a check found in a text; `label` is WeChat's number for it, null where it did not say."""

    name: str
    label: int | None = None

    @property
    def status(self) -> str:
        """What becomes of the text."""
        return STATUS_OF[self.name]

    @property
    def reason(self) -> str:
        """Why it was rejected, in words for its author; empty when it was not."""
        return _REASONS.get(self.name, "")


def finding_of(suggest: str, label: int) -> Finding:
    """Return WeChat's opinion as a finding; a word that we do not know is for people to judge."""
    return Finding(suggest if suggest in (PASS, RISKY) else REVIEW, label)
