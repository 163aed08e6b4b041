"""Refusals of computations that exceed the limits of a child process."""

from backend.errors import LinkaError


class Busy(LinkaError):
    """Too many calls wait, or the machine is too busy to finish this one in time."""

    slug = "busy"
    status = 503
    zh = "现在处理的人太多，请过几秒再试。"
    en = "Too much is going on at the moment; please try again in a few seconds."

    def __init__(self) -> None:
        super().__init__(retry_after_seconds=5)


class TooDemanding(LinkaError):
    """The computation needs more processor time or memory than one call may use."""

    slug = "too_demanding"
    status = 422
    zh = "这个文件太大或太复杂，处理不了，请换一个更小、更简单的再试。"
    en = "This takes too much time or memory; please send something smaller and simpler."


class OffloadFailed(Exception):
    """The function in the child raised an error that nobody expected; the text is its traceback."""
