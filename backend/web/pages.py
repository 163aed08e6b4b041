"""The security headers of HTML pages."""

from flask import Response

_POLICY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self'; frame-src {frames}; "
    "frame-ancestors {framed_by}; base-uri 'none'; form-action 'none'"
)
CONTENT_POLICY = _POLICY.format(frames="'none'", framed_by="'none'")
# Of a page that shows another page of ours in a frame, and of the page in that frame.
SHOWS_FRAME = _POLICY.format(frames="'self'", framed_by="'none'")
IN_FRAME = _POLICY.format(frames="'none'", framed_by="'self'")


def harden(response: Response) -> Response:
    """Give a page the headers that keep foreign code, frames and referrers away from it.

    A page that has a policy of its own keeps it.
    """
    response.headers.setdefault("Content-Security-Policy", CONTENT_POLICY)
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-cache"
    return response


def with_policy(html: str, policy: str) -> Response:
    """Return a page with a policy of its own."""
    response = Response(html)
    response.headers["Content-Security-Policy"] = policy
    return response
