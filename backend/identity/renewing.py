"""After a change of the secret key: encrypts stored secrets again with the new key."""

from typing import Any, NamedTuple

from cryptography.fernet import InvalidToken

from backend.db import Database
from backend.identity.invites import INVITE_CODES
from backend.identity.logins import SESSION_KEYS
from backend.identity.models import Account, Staff
from backend.keys import Secret, TextCipher, is_sealed

ROWS_AT_ONCE = 500


class Renewal(NamedTuple):
    """How many rows were encrypted again, and how many invite codes and session keys neither the
    present secret nor the old one can decrypt."""

    renewed: int
    lost_codes: int
    lost_session_keys: int


def renew(database: Database, secret: Secret) -> Renewal:
    """Encrypt invite codes and session keys again that are encrypted with the old key.

    May run while people log in and rosters are imported: rows that change meanwhile are not
    overwritten.
    """
    codes, lost_codes = _renew(
        database, Staff.invite_digest, Staff.number, TextCipher(secret, INVITE_CODES)
    )
    sessions, lost = _renew(
        database, Account.session_key, Account.openid, TextCipher(secret, SESSION_KEYS)
    )
    return Renewal(codes + sessions, lost_codes, lost)


def _renew(database: Database, field: Any, name: Any, cipher: TextCipher) -> tuple[int, int]:
    """Encrypt a field of all rows; each transaction changes its rows in the order of their names, as
    logins do, so that the two cannot deadlock.
    """
    model, renewed, lost, last = field.model, 0, 0, 0
    while True:
        rows = list(
            model.select(model.id, name, field)
            .where(model.id > last)
            .order_by(model.id)
            .limit(ROWS_AT_ONCE)
            .tuples()
        )
        database.release()
        if not rows:
            return renewed, lost
        last = rows[-1][0]
        new = []
        for key, named, sealed in rows:
            if is_sealed(sealed) and not cipher.is_newest(sealed):
                try:
                    new.append((named, key, sealed, cipher.rotate(sealed)))
                except InvalidToken:
                    lost += 1
        if new:
            with database.write():
                for _, key, sealed, anew in sorted(new):
                    unchanged = (model.id == key) & (field == sealed)
                    renewed += model.update({field: anew}).where(unchanged).execute()
