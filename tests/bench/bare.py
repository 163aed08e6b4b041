"""B, the baselines: a bare Flask route, a bare echo on a socket, a bare loop over plain sockets."""

import socket

from flask import Flask, Response, jsonify, request
from flask_sock import Sock
from simple_websocket import Server

from backend.config import load_settings
from backend.live.draining import Draining

app = Flask(__name__)
# What the worker of gunicorn needs to end.
app.extensions |= {"linka.draining": Draining(), "linka.settings": load_settings({})}
sock = Sock(app)


@app.get("/")
def small() -> Response:
    """Return a small object."""
    return jsonify(status="ok", items=[1, 2, 3])


@sock.route("/echo")
def echo(ws: Server) -> None:
    """Send each message back."""
    while True:
        ws.send(ws.receive())


@app.post("/fan")
def fan() -> Response:
    """Write the same bytes to as many plain TCP sockets, so many times."""
    asked = request.json
    sockets = [
        socket.create_connection(("127.0.0.1", asked["port"])) for _ in range(asked["sockets"])
    ]
    data = b"x" * asked["size"]
    for _ in range(asked["times"]):
        for one in sockets:
            one.sendall(data)
    for one in sockets:
        one.close()
    return jsonify(status="ok")
