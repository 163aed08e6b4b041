"""Refusals about posts."""

from backend.errors import Forbidden, LinkaError


class PostMoved(LinkaError):
    """Somebody else has written a newer version, which the caller has to read first."""

    slug = "post_moved"
    status = 409
    zh = "别人刚改过这篇文章。没有保存的内容请先复制下来，再刷新。"
    en = "This post was changed meanwhile; copy what you have not saved, and reload it."


class WrongStateOfPost(LinkaError):
    """The action is not possible in the state of the post."""

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


class PostCorrected(LinkaError):
    """The reader confirms a version from before a correction that asks for 收到 again."""

    slug = "post_corrected"
    status = 409
    zh = "这篇文章刚更正过，请看完新的内容再回复收到。"
    en = "This post was corrected; please read it again before you confirm it."


class ReviewedByAuthor(Forbidden):
    """The author of a version may not publish it, unless the centre has at most one admin."""

    slug = "reviewed_by_author"
    zh = "自己写的文章要请别人审核发布。"
    en = "Somebody else has to review and publish what you wrote."


class CommentsClosed(LinkaError):
    """The column takes no comments, or no likes."""

    slug = "comments_closed"
    status = 409
    zh = "这个栏目没有开放评论或点赞。"
    en = "This column takes no comments or likes."


class NotReadYet(LinkaError):
    """The caller shares a post that they have not read."""

    slug = "not_read_yet"
    status = 409
    zh = "请先看完再分享。"
    en = "Please read the post before you share it."


class SubmissionsClosed(LinkaError):
    """The column takes no submissions."""

    slug = "submissions_closed"
    status = 409
    zh = "这个栏目现在不收投稿，请换一个栏目。"
    en = "This column takes no submissions."


class TooManySubmissions(LinkaError):
    """The person has as many undecided submissions as the limit allows."""

    slug = "too_many_submissions"
    status = 409
    zh = "没有处理完的投稿太多了，请等审核，或者删掉不要的草稿。"
    en = "You have too many submissions that are not decided."


class SubmissionMoved(LinkaError):
    """The submission does not wait any more, or was sent again.

    Somebody else has decided, or its author has taken it back.
    """

    slug = "submission_moved"
    status = 409
    zh = "这篇投稿刚被处理过或撤回了，请刷新再看。"
    en = "This submission was decided or taken back meanwhile; please reload it."
