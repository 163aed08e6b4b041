"""Refusals of the contest."""

from backend.errors import Forbidden, LinkaError, NotFound


class NoRound(NotFound):
    """There is no such round, or it is not shown yet."""

    slug = "no_round"
    zh = "这一题还没有开始。"
    en = "This round has not begun."


class ContestRoundOver(LinkaError):
    """The time is up, or the answer has been revealed."""

    slug = "round_over"
    status = 409
    zh = "本题作答时间已到。"
    en = "The time for this question is over."


class RoundAlreadyAnswered(LinkaError):
    """Another answer was given first; the first one counts."""

    slug = "already_answered"
    status = 409
    zh = "本题已作答，以第一次提交为准。"
    en = "You have answered this question; the first answer counts."


class JoinedLate(LinkaError):
    """The player joined while the question was on, and can play from the next one."""

    slug = "joined_late"
    status = 409
    zh = "本题开始后才加入，请从下一题开始作答。"
    en = "You joined after this question began; you play from the next one."


class NotInPlayoff(Forbidden):
    """Only tied players take part in a playoff."""

    slug = "not_in_playoff"
    zh = "加赛题仅限并列选手作答，请为他们加油！"
    en = "Only the tied players answer this question."


class BadRoundChoice(LinkaError):
    """The choice holds letters that the question does not offer, or too many."""

    slug = "bad_choice"
    status = 422
    zh = "所选答案无效，请重新选择。"
    en = "The choice is not one of the options offered."


class WrongPhase(LinkaError):
    """The phase of the contest does not allow this action."""

    slug = "wrong_phase"
    status = 409
    zh = "竞赛当前阶段不能进行此操作。"
    en = "The contest's present phase does not allow this."


class NobodyTied(LinkaError):
    """No place among the first ones is shared."""

    slug = "nobody_tied"
    status = 409
    zh = "前几名没有并列，不需要加赛。"
    en = "Nobody is tied on the first places."
