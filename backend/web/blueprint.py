"""Our Blueprint: each operation declares who may call it, which the OpenAPI document shows."""

from typing import Any

import flask_smorest
from flask import abort, current_app, request
from marshmallow import missing
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import MethodNotAllowed

from backend.errors import Invalid, Sentence
from backend.web.schema import ErrorBody, is_text

API = "/api/v1/"

_QUERIES_KEPT = 1024
_LONGEST_KEPT = 64


# One for all refusals: making a thousand of them is a tenth of the time to build the app.
_ERROR_BODY = ErrorBody()
_NOT_TEXT = Sentence("有不能显示的字符。", "Some of it is no text.")


class Parser(FlaskParser):
    """Rejects unknown fields in bodies and ignores them in query strings.

    Results for short query strings are cached, because phones send the same few. Only flat queries
    are cached, so that a shallow copy is enough.
    """

    DEFAULT_UNKNOWN_BY_LOCATION = {**FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION, "json": "raise"}

    def __init__(self) -> None:
        super().__init__()
        self._queries: dict[tuple[Any, bytes], dict[str, Any]] = {}

    def parse(self, argmap: Any, *args: Any, location: str | None = None, **options: Any) -> Any:
        """Read a request as `FlaskParser` does."""
        if location != "query" or len(request.query_string) > _LONGEST_KEPT:
            return super().parse(argmap, *args, location=location, **options)
        known = self.known(argmap, request.query_string)
        if known is None:
            known = super().parse(argmap, *args, location=location, **options)
            if len(self._queries) >= _QUERIES_KEPT:
                self._queries.clear()
            self._queries[argmap, request.query_string] = known
        return dict(known)

    def known(self, argmap: Any, query: bytes) -> dict[str, Any] | None:
        """Return what a query string was read as before, not to be changed; else None."""
        return self._queries.get((argmap, query))

    def load_json(self, req: Any, schema: Any) -> Any:
        """Read a body as `FlaskParser` does, but refuse malformed ones even if no field is
        required.

        A body is malformed if it is empty, no JSON, nested too deeply, or has too long a number.
        Raises `Invalid` for a string that is not valid Unicode.
        """
        try:
            loaded = super().load_json(req, schema)
            if loaded is missing:
                abort(400)
            if b"\\u" in req.get_data():
                _require_text(loaded)
            return loaded
        except (RecursionError, ValueError):
            abort(400)


def _require_text(body: Any) -> None:
    if not isinstance(body, dict) or is_text(body):
        return
    wrong = [name for name, value in body.items() if not is_text({name: value})]
    shown = [name.encode("utf-8", "backslashreplace").decode() for name in wrong]
    raise Invalid(fields={name: [_NOT_TEXT] for name in shown})


def takes_token() -> bool:
    """Say whether the present request needs a bearer's token.

    All operations do unless `doc(security=…)` says otherwise, and so do all other paths.
    """
    rule = request.url_rule
    if rule is not None:
        found: frozenset[str] = current_app.extensions["linka.endpoints_with_token"]
        return rule.endpoint in found
    wrong_method = isinstance(request.routing_exception, MethodNotAllowed)
    return request.path.startswith(API) and not wrong_method


def note_endpoints_with_token(app: Any) -> None:
    """Find the endpoints of operations that need a token, once all routes are there."""
    app.extensions["linka.endpoints_with_token"] = frozenset(
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith(API) and _is_secured(app, rule.endpoint)
    )


def _is_secured(app: Any, endpoint: str) -> bool:
    if not isinstance(app.blueprints.get(endpoint.rpartition(".")[0]), Blueprint):
        return False
    described = getattr(app.view_functions[endpoint], "_apidoc", {}).get("manual_doc", {})
    return "security" not in described


PARSER = Parser()


class Blueprint(flask_smorest.Blueprint):
    """A flask-smorest blueprint with our parser."""

    ARGUMENTS_PARSER = PARSER

    def register_views_in_doc(self, api: Any, *args: Any, **options: Any) -> None:
        """Describe the operations when the OpenAPI document is asked for: at each start it would be a
        tenth of the time."""
        describe = super().register_views_in_doc
        api.descriptions.append(lambda: describe(api, *args, **options))

    def arguments(self, schema: Any, **options: Any) -> Any:
        """Read arguments with one instance of the schema for all requests."""
        return super().arguments(schema() if isinstance(schema, type) else schema, **options)

    def refuses(self, **statuses: str) -> Any:
        """Document the refusals of an operation: `refuses(c409="already_answered, event_paused")`."""

        def decorate(function: Any) -> Any:
            documented = function
            for status, slugs in statuses.items():
                documented = self.alt_response(
                    int(status[1:]), schema=_ERROR_BODY, description=slugs, success=False
                )(documented)
            # Adds only the documentation; flask-smorest's decorator would wrap each call once for
            # each status.
            function._apidoc = documented._apidoc
            return function

        return decorate
