"""The security headers of HTML pages, and the detection of requests from pages of other sites."""

from urllib.parse import urlsplit

from flask import Response, request

from backend.web import static_files

_POLICY = (
    "default-src 'self'; script-src {scripts}; img-src 'self' data:; style-src 'self'; "
    "frame-src {frames}; frame-ancestors {framed_by}; base-uri 'none'; form-action 'none'"
)


def harden(response: Response) -> Response:
    """Add the headers that protect a page from foreign code, frames and referrers.

    A page with a policy of its own keeps it.
    """
    response.headers.setdefault("Content-Security-Policy", _policy())
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers.setdefault("Cache-Control", "no-cache")
    return response


def shows_frame(html: str) -> Response:
    """Return a page that shows another page of ours in a frame."""
    return Response(html, headers={"Content-Security-Policy": _policy(frames="'self'")})


def in_frame(html: str) -> Response:
    """Return a page that another page of ours shows in a frame."""
    return Response(html, headers={"Content-Security-Policy": _policy(framed_by="'self'")})


def _policy(*, frames: str = "'none'", framed_by: str = "'none'") -> str:
    return _POLICY.format(
        scripts=" ".join(static_files.allowed_scripts()), frames=frames, framed_by=framed_by
    )


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
