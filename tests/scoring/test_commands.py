"""`linka boards …`: rebuilds and verifies boards."""

from dataclasses import dataclass

import pytest
from click.testing import CliRunner, Result

from backend.clock import Clock
from backend.db import Database
from backend.scoring.boards import Boards
from backend.scoring.commands import boards
from backend.scoring.models import Standing
from tests.scoring.evening import Evening
from tests.support import FakeClock

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


@dataclass
class Shell:
    """What the commands work with."""

    database: Database
    clock: Clock
    boards: Boards

    def run(self, *arguments: str) -> Result:
        """Run `linka boards` with these arguments."""
        result = CliRunner().invoke(boards, arguments, obj=self)
        assert result.exception is None or isinstance(result.exception, SystemExit), result
        return result


@pytest.fixture
def shell(evening: Evening, clock: FakeClock) -> Shell:
    """Return a shell over an evening that was played."""
    for place in range(5):
        evening.give(place, place * 10)
    return Shell(evening.database, clock, evening.boards)


def test_clean_boards_are_proved(shell: Shell) -> None:
    result = shell.run("verify")
    assert result.exit_code == 0
    assert "核对了 1 个活动" in result.output
    assert "一致" in result.output


def test_differences_are_named_and_counted(shell: Shell, evening: Evening) -> None:
    Standing.update(points=999).where(
        Standing.player == evening.players[0], Standing.board == "event"
    ).execute()
    result = shell.run("verify", str(evening.id))
    assert result.exit_code == 1
    assert f"event {evening.id} standing ('event', {evening.players[0].id})" in result.output
    assert "处差异" in result.output


def test_lost_boards_are_rebuilt_and_proved(shell: Shell, evening: Evening) -> None:
    before = evening.board()
    evening.redis.flushall()
    assert "已重建 1 个活动" in shell.run("rebuild").output
    assert evening.board() == before
    assert shell.run("verify").exit_code == 0


def test_one_event_can_be_named(shell: Shell, evening: Evening) -> None:
    other = Evening(evening.database, evening.redis)
    evening.redis.flushall()
    assert shell.run("rebuild", str(other.id)).exit_code == 0
    assert other.differences() == []
    assert evening.differences() != []


@pytest.mark.parametrize("command", ["rebuild", "verify"])
def test_unknown_event_is_refused(shell: Shell, command: str) -> None:
    result = shell.run(command, "999")
    assert result.exit_code == 1
    assert "999" in result.output
