"""Keys: one for each purpose, derived from `LINKA_SECRET_KEY`. After a change the old key stays
valid for a time."""

import base64
from dataclasses import dataclass, field
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

OLD_ACCEPTED_SECONDS = 24 * 3600
# Texts encrypted with Fernet begin like this.
_SEALED = "gAAAA"


@dataclass(frozen=True)
class Secret:
    """The secrets that keys are derived from: the present one, and the previous one until
    `old_until`.

    `old` is empty when there is none.
    """

    text: str = field(repr=False)
    old: str = field(default="", repr=False)
    old_until: int = 0

    def key(self, purpose: str) -> bytes:
        """Return the key of 32 bytes for a purpose; no key can be computed from another one."""
        return _derived(self.text, purpose)

    def keys(self, purpose: str) -> tuple[bytes, ...]:
        """Return the keys of a purpose with which stored data may be encrypted, the newest first."""
        return tuple(_derived(text, purpose) for text in (self.text, self.old) if text)

    def old_key(self, purpose: str, now: int) -> bytes | None:
        """Return the previous secret's key for a purpose, or None when it is no longer valid."""
        return _derived(self.old, purpose) if self.old and now < self.old_until else None


class TextCipher:
    """Encrypts and decrypts texts of one purpose.

    A copy of the database does not reveal them without the secret. Texts that were encrypted with
    the old secret can be decrypted as long as that is set, so that `rotate` can encrypt them again.
    """

    def __init__(self, secret: Secret, purpose: str) -> None:
        fernets = [Fernet(base64.urlsafe_b64encode(key)) for key in secret.keys(purpose)]
        self._newest = fernets[0]
        self._any = MultiFernet(fernets)

    def encrypt(self, text: str) -> str:
        """Return a text encrypted."""
        return self._newest.encrypt(text.encode()).decode()

    def decrypt(self, encrypted: str) -> str:
        """Return a text decrypted; raises `cryptography.fernet.InvalidToken` for another secret."""
        return self._any.decrypt(encrypted.encode()).decode()

    def is_newest(self, encrypted: str) -> bool:
        """Return whether a text is encrypted with the present secret."""
        try:
            self._newest.decrypt(encrypted.encode())
        except InvalidToken:
            return False
        return True

    def rotate(self, encrypted: str) -> str:
        """Encrypt an encrypted text again with the present secret; raises what `decrypt` raises."""
        return self._any.rotate(encrypted.encode()).decode()


def is_sealed(text: str) -> bool:
    """Return whether a text is encrypted, with whatever secret."""
    return text.startswith(_SEALED)


@lru_cache(64)
def _derived(secret: str, purpose: str) -> bytes:
    """Derive with HKDF (RFC 5869)."""
    return HKDF(SHA256(), 32, salt=None, info=f"linka {purpose}".encode()).derive(secret.encode())
