"""The page at `/`: in development it lists services and events, in production it is one sentence."""

from importlib.metadata import version
from typing import Any

import flask
import peewee
from flask.typing import ResponseReturnValue

from backend.config import masked
from backend.db import describe
from backend.events import lifecycle
from backend.events.models import Event
from backend.screen import stub
from backend.web import current, health
from backend.web.pages import harden

blueprint = flask.Blueprint("landing", __name__, template_folder="templates")
blueprint.after_request(harden)

EVENTS_SHOWN = 12
PARTS = {"database": "数据库", "migrations": "数据库迁移", "redis": "Redis"}
STATES = {
    "ok": "正常",
    "away": "连不上",
    "pending": "还没有执行，请运行 linka migrate",
    "newer": "比这个版本新，请升级",
    "unknown": "未知",
    "no_writes": "拒绝写入，磁盘可能满了",
    "read_only": "是只读副本",
    "refused": "拒绝了密码，或权限不够",
    "sentinel": "是 Sentinel，地址要用 redis+sentinel://",
    "cluster": "是集群的节点，地址要用 redis+cluster://",
    "full": "内存满了",
    "no_replicas": "没有副本跟随，拒绝写入",
}


@blueprint.route("/")
def page() -> ResponseReturnValue:
    """The landing page. Anyone may open it; in production it names no event and no service."""
    if current.settings().in_production:
        return flask.render_template("landing.html", running=None)
    states = health.parts()
    return flask.render_template(
        "landing.html",
        version=version("linka"),
        running=[(PARTS[part], state == "ok", STATES[state]) for part, state in states.items()],
        services=_services(),
        events=_events() if states["migrations"] == "ok" else [],
        phone=stub.is_built(),
        emulator=f"{stub.emulator()}/__emulator__/" if stub.emulator() else None,
    )


def _services() -> list[tuple[str, str]]:
    """Return what this server works with, by name."""
    settings = current.settings()
    wechat = "模拟器" if settings.emulates_wechat else "微信服务器"
    return [
        ("数据库", describe(settings.database_url)),
        ("Redis", "自带，随服务启动" if not settings.redis_url else "外部"),
        ("微信", f"{wechat} {masked(settings.wechat_url)}"),
        ("时区", settings.timezone),
    ]


def _events() -> list[dict[str, Any]]:
    """Return the newest events that are not archived; none when the database is away."""
    try:
        found = list(
            Event.select()
            .where(Event.state != "archived")
            .order_by(Event.id.desc())
            .limit(EVENTS_SHOWN)
        )
    except peewee.DatabaseError:
        return []
    states = [lifecycle.state(event, current.now()) for event in found]
    return [
        {
            "id": event.id,
            "title": event.title,
            "state": state,
            "state_words": lifecycle.STATE_WORDS[state],
            "rehearsal": event.rehearsal,
        }
        for event, state in zip(found, states, strict=True)
        if state != lifecycle.ARCHIVED
    ]
