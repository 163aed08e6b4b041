"""Answers the messages of a phone on its socket. The kinds define the messages.

A request is `{"type", "id", "activity_id", "data"}`; it is answered by `ack` or `refusal` with the
same id. Requests are answered one after the other.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import marshmallow as ma
import peewee
import structlog
from redis import RedisError

from backend.clock import to_iso, with_moments
from backend.encoding import decoded
from backend.errors import Invalid, LinkaError, NotFound, Unavailable
from backend.events.play import PhoneMessage, Play, Speaker
from backend.web.messages import by_field

log = structlog.get_logger(__name__)

HEARTBEAT_SECONDS = 25
MAX_MESSAGE_BYTES = 16 * 1024
# The sustained rate of messages per second, and the burst after a pause.
RATE = 100
BURST = 200
MALFORMED_UNTIL_CLOSED = 10
# `look` shows private data, so the player's admission must have been checked within this time.
ADMITTED_SECONDS = 1.0


class Malformed(Invalid):
    """The message is not a JSON object with a known type."""

    slug = "malformed_message"
    zh = "消息格式不正确。"
    en = "The message is malformed."


@dataclass(frozen=True)
class CloseReason:
    """Why a socket is closed."""

    code: int
    reason: str


TICKET_INVALID = CloseReason(4401, "ticket_invalid")
SIGNED_OUT = CloseReason(4401, "signed_out")
NOT_ADMITTED = CloseReason(4403, "not_admitted")
SILENT = CloseReason(4408, "silent")
REPLACED = CloseReason(4409, "replaced")
MALFORMED = CloseReason(4400, "malformed_messages")
AFTER_INVALID = CloseReason(4422, "after_invalid")
FLOODING = CloseReason(4429, "too_many_messages")
MOVING = CloseReason(4307, "moving")
UNAVAILABLE = CloseReason(4503, "unavailable")
FAULT = CloseReason(4500, "internal")
CLOSES = (
    TICKET_INVALID,
    SIGNED_OUT,
    NOT_ADMITTED,
    SILENT,
    REPLACED,
    MALFORMED,
    AFTER_INVALID,
    FLOODING,
    FAULT,
    MOVING,
    UNAVAILABLE,
)


def moving(pause_seconds: float) -> CloseReason:
    """Return the close frame of a socket that has to move; it says how long the phone should wait."""
    return CloseReason(MOVING.code, f"{MOVING.reason} retry_after={pause_seconds:.1f}")


_DATABASE_AWAY = (peewee.OperationalError, peewee.InterfaceError, peewee.InternalError)


class MessageSender(Protocol):
    """Sends messages to one phone."""

    def say(self, kind: str, data: Any, **more: Any) -> None:
        """Send a message."""


class MessageAllowance:
    """How many messages a phone may still send: a token bucket."""

    def __init__(self) -> None:
        self._left = float(BURST)
        self.spent_at = time.monotonic()

    def spend(self) -> bool:
        """Take one token; returns whether there was one."""
        now = time.monotonic()
        self._left = min(BURST, self._left + (now - self.spent_at) * RATE)
        self.spent_at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True


class Connection(Protocol):
    """The part of a connection that a conversation needs."""

    @property
    def speaker(self) -> Speaker:
        """The player whose phone it is."""

    def now(self) -> int:
        """Return the present moment in ms."""

    def kind_of(self, activity_id: int) -> str | None:
        """Return the kind of an activity of the player's event, None for any other activity."""

    def check_admission(self) -> CloseReason | None:
        """Return why the player is no longer admitted, None while they are."""

    def keep_alive(self) -> CloseReason | None:
        """Note a sign of life; returns why the socket must be closed, if it must."""

    def readable(self, answer: dict[str, Any]) -> Any:
        """Return an answer as the player may read it."""


class Conversation:
    """Answers the messages of one player's phone, in the language of the person."""

    def __init__(self, connection: Connection, plays: Mapping[str, Play], language: str) -> None:
        self._connection = connection
        self._plays = plays
        self._language = language
        self._admitted_at = time.monotonic()
        self._allowance = MessageAllowance()
        self._malformed = 0
        self.ended: CloseReason | None = None

    @property
    def heard_at(self) -> float:
        """When the last message came, or the conversation began, in seconds of `time.monotonic`."""
        return self._allowance.spent_at

    def hear(self, text: str | bytes, line: MessageSender) -> CloseReason | None:
        """Answer one message; returns why the socket must be closed, if it must."""
        if self.ended:
            return self.ended
        if not self._allowance.spend():
            return FLOODING
        asked: Any = None
        try:
            asked = _read(text)
            if asked["type"] == "ping":
                return self._ping(asked, line)
            # Other messages check in their own transaction whether the player still has the seat.
            if asked["type"] == "look" and self._is_admission_old() and self.look_again():
                return self.ended
            answer = with_moments(self._answer(asked))
            line.say("ack", self._connection.readable(answer), id=_id_of(asked))
        except Malformed as error:
            self._malformed += 1
            line.say("refusal", self._refusal(error), id=_id_of(asked))
            return MALFORMED if self._malformed >= MALFORMED_UNTIL_CLOSED else None
        except LinkaError as error:
            if error.status in (403, 429):
                log.info(
                    "refused",
                    error=error.slug,
                    status=error.status,
                    type=asked["type"],
                    player_id=self._connection.speaker.player_id,
                )
            line.say("refusal", self._refusal(error), id=_id_of(asked))
        except (RedisError, *_DATABASE_AWAY) as error:
            log.error("socket_request_failed", type=asked["type"], error=str(error))
            line.say("refusal", self._refusal(Unavailable(retry_after_seconds=1)), id=_id_of(asked))
        return None

    def look_again(self) -> CloseReason | None:
        """Check whether the player is still admitted; if not, no further message is answered.

        Returns why the socket must be closed, if it must.
        """
        self.ended = self.ended or self._connection.check_admission()
        self._admitted_at = time.monotonic()
        return self.ended

    def _is_admission_old(self) -> bool:
        return time.monotonic() - self._admitted_at > ADMITTED_SECONDS

    def _ping(self, asked: dict[str, Any], line: MessageSender) -> CloseReason | None:
        close = self.look_again() or self._connection.keep_alive()
        if close:
            return close
        line.say("pong", {"server_time": to_iso(self._connection.now())}, id=_id_of(asked))
        return None

    def _answer(self, asked: dict[str, Any]) -> dict[str, Any]:
        activity_id = asked.get("activity_id")
        if isinstance(activity_id, bool) or not isinstance(activity_id, int):
            raise Malformed
        kind = self._connection.kind_of(activity_id)
        if kind is None or kind not in self._plays:
            raise NotFound
        speaker, now = self._connection.speaker, self._connection.now()
        if asked["type"] == "look":
            return self._plays[kind].own(activity_id, speaker.player_id, now) or {}
        message = self._message(kind, asked["type"])
        try:
            data = message.schema.load(asked.get("data") or {})
        except ma.ValidationError as error:
            raise Invalid(fields=by_field(error.messages_dict)) from None
        return message.hear(speaker, activity_id, data, now)

    def _message(self, kind: str, said: str) -> PhoneMessage:
        message = self._plays[kind].messages.get(said)
        if message is None:
            raise Malformed
        return message

    def _refusal(self, error: LinkaError) -> dict[str, Any]:
        body = error.body(self._language)
        if error.retry_after_seconds is not None:
            body["retry_after_seconds"] = error.retry_after_seconds
        return body


def _read(text: str | bytes) -> dict[str, Any]:
    """Read a message; raises `Malformed`."""
    if not isinstance(text, str):
        raise Malformed
    try:
        asked = decoded(text)
    except ValueError:
        raise Malformed from None
    if not isinstance(asked, dict) or not isinstance(asked.get("type"), str):
        raise Malformed
    if not isinstance(asked.get("data", {}), dict):
        raise Malformed
    return asked


def _id_of(asked: Any) -> Any:
    """Return the id of a request, if it is one that may be sent back."""
    number = asked.get("id") if isinstance(asked, dict) else None
    return number if isinstance(number, (int, str)) else None
