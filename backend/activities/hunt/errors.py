"""Refusals of the hunt."""

from backend.errors import LinkaError, NotFound


class NotYourQuestion(NotFound):
    """The dig is another player's, or there is none."""

    slug = "not_your_question"
    zh = "这不是你的题目。"
    en = "This is not your question."


class DigAlreadyAnswered(LinkaError):
    """The question was answered, with another choice."""

    slug = "already_answered"
    status = 409
    zh = "这道题你已经答过了，以第一次为准。"
    en = "You have answered this question; the first answer counts."


class DeadlinePassed(LinkaError):
    """The player's own clock ran out."""

    slug = "deadline_passed"
    status = 409
    zh = "答题时间已到，下一题继续加油。"
    en = "The time for this question is over."


class QuestionVoided(LinkaError):
    """A host voided the question; the dig is given back."""

    slug = "question_voided"
    status = 409
    zh = "这道题已作废，本次挖掘机会已退还。"
    en = "This question was voided; your dig was given back."


class NoDigsLeft(LinkaError):
    """The day's digs are used up."""

    slug = "no_digs_left"
    status = 409
    zh = "今天的挖宝次数已用完，明天再来。"
    en = "You have no digs left today."


class NoQuestionLeft(LinkaError):
    """The site has no question."""

    slug = "no_question_left"
    status = 409
    zh = "这里暂时没有题目，换个地方挖吧。"
    en = "There is no question at this site."


class NotYourSitting(LinkaError):
    """The player's shift has its sitting at another time."""

    slug = "not_your_sitting"
    status = 409
    zh = "现在不是你的场次，请在自己的场次参加。"
    en = "Your shift plays at another time."


class UnknownSite(NotFound):
    """The map has no such site."""

    slug = "unknown_site"
    zh = "地图上没有这个地点。"
    en = "The map has no such site."


class SnoozeUsed(LinkaError):
    """The one snooze of the event is used."""

    slug = "snooze_used"
    status = 409
    zh = "本次活动的“来电了”已经用过。"
    en = "You have used your snooze in this event."


class BadDigChoice(LinkaError):
    """The choice names an option that was not offered, or too many."""

    slug = "bad_choice"
    status = 422
    zh = "请选择题目中给出的选项。"
    en = "Choose among the options that were offered."


class Sealed(LinkaError):
    """The last sitting is not over."""

    slug = "sealed"
    status = 409
    zh = "最后一场结束后才能查看统计。"
    en = "Statistics are sealed until the last sitting is over."
