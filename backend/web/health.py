"""`/healthz`: the process answers. `/readyz`: the database, Redis and migrations are fine."""

import flask
import peewee
from flask import current_app, jsonify
from flask.typing import ResponseReturnValue
from redis import Redis, RedisError

from backend.db import Database
from backend.web import current

blueprint = flask.Blueprint("health", __name__)


@blueprint.route("/healthz")
def healthz() -> ResponseReturnValue:
    """Say that this process answers."""
    return jsonify(status="ok")


@blueprint.route("/readyz")
def readyz() -> ResponseReturnValue:
    """Report the state of each part; 503 if the service is not ready."""
    states = parts()
    ready = all(state == "ok" for state in states.values())
    return jsonify(status="ok" if ready else "unavailable", parts=states), 200 if ready else 503


def parts() -> dict[str, str]:
    """Return the state of the database, its migrations and Redis; `ok` when all is well."""
    return {**_database(current.database()), "redis": _redis()}


def _database(database: Database) -> dict[str, str]:
    try:
        found = database.migrations()
    except peewee.DatabaseError:
        return {"database": "away", "migrations": "unknown"}
    state = "newer" if found.unknown else "pending" if found.pending else "ok"
    return {"database": "ok", "migrations": state}


def _redis() -> str:
    redis: Redis = current_app.extensions["linka.redis"]
    try:
        redis.ping()
    except RedisError:
        return "away"
    return "ok"
