"""The page of all lists of an event that hosts can download as Excel."""

from backend.console.frame import blueprint, event_page
from backend.events.current import hosted, kinds
from backend.events.kinds import Download
from backend.events.models import Activity


@blueprint.route("/events/<int:event_id>/downloads")
def downloads(event_id: int) -> str:
    """The lists of the whole event, and those of each activity. The event's hosts."""
    event = hosted(event_id)
    here = f"/events/{event.id}"
    whole = [
        (
            "活动报道",
            "谁参加了、每个环节的结果、题目、亮点、获奖名单，和上次比",
            Download("", f"{here}/report.xlsx"),
        ),
        (
            "最终排名",
            "个人总榜（含每个环节的得分）和班组总榜",
            Download("", f"{here}/ranking.xlsx"),
        ),
        (
            "参与人员",
            "谁参加了、谁没有来、各班组的参与率",
            Download("", f"{here}/participants.xlsx"),
        ),
        ("积分明细", "每一笔得分、调整和撤回", Download("", f"{here}/points.xlsx")),
        ("审核记录", "大家写的和画的，怎么处理的", Download("", f"{here}/moderation.xlsx")),
        ("操作记录", "主持人做过的每一步，之前和之后", Download("", f"{here}/audit.xlsx")),
    ]
    activities = event.activities.order_by(Activity.position, Activity.id)
    lists = [(one, kinds()[one.kind].downloads(one)) for one in activities]
    return event_page(
        "console/downloads.html",
        event,
        whole=whole,
        lists=[(activity, found) for activity, found in lists if found],
    )
