"""Our own Blueprint: every operation says who may call it, in the code and in the OpenAPI document."""

from typing import Any

import flask_smorest
from flask import abort
from webargs.flaskparser import FlaskParser

from backend.web.schema import ErrorBody


class Parser(FlaskParser):
    """Rejects unknown fields in bodies and ignores them in query strings."""

    DEFAULT_UNKNOWN_BY_LOCATION = {**FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION, "json": "raise"}

    def load_json(self, req: Any, schema: Any) -> Any:
        """Read a body as `FlaskParser` does; one too deep or a number too long is malformed too."""
        try:
            return super().load_json(req, schema)
        except (RecursionError, ValueError):
            abort(400)


class Blueprint(flask_smorest.Blueprint):
    """A flask-smorest blueprint with our parser."""

    ARGUMENTS_PARSER = Parser()

    def refuses(self, **statuses: str) -> Any:
        """Document the refusals of an operation: `refuses(c409="already_answered, event_paused")`."""

        def decorate(function: Any) -> Any:
            for status, slugs in statuses.items():
                function = self.alt_response(
                    int(status[1:]), schema=ErrorBody, description=slugs, success=False
                )(function)
            return function

        return decorate
