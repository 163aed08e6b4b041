"""Refusals about posts."""

from backend.errors import LinkaError


class PostMoved(LinkaError):
    """Somebody else has written a newer version; the caller has to look at it first."""

    slug = "post_moved"
    status = 409
    zh = "别人刚改过这篇文章，请刷新后再改。"
    en = "This post was changed meanwhile; please reload it."


class WrongStateOfPost(LinkaError):
    """The action does not fit the state of the post."""

    slug = "wrong_state_of_post"
    status = 409
    zh = "文章现在的状态不能这样操作。"
    en = "The post's state does not allow this."


class NothingToConfirm(LinkaError):
    """收到 is for must-read posts and for staff."""

    slug = "nothing_to_confirm"
    status = 409
    zh = "这篇文章不需要回复收到。"
    en = "This post asks for no confirmation."
