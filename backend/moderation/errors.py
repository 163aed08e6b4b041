"""Refusals of moderation."""

from backend.errors import Forbidden, LinkaError, Sentence


class WritingBlocked(Forbidden):
    """A host blocked this player from writing."""

    slug = "writing_blocked"
    zh = "主持人已停止你在本次活动中的发言，如有疑问请联系主持人。"
    en = "A host has stopped you from writing in this event."


class NotApproved(LinkaError):
    """Only items that a host or the check has approved may be put on the screen."""

    slug = "not_approved"
    status = 409
    zh = "审核通过的内容才能上大屏。"
    en = "Only what was approved can be put on the screen."


class UnknownPicture(LinkaError):
    """This person did not upload such a picture to this event."""

    slug = "unknown_picture"
    status = 422
    zh = "没有找到这张图片，请先上传。"
    en = "There is no such picture in this event."


class BadPicture(LinkaError):
    """The file is not a picture that can be shown; `reason` says why."""

    slug = "bad_picture"
    status = 422
    zh = "{reason}"
    en = "{reason_en}"

    def __init__(self, reason: Sentence) -> None:
        super().__init__(reason=reason.zh, reason_en=reason.en)
