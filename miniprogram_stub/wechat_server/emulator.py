"""Handles one call: applies a fault, gets the answer, and writes a line of the log."""

import time
from collections.abc import Callable

from miniprogram_stub.wechat_server import calls, replies
from miniprogram_stub.wechat_server.calls import Call, Payload
from miniprogram_stub.wechat_server.clock import EmulatorClock
from miniprogram_stub.wechat_server.facts import Quotas
from miniprogram_stub.wechat_server.faults import Fault, Faults
from miniprogram_stub.wechat_server.journal import CallLog, LoggedCall
from miniprogram_stub.wechat_server.refusals import CallRefused
from miniprogram_stub.wechat_server.replies import WeChatReply
from miniprogram_stub.wechat_server.state import WeChat


class Emulator:
    """The state of WeChat with its clock, faults and call log; `sleep` waits for a latency."""

    def __init__(
        self,
        appid: str,
        secret: str,
        *,
        clock: EmulatorClock | None = None,
        quotas: Quotas | None = None,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self._appid = appid
        self._secret = secret
        self._quotas = quotas
        self._sleep = sleep
        self.clock = clock or EmulatorClock()
        self.reset()

    def reset(self) -> None:
        """Return to the state at the start."""
        self.clock.reset()
        self.world = WeChat(self._appid, self._secret, self._quotas)
        self.faults = Faults()
        self.journal = CallLog()

    def handle(self, call: Call) -> WeChatReply:
        """Answer a call of the WeChat side; never raises."""
        journal = self.journal
        number = journal.next_number()
        fault = self.faults.due(call.path)
        if fault is not None and fault.seconds:
            self._sleep(fault.seconds)
        now = self.clock.now()
        payload = self._payload(call, number, fault, now)
        reply = replies.reply(payload) if fault is None else replies.spoilt(payload, fault)
        journal.write(_entry(call, number, now, payload, reply, fault))
        return reply

    def _payload(self, call: Call, number: int, fault: Fault | None, now: int) -> Payload:
        if fault is None:
            return self._answer(call, number, now)
        payload = self._answer(call, number, now) if fault.handled else {}
        if fault.kind == "errcode":
            return replies.refusal(fault.errcode, number)
        return payload

    def _answer(self, call: Call, number: int, now: int) -> Payload:
        try:
            return calls.answer(self.world, call, now)
        except CallRefused as refused:
            return replies.refusal(refused.errcode, number)


def _entry(
    call: Call, number: int, now: int, payload: Payload, reply: WeChatReply, fault: Fault | None
) -> LoggedCall:
    errcode = payload.get("errcode", 0)
    openid = payload.get("openid")
    return LoggedCall(
        number,
        now,
        call.method,
        call.path,
        tuple(call.query),
        status=None if reply.dropped else reply.status,
        errcode=errcode if isinstance(errcode, int) else 0,
        openid=openid if isinstance(openid, str) else None,
        fault=fault.kind if fault else None,
    )
