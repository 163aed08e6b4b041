"""Keys: one for each purpose, derived from `LINKA_SECRET_KEY`; after a change the old one serves on."""

import base64
from dataclasses import dataclass, field
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

OLD_ACCEPTED_SECONDS = 24 * 3600


@dataclass(frozen=True)
class Secret:
    """What keys are derived from: the secret in force, and the one before it until `old_until`.

    `old` is empty when there is none.
    """

    text: str = field(repr=False)
    old: str = field(default="", repr=False)
    old_until: int = 0

    def key(self, purpose: str) -> bytes:
        """Return the 32 bytes for a purpose; they tell nothing about those for another."""
        return _derived(self.text, purpose)

    def keys(self, purpose: str) -> tuple[bytes, ...]:
        """Return the keys for a purpose that what is stored may rest on, the newest first."""
        return tuple(_derived(text, purpose) for text in (self.text, self.old) if text)

    def old_key(self, purpose: str, now: int) -> bytes | None:
        """Return the old secret's key for a purpose, None when what it signed is no longer good."""
        return _derived(self.old, purpose) if self.old and now < self.old_until else None


class Vault:
    """Encrypts and decrypts texts of one purpose. A leaked database alone gives nothing away.

    What the old secret sealed is opened as long as it is set, for `renew` to seal it anew.
    """

    def __init__(self, secret: Secret, purpose: str) -> None:
        fernets = [Fernet(base64.urlsafe_b64encode(key)) for key in secret.keys(purpose)]
        self._newest = fernets[0]
        self._any = MultiFernet(fernets)

    def seal(self, text: str) -> str:
        """Encrypt."""
        return self._newest.encrypt(text.encode()).decode()

    def open(self, sealed: str) -> str:
        """Decrypt; raises `cryptography.fernet.InvalidToken` for another secret."""
        return self._any.decrypt(sealed.encode()).decode()

    def is_newest(self, sealed: str) -> bool:
        """Say whether the secret in force sealed a text."""
        try:
            self._newest.decrypt(sealed.encode())
        except InvalidToken:
            return False
        return True

    def renew(self, sealed: str) -> str:
        """Return a sealed text sealed with the secret in force; raises as `open` does."""
        return self._any.rotate(sealed.encode()).decode()


@lru_cache(64)
def _derived(secret: str, purpose: str) -> bytes:
    """Derive with HKDF (RFC 5869)."""
    return HKDF(SHA256(), 32, salt=None, info=f"linka {purpose}".encode()).derive(secret.encode())
