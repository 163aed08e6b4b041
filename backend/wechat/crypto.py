"""Session keys at rest: encrypted with a key derived from `LINKA_SECRET_KEY`."""

import base64
import hashlib

from cryptography.fernet import Fernet


class Vault:
    """Encrypts and decrypts session keys. A leaked database alone gives nothing away."""

    def __init__(self, secret_key: str) -> None:
        derived = hashlib.sha256(b"linka session keys\0" + secret_key.encode()).digest()
        self._fernet = Fernet(base64.urlsafe_b64encode(derived))

    def seal(self, text: str) -> str:
        """Encrypt."""
        return self._fernet.encrypt(text.encode()).decode()

    def open(self, sealed: str) -> str:
        """Decrypt; raises `cryptography.fernet.InvalidToken` for another secret key."""
        return self._fernet.decrypt(sealed.encode()).decode()
