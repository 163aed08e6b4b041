"""The short way for tests that call the app without a server: it answers as the worker does."""

from collections.abc import Iterable
from typing import Any

from flask import Flask


class ShortWay:
    """Middleware that asks the short operations first, and counts their answers. `flask` is the app
    without it."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self.flask = app.wsgi_app
        self.answered = 0

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        answer = self._app.extensions["linka.short"].answer(environ)
        if answer is None:
            return self.flask(environ, start_response)
        self.answered += 1
        start_response(answer.status, answer.headers)
        return [answer.body]

    @classmethod
    def put_before(cls, app: Flask) -> None:
        """Put it before an app, as `app.wsgi_app`."""
        app.wsgi_app = cls(app)  # type: ignore[method-assign]
