"""Files that people download."""

from urllib.parse import quote, unquote

from flask import Response

_ATTACHMENT = "attachment; filename*=UTF-8''"


def download(data: bytes, name: str, mimetype: str) -> Response:
    """Return a file as a download under a name; browsers store it and do not show it."""
    response = Response(data, mimetype=mimetype)
    # RFC 8187: a header is ASCII, and gunicorn refuses any other.
    response.headers["Content-Disposition"] = f"{_ATTACHMENT}{quote(name)}"
    return response


def name_of(response: Response) -> str | None:
    """Return the name of the file that a response lets people download; None for other responses."""
    disposition = response.headers.get("Content-Disposition", "")
    return unquote(disposition.removeprefix(_ATTACHMENT)) if _ATTACHMENT in disposition else None
