"""Invite codes: a person's one-time proof of who they are, kept only as a digest."""

import hashlib
import hmac

from backend.identity.keys import normal_number


def invite_digest(secret_key: str, number: str, code: str) -> str:
    """Return the hex HMAC-SHA256 of a 工号 and its invite code, as the roster stores it.

    Upper or lower case, full or half width and spaces around either make no difference. A new
    secret key makes every stored digest worthless: import the roster again with its codes.
    """
    said = f"invite\n{normal_number(number)}\n{normal_number(code)}"
    return hmac.new(secret_key.encode(), said.encode(), hashlib.sha256).hexdigest()


def same_digest(stored: str, computed: str) -> bool:
    """Compare two digests in a time that tells nothing about where they differ."""
    return hmac.compare_digest(stored.encode(), computed.encode())
