"""`/healthz`: the process answers. `/readyz`: the database, Redis and migrations are fine."""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import cast

import flask
import peewee
from flask import current_app, jsonify
from flask.typing import ResponseReturnValue

from backend.db import Database

blueprint = flask.Blueprint("health", __name__)

LOOK_SECONDS = 2.0
# How long the check waits for other writers of SQLite, and how long its result is kept: each check
# waits for the disk.
WRITER_SECONDS = 1.0
KEPT_SECONDS = 1.0
# During an upgrade the nodes of the version before serve on a database that is newer than they are.
_READY = ("ok", "newer")
_UNKNOWN_DATABASE = {"database": "away", "migrations": "unknown"}


@blueprint.route("/healthz")
def healthz() -> ResponseReturnValue:
    """Say that this process answers."""
    return jsonify(status="ok")


@blueprint.route("/readyz")
def readyz() -> ResponseReturnValue:
    """Report the state of each part; 503 if the service is not ready."""
    states = parts()
    if current_app.extensions["linka.draining"].is_on:
        states["server"] = "draining"
    ready = all(state in _READY for state in states.values())
    return jsonify(status="ok" if ready else "unavailable", parts=states), 200 if ready else 503


def parts() -> dict[str, str]:
    """Return the state of the database, its migrations and Redis; `ok` when all is well."""
    return cast(Health, current_app.extensions["linka.health"]).parts()


class Health:
    """Checks the parts of the service, each within two seconds."""

    def __init__(self, database: Database, redis_state: Callable[[], str]) -> None:
        writes = _WriteCheck(database)
        self._looks = (
            _HealthCheck(lambda: _database(database, writes), _UNKNOWN_DATABASE),
            _HealthCheck(lambda: {"redis": redis_state()}, {"redis": "away"}),
        )

    def parts(self) -> dict[str, str]:
        """Return the state of each part."""
        found: dict[str, str] = {}
        for look in self._looks:
            look.begin()
        for look in self._looks:
            found |= look.result()
        return found


class _HealthCheck:
    """A check of one part, in a thread of its own. One that hangs is waited for, not repeated."""

    def __init__(self, look: Callable[[], dict[str, str]], unknown: dict[str, str]) -> None:
        self._look = look
        self._unknown = unknown
        self._found = unknown
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    def begin(self) -> None:
        """Begin the check, unless an earlier one hangs."""
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._found = self._unknown
                self._thread = threading.Thread(target=self._run, name="health", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        self._found = self._look()

    def result(self) -> dict[str, str]:
        """Return the result, after two seconds at most."""
        thread = self._thread
        if thread is not None:
            thread.join(LOOK_SECONDS)
        return self._found


class _WriteCheck:
    """Finds out whether the database takes writes, once a second at most."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._state = "ok"
        self._next_at = 0.0

    def state(self) -> str:
        """Return `ok` or `no_writes`; while others write, what was found last."""
        if time.monotonic() >= self._next_at:
            with suppress(TimeoutError):
                takes = self._database.takes_writes(WRITER_SECONDS)
                self._state = "ok" if takes else "no_writes"
            self._next_at = time.monotonic() + KEPT_SECONDS
        return self._state


def _database(database: Database, writes: _WriteCheck) -> dict[str, str]:
    try:
        found = database.migrations()
        state = writes.state()
    except peewee.PeeweeException:
        return _UNKNOWN_DATABASE
    finally:
        database.release()
    migrations = "newer" if found.unknown else "pending" if found.pending else "ok"
    return {"database": state, "migrations": migrations}
