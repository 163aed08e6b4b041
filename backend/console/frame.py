"""The frame of all pages of the console: navigation, the tabs of an event, error pages.

The modules of the single pages put their pages on `blueprint`; `pages` imports them all.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import flask
import peewee
import structlog
from flask import Response, current_app, g, request, url_for
from flask.typing import ResponseReturnValue
from redis import RedisError
from werkzeug.exceptions import HTTPException

from backend.clock import local_time
from backend.errors import LinkaError, Unauthenticated
from backend.events import lifecycle
from backend.events.models import Event
from backend.events.play import told_by
from backend.events.view import headline
from backend.identity.current import caller, session
from backend.identity.principal import Principal
from backend.lookup import cards
from backend.moderation.view import pending
from backend.posts import columns
from backend.web import current, static_files
from backend.web.pages import harden

log = structlog.get_logger(__name__)

blueprint = static_files.PagesBlueprint(
    "host",
    __name__,
    url_prefix="/host",
    template_folder="templates",
    static_folder="static",
    static_url_path="/static",
)
blueprint.after_request(harden)

VENDOR = Path(__file__).parent / "static" / "vendor"
NOT_INSTALLED = "控制台的页面还缺少组件：请在代码目录运行 make console（需要 npm）。\n"
RETRY_SECONDS = 3
# Quotation marks inside a title that is itself in quotation marks.
_INNER = str.maketrans("“”", "‘’")


@dataclass(frozen=True)
class NavigationEntry:
    """A page in the navigation.

    It has a title and an endpoint, the roles that see it, the endpoints of pages that belong to it,
    and which of these roles may open it.
    """

    title: str
    endpoint: str
    roles: tuple[str, ...] = ("host",)
    below: tuple[str, ...] = ()
    may_open: Callable[[Principal], bool] = lambda _: True


@dataclass(frozen=True)
class Tab:
    """A phase in the life of an event, with its pages."""

    title: str
    pages: tuple[NavigationEntry, ...]


# The navigation shows a page only if its endpoint exists.
NAVIGATION = (
    NavigationEntry("活动", "host.events", below=("host.new_event",)),
    NavigationEntry(
        "文章",
        "host.posts",
        ("host", "trainer", "leader"),
        (
            *("host.new_post", "host.post", "host.post_comments", "host.post_figures"),
            *("host.post_submissions", "host.post_submission", "host.post_columns"),
            "host.post_plan",
        ),
        columns.may_write_any,
    ),
    NavigationEntry(
        "查询",
        "host.lookup",
        cards.EDITORS,
        ("host.new_lookup_card", "host.lookup_card"),
        cards.is_editor,
    ),
    NavigationEntry("题库", "host.banks", ("trainer", "host"), ("host.bank",)),
    NavigationEntry("教学", "host.teaching", ("trainer",)),
    NavigationEntry("班组", "host.team", ("leader",)),
    NavigationEntry(
        "同事",
        "host.colleagues",
        below=("host.team_profile",),
        may_open=lambda who: who.has("host"),
    ),
    NavigationEntry("花名册", "host.staff_roster", ("admin",)),
    NavigationEntry("登录的设备", "host.list_sessions", ("host", "trainer", "leader")),
)
TABS = (
    Tab(
        "准备",
        (
            NavigationEntry("搭建", "host.build"),
            NavigationEntry("流程", "host.agenda"),
            NavigationEntry("资料与检查", "host.prepare"),
            NavigationEntry("小队", "host.crew"),
        ),
    ),
    Tab("彩排", (NavigationEntry("彩排", "host.rehearse"),)),
    Tab(
        "现场",
        (
            NavigationEntry("主持台", "host.run", below=("host.activity",)),
            NavigationEntry("人员", "host.people", below=("host.person",)),
            NavigationEntry("审核", "host.queue"),
            NavigationEntry("榜单", "host.boards"),
            NavigationEntry("更正", "host.corrections", below=("host.correction",)),
        ),
    ),
    Tab(
        "报告",
        (
            NavigationEntry("报道", "host.report", below=("host.article",)),
            NavigationEntry("导出", "host.downloads"),
            NavigationEntry("操作记录", "host.audit"),
        ),
    ),
)


def page(template: str, **context: Any) -> str:
    """Return a page of the console, with the navigation that the caller may use."""
    who = caller()
    entries = [
        {"title": entry.title, "address": url_for(entry.endpoint), "is_here": _is_here(entry)}
        for entry in NAVIGATION
        if _exists(entry) and may_see(who, entry.roles) and entry.may_open(who)
    ]
    of_console = session()
    return flask.render_template(
        template,
        who=who,
        navigation=entries,
        csrf=of_console.csrf if of_console else "",
        of_console=of_console,
        **context,
    )


def event_page(template: str, event: Event, **context: Any) -> str:
    """Return a page about an event, with its tabs and its status line."""
    told = told_by(current_app.extensions["linka.plays"].values())
    about = {"event": event, "tabs": _tabs(event), "status": status_of(event), "told": told}
    return page(template, **about, **context)


def status_of(event: Event) -> dict[str, Any]:
    """Return the facts of the status line, which is the same on all pages of an event."""
    now = current.now()
    presence: Any = current_app.extensions["linka.presence"]
    try:
        present = presence.count(event.id, now)
    except RedisError:
        present = None
    shown = headline(event, now)
    return {
        "event": shown,
        "state": lifecycle.STATE_WORDS[shown["state"]],
        "players": event.players.count(),
        "present": present,
        "pending": pending(event.id),
    }


def may_see(who: Principal, roles: Sequence[str]) -> bool:
    """Return whether a person has one of the roles, everywhere or for any event; admins have all."""
    return any(held in (*roles, "admin") for held, _ in who.roles)


def moment(value: int | None) -> str:
    """Return a moment in ms as local time of the centre, such as `11-29 19:30`."""
    if value is None:
        return ""
    return f"{local_time(value, current.settings().timezone):%m-%d %H:%M}"


def quoted(text: str) -> str:
    """Return a title in quotation marks; those inside it become single ones."""
    return f"“{text.translate(_INNER)}”"


blueprint.add_app_template_filter(moment, "moment")
blueprint.add_app_template_filter(quoted, "quoted")


def _tabs(event: Event) -> list[dict[str, Any]]:
    tabs = []
    for tab in TABS:
        pages = [
            {
                "title": entry.title,
                "address": url_for(entry.endpoint, event_id=event.id),
                "is_here": _is_here(entry),
            }
            for entry in tab.pages
            if _exists(entry)
        ]
        if pages:
            is_here = any(one["is_here"] for one in pages)
            tabs.append({"title": tab.title, "pages": pages, "is_here": is_here})
    return tabs


def _exists(entry: NavigationEntry) -> bool:
    return entry.endpoint in current_app.view_functions


def _is_here(entry: NavigationEntry) -> bool:
    return request.endpoint in (entry.endpoint, *entry.below)


def of_htmx() -> bool:
    """Say whether the request is for a fragment of a page."""
    return "HX-Request" in request.headers


@blueprint.before_request
def _require_libraries() -> ResponseReturnValue | None:
    if request.endpoint != "host.static" and not VENDOR.exists():
        return Response(NOT_INSTALLED, status=503, mimetype="text/plain")
    return None


@blueprint.errorhandler(Unauthenticated)
def _to_login(error: Unauthenticated) -> ResponseReturnValue:
    """Redirect a browser that is not logged in to the log-in page, which leads back."""
    path = request.headers.get("HX-Current-URL", "") if of_htmx() else request.full_path
    back = path[path.find("/host") :].rstrip("?") if "/host" in path else "/host"
    address = url_for("host.login", next=back)
    if of_htmx():
        return Response(status=200, headers={"HX-Redirect": address})
    return flask.redirect(address)


@blueprint.errorhandler(LinkaError)
def _refuse(error: LinkaError) -> ResponseReturnValue:
    words = "没有这一页。" if error.status == 404 else error.message("zh")
    return _problem(words, error.status)


@blueprint.errorhandler(peewee.OperationalError)
@blueprint.errorhandler(peewee.InterfaceError)
@blueprint.errorhandler(peewee.InternalError)
@blueprint.errorhandler(RedisError)
def _wait(error: Exception) -> ResponseReturnValue:
    """Answer with a page that reloads by itself, because a database or Redis is away."""
    log.error("page_without_database", path=request.path, error=str(error))
    response = flask.make_response(_problem("服务暂时连不上数据库或 Redis，正在重试。", 503))
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    if not of_htmx():
        response.headers["Refresh"] = str(RETRY_SECONDS)
    return response


@blueprint.errorhandler(Exception)
def _unexpected(error: Exception) -> ResponseReturnValue:
    """Answer an unexpected error with a page that shows the id under which it was logged."""
    if isinstance(error, HTTPException):
        return _problem("没有这一页。", error.code or 500)
    log.error("unexpected", path=request.path, exc_info=error)
    return _problem(f"这一页出错了，已经记下（{g.get('request_id', '')}）。", 500)


def _problem(words: str, status: int) -> tuple[str, int]:
    template = "console/_problem.html" if of_htmx() else "console/problem.html"
    return flask.render_template(template, words=words), status
