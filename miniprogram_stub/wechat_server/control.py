"""The emulator's own API under `/__emulator__/`; the package's docstring lists the calls.

Input is checked by schemas; what they refuse is a 400 with the fields at fault, an app or a person
that does not exist is a 404.
"""

import dataclasses
import json
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Flask, Response, jsonify, request
from marshmallow import Schema, ValidationError
from werkzeug.exceptions import HTTPException

from miniprogram_stub.wechat_server import schemas
from miniprogram_stub.wechat_server.bind import is_loopback
from miniprogram_stub.wechat_server.calls import PREFIX
from miniprogram_stub.wechat_server.emulator import Emulator
from miniprogram_stub.wechat_server.faults import Fault, handled_by_default
from miniprogram_stub.wechat_server.identities import User
from miniprogram_stub.wechat_server.journal import iso
from miniprogram_stub.wechat_server.state import UnknownApp

LARGEST_BODY = 4 * 1024 * 1024


def create_app(emulator: Emulator) -> Flask:
    """The control API over an emulator."""
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    app.register_error_handler(ValidationError, _invalid)
    app.register_error_handler(UnknownApp, _unknown_app)
    app.register_error_handler(HTTPException, _http_refusal)
    api = Blueprint("control", __name__, url_prefix=PREFIX)
    api.after_request(_let_phones_in)
    _add_people(api, emulator)
    _add_time(api, emulator)
    _add_faults(api, emulator)
    _add_records(api, emulator)
    app.register_blueprint(api)
    return app


def _let_phones_in(response: Response) -> Response:
    """Lets the phone in the browser ask for a code: a page of this host, whatever its port."""
    origin = request.headers.get("Origin", "")
    response.headers.add("Vary", "Origin")
    if request.path == f"{PREFIX}/codes" and _is_neighbour(urlsplit(origin).hostname):
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Access-Control-Allow-Headers"] = "content-type"
        response.headers["Access-Control-Max-Age"] = "600"
    return response


def _is_neighbour(host: str | None) -> bool:
    """Whether a page of this host is on the emulator's own machine, as its caller names it."""
    own = urlsplit(f"//{request.host}").hostname or ""
    return host is not None and (host == own or (is_loopback(host) and is_loopback(own)))


def _add_people(api: Blueprint, emulator: Emulator) -> None:
    @api.post("/apps")
    def register_app() -> Response:
        body = _body(schemas.APP)
        return jsonify(appid=emulator.world.register(**body).appid)

    @api.post("/users")
    def make_or_change_user() -> Response:
        body = _body(schemas.USER)
        user = emulator.world.meet(body["key"], body["appid"])
        emulator.world.change_user(user, body["unionid"], body["blocked"])
        return jsonify(_described(user))

    @api.get("/users")
    def look_up_user() -> Response:
        query = schemas.USER_QUERY.load(request.args.to_dict())
        user = emulator.world.find_user(query["key"], query["appid"])
        if user is None:
            return _refusal(404, "unknown_user")
        return jsonify(_described(user))

    @api.post("/codes")
    def login() -> Response:
        body = _body(schemas.LOGIN)
        world, now, appid = emulator.world, emulator.clock.now(), body["appid"]
        if body["users"] is None:
            return jsonify(code=world.login(body["user"], now, appid))
        return jsonify(codes=[world.login(key, now, appid) for key in body["users"]])


def _add_time(api: Blueprint, emulator: Emulator) -> None:
    @api.get("/clock")
    def tell_time() -> Response:
        return jsonify(now=iso(emulator.clock.now()), offset_seconds=_offset_seconds())

    @api.post("/clock")
    def advance_clock() -> Response:
        seconds = _body(schemas.ADVANCE)["advance_seconds"]
        if emulator.clock.offset_ms + seconds * 1000 > schemas.FARTHEST_SECONDS * 1000:
            raise ValidationError("too far in the future", "advance_seconds")
        emulator.clock.advance(round(seconds * 1000))
        return tell_time()

    def _offset_seconds() -> float:
        return emulator.clock.offset_ms / 1000


def _add_faults(api: Blueprint, emulator: Emulator) -> None:
    @api.get("/faults")
    def show_faults() -> Response:
        return jsonify(faults=[dataclasses.asdict(fault) for fault in emulator.faults.all()])

    @api.post("/faults")
    def add_fault() -> Response:
        fault = _fault(_body(schemas.FAULT))
        emulator.faults.add(fault)
        return jsonify(dataclasses.asdict(fault))

    @api.delete("/faults")
    def clear_faults() -> Response:
        emulator.faults.clear()
        return show_faults()


def _add_records(api: Blueprint, emulator: Emulator) -> None:
    @api.get("/")
    def overview() -> Response:
        world = emulator.world
        return jsonify(
            appid=world.appid,
            now=iso(emulator.clock.now()),
            users=sum(len(app.users) for app in world.apps.values()),
            codes=len(world.codes),
            calls=emulator.journal.last,
            faults=len(emulator.faults.all()),
        )

    @api.get("/requests")
    def show_requests() -> Response:
        after = schemas.REQUESTS_QUERY.load(request.args.to_dict())["after"]
        return jsonify(requests=emulator.journal.after(after), last=emulator.journal.last)

    @api.post("/reset")
    def reset() -> Response:
        emulator.reset()
        return overview()


def _fault(body: dict[str, Any]) -> Fault:
    """A fault from its description: without `count` and `every` it hits the next call only."""
    count, every, handled = body.pop("count"), body.pop("every"), body.pop("handled")
    if count is None and every is None:
        count = 1
    if handled is None:
        handled = handled_by_default(body["kind"])
    return Fault(left=count, every=every or 1, handled=handled, **body)


def _described(user: User) -> dict[str, object]:
    return {
        "key": user.key,
        "appid": user.appid,
        "openid": user.openid,
        "unionid": user.unionid,
        "blocked": user.blocked,
    }


def _body(schema: Schema) -> dict[str, Any]:
    """The request's JSON body as the schema wants it; raises `ValidationError`."""
    try:
        value = json.loads(request.get_data(cache=False).decode() or "{}")
    except (ValueError, RecursionError):
        raise ValidationError("not JSON text in UTF-8") from None
    return schema.load(value)


def _http_refusal(error: HTTPException) -> Response:
    return _refusal(error.code or 400, error.name.lower().replace(" ", "_"))


def _invalid(error: ValidationError) -> Response:
    return _refusal(400, "invalid", errors=error.normalized_messages())


def _unknown_app(_: UnknownApp) -> Response:
    return _refusal(404, "unknown_app")


def _refusal(status: int, slug: str, **more: object) -> Response:
    response = jsonify(error=slug, **more)
    response.status_code = status
    return response
