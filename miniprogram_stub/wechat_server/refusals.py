"""Refusals of calls by an errcode, which becomes a JSON answer."""

from miniprogram_stub.wechat_server import facts


class CallRefused(Exception):
    """WeChat refuses the call with this errcode; the HTTP status stays 200."""

    def __init__(self, errcode: int) -> None:
        super().__init__(errcode)
        self.errcode = errcode

    @property
    def text(self) -> str:
        return error_text(self.errcode)


def error_text(errcode: int) -> str:
    """WeChat's wording for an errcode, without the trace suffix."""
    return facts.ERROR_TEXTS.get(errcode, "system error")
