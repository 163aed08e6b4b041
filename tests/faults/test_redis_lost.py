"""After a loss of Redis' data the boards are rebuilt from the ledger, equal to the byte."""

import shutil
from collections.abc import Callable
from typing import Any

import pytest
import redis

from tests.faults.evening import Evening
from tests.installation import Installation, until
from tests.phones import Phone, invite_codes, staff_phone
from tests.support import Keys, board_keys, boards_prefix


@pytest.fixture(scope="module")
def phones(installation: Installation) -> list[Phone]:
    """Return the phones of some staff."""
    numbers = [number for number in invite_codes() if number.startswith("2")]
    return [staff_phone(installation, number) for number in numbers[::60]]


@pytest.fixture(scope="module")
def played(installation: Installation, phones: list[Phone], host: Phone, keys: Keys) -> int:
    """Return the id of an event that was played, frozen in the middle of it."""
    event = host.ok("POST", "/events", {"template": "hunt"})
    event = _transition(host, event["id"], "open")
    for half in (phones[::2], phones[1::2]):
        evening = Evening(half, event, keys)
        evening.begin()
        evening.end()
        _transition(host, event["id"], "freeze")
    until(lambda: _is_clean(installation, event["id"]), 30, "clean boards")
    return int(event["id"])


def _transition(host: Phone, event_id: int, action: str) -> dict[str, Any]:
    event: dict[str, Any] = host.ok("POST", f"/events/{event_id}/transitions", {"action": action})
    return event


def _is_clean(installation: Installation, event_id: int) -> bool:
    return installation.linka("boards", "verify", str(event_id)).returncode == 0


def boards_of(installation: Installation, event_id: int) -> dict[str, Any]:
    """Return all keys of an event's boards with what they hold."""
    with installation.redis() as client:
        kept = board_keys(client, event_id)
        return {name: _content(client, key) for key, name in kept.items()}


def _content(client: redis.Redis, key: bytes) -> Any:
    kind = client.type(key)
    if kind == b"zset":
        return client.zrange(key, 0, -1, withscores=True, score_cast_func=bytes)
    if kind == b"hash":
        return client.hgetall(key)
    return client.smembers(key) if kind == b"set" else client.get(key)


def _flush(installation: Installation) -> None:
    with installation.redis() as client:
        client.flushall()


def _remove_its_folder(installation: Installation) -> None:
    installation.stop()
    shutil.rmtree(installation.folder / "redis")
    installation.up()


Loss = Callable[[Installation], None]


@pytest.mark.parametrize("lose", [_flush, _remove_its_folder])
def test_lost_boards_are_rebuilt_to_the_byte(
    installation: Installation, played: int, lose: Loss
) -> None:
    before = boards_of(installation, played)
    lose(installation)
    assert installation.linka("boards", "rebuild").returncode == 0
    assert boards_of(installation, played) == before


def _remove_its_folder_while_it_runs(installation: Installation) -> None:
    before = installation.process("redis.sock")
    shutil.rmtree(installation.folder / "redis")
    until(lambda: not before.lives(), 30, "the end of a Redis that nobody reaches")
    installation.wait_until_ready()


@pytest.mark.parametrize("lose", [_flush, _remove_its_folder_while_it_runs])
def test_readers_of_lost_boards_get_the_same_rows(
    installation: Installation, played: int, phones: list[Phone], host: Phone, lose: Loss
) -> None:
    before = [_rows(phone, played) for phone in (phones[0], host)]
    lose(installation)
    assert [_rows(phone, played) for phone in (phones[0], host)] == before
    assert _is_clean(installation, played)


def _rows(phone: Phone, event_id: int) -> Any:
    path = f"/events/{event_id}/leaderboards/event?top=200&scope="
    return [phone.ok("GET", path + scope)["rows"] for scope in ("players", "teams")]


def test_the_reconciler_puts_lost_boards_back_by_itself(
    installation: Installation, played: int
) -> None:
    before = boards_of(installation, played)
    with installation.redis() as client:
        client.flushall()
    installation.kill([installation.process("backend.cli worker")])
    until(lambda: boards_of(installation, played) == before, 30, "the boards are back")


def test_lost_boards_are_back_before_anybody_reads_them(
    installation: Installation, played: int
) -> None:
    before = boards_of(installation, played)
    with installation.redis() as client:
        client.flushall()
    until(lambda: boards_of(installation, played) == before, 30, "the boards are back")


def _names(client: redis.Redis, here: str) -> None:
    """Delete a name that the board shows."""
    [card, *_] = [field for field in client.hkeys(here + "cards") if field.startswith(b"p")]
    client.hset(here + "cards", card.decode(), '["someone else", null]')


def _team(client: redis.Redis, here: str) -> None:
    """Delete the members of a team, as an eviction does."""
    client.delete(next(iter(client.scan_iter(here + "team:event:*"))))


def _headcounts(client: redis.Redis, here: str) -> None:
    """Delete a whole hash."""
    client.delete(here + "headcounts")


@pytest.mark.parametrize("lose", [_names, _team, _headcounts])
def test_part_that_is_lost_is_named_and_comes_back_by_itself(
    installation: Installation, played: int, lose: Callable[[redis.Redis, str], None]
) -> None:
    before = boards_of(installation, played)
    with installation.redis() as client:
        lose(client, boards_prefix(client, played))
        # In this process, because a command would start after the worker has compared.
        assert boards_of(installation, played) != before
    until(lambda: boards_of(installation, played) == before, 60, "the boards are whole again")
    assert "boards_wrong" in installation.log


def test_verify_names_what_is_wrong_on_the_board(installation: Installation, played: int) -> None:
    before = boards_of(installation, played)
    worker = installation.process("backend.cli worker")
    # The worker would repair what is broken here.
    worker.pause()
    try:
        with installation.redis() as client:
            here = boards_prefix(client, played)
            [player] = client.zrange(here + "players:event", 0, 0)
            client.zincrby(here + "players:event", 1, player)
            client.hset(here + "cards", f"p{player.decode()}", '["someone else", null]')
        found = installation.linka("boards", "verify", str(played))
        assert found.returncode == 1
        for name in ("players:event ", "cards p"):
            assert f"{name}{player.decode()}" in found.stdout
        installation.linka("boards", "rebuild", str(played))
    finally:
        worker.go_on()
    assert boards_of(installation, played) == before
