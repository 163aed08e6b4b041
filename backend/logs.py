"""Logs: structured lines on stderr. Secrets, codes and session keys are never given to a logger."""

import hmac
import logging
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import structlog
from flask import Flask, current_app, g, has_request_context, request

from backend.config import Settings

TRACEBACK_SECONDS = 60


def _add_request(
    _logger: object, _method: str, line: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """Add what identifies the present request: its id, event, activity and account.

    The account is a keyed hash: the lines of one account can be found, without its identity.
    """
    if has_request_context():
        for name, value in request_labels().items():
            line.setdefault(name, value)
    return line


def request_labels() -> dict[str, Any]:
    """Return what identifies the present request in its lines: its id, event, activity and account."""
    labels = {"request_id": g.get("request_id", "")}
    for name, value in (request.view_args or {}).items():
        if name in ("event_id", "activity_id"):
            labels[name] = value
    account_id = g.get("bearer", (None,))[0] or g.get("ticket_account_id")
    if account_id is not None:
        labels["account"] = account_hash(current_app, account_id)
    return labels


def account_hash(app: Flask, account_id: int) -> str:
    """Return the pseudonym of an account in the log."""
    settings: Settings = app.extensions["linka.settings"]
    key = settings.secret.key("accounts in logs")
    return hmac.new(key, str(account_id).encode(), "sha256").hexdigest()[:12]


class RareTracebacks:
    """Lets each place in the code log a traceback once a minute; other lines contain the error
    alone.

    `tracebacks_left_out` is how many tracebacks of the same place were left out since the last one.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._told: dict[tuple[str, int, str], tuple[float, int]] = {}

    def __call__(
        self, _logger: object, _method: str, line: structlog.typing.EventDict
    ) -> structlog.typing.EventDict:
        """Process one line; its `exc_info` is an exception."""
        error = line.get("exc_info")
        if not isinstance(error, BaseException):
            return line
        place = _place(error)
        now = self._now()
        told_at, left_out = self._told.get(place, (now - TRACEBACK_SECONDS, 0))
        if now - told_at < TRACEBACK_SECONDS:
            self._told[place] = told_at, left_out + 1
            del line["exc_info"]
            line["error"] = repr(error)
            return line
        self._told[place] = now, 0
        if left_out:
            line["tracebacks_left_out"] = left_out
        return line


def _place(error: BaseException) -> tuple[str, int, str]:
    """Return file and line where an exception was raised, and its class."""
    kind = type(error).__qualname__
    frames = list(traceback.walk_tb(error.__traceback__))
    if not frames:
        return "", 0, kind
    frame, number = frames[-1]
    return frame.f_code.co_filename, number, kind


class _Stderr:
    """Stderr. A line that cannot be written, as on a full disk, is lost, and causes no error."""

    def write(self, text: str) -> None:
        """Write a text."""
        with suppress(OSError):
            sys.stderr.write(text)

    def flush(self) -> None:
        """Send what was written."""
        with suppress(OSError):
            sys.stderr.flush()


def configure(settings: Settings, *, for_good: bool = False) -> None:
    """Set up logging for a process: JSON in production, readable lines elsewhere.

    With `for_good` each logger keeps this configuration from its first line on, which is faster.
    """
    level = logging.DEBUG if settings.debug else logging.getLevelName(settings.log_level.upper())
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if settings.in_production
        else structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(),
            # Tracebacks never show local variables, because these may hold codes and session keys.
            exception_formatter=structlog.dev.plain_traceback,
        )
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            _add_request,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            RareTracebacks(),
            structlog.processors.format_exc_info
            if settings.in_production
            else structlog.processors.StackInfoRenderer(),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(_Stderr()),  # type: ignore[arg-type]
        cache_logger_on_first_use=for_good,
    )


def json_formatter() -> logging.Formatter:
    """Return what makes lines of the standard library's loggers look like all others in production."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )
