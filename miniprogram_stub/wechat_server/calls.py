"""The calls of WeChat's API: paths, methods, parameters and answers.

The order of the checks is WeChat's as far as it is known: path, method, body, missing parameters,
grant type, credentials, quotas, then the call itself. Unknown parameters are ignored.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from miniprogram_stub.wechat_server import facts
from miniprogram_stub.wechat_server.opinions import Opinion, trace_id_of
from miniprogram_stub.wechat_server.refusals import CallRefused
from miniprogram_stub.wechat_server.state import WeChat
from miniprogram_stub.wechat_server.tokens import Token

Payload: TypeAlias = dict[str, object]

# Of the emulator's own API; all other paths are WeChat's.
PREFIX = "/__emulator__"


def is_control(path: str) -> bool:
    """Whether a path belongs to the emulator's own API and not to WeChat."""
    return path == PREFIX or path.startswith(PREFIX + "/")


@dataclass(slots=True)
class Call:
    """One request from the backend; the body is JSON text whatever its header says."""

    method: str
    path: str
    query: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True)
class Endpoint:
    method: str
    respond: Callable[[WeChat, Call, int], Payload]


def answer(world: WeChat, call: Call, now: int) -> Payload:
    """The payload of a call that succeeds; raises `CallRefused` for one that does not."""
    endpoint = ENDPOINTS.get(call.path)
    if endpoint is None:
        raise CallRefused(40066)
    if call.method != endpoint.method:
        raise CallRefused(43001 if endpoint.method == "GET" else 43002)
    return endpoint.respond(world, call, now)


def code_to_session(world: WeChat, call: Call, now: int) -> Payload:
    """`/sns/jscode2session`; a success carries no errcode, and a unionid only if there is one."""
    appid, secret = _credentials(call.query)
    code = _text(call.query, "js_code", 41008)
    _check_grant(call.query, facts.LOGIN_GRANT)
    user = world.code_to_session(appid, secret, code, now)
    payload: Payload = {"session_key": user.session_key, "openid": user.openid}
    if user.unionid:
        payload["unionid"] = user.unionid
    return payload


def plain_token(world: WeChat, call: Call, now: int) -> Payload:
    """`/cgi-bin/token`."""
    appid, secret = _credentials(call.query)
    _check_grant(call.query, facts.TOKEN_GRANT)
    return _token_payload(world.plain_token(appid, secret, now), now)


def stable_token(world: WeChat, call: Call, now: int) -> Payload:
    """`/cgi-bin/stable_token`: all arguments are in the JSON body."""
    body = _json_object(call.body)
    appid, secret = _credentials(body)
    _check_grant(body, facts.TOKEN_GRANT)
    force_refresh = body.get("force_refresh", False)
    if not isinstance(force_refresh, bool):
        raise CallRefused(47001)
    return _token_payload(world.stable_token(appid, secret, force_refresh, now), now)


def check_session(world: WeChat, call: Call, now: int) -> Payload:
    """`/wxa/checksession`: the signature is over the empty text."""
    app = world.check_token(call.query.get("access_token", ""), now)
    openid = _text(call.query, "openid", 41009)
    if call.query.get("sig_method") != facts.SIGNATURE_METHOD:
        raise CallRefused(87008)
    world.check_session(app, openid, call.query.get("signature", ""), now)
    return {"errcode": 0, "errmsg": "ok"}


def check_text(world: WeChat, call: Call, now: int) -> Payload:
    """`/wxa/msg_sec_check`: version 2 says what it thinks, the version before refuses what is
    risky.

    As with WeChat, a token in the body makes the body unreadable.
    """
    body = _json_object(call.body)
    if "access_token" in body:
        raise CallRefused(47001)
    app = world.check_token(call.query.get("access_token", ""), now)
    text = _text(body, "content", 47001)
    if len(text) > facts.CHECK_CHARACTERS:
        raise CallRefused(facts.TEXT_TOO_LONG_ERRCODE)
    if body.get("version") != facts.CHECK_VERSION:
        world.check_text_anonymously(app, text, now)
        return {"errcode": 0, "errmsg": "ok"}
    scene = body.get("scene")
    if type(scene) is not int:
        raise CallRefused(40129)
    openid = _text(body, "openid", 40003)
    opinion = world.check_text(app, text, scene, openid, now)
    trace_id = trace_id_of(app.appid, openid, text, now)
    return {"errcode": 0, "errmsg": "ok", "trace_id": trace_id, **_told(opinion)}


def _told(opinion: Opinion) -> Payload:
    """The verdict, and which strategy it came from."""
    verdict: Payload = {"suggest": opinion.suggest, "label": opinion.label}
    model = {"strategy": "content_model", "errcode": 0, **verdict, "prob": facts.PROBABILITY}
    detail = [model]
    if opinion.keyword:
        word = {"strategy": "keyword", "errcode": 0, **verdict, "prob": facts.PROBABILITY}
        detail.append({**word, "keyword": opinion.keyword})
    return {"result": verdict, "detail": detail}


ENDPOINTS = {
    "/sns/jscode2session": Endpoint("GET", code_to_session),
    "/cgi-bin/token": Endpoint("GET", plain_token),
    "/cgi-bin/stable_token": Endpoint("POST", stable_token),
    "/wxa/checksession": Endpoint("GET", check_session),
    "/wxa/msg_sec_check": Endpoint("POST", check_text),
}


def _token_payload(token: Token, now: int) -> Payload:
    return {"access_token": token.text, "expires_in": token.expires_in(now)}


def _credentials(source: Mapping[str, object]) -> tuple[str, str]:
    return _text(source, "appid", 41002), _text(source, "secret", 41004)


def _check_grant(source: Mapping[str, object], wanted: str) -> None:
    if source.get("grant_type") != wanted:
        raise CallRefused(40002)


def _text(source: Mapping[str, object], name: str, missing_errcode: int) -> str:
    value = source.get(name)
    if value is None or value == "":
        raise CallRefused(missing_errcode)
    if not isinstance(value, str):
        raise CallRefused(47001)
    return value


def _json_object(body: bytes) -> Mapping[str, object]:
    if not body:
        raise CallRefused(44002)
    try:
        value = json.loads(body.decode())
    except (ValueError, RecursionError):
        raise CallRefused(47001) from None
    if not isinstance(value, dict):
        raise CallRefused(47001)
    return value
