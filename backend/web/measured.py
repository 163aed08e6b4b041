"""`/metrics`: figures for Prometheus, for programs on this machine and for holders of the token."""

import secrets

import flask
from flask import Response, request
from prometheus_client import CONTENT_TYPE_LATEST

from backend import metrics
from backend.config import is_loopback
from backend.errors import Forbidden
from backend.web import current

blueprint = flask.Blueprint("metrics", __name__)


@blueprint.route("/metrics")
def show() -> Response:
    """Return the figures of all processes of this machine."""
    if not (_has_token() or _is_this_machine()):
        raise Forbidden
    return Response(metrics.shown(), content_type=CONTENT_TYPE_LATEST)


def _has_token() -> bool:
    token = current.settings().metrics_token
    given = request.headers.get("Authorization", "").encode()
    return bool(token) and secrets.compare_digest(given, f"Bearer {token}".encode())


def _is_this_machine() -> bool:
    """Return whether the caller is a program of this machine, and not a proxy with requests of
    others.
    """
    return is_loopback(request.remote_addr or "") and "X-Forwarded-For" not in request.headers
