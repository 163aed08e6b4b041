"""Messages that are handed on together, encoded once for all who get them."""

from collections.abc import Sequence
from functools import cached_property

from backend.live.feed import Message
from backend.live.frames import frame_of


class Batch:
    """Messages of a channel that were ready at the same moment, the oldest first."""

    def __init__(self, messages: Sequence[Message]) -> None:
        self.messages = messages
        self._is_for_all = all(message.only is None for message in messages)

    def frames_for(self, player_id: int) -> bytes:
        """Return what a player gets of them, as WebSocket frames one after the other."""
        if self._is_for_all:
            return self._frames
        return b"".join(
            frame_of(message)
            for message in self.messages
            if message.only is None or player_id in message.only
        )

    @cached_property
    def _frames(self) -> bytes:
        return b"".join(map(frame_of, self.messages))
