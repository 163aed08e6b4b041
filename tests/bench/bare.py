"""B, the baseline: a bare Flask route that returns a small JSON object."""

from flask import Flask, Response, jsonify

app = Flask(__name__)


@app.get("/")
def small() -> Response:
    """Return a small object."""
    return jsonify(status="ok", items=[1, 2, 3])
