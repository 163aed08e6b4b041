"""Hall codes: six digits on the screen that change every minute, and that ballots of some polls
must carry.

A code is computed from the poll's salt and the minute, so all processes get the same code. Pure.
"""

import hashlib
import hmac
import secrets

from backend.visible import half_width

DIGITS = 6
MINUTE_MS = 60_000


def new_salt() -> str:
    """Return a random salt."""
    return secrets.token_hex(16)


def code_at(salt: str, now: int) -> str:
    """Return the code of a moment."""
    minute = (now // MINUTE_MS).to_bytes(8, "big")
    digest = hmac.digest(bytes.fromhex(salt), minute, hashlib.sha256)
    return str(int.from_bytes(digest[:8], "big") % 10**DIGITS).zfill(DIGITS)


def changes_at(now: int) -> int:
    """Return the moment of the next code."""
    return (now // MINUTE_MS + 1) * MINUTE_MS


def is_right(salt: str, code: str | None, now: int) -> bool:
    """Return whether a text is the code of this minute or of the one before, with or without
    spaces."""
    read = "".join(half_width(code or "").split())
    return read in (code_at(salt, now), code_at(salt, now - MINUTE_MS))
