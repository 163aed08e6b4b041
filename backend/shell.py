"""The objects that commands use.

Packages about events and activities are imported at their first use, because `linka prepare` does
not need them.
"""

import time
from collections.abc import Iterable
from contextlib import ExitStack
from functools import cached_property
from typing import TYPE_CHECKING

import click
import peewee
from redis import Redis

from backend import logs, redis_address
from backend.clock import Clock, SystemClock
from backend.config import Settings, settings_in_force
from backend.db import Database, describe, may_come_back, open_database
from backend.errors import OperatorError
from backend.live import checks, embedded
from backend.live.client import connect_redis
from backend.live.feed import Feed
from backend.live.revocations import Revocations
from backend.postgres import FOR_COMMANDS
from backend.processes import LONGEST_PAUSE_SECONDS, address_of

if TYPE_CHECKING:
    from backend.events.kinds import Kinds
    from backend.scoring.boards import Boards


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
        settings = settings_in_force()
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
        """The open database, migrated or not; raises `OperatorError` if it cannot be reached, cannot
        store Chinese, or is newer than this version."""
        try:
            database = open_database(self.settings, self.limits)
            try:
                encoding = database.encoding
                if encoding != "UTF8":
                    where = describe(self.settings.database_url)
                    command = "`createdb --encoding UTF8 --template template0`"
                    raise OperatorError(
                        f"the database ({where}) stores text as {encoding}, Linka needs UTF8:"
                        f" make it anew with {command}",
                        f"它的编码是 {encoding}，林卡要用 UTF8：用 {command} 重建",
                    )
                unknown = database.migrations().unknown
            except BaseException:
                database.close()
                raise
        except (peewee.DatabaseError, OSError) as error:
            reason = str(error).strip().splitlines()[0]
            where = describe(self.settings.database_url)
            kind = DatabaseAway if may_come_back(error) else OperatorError
            raise kind(
                f"cannot use the database ({where}): {reason}", f"它报告“{reason}”"
            ) from None
        self._closing.callback(database.close)
        if unknown:
            raise OperatorError(
                f"the database is of a newer version of Linka: {unknown[-1]} is not known here; "
                "install the version that the database was last used with",
                f"它属于更新版本的林卡，有这里没有的迁移 {unknown[-1]}",
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
    def kinds(self) -> "Kinds":
        """The kinds of activity."""
        from backend.activities import KINDS  # noqa: PLC0415

        return KINDS

    @cached_property
    def redis(self) -> Redis:
        """A client of Redis; the private server is started for this command if it does not run."""
        self._closing.enter_context(embedded.running(self.settings))
        client = connect_redis(self.settings)
        require_usable(self.settings, client)
        return client

    @cached_property
    def boards(self) -> "Boards":
        """The boards, with Redis running."""
        from backend.parts import scoring  # noqa: PLC0415

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
        from backend.events import service  # noqa: PLC0415

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


def require_usable(settings: Settings, client: Redis) -> None:
    """Raise `OperatorError` if the configured Redis can never be used as it is configured."""
    if settings.redis_url:
        found = checks.mistake(client, redis_address.parse(settings.redis_url))
        if found:
            raise OperatorError(f"LINKA_REDIS_URL cannot be used: {found.en}")
