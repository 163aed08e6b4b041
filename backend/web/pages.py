"""The security headers of HTML pages."""

from flask import Response

CONTENT_POLICY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self'; frame-ancestors 'none'; "
    "base-uri 'none'; form-action 'none'"
)


def harden(response: Response) -> Response:
    """Give a page the headers that keep foreign code, frames and referrers away from it.

    A page that has a policy of its own keeps it.
    """
    response.headers.setdefault("Content-Security-Policy", CONTENT_POLICY)
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-cache"
    return response
