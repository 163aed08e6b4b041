"""`linka backup` and `linka restore` on the command line."""

import gc
import resource
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import redis
from click.testing import CliRunner, Result

from backend.backup import commands
from backend.config import Settings, load_settings
from backend.db import Database
from backend.errors import OperatorError
from backend.identity.models import Team
from backend.scoring.boards import Boards
from tests.scoring.evening import Evening
from tests.support import FakeClock

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


@dataclass
class Shell:
    """What the commands work with."""

    settings: Settings
    database: Database
    clock: FakeClock
    redis: redis.Redis
    boards: Boards

    @property
    def any_database(self) -> Database:
        """The open database."""
        return self.database

    def run(self, command: Any, *arguments: object, text: str | None = None) -> Result:
        """Run a command with these arguments."""
        words = [str(word) for word in arguments]
        return CliRunner().invoke(command, words, obj=self, input=text)


@pytest.fixture
def shell(
    database: Database, clock: FakeClock, redis_server: redis.Redis, redis_url: str, tmp_path: Path
) -> Shell:
    """Return a shell over an evening that was played."""
    evening = Evening(database, redis_server)
    evening.give(0, 10)
    settings = load_settings(
        {
            "LINKA_DATA_DIR": str(tmp_path / "var"),
            "LINKA_DATABASE_URL": database.url,
            "LINKA_REDIS_URL": redis_url,
        }
    )
    return Shell(settings, database, clock, redis_server, evening.boards)


def test_backup_is_restored_after_a_question(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "linka.zip"
    assert "已备份" in shell.run(commands.backup, file).output
    Team.create(name="later")
    shell.redis.set("linka:pairing:old", "1")
    shell.redis.set("of somebody else", "1")
    asked = shell.run(commands.restore, file, text="n\n")
    assert (asked.exit_code, Team.select().count()) == (1, 1)
    done = shell.run(commands.restore, file, "--yes")
    assert done.exit_code == 0, done.output
    assert "1 个活动的排行榜已重建" in done.output
    assert Team.select().count() == 0
    assert not shell.redis.exists("linka:pairing:old")
    assert shell.redis.exists("of somebody else")
    assert shell.boards.verify(1).differences == []


def test_file_that_is_there_is_not_overwritten(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "linka.zip"
    file.write_text("mine")
    assert shell.run(commands.backup, file).exit_code == 1
    assert file.read_text() == "mine"
    assert shell.run(commands.backup, file, "--force").exit_code == 0
    assert file.read_bytes().startswith(b"PK")


def test_schedule_keeps_the_newest(shell: Shell, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    (folder / "linka-notes.zip").write_text("mine")
    for _ in range(4):
        waits = commands.back_up_in_turn(shell, folder / "linka.zip", 3600, 2)
        assert waits == 3600
        shell.clock.advance(3600)
    names = sorted(path.name for path in folder.iterdir())
    assert names == [
        "linka-20261122-120000.zip",
        "linka-20261122-130000.zip",
        "linka-notes.zip",
    ]


def test_schedule_goes_on_after_a_failure(
    shell: Shell, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    waits = commands.back_up_in_turn(shell, tmp_path / "none" / "linka.zip", 3600, 2)
    assert waits == commands.RETRY_SECONDS
    assert "写不了" in capsys.readouterr().err


def test_target_that_is_full_is_one_line(shell: Shell, tmp_path: Path) -> None:
    Team.insert_many({"name": secrets.token_hex(60)} for _ in range(3000)).execute()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 16, limits[1]))
    try:
        # What a generator raises while it is collected would be printed; here it fails the test.
        result = shell.run(commands.backup, tmp_path / "linka.zip")
        gc.collect()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert isinstance(result.exception, OperatorError)
    assert "写不了" in str(result.exception)
    assert list(tmp_path.glob("*.zip*")) == []


@pytest.mark.parametrize("words", [["--every", "1w"], ["--every", "0h"], ["--keep", "3"]])
def test_mistakes_are_refused(shell: Shell, tmp_path: Path, words: list[str]) -> None:
    result = shell.run(commands.backup, tmp_path / "linka.zip", *words)
    assert result.exit_code == 2
    assert list(tmp_path.glob("*.zip")) == []
