"""Logs: structured lines on stderr. Secrets, codes and session keys are never given to a logger."""

import logging
import sys
from contextlib import suppress

import structlog
from flask import g, has_request_context

from backend.config import Settings


def _add_request(
    _logger: object, _method: str, line: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """Add the id of the present request to a line."""
    if has_request_context():
        line.setdefault("request_id", g.get("request_id", ""))
    return line


class _Stderr:
    """Stderr; a line that a full disk does not take is lost, and stops nobody."""

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
            structlog.processors.format_exc_info
            if settings.in_production
            else structlog.processors.StackInfoRenderer(),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(_Stderr()),  # type: ignore[arg-type]
        cache_logger_on_first_use=for_good,
    )
