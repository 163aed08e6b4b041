"""Invite codes, with which people prove once who they are; only an encrypted digest is stored."""

import hashlib
import hmac

from cryptography.fernet import InvalidToken

from backend.identity.keys import normal_number
from backend.keys import Secret, TextCipher, is_sealed

# The purpose of the key, see `backend.keys`.
INVITE_CODES = "invite codes"


class InviteCodes:
    """Stores and compares invite codes.

    Upper or lower case, full or half width and spaces around a code make no difference.
    """

    def __init__(self, secret: Secret) -> None:
        self._secret = secret
        self._cipher = TextCipher(secret, INVITE_CODES)

    def seal(self, number: str, code: str) -> str:
        """Return what the roster stores of a code."""
        return self._cipher.encrypt(hashlib.sha256(_said(number, code)).hexdigest())

    def fits(self, stored: str, number: str, code: str) -> bool:
        """Return whether a code is the stored one, in constant time.

        A digest encrypted with another secret fits no code.
        """
        said = _said(number, code)
        try:
            known = self._cipher.decrypt(stored)
        except InvalidToken:
            return any(
                hmac.compare_digest(stored, hmac.digest(key.encode(), said, "sha256").hex())
                for key in (self._secret.text, self._secret.old)
                if key
            )
        return hmac.compare_digest(known, hashlib.sha256(said).hexdigest())

    def is_current(self, stored: str) -> bool:
        """Return whether a stored digest is encrypted; earlier versions did not encrypt it."""
        return is_sealed(stored)


def _said(number: str, code: str) -> bytes:
    return f"invite\n{normal_number(number)}\n{normal_number(code)}".encode()
