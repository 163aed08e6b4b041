"""`kill -9` while fifty phones play: nothing that was acknowledged is lost or counted twice."""

import time
from collections.abc import Callable

import pytest

from tests.faults.evening import Evening
from tests.installation import Installation, until

BEFORE_THE_KILL = 40
VERIFY_SECONDS = 5

Kill = Callable[[Installation], None]


def _one_worker(installation: Installation) -> None:
    installation.kill([installation.process("gunicorn: worker")])


def _master(installation: Installation) -> None:
    installation.kill([installation.process("gunicorn: master")])


def _fork_server(installation: Installation) -> None:
    installation.kill([installation.process("backend.forkserver")])


def _redis_and_the_reconciler(installation: Installation) -> None:
    installation.kill(installation.process(name) for name in ("backend.cli worker", "redis.sock"))


def _everything(installation: Installation) -> None:
    installation.crash()
    installation.start()


def _supervisor(installation: Installation) -> None:
    before = installation.processes()
    installation.crash(supervisor_alone=True)
    installation.start()
    # Those that it leaves behind finish their requests, and say for a while that they are ready.
    until(lambda: not any(process.lives() for process in before), 30, "the end of the old ones")


@pytest.mark.parametrize(
    "kill",
    [_one_worker, _master, _fork_server, _redis_and_the_reconciler, _everything, _supervisor],
)
def test_every_acknowledged_answer_is_in_the_ledger_once(
    installation: Installation, evening: Evening, kill: Kill
) -> None:
    until(lambda: len(evening.told()) >= BEFORE_THE_KILL, 60, "phones play")
    kill(installation)
    installation.wait_until_ready()
    verified_within(installation, evening.event_id, VERIFY_SECONDS)
    told = evening.end()
    assert len(told) + evening.late() == evening.planned
    assert ledger_of(installation, evening.event_id) == told
    verified_within(installation, evening.event_id, VERIFY_SECONDS)


def ledger_of(installation: Installation, event_id: int) -> dict[int, int]:
    """Read {dig: points} from the database file; fails when an answer has two entries or none."""
    entries = installation.rows(
        "SELECT source, points FROM score_entry WHERE event_id = ? AND reason = 'answer'", event_id
    )
    answers = installation.rows(
        "SELECT a.dig_id FROM answer a JOIN player p ON p.id = a.player_id WHERE p.event_id = ?",
        event_id,
    )
    assert sorted(source for source, _ in entries) == sorted(f"dig:{dig}" for (dig,) in answers)
    found = {int(source.removeprefix("dig:")): points for source, points in entries}
    for source, points in installation.rows(
        "SELECT source, points FROM score_entry WHERE event_id = ? AND reason = 'treasure'",
        event_id,
    ):
        found[int(source.removeprefix("treasure:"))] += points
    return found


def verified_within(installation: Installation, event_id: int, seconds: float) -> None:
    """Fail unless a look at the boards that begins within so many seconds finds them clean."""
    deadline = time.monotonic() + seconds
    while True:
        begun = time.monotonic()
        found = installation.linka("boards", "verify", str(event_id))
        if found.returncode == 0:
            return
        assert begun < deadline, found.stdout + found.stderr
