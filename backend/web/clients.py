"""Versions of the mini program: one that is too old is asked to update before anything else.

The mini program sends `Linka-Client: miniprogram/<version>` with each request. Requests without
that header, and those of other clients, are not checked.
"""

import re

from flask import Flask, request

from backend.errors import LinkaError
from backend.web import current

# The header as a WSGI environment names it.
KEY = "HTTP_LINKA_CLIENT"
_MINI_PROGRAM = re.compile(r"miniprogram/([0-9]{1,4}(?:\.[0-9]{1,4}){0,2})\Z")


class UpdateRequired(LinkaError):
    """The caller is an older mini program than this server works with."""

    slug = "update_required"
    status = 426
    zh = "小程序的版本太旧了，请更新后再用：关闭小程序，再重新打开。"
    en = "This version of the mini program is too old. Close it and open it again to update."


def install(app: Flask) -> None:
    """Register the hook on an app."""
    app.before_request(_require_version)


def _require_version() -> None:
    if request.path.startswith("/api/v1/") and is_too_old(
        request.environ.get(KEY, ""), current.settings().minimum_client
    ):
        raise UpdateRequired


def is_too_old(client: str, minimum: str) -> bool:
    """Return whether a client, as its header names it, is a mini program below the minimum, if
    there is one."""
    found = _MINI_PROGRAM.match(client) if minimum else None
    return found is not None and _numbers(found[1]) < _numbers(minimum)


def _numbers(version: str) -> tuple[int, int, int]:
    """Return the three numbers of a version; those that are left out are 0."""
    major, minor, patch = ([int(part) for part in version.split(".")] + [0, 0])[:3]
    return major, minor, patch
