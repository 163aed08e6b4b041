"""Text messages to the official account (公众号), answered like look-ups.

WeChat calls `/wechat/messages` with each message, and sends the answer of this request to the person
who wrote it. It signs each call with the token of the server configuration (明文模式). The official account
knows people by other ids than the mini program, so everybody who writes to it gets the answers for
guests.
"""

import hashlib
import re
import secrets
from dataclasses import dataclass
from xml.parsers import expat  # nosec B407 # refuses document types, see `read`

import flask
from flask import Response, abort, request

from backend.errors import Forbidden, NotFound, TooManyRequests
from backend.identity.principal import Principal
from backend.lookup import answering
from backend.lookup.schemas import LONGEST_QUERY
from backend.web import current

blueprint = flask.Blueprint("official_account", __name__)

ANYBODY = Principal(0, "", None, ())
RATE = "20/minute"
# WeChat takes this as an answer without a message; anything else but XML is a failure to it.
NO_ANSWER = "success"
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True)
class OfficialMessage:
    """A text that `sender` wrote to the official account `account`."""

    account: str
    sender: str
    text: str


@blueprint.before_request
def _require_signature() -> None:
    """Raise `NotFound` if no token is set, and `Forbidden` unless WeChat signed the request."""
    token = current.settings().wechat_message_token
    if not token:
        raise NotFound
    signed = (token, request.args.get("timestamp", ""), request.args.get("nonce", ""))
    if not secrets.compare_digest(
        signature(*signed).encode(), request.args.get("signature", "").encode()
    ):
        raise Forbidden


@blueprint.route("/wechat/messages", methods=["GET"])
def confirm_address() -> Response:
    """Repeat the text by which WeChat checks the address."""
    return Response(request.args.get("echostr", ""), mimetype="text/plain")


@blueprint.route("/wechat/messages", methods=["POST"])
def answer_message() -> Response:
    """Answer a text message; a repeat gets the same answer, because nothing is stored."""
    try:
        message = read(request.get_data())
    except expat.ExpatError:
        abort(400)
    if message is None:
        return Response(NO_ANSWER, mimetype="text/plain")
    try:
        current.limits().hit(RATE, "official-account", message.sender)
    except TooManyRequests:
        return Response(NO_ANSWER, mimetype="text/plain")
    now, zone = current.now(), current.settings().timezone
    told = answering.message(ANYBODY, message.text[:LONGEST_QUERY], now, zone)
    return Response(reply(message, told, now), mimetype="application/xml")


def signature(token: str, timestamp: str, nonce: str) -> str:
    """Return WeChat's signature of a request."""
    joined = "".join(sorted((token, timestamp, nonce)))
    return hashlib.sha1(joined.encode(), usedforsecurity=False).hexdigest()


def read(body: bytes) -> OfficialMessage | None:
    """Return the text message of a request's body; None if it is an event or another message.

    Raises `ExpatError` for a body that is no XML, or declares a document type, in which entities
    could grow without limit.
    """
    found: dict[str, str] = {}
    path: list[str] = []

    def begin(name: str, _attributes: dict[str, str]) -> None:
        path.append(name)

    def end(_name: str) -> None:
        path.pop()

    def text(data: str) -> None:
        if len(path) == 2:
            found[path[1]] = found.get(path[1], "") + data

    def refuse(*_declared: object) -> None:
        raise expat.ExpatError("a document type")

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = begin, end
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = text, refuse
    parser.Parse(body, True)
    words = found.get("Content", "").strip()
    if found.get("MsgType") != "text" or not words:
        return None
    return OfficialMessage(found.get("ToUserName", ""), found.get("FromUserName", ""), words)


def reply(message: OfficialMessage, text: str, now: int) -> str:
    """Return the answer to a message as XML."""
    parts = {"ToUserName": message.sender, "FromUserName": message.account}
    parts |= {"MsgType": "text", "Content": text}
    written = "".join(f"<{name}>{_literal(value)}</{name}>" for name, value in parts.items())
    return f"<xml>{written}<CreateTime>{now // 1000}</CreateTime></xml>"


def _literal(text: str) -> str:
    return f"<![CDATA[{_NO_XML.sub('', text).replace(']]>', ']]]]><![CDATA[>')}]]>"
