"""Invite codes: a person's one-time proof of who they are, kept only as an encrypted digest."""

import hashlib
import hmac

from cryptography.fernet import InvalidToken

from backend.identity.keys import normal_number
from backend.keys import Secret, Vault

# What codes are encrypted for, see `backend.keys`.
INVITE_CODES = "invite codes"
# How Fernet's texts begin; digests from before were bare hexadecimal digits.
_SEALED = "gAAAA"


class InviteCodes:
    """Stores and compares invite codes.

    Upper or lower case, full or half width and spaces around a code make no difference.
    """

    def __init__(self, secret: Secret) -> None:
        self._secret = secret
        self._vault = Vault(secret, INVITE_CODES)

    def seal(self, number: str, code: str) -> str:
        """Return what the roster stores of a code."""
        return self._vault.seal(hashlib.sha256(_said(number, code)).hexdigest())

    def fits(self, stored: str, number: str, code: str) -> bool:
        """Say whether a code is the one that is stored, in a time that tells nothing about it.

        What another secret sealed fits no code.
        """
        said = _said(number, code)
        try:
            known = self._vault.open(stored)
        except InvalidToken:
            return any(
                hmac.compare_digest(stored, hmac.digest(key.encode(), said, "sha256").hex())
                for key in (self._secret.text, self._secret.old)
                if key
            )
        return hmac.compare_digest(known, hashlib.sha256(said).hexdigest())

    def is_current(self, stored: str) -> bool:
        """Say whether a stored code is sealed; before there was a seal it was only digested."""
        return stored.startswith(_SEALED)


def _said(number: str, code: str) -> bytes:
    return f"invite\n{normal_number(number)}\n{normal_number(code)}".encode()
