"""A backup that is made while phones play.

The restored database, of either kind, has the same boards.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Postgres
from tests.faults.evening import Evening
from tests.faults.test_kill import ledger_of
from tests.faults.test_redis_lost import boards_of
from tests.installation import Installation, until
from tests.phones import Phone, invite_codes, staff_phone
from tests.support import HOST, Keys

SOME = 8


@pytest.fixture(scope="module")
def numbers() -> list[str]:
    """Return the numbers of some staff."""
    return [number for number in invite_codes() if number.startswith("2")][:SOME]


@pytest.fixture(scope="module")
def phones(installation: Installation, numbers: list[str]) -> list[Phone]:
    """Return their phones."""
    return [staff_phone(installation, number) for number in numbers]


@pytest.fixture
def postgres_url(postgres: Postgres) -> Iterator[str]:
    """Return the address of an empty database of PostgreSQL."""
    postgres.execute("CREATE DATABASE restored")
    yield postgres.address("restored")
    postgres.execute("DROP DATABASE restored WITH (FORCE)")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return where backups are put."""
    return tmp_path


def _does(installation: Installation, *words: str) -> str:
    found = installation.linka(*words)
    assert found.returncode == 0, found.stdout + found.stderr
    return found.stdout


def _played(evening: Evening, backup: Callable[[], Any]) -> dict[int, int]:
    """Let people play, with a backup in the middle.

    Returns the answers from before the backup began.
    """
    evening.begin()
    until(lambda: len(evening.told()) >= SOME, 60, "phones play")
    before = evening.told()
    backup()
    evening.end()
    return before


@pytest.mark.timeout(600)
def test_backup_under_play_comes_back_with_the_same_boards(
    installation: Installation,
    install: Callable[..., Installation],
    new_event: Callable[[], dict[str, Any]],
    phones: list[Phone],
    numbers: list[str],
    keys: Keys,
    postgres_url: str,
    folder: Path,
) -> None:
    event = new_event()
    middle, whole, later = (str(folder / f"{name}.zip") for name in ("middle", "whole", "later"))
    evening = Evening(phones, event, keys)
    before = _played(evening, lambda: _does(installation, "backup", middle))
    assert "已备份" in _does(installation, "backup", whole)

    refused = installation.linka("restore", whole, "--yes")
    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)
    assert "还在" in refused.stderr

    # Answers that were acknowledged before the backup are in it; nothing else is.
    other = install()
    _does(other, "restore", middle, "--yes")
    kept = ledger_of(other, event["id"])
    assert before.items() <= kept.items()
    assert kept.items() <= evening.told().items()

    # PostgreSQL: the boards are those of the installation that goes on.
    moved = install(LINKA_DATABASE_URL=postgres_url, LINKA_WECHAT_URL=installation.wechat_url)
    assert "排行榜已重建" in _does(moved, "restore", whole, "--yes")
    moved.up()
    assert boards_of(moved, event["id"]) == boards_of(installation, event["id"])

    # The game goes on there, and a backup is restored into SQLite.
    host = staff_phone(moved, HOST)
    made = host.ok("POST", "/events", {"template": "hunt"})
    opened = host.ok("POST", f"/events/{made['id']}/transitions", {"action": "open"})
    again = Evening([staff_phone(moved, number) for number in numbers], opened, keys)
    before = _played(again, lambda: _does(moved, "backup", later))
    _does(other, "restore", later, "--yes")
    assert before.items() <= ledger_of(other, made["id"]).items()
    _does(other, "boards", "verify")
