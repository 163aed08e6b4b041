"""The `linka` command. Each group of commands is in the package that it works on."""

import dataclasses
import json
import os
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterable
from contextlib import ExitStack
from functools import cached_property
from typing import Any

import click
import peewee
from redis import Redis, RedisError

from backend import logs, processes, redis_address
from backend.activities import KINDS
from backend.archive.commands import archive
from backend.backup.commands import backup, restore
from backend.clock import Clock, SystemClock
from backend.cluster.commands import chaos, cluster
from backend.config import BadSetting, Settings, load_settings, unknown_settings
from backend.console.commands import console
from backend.console.frame import VENDOR
from backend.db import Database, describe, may_come_back, open_database
from backend.doctor.commands import doctor
from backend.errors import LinkaError, OperatorError, Unavailable
from backend.events import service
from backend.events.commands import events
from backend.events.kinds import Kinds, Tools
from backend.identity.commands import grant, keys, roster
from backend.identity.models import Staff
from backend.live import checks, embedded
from backend.live.feed import Feed
from backend.live.revocations import Revocations
from backend.lookup.commands import lookup
from backend.moderation.commands import moderation
from backend.parts import connect_redis, scoring
from backend.phones.crowd import Crowd
from backend.phones.pacemaker import Pacemaker
from backend.postgres import FOR_COMMANDS, FOR_WORKER
from backend.posts.commands import posts
from backend.posts.weekly import WeeklyReports
from backend.processes import LONGEST_PAUSE_SECONDS, Child, Supervisor, supervise
from backend.questions.commands import questions
from backend.retention import Housekeeper
from backend.sample import load_sample
from backend.scoring.boards import Boards
from backend.scoring.commands import boards
from backend.scoring.reconciler import Reconciler
from backend.screen import stub
from backend.screen.commands import pair, screen_key

START_SECONDS = 120


class DatabaseAway(OperatorError):
    """The database cannot be used now; it may be usable later."""


class Shell:
    """The objects that commands use; each one is opened at its first use."""

    def __init__(self) -> None:
        self._closing = ExitStack()
        self.limits = FOR_COMMANDS

    @cached_property
    def settings(self) -> Settings:
        """The settings in force."""
        settings = load_settings()
        for name, warning in unknown_settings(os.environ).items():
            click.echo(f"linka: {warning}", err=True)
            # Removed, so that child processes do not print the warning again.
            del os.environ[name]
        logs.configure(settings)
        return settings

    @cached_property
    def database(self) -> Database:
        """The open database; raises `OperatorError` if it cannot be reached or lacks migrations."""
        database = self.any_database
        if database.migrations().pending:
            raise OperatorError("the database lacks migrations: run `linka migrate`")
        return database

    @cached_property
    def any_database(self) -> Database:
        """The open database, migrated or not; raises `OperatorError` if it cannot be reached or is
        newer than this version."""
        try:
            database = open_database(self.settings, self.limits)
            try:
                unknown = database.migrations().unknown
            except BaseException:
                database.close()
                raise
        except (peewee.DatabaseError, OSError) as error:
            reason = str(error).strip().splitlines()[0]
            where = describe(self.settings.database_url)
            sentence = f"cannot use the database ({where}): {reason}"
            raise (DatabaseAway if may_come_back(error) else OperatorError)(sentence) from None
        self._closing.callback(database.close)
        if unknown:
            raise OperatorError(
                f"the database is of a newer version of Linka: {unknown[-1]} is not known here; "
                "install the version that the database was last used with"
            )
        return database

    def wait_for_database(self) -> None:
        """Wait until the database answers; each reason for waiting is printed once.

        Raises `OperatorError` if waiting cannot help.
        """
        told, pause = "", 0.5
        while True:
            try:
                self.any_database.check()
                return
            except DatabaseAway as error:
                if str(error) != told:
                    told = str(error)
                    click.echo(f"linka: {told}; trying again", err=True)
            pause = min(2 * pause, LONGEST_PAUSE_SECONDS)
            time.sleep(pause)

    @cached_property
    def clock(self) -> Clock:
        """The clock."""
        return SystemClock()

    @property
    def kinds(self) -> Kinds:
        """The kinds of activity."""
        return KINDS

    @cached_property
    def redis(self) -> Redis:
        """A client of Redis; the private server is started for this command if it does not run."""
        self._closing.enter_context(embedded.running(self.settings))
        client = connect_redis(self.settings)
        _require_usable(self.settings, client)
        return client

    @cached_property
    def boards(self) -> Boards:
        """The boards, with Redis running."""
        return scoring(self.settings, self.database, self.redis)[1]

    @property
    def feed(self) -> Feed:
        """The feed, with Redis running."""
        return Feed(self.redis)

    @property
    def revocations(self) -> Revocations:
        """Tells servers to check open sockets and streams again; starts Redis if necessary."""
        return Revocations(self.feed)

    def tell_revoked(self, account_ids: Iterable[int]) -> None:
        """Tell a running server to check the open sockets and streams of these accounts again."""
        private = not self.settings.redis_url
        if private and not embedded.answers(embedded.socket_path(self.settings.data_dir)):
            return
        Revocations(Feed(connect_redis(self.settings))).tell(account_ids)

    def event_id(self, text: str) -> int | None:
        """Return the id of the event with this id or join code; None where there is none."""
        self.database.check()
        found = service.named(text)
        return found and int(found.id)

    @property
    def timezone(self) -> str:
        """The time zone of the centre, in which people write times."""
        return self.settings.timezone

    @property
    def address(self) -> str:
        """Where the server is reached."""
        return address_of(self.settings)

    def close(self) -> None:
        """Close what was opened."""
        self._closing.close()


def address_of(settings: Settings) -> str:
    """Return the address under which this machine reaches the server."""
    host = "127.0.0.1" if settings.host == "0.0.0.0" else settings.host  # nosec B104 # compared, not bound
    return f"http://{host}:{settings.port}"


class Commands(click.Group):
    """Prints mistakes of the operator and unreachable servers as one line on stderr, with exit code
    2."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was asked for."""
        shell = ctx.obj = Shell()
        try:
            return super().invoke(ctx)
        except click.exceptions.NoArgsIsHelpError:
            raise
        except click.UsageError as error:
            message = " ".join(error.format_message().split())
            where = (error.ctx or ctx).command_path
            click.echo(f"linka: {message} (see {where} --help)", err=True)
            ctx.exit(2)
        except (BadSetting, OperatorError) as error:
            click.echo(f"linka: {error}", err=True)
            ctx.exit(2)
        except RedisError as error:
            click.echo(f"linka: 连不上 Redis：{' '.join(str(error).split())}", err=True)
            ctx.exit(2)
        except LinkaError as error:
            click.echo(f"linka: {error.message('zh')} ({error.slug})", err=True)
            ctx.exit(2 if error.status == Unavailable.status else 1)
        finally:
            shell.close()


@click.group(cls=Commands, help="林卡：活动与积分引擎。 Linka: event and gamification engine.")
def main() -> None:
    """The group of all commands."""


@main.command()
@click.pass_obj
def settings(shell: Shell) -> None:
    """显示生效的设置，密钥已遮盖。 Show the settings in force, secrets masked."""
    for name, value, text in shell.settings.described():
        click.echo(f"# {text}\n{name}={value}")


@main.command()
@click.pass_obj
def migrate(shell: Shell) -> None:
    """建立或升级数据库。 Create or upgrade the database."""
    applied = shell.any_database.migrate()
    for name in applied:
        click.echo(f"已应用 {name}")
    if not applied:
        click.echo("数据库已是最新")


@main.command()
@click.pass_obj
def sample(shell: Shell) -> None:
    """载入示例中心：名册、题库和角色。 Load the sample centre."""
    loaded = load_sample(shell.settings, shell.database, shell.clock)
    click.echo(
        f"示例中心：{loaded.people} 人、{loaded.questions} 题、{loaded.posts} 篇文章、{loaded.lookups} 行查询资料、{loaded.of_kinds} 项环节资料、"
        f"{loaded.blocked_words} 个屏蔽词、"
        f"{loaded.roles} 个角色有更新"
    )


@main.command()
@click.pass_obj
def serve(shell: Shell) -> None:
    """启动网站与接口服务（不含后台进程）。 Serve HTTP until stopped."""
    settings = shell.settings
    _require_ports(settings, emulated=False)
    _require_usable(settings, connect_redis(settings))
    shell.limits = FOR_WORKER
    shell.wait_for_database()
    shell.database.check()
    redis = None if settings.redis_url else embedded.owned_or_shared(settings.data_dir)
    supervise(redis, lambda supervisor: _start_server(supervisor, settings))


@main.command()
@click.pass_obj
def worker(shell: Shell) -> None:
    """后台进程：让排行榜与账本一致，到点的环节自动进行。 Keep the boards right and games going."""
    shell.limits = FOR_WORKER
    shell.wait_for_database()
    scores, handled = scoring(shell.settings, shell.database, shell.redis)
    reconciler = Reconciler(handled, shell.redis, shell.clock)
    tools = Tools(scores, shell.feed, shell.redis, shell.settings.secret)
    live = shell.kinds.plays(tools)
    crowd = Crowd(shell.kinds, live, tools, shell.clock)
    threading.Thread(target=crowd.run, name="crowd", daemon=True).start()
    housekeeper = Housekeeper(shell.database, shell.settings, shell.clock, handled)
    reports = WeeklyReports(shell.database, scores.calendar, shell.clock)

    def look() -> None:
        reconciler.look()
        housekeeper.look()
        reports.look()

    Pacemaker(live, shell.database, shell.clock).run(look)


@main.command()
@click.option("--demo", is_flag=True, help="让模拟手机开始玩。 Let stub phones play.")
@click.option("--phones", default=40, show_default=True, help="--demo 的手机数。")
@click.pass_obj
def up(shell: Shell, demo: bool, phones: int) -> None:
    """启动一切：Redis、微信模拟器、服务、后台进程。 Start everything; Ctrl-C stops it."""
    settings = shell.settings
    emulated = settings.emulates_wechat and "LINKA_WECHAT_URL" not in _given()
    if demo and settings.in_production:
        raise OperatorError("--demo is for trying things out, not for production")
    _require_ports(settings, emulated)
    _require_usable(settings, connect_redis(settings))
    shell.wait_for_database()
    shell.any_database.migrate()
    if not settings.in_production and not Staff.select().exists():
        load_sample(settings, shell.database, shell.clock)
    shell.database.close()
    redis = processes.private_redis(settings)

    def start(supervisor: Supervisor) -> None:
        if emulated:
            supervisor.start(processes.emulator(settings))
        supervisor.start(processes.worker())
        # No other server takes over in the meantime.
        _start_server(supervisor, dataclasses.replace(settings, drain_seconds=0))
        if demo:
            supervisor.start(_demo(settings, phones))

    supervise(redis, start)


def _require_usable(settings: Settings, client: Redis) -> None:
    """Raise `OperatorError` if the configured Redis can never be used as it is configured."""
    if settings.redis_url:
        found = checks.mistake(client, redis_address.parse(settings.redis_url))
        if found:
            raise OperatorError(f"LINKA_REDIS_URL cannot be used: {found}")


def _given() -> set[str]:
    return {name for name, value in os.environ.items() if name.startswith("LINKA_") and value}


def _require_ports(settings: Settings, emulated: bool) -> None:
    processes.require_free(settings.host, settings.port, "LINKA_BIND")
    if emulated:
        host, _, port = settings.wechat_url.removeprefix("http://").rpartition(":")
        processes.require_free(host, int(port), "LINKA_WECHAT_URL or LINKA_BIND")


def _start_server(supervisor: Supervisor, settings: Settings) -> None:
    server = processes.web_server(settings)
    supervisor.start(server)
    _wait_until_it_answers(server, address_of(settings))
    shows_phone = not settings.in_production and stub.is_built()
    supervisor.call_until_true(_Readiness(address_of(settings), shows_phone).tell)


class _Readiness:
    """Prints once that the service is ready, and before that what is missing."""

    def __init__(self, address: str, shows_phone: bool) -> None:
        self._address = address
        self._shows_phone = shows_phone
        self._told = ""

    def tell(self) -> bool:
        """Ask the server and return whether it is ready."""
        missing = _what_is_missing(self._address)
        if not missing:
            click.echo(f"林卡已就绪：{self._address}  接口文档：{self._address}/api/docs")
            if VENDOR.exists():
                click.echo(f"主持控制台：{self._address}/host/")
            if self._shows_phone:
                click.echo(f"浏览器里的手机：{self._address}/stub")
        elif missing != self._told:
            click.echo(f"linka: not ready yet: {missing}", err=True)
        self._told = missing
        return not missing


def _what_is_missing(address: str) -> str:
    """Return what `/readyz` finds wrong, such as `redis away`; nothing when it is fine."""
    try:
        urllib.request.urlopen(f"{address}/readyz", timeout=2).close()  # nosec B310 # our own address
    except urllib.error.HTTPError as error:
        with error:
            parts: dict[str, str] = json.loads(error.read()).get("parts", {})
        missing = ", ".join(f"{part} {state}" for part, state in parts.items() if state != "ok")
        return missing or f"/readyz answers {error.code}"
    except (urllib.error.URLError, OSError):
        return "no answer"
    return ""


def _wait_until_it_answers(server: Child, address: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and not server.has_ended():
        try:
            urllib.request.urlopen(f"{address}/healthz", timeout=2).close()  # nosec B310 # our own address
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    if server.has_ended():
        raise OperatorError("the server did not start; its reason stands above")
    raise OperatorError(f"the server does not answer after {START_SECONDS} s; it is stopped")


def _demo(settings: Settings, phones: int) -> Child:
    command = [
        *(sys.executable, "-m", "miniprogram_stub.cli", "play"),
        *("--phones", str(phones), "--faults", "--pace", "human", "--keep-open"),
        *("--url", address_of(settings), "--wechat", settings.wechat_url),
    ]
    return Child("demo phones", command, finite=True)


events.add_command(pair)
events.add_command(screen_key)
for _command in (
    roster,
    grant,
    console,
    keys,
    questions,
    moderation,
    posts,
    lookup,
    events,
    boards,
    archive,
    backup,
    restore,
    doctor,
    cluster,
    chaos,
    *KINDS.commands(),
):
    main.add_command(_command)


if __name__ == "__main__":
    main()
