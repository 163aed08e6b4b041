"""The checks before an event: the server, the people, the hall, and each activity.

Each line is a `PreflightLine` of `backend.events.preflight`; those of a kind of activity come from
`Kind.preflight`.
"""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import peewee
from flask import current_app, url_for
from redis import Redis, RedisError

from backend.clock import business_day
from backend.db import Database
from backend.errors import LinkaError, Sentence
from backend.events import preflight as levels
from backend.events.current import kinds
from backend.events.models import Activity, Event
from backend.events.preflight import GREEN, RED, YELLOW, PreflightLine
from backend.identity import roster
from backend.identity.current import caller
from backend.live.streams import OpenStreams
from backend.web import current, health
from backend.wechat.client import WeChatClient

SERVER = Sentence("服务器", "Server")
CLOCK = Sentence("时钟", "Clock")
WECHAT = Sentence("微信", "WeChat")
ROSTER = Sentence("花名册", "Roster")
SCREEN = Sentence("大屏", "Big screen")
EVENT = Sentence("活动", "Event")
# The largest difference of clocks: phones count down by the server's clock, and standings are
# ordered by those of Redis and the database.
CLOCK_GREEN_MS, CLOCK_YELLOW_MS = 1_000, 5_000
# Below this share of the roster, hosts are told that many have not bound.
BOUND_PERCENT = 50

# The endpoints of the pages where something can be fixed, with an anchor on the page.
_PAGES = {
    levels.BUILD: ("host.build", ""),
    levels.BANKS: ("host.banks", ""),
    levels.ROSTER: ("host.staff_roster", ""),
    levels.PREPARE: ("host.prepare", "tables"),
    levels.SCREEN: ("host.prepare", "screen"),
    levels.PANEL: ("host.activity", ""),
}


def day_of(event: Event) -> str:
    """Return the business day on which an event opens, today if it is open or has no time."""
    settings = current.settings()
    moment = max(event.opens_at or 0, current.now())
    return business_day(moment, settings.timezone, settings.day_boundary_hour)


def lines_of(event: Event) -> list[PreflightLine]:
    """Return the lines in the order in which a host works through them."""
    return [*_server(), *_people(), *_hall(event), *_activities(event)]


def link(line: PreflightLine, event: Event) -> str | None:
    """Return the address of the page where the caller can fix a line; None where there is none."""
    if line.mended_at == levels.ROSTER and not caller().has("admin"):
        return None
    endpoint, place = _PAGES.get(line.mended_at, ("", ""))
    rule = next(iter(current_app.url_map.iter_rules(endpoint)), None) if _exists(endpoint) else None
    if rule is None:
        return None
    known = {"event_id": event.id, "activity_id": line.activity_id}
    values: dict[str, Any] = {name: known[name] for name in rule.arguments}
    return url_for(endpoint, _anchor=place or None, **values)


def _exists(endpoint: str) -> bool:
    return endpoint in current_app.view_functions


def _server() -> Iterator[PreflightLine]:
    states = health.parts()
    wrong = [part for part, state in states.items() if state != "ok"]
    if wrong:
        named = "、".join(wrong)
        text = Sentence(f"没有就绪：{named}。请找管服务器的同事。", f"Not ready: {named}.")
        yield PreflightLine(RED, SERVER, text)
    else:
        text = Sentence("数据库和 Redis 都正常。", "The database and Redis are fine.")
        yield PreflightLine(GREEN, SERVER, text)
    with suppress(RedisError, peewee.DatabaseError):
        yield clock_line(max(map(abs, _differences(current.database()))))
    yield _wechat()


def clock_line(apart_ms: int) -> PreflightLine:
    """Return the line about clocks that differ by so many ms."""
    if apart_ms <= CLOCK_GREEN_MS:
        return PreflightLine(GREEN, CLOCK, Sentence("各处的时间一致。", "All clocks agree."))
    seconds = round(apart_ms / 1000)
    text = Sentence(
        f"服务器与 Redis 或数据库的时间相差 {seconds} 秒，请校准服务器时间。",
        f"The clocks of the server and of Redis or the database are {seconds} s apart.",
    )
    return PreflightLine(YELLOW if apart_ms <= CLOCK_YELLOW_MS else RED, CLOCK, text)


def _differences(database: Database) -> list[int]:
    """Return by how many ms the clocks of Redis and of the database differ from this machine's."""
    redis: Redis = current_app.extensions["linka.redis"]
    told: Any = redis.time()
    found = [told[0] * 1000 + told[1] // 1000 - current.now()]
    if not database.is_sqlite:
        [(theirs,)] = database.read("SELECT extract(epoch FROM clock_timestamp()) * 1000")
        found.append(int(theirs) - current.now())
    return found


def _wechat() -> PreflightLine:
    client: WeChatClient = current_app.extensions["linka.wechat"]
    current.database().release()
    try:
        client.stable_token()
    except LinkaError as error:
        text = Sentence(
            f"微信接口不通：{error.message('zh')}", f"WeChat cannot be used: {error.message('en')}"
        )
        return PreflightLine(RED, WECHAT, text)
    if current.settings().emulates_wechat:
        text = Sentence("连的是模拟微信，只能用来试。", "WeChat is emulated: for trying out alone.")
        return PreflightLine(YELLOW, WECHAT, text)
    return PreflightLine(GREEN, WECHAT, Sentence("微信接口正常。", "WeChat answers."))


def _people() -> Iterator[PreflightLine]:
    count = roster.headcount()
    if not count.active:
        text = Sentence("花名册是空的，员工没法绑定。", "The roster is empty; nobody can bind.")
        yield PreflightLine(RED, ROSTER, text, levels.ROSTER)
        return
    enough = count.bound * 100 >= count.active * BOUND_PERCENT
    text = Sentence(
        f"在职 {count.active} 人，{count.teams} 个班组，已绑定微信 {count.bound} 人。"
        + ("" if enough else "还不到一半，请提醒大家在小程序里绑定工号。"),
        f"{count.active} active people in {count.teams} teams; {count.bound} have bound WeChat."
        + ("" if enough else " These are few: remind people to bind in the mini program."),
    )
    yield PreflightLine(GREEN if enough else YELLOW, ROSTER, text, levels.ROSTER)


def _hall(event: Event) -> Iterator[PreflightLine]:
    streams: OpenStreams = current_app.extensions["linka.streams"]
    try:
        count = streams.screens(event.id)
    except RedisError:
        count = 0
    if count:
        text = Sentence(f"大屏开着（{count} 个页面）。", f"The screen is open ({count} pages).")
        yield PreflightLine(GREEN, SCREEN, text, levels.SCREEN)
    else:
        text = Sentence("现在没有打开的大屏。", "No screen is open now.")
        yield PreflightLine(YELLOW, SCREEN, text, levels.SCREEN)


def _activities(event: Event) -> Iterator[PreflightLine]:
    if event.opens_at is None and event.state in ("draft", "scheduled"):
        text = Sentence(
            "没有定开始时间，题目的有效期按今天检查。",
            "It has no time of opening; questions are checked for today.",
        )
        yield PreflightLine(YELLOW, EVENT, text, levels.BUILD)
    code = Sentence(f"加入码 {event.join_code}。", f"The join code is {event.join_code}.")
    yield PreflightLine(GREEN, EVENT, code, levels.BUILD)
    activities = list(Activity.select().where(Activity.event == event).order_by(Activity.position))
    if not activities:
        yield PreflightLine(
            RED, EVENT, Sentence("还没有环节。", "It has no activities."), levels.BUILD
        )
    day = day_of(event)
    for activity in activities:
        yield from kinds()[activity.kind].preflight(activity, day)
