"""Trips to Redis: the calls of everybody who waits go together.

A round trip costs far more than what it carries. While one is under way, the calls of other
greenlets (or threads) gather, and the next trip takes all of them: under load dozens share the
price of one. Nobody gets an answer that is older than the question, since a trip carries only what
was asked before it left.
"""

import threading
from collections.abc import Iterable, Sequence
from typing import Any

from redis import Redis, RedisError
from redis.commands.core import Script
from redis.exceptions import NoScriptError, ResponseError

MOST_PASSENGERS = 128

Command = tuple[Any, ...]


class _Passenger:
    """Somebody's calls; waits until they are answered or it is their turn to lead a trip."""

    def __init__(self, calls: Sequence[tuple[Script, Command]]) -> None:
        self.calls = calls
        self.replies: list[Any] | None = None
        self.error: RedisError | None = None
        self._turn: threading.Lock | None = None

    @property
    def is_served(self) -> bool:
        """Whether the calls were answered, or failed."""
        return self.replies is not None or self.error is not None

    def queue(self) -> None:
        """Get ready to wait."""
        self._turn = threading.Lock()
        self._turn.acquire()

    def wait(self) -> None:
        """Wait to be called up."""
        if self._turn is not None:
            self._turn.acquire()

    def call_up(self) -> None:
        """Let the one who waits go on."""
        if self._turn is not None:
            self._turn.release()


class Trips:
    """Runs scripts. Calls that are the same to the letter are made once per trip, so only scripts
    are run here whose repeat changes nothing."""

    def __init__(self, redis: Redis) -> None:
        self._pool = redis.connection_pool
        self._lock = threading.Lock()
        self._waiting: list[_Passenger] = []
        self._under_way = False

    def run(self, script: Script, key: str, arguments: Iterable[Any]) -> Any:
        """Run a script and return its reply; raises `RedisError`."""
        return self.run_all([(script, key, arguments)])[0]

    def run_all(self, wanted: Sequence[tuple[Script, str, Iterable[Any]]]) -> list[Any]:
        """Run scripts on one trip and return their replies; raises `RedisError` if one fails."""
        passenger = _Passenger(
            [
                (script, ("EVALSHA", script.sha, 1, key, *arguments))
                for script, key, arguments in wanted
            ]
        )
        with self._lock:
            self._waiting.append(passenger)
            leads = not self._under_way
            self._under_way = True
            if not leads:
                passenger.queue()
        passenger.wait()
        if not passenger.is_served:
            self._lead(passenger)
        if passenger.error is not None:
            raise passenger.error
        return passenger.replies or []

    def _lead(self, leader: _Passenger) -> None:
        """Take along whoever waits, the leader first, and call up who leads next."""
        with self._lock:
            taken = self._waiting[:MOST_PASSENGERS]
            del self._waiting[:MOST_PASSENGERS]
        try:
            scripts = {command: script for one in taken for script, command in one.calls}
            replies = self._travel(scripts)
            for passenger in taken:
                _serve(passenger, replies)
        except RedisError as error:
            for passenger in taken:
                passenger.error = error
        finally:
            self._hand_over([passenger for passenger in taken if passenger is not leader])

    def _hand_over(self, taken: Iterable[_Passenger]) -> None:
        with self._lock:
            following = self._waiting[0] if self._waiting else None
            self._under_way = following is not None
        for passenger in taken:
            if not passenger.is_served:
                passenger.error = RedisError("the trip was broken off")
            passenger.call_up()
        if following is not None:
            following.call_up()

    def _travel(self, scripts: dict[Command, Script]) -> dict[Command, Any]:
        connection = self._pool.get_connection()
        try:
            return connection.retry.call_with_retry(
                lambda: _exchange_scripts(connection, scripts), lambda _: connection.disconnect()
            )
        except BaseException:
            # Half an exchange is left on the line: nobody may use it again.
            connection.disconnect()
            raise
        finally:
            self._pool.release(connection)


def _serve(passenger: _Passenger, replies: dict[Command, Any]) -> None:
    own = [replies[command] for _, command in passenger.calls]
    passenger.error = next((reply for reply in own if isinstance(reply, RedisError)), None)
    passenger.replies = own


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
