"""Refusals of polls."""

from backend.errors import Forbidden, LinkaError, NotFound


class UnknownPoll(NotFound):
    """This activity has no such poll, or it is still a draft."""

    slug = "unknown_poll"
    zh = "没有找到这次投票。"
    en = "This activity has no such poll."


class UnknownEntry(LinkaError):
    """An entry with a 直通卡 is in none of the heats."""

    slug = "unknown_entry"
    status = 422
    zh = "直通卡作品不在所选的预赛中。"
    en = "An entry is in none of the heats."


class PollNotOpen(LinkaError):
    """Nobody may vote before the host opens the poll."""

    slug = "poll_not_open"
    status = 409
    zh = "投票还没有开始。"
    en = "The poll is not open."


class PollClosed(LinkaError):
    """The poll is over."""

    slug = "poll_closed"
    status = 409
    zh = "投票已结束。"
    en = "The poll is closed."


class AlreadyVoted(LinkaError):
    """The person has voted, and may not change the ballot, or not from here."""

    slug = "already_voted"
    status = 409
    zh = "你已经投过票了，以已投的选票为准。"
    en = "You have voted; that ballot counts."


class BallotsUsedUp(LinkaError):
    """The person has used all ballots of this day."""

    slug = "ballots_used_up"
    status = 409
    zh = "今天的票已投完，明天再来。"
    en = "You have no ballots left today."


class GuestsNotInvited(Forbidden):
    """The poll is for staff."""

    slug = "guests_not_invited"
    zh = "本次投票仅限员工参与，请先绑定工号。"
    en = "This poll is for staff; please bind your staff number."


class VoteAsStaff(Forbidden):
    """The person is bound with another account, and must vote with that one."""

    slug = "vote_as_staff"
    zh = "你已用另一个微信号绑定工号，请用那个微信号投票。"
    en = "You are staff with another WeChat account; please vote with that one."


class WrongHallCode(Forbidden):
    """The ballot lacks the code that is on the screen, or has another."""

    slug = "wrong_hall_code"
    zh = "现场码不对，请输入大屏幕上的六位数字，每分钟更换一次。"
    en = "Enter the six digits on the big screen; they change every minute."


class BadBallot(LinkaError):
    """The ballot names an option that was not offered, one twice, or too many."""

    slug = "bad_ballot"
    status = 422
    zh = "选票无效，请按要求选择给出的选项。"
    en = "Choose among the options that were offered, not too many."


class ReceiptTaken(LinkaError):
    """The receipt belongs to another ballot."""

    slug = "receipt_taken"
    status = 409
    zh = "选票回执重复，请重新提交。"
    en = "This receipt was used before; make another."


class PollNotDraft(LinkaError):
    """Only a draft may be changed."""

    slug = "poll_not_draft"
    status = 409
    zh = "投票已经开始，不能再修改。"
    en = "The poll has begun and cannot be changed."


class PollNotClosed(LinkaError):
    """The poll is not over."""

    slug = "poll_not_closed"
    status = 409
    zh = "请先结束投票。"
    en = "The poll is not closed."


class TooFewOptions(LinkaError):
    """A choice needs two options."""

    slug = "too_few_options"
    status = 409
    zh = "至少要有两个选项才能开始投票。"
    en = "A poll needs at least two options."


class TooFewBallots(LinkaError):
    """Results of an anonymous poll with fewer than five ballots are not shown."""

    slug = "too_few_ballots"
    status = 409
    zh = "匿名投票不足 5 票，不公布结果。"
    en = "An anonymous poll with fewer than five ballots has no result."


class NoTie(LinkaError):
    """There is no tie for the last winning place."""

    slug = "no_tie"
    status = 409
    zh = "没有需要加投的并列。"
    en = "There is no tie to decide."


class PollIsAnonymous(LinkaError):
    """The voters of an anonymous poll are unknown."""

    slug = "poll_is_anonymous"
    status = 409
    zh = "匿名投票没有投票明细。"
    en = "The poll is anonymous: ballots have no names."
