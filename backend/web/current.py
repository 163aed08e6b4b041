"""Gives requests the objects that the factory built; pass them on as arguments."""

from flask import current_app

from backend.clock import Clock
from backend.config import Settings
from backend.db import Database
from backend.offload.process import Offload
from backend.web.limits import Limits


def settings() -> Settings:
    """The settings in force."""
    return current_app.extensions["linka.settings"]


def now() -> int:
    """The present moment, by the clock the app was made with."""
    clock: Clock = current_app.extensions["linka.clock"]
    return clock.now()


def database() -> Database:
    """The database."""
    return current_app.extensions["linka.database"]


def limits() -> Limits:
    """The rate limits."""
    return current_app.extensions["linka.limits"]


def offload() -> Offload:
    """The child processes for long computations."""
    return current_app.extensions["linka.offload"]
