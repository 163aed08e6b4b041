"""Refusals of suggestions."""

from backend.errors import LinkaError, NotFound


class UnknownSuggestion(NotFound):
    """This activity has no such suggestion, or the caller does not see it."""

    slug = "unknown_suggestion"
    zh = "没有找到这条建议。"
    en = "There is no such suggestion."


class NotCollecting(LinkaError):
    """The organisers have decided about the suggestion."""

    slug = "not_collecting"
    status = 409
    zh = "这条建议已经有结果，不能再附议。"
    en = "This suggestion has been decided and takes no more supporters."


class AlreadyMerged(LinkaError):
    """The suggestion was merged into another one before."""

    slug = "already_merged"
    status = 409
    zh = "这条建议已经并入另一条建议。"
    en = "This suggestion was merged into another one."


class NotForGuests(LinkaError):
    """Guests may not look at suggestions in this activity."""

    slug = "not_for_guests"
    status = 403
    zh = "本次征集仅限员工查看，请先绑定工号。"
    en = "These suggestions are for staff; please bind your staff number."
