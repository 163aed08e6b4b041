"""Files that people take away."""

from flask import Response


def download(data: bytes, name: str, mimetype: str) -> Response:
    """Return a file under a name, to be kept and not to be shown."""
    response = Response(data, mimetype=mimetype)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
