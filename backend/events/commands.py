"""The operator's commands for events: `linka events …`."""

from datetime import datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

import click
from rich.console import Console
from rich.table import Table

from backend.clock import Clock, from_datetime, local_time
from backend.db import Database
from backend.errors import LinkaError
from backend.events import lifecycle, making, service
from backend.events.arguments import EVENT
from backend.events.kinds import Kinds
from backend.events.making import EventDetails
from backend.events.models import Activity, Event, Player
from backend.events.rehearsals import EveningPlan, EventFeed, Leftovers, Rehearsals
from backend.events.templates import read_folder
from backend.identity.commands import confirm
from backend.live.revocations import Revocations


class EventShell(Protocol):
    """What these commands need of the click context object; each is opened when first used."""

    @property
    def database(self) -> Database:
        """The open database."""

    @property
    def clock(self) -> Clock:
        """The clock."""

    @property
    def kinds(self) -> Kinds:
        """The kinds of activity."""

    @property
    def boards(self) -> Any:
        """The boards, with Redis running."""

    @property
    def feed(self) -> EventFeed:
        """The feed, with Redis running."""

    @property
    def revocations(self) -> Revocations:
        """Tells servers to check open sockets and streams again; starts Redis if necessary."""

    @property
    def timezone(self) -> str:
        """The time zone of the centre, in which people write times."""

    @property
    def address(self) -> str:
        """Where the server is reached."""


LOCAL_TIME = click.DateTime(["%Y-%m-%d %H:%M"])


def _moment(shell: EventShell, local: datetime | None) -> int | None:
    """Return the moment of a time on the centre's clock."""
    if local is None:
        return None
    return from_datetime(local.replace(tzinfo=ZoneInfo(shell.timezone)))


@click.group("events", help="活动。 Events.")
def events() -> None:
    """The group of the commands of events."""


def _refused(error: LinkaError) -> click.ClickException:
    fields = "".join(text for texts in error.field_texts("zh").values() for text in texts)
    return click.ClickException(f"{error.message('zh')}{fields}（{error.slug}）")


@events.command("list")
@click.pass_obj
def list_(shell: EventShell) -> None:
    """列出全部活动，最新的在前。"""
    shell.database.check()
    now = shell.clock.now()
    table = Table("编号", "活动", "状态", "加入码", "人数", "标记")
    for event in Event.select().order_by(Event.id.desc()):
        count = Player.select().where(Player.event == event, Player.status == "active").count()
        table.add_row(
            str(event.id),
            event.title,
            lifecycle.STATE_WORDS[lifecycle.state(event, now)],
            event.join_code,
            str(count),
            _marks(event),
        )
    Console().print(table if table.row_count else "还没有活动，用 linka events create 建一个。")


def _marks(event: Event) -> str:
    marks = {
        "彩排": event.rehearsal,
        "暂停": lifecycle.is_paused(event),
        "封榜": event.frozen_at is not None,
    }
    return " ".join(name for name, holds in marks.items() if holds)


@events.command("templates")
def templates() -> None:
    """列出可用的活动模板。"""
    folder = read_folder()
    table = Table("模板", "活动", "说明")
    for template in folder.templates:
        table.add_row(template["name"], template["title"], template["description"])
    Console().print(table)
    _name_broken(folder.broken)


def _name_broken(files: dict[str, str]) -> None:
    for file, reason in files.items():
        click.echo(f"提醒：跳过有错误的模板 {file}：{reason}", err=True)


@events.command("create")
@click.argument("template")
@click.option("--title", help="活动标题，默认用模板的。")
@click.option("--code", help="加入码，默认随机生成。")
@click.option("--rehearsal", is_flag=True, help="彩排：数据带标记，可以清除。")
@click.option(
    "--opens-at", type=LOCAL_TIME, help="预约开始时间，如 2026-12-01 19:00，到点自动开放。"
)
@click.option("--closes-at", type=LOCAL_TIME, help="计划结束时间，到点自动结束；暂停会顺延。")
@click.option("--open", "open_now", is_flag=True, help="建好后立即开放。")
@click.option("--yes", is_flag=True, help="开始时间已过也不询问。")
@click.option("--force", is_flag=True, help="题库、主题或词库不齐也照样新建，只提醒。")
@click.pass_obj
def create(
    shell: EventShell, template: str, open_now: bool, yes: bool, force: bool, **details: Any
) -> None:
    """用模板 TEMPLATE 新建活动。

    模板里的题库、主题或词库到开始那天没有可用的题或词，就不新建，除非加 --force。
    """
    shell.database.check()
    now, opens_at = shell.clock.now(), _moment(shell, details["opens_at"])
    if opens_at is not None and opens_at < now:
        local = f"{details['opens_at']:%Y-%m-%d %H:%M}"
        confirm(f"开始时间 {local} 已经过去，活动会立即开始。照样新建？", yes)
    _name_broken(read_folder().broken)
    try:
        content = making.of_template(shell.kinds, template, opens_at or now)
        day = shell.boards.day(opens_at or now)
        if force:
            for lack in making.lacks(shell.kinds, content, day):
                click.echo(f"提醒：{lack.zh}", err=True)
        else:
            making.require_complete(shell.kinds, content, day)
        event = making.create(
            shell.database,
            shell.kinds,
            shell.boards,
            content,
            now,
            EventDetails(
                title=details["title"],
                rehearsal=details["rehearsal"],
                opens_at=opens_at,
                closes_at=_moment(shell, details["closes_at"]),
                join_code=details["code"],
            ),
        )
        action = "open" if open_now else "schedule" if opens_at else None
        if action:
            event = service.transition(shell.database, shell.boards, event.id, action, now)
    except LinkaError as error:
        raise _refused(error) from None
    _show(shell, event)


def _transition(name: str, help_text: str) -> click.Command:
    @click.command(name, help=help_text)
    @click.argument("event_id", metavar="EVENT", type=EVENT)
    @click.pass_obj
    def command(shell: EventShell, event_id: int) -> None:
        _go(shell, event_id, name)

    return command


def _go(shell: EventShell, event_id: int, action: str) -> None:
    shell.database.check()
    try:
        event = service.transition(
            shell.database, shell.boards, event_id, action, shell.clock.now()
        )
    except LinkaError as error:
        raise _refused(error) from None
    _show(shell, event)


for _name, _help in {
    "open": "开放活动。",
    "pause": "暂停活动，所有倒计时停住。",
    "resume": "继续活动。",
    "reopen": "重新开放一小时内结束的活动；结束期间算作暂停。",
    "archive": "归档活动。",
    "freeze": "封榜：大屏和员工看到的榜停在此刻。",
    "reveal": "揭榜：从后往前揭晓一名；全部揭晓后解除封榜。",
}.items():
    events.add_command(_transition(_name, _help))


@events.command("close")
@click.argument("event_id", metavar="EVENT", type=EVENT)
@click.option("--yes", is_flag=True, help="不询问，直接结束。")
@click.pass_obj
def close(shell: EventShell, event_id: int, yes: bool) -> None:
    """结束活动，不再计分；一小时内可以用 reopen 重新开放。"""
    shell.database.check()
    event = service.get(event_id)
    if lifecycle.state(event, shell.clock.now()) == lifecycle.OPEN:
        confirm(f"结束活动 {event_id}“{event.title}”？", yes)
    _go(shell, event_id, "close")


@events.command("show")
@click.argument("event_id", metavar="EVENT", type=EVENT)
@click.pass_obj
def show(shell: EventShell, event_id: int) -> None:
    """显示一个活动、它的环节（带编号）和大屏地址。"""
    shell.database.check()
    try:
        event = service.get(event_id)
    except LinkaError as error:
        raise _refused(error) from None
    _show(shell, event)


@events.command("wipe")
@click.argument("event_id", metavar="EVENT", type=EVENT)
@click.option("--yes", is_flag=True, help="不询问，直接清除。")
@click.pass_obj
def wipe(shell: EventShell, event_id: int, yes: bool) -> None:
    """清除彩排活动的全部数据。"""
    shell.database.check()
    rehearsals = Rehearsals(shell.database, shell.kinds, shell.boards, shell.feed)
    try:
        found = rehearsals.leftovers(service.get(event_id))
        _show_leftovers(found)
        confirm(f"清除活动 {event_id} 的以上数据？", yes)
        rehearsals.wipe(event_id, shell.clock.now(), None)
        shell.revocations.tell(event_id=event_id)
    except LinkaError as error:
        raise _refused(error) from None
    click.echo(f"活动 {event_id} 的彩排数据已清除。")


@events.command("evening")
@click.argument("event_id", metavar="EVENT", type=EVENT)
@click.option("--opens-at", type=LOCAL_TIME, help="正式活动的开始时间。")
@click.option("--closes-at", type=LOCAL_TIME, help="正式活动的结束时间。")
@click.option("--yes", is_flag=True, help="不询问，直接转换。")
@click.pass_obj
def evening(
    shell: EventShell,
    event_id: int,
    opens_at: datetime | None,
    closes_at: datetime | None,
    yes: bool,
) -> None:
    """把彩排转为正式活动：准备好的全部保留，玩过的全部清除，加入码不变。"""
    shell.database.check()
    rehearsals = Rehearsals(shell.database, shell.kinds, shell.boards, shell.feed)
    plan = EveningPlan(_moment(shell, opens_at), _moment(shell, closes_at))
    try:
        if service.get(event_id).rehearsal:
            _show_leftovers(rehearsals.leftovers(service.get(event_id)))
            confirm(f"清除以上数据，并把活动 {event_id} 转为正式活动？", yes)
        event = rehearsals.turn_into_evening(event_id, shell.clock.now(), None, plan)
        shell.revocations.tell(event_id=event_id)
    except LinkaError as error:
        raise _refused(error) from None
    _show(shell, event)


def _show_leftovers(found: Leftovers) -> None:
    table = Table.grid(padding=(0, 2))
    for name, counts in (("整个活动", found.whole), *((a.title, c) for a, c in found.activities)):
        if counts:
            table.add_row(name, "、".join(f"{left.title.zh} {left.count}" for left in counts))
    Console(soft_wrap=True).print(table)


def _show(shell: EventShell, event: Event) -> None:
    now = shell.clock.now()
    table = Table.grid(padding=(0, 2))
    rows = {
        "编号": str(event.id),
        "活动": event.title,
        "状态": lifecycle.STATE_WORDS[lifecycle.state(event, now)]
        + ("  " + _marks(event)).rstrip(),
        "加入码": event.join_code,
        "大屏": f"{shell.address}/screen/{event.id}?key={event.screen_key}",
    }
    for name, moment in (("开始", event.opens_at), ("计划结束", event.closes_at)):
        if moment:
            rows[name] = f"{local_time(moment, shell.timezone):%Y-%m-%d %H:%M}"
    if event.reveal_step:
        rows["揭榜"] = f"第 {event.reveal_step} 步，共 {event.settings['reveal_top'] + 1} 步"
    for activity in event.activities.order_by(Activity.position, Activity.id):
        rows[f"环节 {activity.id}"] = f"{activity.title}（{activity.kind}）"
    for name, value in rows.items():
        table.add_row(name, value)
    Console(soft_wrap=True).print(table)
