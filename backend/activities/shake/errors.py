"""Refusals of the shake."""

from backend.errors import Forbidden, LinkaError, NotFound


class UnknownRound(NotFound):
    """This activity has no such round."""

    slug = "unknown_round"
    zh = "没有找到这一轮摇一摇。"
    en = "This activity has no such round."


class RoundNotStarted(LinkaError):
    """The countdown is not over."""

    slug = "round_not_started"
    status = 409
    zh = "倒计时还没结束，听到“开始”再摇。"
    en = "The countdown is not over."


class ShakeRoundOver(LinkaError):
    """The round is over; what comes now is too late."""

    slug = "round_over"
    status = 409
    zh = "这一轮已经结束了。"
    en = "This round is over."


class RoundCancelled(LinkaError):
    """The host cancelled the round."""

    slug = "round_cancelled"
    status = 409
    zh = "这一轮已被主持人取消。"
    en = "The host cancelled this round."


class RoundUnderWay(LinkaError):
    """The last round is neither scored nor cancelled."""

    slug = "round_under_way"
    status = 409
    zh = "上一轮还没有结束，请稍候或先取消。"
    en = "The last round is not over yet."


class RoundNotScored(LinkaError):
    """There is no result to dismiss yet."""

    slug = "round_not_scored"
    status = 409
    zh = "这一轮还没有结果。"
    en = "This round has no result yet."


class NotInRound(Forbidden):
    """A tug-of-war is for the members of its teams."""

    slug = "not_in_round"
    zh = "这一轮是班组对抗，你所在的班组没有上场，请为大家加油。"
    en = "Your team does not take part in this round."


class UnknownTeam(LinkaError):
    """No player of this team has joined the event."""

    slug = "unknown_team"
    status = 422
    zh = "有班组还没有人加入本次活动。"
    en = "Nobody of one of these teams has joined the event."
