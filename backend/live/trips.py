"""Batches concurrent script calls into one round trip to Redis, see `backend.gathering`."""

from collections.abc import Iterable, Sequence
from typing import Any

from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.commands.core import Script
from redis.exceptions import NoScriptError, ResponseError
from redis.retry import Retry

from backend.gathering import Gathering

# A connection that was idle may have been closed meanwhile.
_TWICE = Retry(NoBackoff(), 1)

Command = tuple[Any, ...]
Call = tuple[Script, Command]


class Trips:
    """Runs scripts on its own connection, one round trip at a time. Identical calls in a round trip
    are made once, and an interrupted round trip is made again, so the scripts must be idempotent.
    """

    def __init__(self, redis: Redis) -> None:
        self._pool = redis.connection_pool
        self._connection: Any = None
        self._gathering: Gathering[Sequence[Call], list[Any]] = Gathering(self._travel)

    def run(self, script: Script, key: str, arguments: Iterable[Any]) -> Any:
        """Run a script and return its reply; raises `RedisError`."""
        return self.run_all([(script, key, arguments)])[0]

    def run_all(self, wanted: Sequence[tuple[Script, str, Iterable[Any]]]) -> list[Any]:
        """Run scripts on one trip and return their replies; raises `RedisError` if one fails."""
        return self._gathering.do(
            [
                (script, ("EVALSHA", script.sha, 1, key, *arguments))
                for script, key, arguments in wanted
            ]
        )

    def _travel(self, wanted: Sequence[Sequence[Call]]) -> list[list[Any] | Exception]:
        scripts = {command: script for calls in wanted for script, command in calls}
        if self._connection is None:
            self._connection = self._pool.get_connection()
        connection = self._connection
        try:
            replies = _TWICE.call_with_retry(
                lambda: _exchange_scripts(connection, scripts), lambda _: connection.disconnect()
            )
        except BaseException:
            # Unread replies are left on the connection, so the next round trip opens a new one.
            connection.disconnect()
            raise
        return [_picked(calls, replies) for calls in wanted]


def _picked(calls: Sequence[Call], replies: dict[Command, Any]) -> list[Any] | Exception:
    """Return the replies to one caller's calls, or the first error among them."""
    own = [replies[command] for _, command in calls]
    return next((reply for reply in own if isinstance(reply, RedisError)), own)


def _exchange_scripts(connection: Any, scripts: dict[Command, Script]) -> dict[Command, Any]:
    """Return the reply to each command; scripts that Redis does not know are loaded."""
    replies = _exchange(connection, list(scripts))
    unknown = [key for key, reply in replies.items() if isinstance(reply, NoScriptError)]
    if unknown:
        texts = {scripts[command].script for command in unknown}
        _exchange(connection, [("SCRIPT", "LOAD", text) for text in texts])
        replies |= _exchange(connection, unknown)
    return replies


def _exchange(connection: Any, commands: Sequence[Command]) -> dict[Command, Any]:
    connection.send_packed_command(connection.pack_commands(commands))
    return {command: _reply(connection) for command in commands}


def _reply(connection: Any) -> Any:
    try:
        return connection.read_response()
    except ResponseError as error:
        return error
