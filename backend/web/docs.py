"""The documentation page of the API, served from our own machine."""

from pathlib import Path

import flask
import swagger_ui_bundle
from flask.typing import ResponseReturnValue

STATIC_URL = "/api/docs/static/"

blueprint = flask.Blueprint("docs", __name__)


def _folder() -> Path:
    return Path(swagger_ui_bundle.swagger_ui_path)


@blueprint.route(STATIC_URL + "<path:name>")
def static(name: str) -> ResponseReturnValue:
    """A file of the documentation page."""
    return flask.send_from_directory(_folder(), name)
