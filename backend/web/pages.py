"""The security headers of HTML pages, and the detection of requests from pages of other sites."""

from urllib.parse import urlsplit

from flask import Response, request

_POLICY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self'; frame-src {frames}; "
    "frame-ancestors {framed_by}; base-uri 'none'; form-action 'none'"
)
CONTENT_POLICY = _POLICY.format(frames="'none'", framed_by="'none'")
# The policies of a page that shows another page of ours in a frame, and of the page in the frame.
SHOWS_FRAME = _POLICY.format(frames="'self'", framed_by="'none'")
IN_FRAME = _POLICY.format(frames="'none'", framed_by="'self'")


def harden(response: Response) -> Response:
    """Add the headers that protect a page from foreign code, frames and referrers.

    A page with a policy of its own keeps it.
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


def is_from_another_site() -> bool:
    """Return whether the browser says that a page of another site, or of another host, sent the
    request.

    Browsers send `Sec-Fetch-Site` over HTTPS. Over plain HTTP, and before they had that header,
    they send `Origin` with requests other than GET.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = request.headers.get("Origin")
    return origin is not None and urlsplit(origin).hostname != urlsplit(request.host_url).hostname
