"""The documentation page of the API: Swagger UI, served from our own machine and started by our script."""

from importlib.resources import files
from pathlib import Path

import flask
from flask.typing import ResponseReturnValue

from backend.web.pages import harden

DOCUMENT_URL = "/api/openapi.json"
# The files of `flask-swagger-ui`; its own page starts with an inline script, which our policy forbids.
SWAGGER_UI = Path(str(files("flask_swagger_ui"))) / "dist"

blueprint = flask.Blueprint(
    "docs",
    __name__,
    url_prefix="/api/docs",
    template_folder="templates",
    static_folder="static",
    static_url_path="/static",
)
blueprint.after_request(harden)


@blueprint.route("")
def page() -> ResponseReturnValue:
    """The documentation page."""
    return flask.render_template("docs.html", document_url=DOCUMENT_URL)


@blueprint.route("/swagger-ui/<path:name>")
def swagger_ui(name: str) -> ResponseReturnValue:
    """A file of Swagger UI."""
    return flask.send_from_directory(SWAGGER_UI, name)
