"""After a change of the secret key: encrypts stored secrets again with the new key."""

from typing import Any

from cryptography.fernet import InvalidToken

from backend.db import Database
from backend.identity.invites import INVITE_CODES
from backend.identity.logins import SESSION_KEYS
from backend.identity.models import Account, Staff
from backend.keys import Secret, TextCipher

ROWS_AT_ONCE = 500


def renew(database: Database, secret: Secret) -> int:
    """Encrypt invite codes and session keys again that are encrypted with the old key; returns
    their number.

    May run while people log in and rosters are imported: rows that change meanwhile are not
    overwritten.
    """
    if not secret.old:
        return 0
    return _renew(database, Staff.invite_digest, TextCipher(secret, INVITE_CODES)) + _renew(
        database, Account.session_key, TextCipher(secret, SESSION_KEYS)
    )


def _renew(database: Database, field: Any, cipher: TextCipher) -> int:
    model, renewed, last = field.model, 0, 0
    while True:
        rows = list(
            model.select(model.id, field)
            .where(model.id > last)
            .order_by(model.id)
            .limit(ROWS_AT_ONCE)
            .tuples()
        )
        database.release()
        if not rows:
            return renewed
        last = rows[-1][0]
        new = {key: (sealed, anew) for key, sealed in rows if (anew := _anew(cipher, sealed))}
        if new:
            with database.write():
                for key, (sealed, anew) in new.items():
                    unchanged = (model.id == key) & (field == sealed)
                    renewed += model.update({field: anew}).where(unchanged).execute()


def _anew(cipher: TextCipher, sealed: str) -> str | None:
    """Return a text encrypted again; None if that is not needed, or if no key can decrypt it."""
    if cipher.is_newest(sealed):
        return None
    try:
        return cipher.rotate(sealed)
    except InvalidToken:
        return None
