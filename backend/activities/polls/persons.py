"""Decides which accounts count as one person in a poll.

A person is stored by account, and staff also by the row of the roster. Where guests may vote, the
account's unionid is a third name: it is the same for a person in all mini programs and official
accounts of one owner, so that a second account of the person is recognised. It is stored as a hash
under the secret key, different in each poll.
"""

import hashlib
import hmac

from backend.activities.polls.models import Poll
from backend.events.models import Activity, Player
from backend.identity.models import Account
from backend.keys import Secret

_DIGEST_LENGTH = 32


class Persons:
    """Names people as voters.

    After a change of the secret key a person has names under both keys, see `backend.keys`.
    """

    def __init__(self, secret: Secret) -> None:
        self._keys = secret.keys("poll voters")

    def names(
        self, poll: Poll, account_id: int, staff_id: int | None, unionid: str | None
    ) -> list[str]:
        """Return all names of a person; two voters with a common name are the same person."""
        found = [f"a{account_id}"]
        if staff_id is not None:
            found.append(f"s{staff_id}")
        if unionid and poll.guests_allowed:
            said = f"poll-voter\n{poll.id}\n{unionid}"
            for key in self._keys:
                digest = hmac.digest(key, said.encode(), hashlib.sha256).hex()
                found.append(f"u{digest[:_DIGEST_LENGTH]}")
        return found

    def names_of(self, poll: Poll, player: Player) -> list[str]:
        """Return all names of a player."""
        unionid = None
        if poll.guests_allowed:
            account = Account.get_or_none(Account.id == player.account_id)
            unionid = account.unionid if account else None
        return self.names(poll, player.account_id, player.staff_id, unionid)


def all_known(poll: Poll) -> bool:
    """Return whether a person's second account would be noticed. For staff the roster is enough; if
    guests may vote, all accounts of the event must have a unionid."""
    if not poll.guests_allowed:
        return True
    unknown = (
        Player.select(Player.id)
        .join(Account, on=(Account.id == Player.account_id))
        .join(Activity, on=(Activity.event == Player.event))
        .where(Activity.id == poll.activity_id, Account.unionid.is_null())
    )
    return not unknown.exists()
