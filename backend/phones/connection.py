"""A phone's connection: its player, whether the player is still admitted, and what they may read."""

from dataclasses import dataclass
from typing import Any

from backend.clock import Clock
from backend.db import Database
from backend.errors import SignedOut
from backend.events.callers import read_caller
from backend.events.models import Activity
from backend.events.names import masked_for_guests
from backend.events.play import Speaker, speaker_of
from backend.live.presence import Presence
from backend.live.tickets import Ticket
from backend.phones.conversation import NOT_ADMITTED, REPLACED, SIGNED_OUT, CloseReason

_KINDS_KEPT = 4096


class ActivityKinds:
    """A cache of the kinds of activities, which never change."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, int], str] = {}

    def kind_of(self, event_id: int, activity_id: int) -> str | None:
        """Return the kind of an event's activity, None where it has no such activity."""
        known = self._known.get((event_id, activity_id))
        return known or self._read(event_id, activity_id)

    def _read(self, event_id: int, activity_id: int) -> str | None:
        if not 0 < activity_id < 2**53:
            return None
        found = Activity.get_or_none(Activity.id == activity_id, Activity.event == event_id)
        if found is None:
            return None
        if len(self._known) >= _KINDS_KEPT:
            self._known.clear()
        self._known[event_id, activity_id] = found.kind
        return str(found.kind)


def admitted(database: Database, ticket: Ticket) -> Speaker | None:
    """Return the player whose ticket it is, None without a seat; raises `SignedOut`."""
    caller = read_caller(database, ticket.event_id, ticket.account_id, ticket.token_version)
    if caller.player is None or caller.player.status != "active" or not caller.is_settled:
        return None
    return speaker_of(caller.player)


@dataclass(frozen=True)
class PhoneConnection:
    """An open socket of a player; `id` names it in the presence list."""

    id: str
    speaker: Speaker
    ticket: Ticket
    database: Database
    presence: Presence
    activity_kinds: ActivityKinds
    clock: Clock

    def now(self) -> int:
        """Return the present moment in ms."""
        return self.clock.now()

    def kind_of(self, activity_id: int) -> str | None:
        """Return the kind of an activity of the player's event, None for any other activity."""
        return self.activity_kinds.kind_of(self.speaker.event_id, activity_id)

    def check_admission(self) -> CloseReason | None:
        """Return why the player is no longer admitted, None while they are.

        A player with a new seat, or who has been bound, must open another socket.
        """
        try:
            speaker = admitted(self.database, self.ticket)
        except SignedOut:
            return SIGNED_OUT
        return None if speaker == self.speaker else NOT_ADMITTED

    def keep_alive(self) -> CloseReason | None:
        """Note a sign of life; returns a reason to close the socket if newer ones have replaced it."""
        event_id, player_id = self.speaker.event_id, self.speaker.player_id
        lost = self.presence.enter(event_id, player_id, self.id, self.now(), opens=False)
        return REPLACED if lost else None

    def readable(self, answer: dict[str, Any]) -> Any:
        """Return an answer as the player may read it: guests read masked names."""
        if self.speaker.is_staff:
            return answer
        return masked_for_guests(self.database, self.speaker.event_id, answer)
