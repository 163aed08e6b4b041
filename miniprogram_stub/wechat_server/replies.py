"""Builds answers: JSON texts, refusals with their trace suffix, damaged answers."""

import json
from dataclasses import dataclass

from miniprogram_stub.wechat_server import facts
from miniprogram_stub.wechat_server.calls import Payload
from miniprogram_stub.wechat_server.faults import Fault
from miniprogram_stub.wechat_server.refusals import error_text

RID_SEED = 0x652D44D0
RID_MASK = 0xFFFFFFFF


@dataclass(slots=True)
class WeChatReply:
    """An answer; `dropped` means that the connection closes with none."""

    body: bytes
    status: int = 200
    content_type: str = facts.JSON_CONTENT_TYPE
    dropped: bool = False


def rid_of(number: int) -> str:
    """The trace id of the call with this number: the same in every run."""
    first = (RID_SEED + number) & RID_MASK
    second = (number * 0x9E3779B1 + 0x7F4A7C15) & RID_MASK
    third = ((number ^ 0x5BD1E995) * 0x85EBCA6B) & RID_MASK
    return f"{first:08x}-{second:08x}-{third:08x}"


def refusal(errcode: int, number: int) -> Payload:
    """The payload of a refusal; the HTTP status is 200."""
    return {"errcode": errcode, "errmsg": f"{error_text(errcode)} rid: {rid_of(number)}"}


def reply(payload: Payload) -> WeChatReply:
    return WeChatReply(json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode())


def spoilt(payload: Payload, fault: Fault) -> WeChatReply:
    """Return the reply after a fault has changed it."""
    whole = reply(payload)
    if fault.kind == "text_plain":
        return WeChatReply(whole.body, content_type="text/plain")
    if fault.kind == "malformed":
        return WeChatReply(whole.body[: len(whole.body) // 2])
    if fault.kind == "http_500":
        return WeChatReply(b"Internal Server Error", 500, "text/plain")
    if fault.kind == "drop":
        return WeChatReply(b"", dropped=True)
    return whole
