"""How long a worker blocks all requests while it gets a request that takes long to compute.

One worker serves `/healthz` over and over on one connection, and somebody else sends the file. What
is asserted is the processor time that the worker itself used between two answers: a pause that
other processes of a busy machine cause says nothing about the worker, and would make the test fail
now and then. The time by the clock is compared with a quiet while on the same machine, loosely: it
shows a worker that sleeps in a call of the system, which takes no processor time.

`pytest -o junit_family=xunit1 --junitxml=FILE` writes down what was measured, as a property of each test.
"""

import contextlib
import random
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import urllib3

from tests.installation import ROOT, Installation, Process, until
from tests.moderation import hostile
from tests.phones import Phone, staff_phone
from tests.sheets.books import book, sheet
from tests.support import TRAINER, picture_bytes

LONGEST_PAUSE_SECONDS = 0.1
# By the clock, above the longest answer of a quiet while.
LONGEST_SLEEP_SECONDS = 1.0
QUIET_SECONDS = 1.0
SUGGESTIONS, PEOPLE = 2_000, 3_000


@dataclass(frozen=True)
class Pauses:
    """The longest time between two answers: processor time of the worker, time by the clock."""

    busy_seconds: float
    clock_seconds: float

    def shown(self) -> str:
        """Return both in milliseconds."""
        return f"{self.busy_seconds * 1000:.0f} busy, {self.clock_seconds * 1000:.0f} by the clock"


class Watch:
    """Requests the health of the only worker again and again."""

    def __init__(self, installation: Installation) -> None:
        self._url = f"{installation.url}/healthz"
        self._times = Path(f"/proc/{installation.process('gunicorn: worker').pid}/schedstat")
        self._ends = threading.Event()
        self._answers: list[tuple[float, float]] = []

    def during(self, work: Callable[[], Any]) -> Pauses:
        """Do some work and return the longest pauses meanwhile."""
        self._ends.clear()
        self._answers = []
        asking = threading.Thread(target=self._ask)
        asking.start()
        # Work begins while the worker is asked already.
        until(lambda: len(self._answers) > 1, 60, "the first answer")
        try:
            work()
        finally:
            self._ends.set()
            asking.join()
        steps = list(zip(self._answers, self._answers[1:], strict=False))
        return Pauses(
            max(after[0] - before[0] for before, after in steps),
            max(after[1] - before[1] for before, after in steps),
        )

    def _ask(self) -> None:
        self._note()
        with urllib3.PoolManager(retries=False, timeout=120) as connection:
            while not self._ends.is_set():
                assert connection.request("GET", self._url).status == 200
                self._note()

    def _note(self) -> None:
        busy_nanoseconds = int(self._times.read_text().split()[0])
        self._answers.append((busy_nanoseconds / 1e9, time.monotonic()))


@pytest.fixture(scope="module")
def installation(install: Callable[..., Installation]) -> Iterator[Installation]:
    """Return a running installation with one worker."""
    made = install(LINKA_WORKERS="1")
    made.up()
    return made


@pytest.fixture(scope="module")
def trainer(installation: Installation) -> Phone:
    """Return a trainer's phone."""
    return staff_phone(installation, TRAINER)


@pytest.fixture(scope="module")
def event(host: Phone, installation: Installation) -> dict[str, Any]:
    """Return an open anniversary with three thousand guests, and with two thousand suggestions of
    three hundred characters."""
    made = host.ok("POST", "/events", {"template": "anniversary"})
    made = host.ok("POST", f"/events/{made['id']}/transitions", {"action": "open"})
    staff_phone(installation, "200001").join(made["join_code"])
    [[player]] = installation.rows("SELECT id FROM player WHERE event_id = ?", made["id"])
    kinds = {one["kind"]: one["id"] for one in made["activities"]}
    polls = kinds["polls"]
    signs = [chr(0x4E00 + number) for number in range(600)]
    choose = random.Random(3).choices
    with contextlib.closing(sqlite3.connect(installation.database_file, timeout=10)) as opened:
        for number in range(PEOPLE):
            account = opened.execute(
                "INSERT INTO account (appid, openid, session_key, session_key_updated_at, nickname,"
                " token_version, created_at, last_login_at) VALUES ('wx', ?, '', 1, '', 0, 1, 1)",
                (f"friend-{number}",),
            ).lastrowid
            opened.execute(
                "INSERT INTO player (event_id, account_id, name, shift, status, joined_at)"
                " VALUES (?, ?, ?, '', 'active', 1)",
                (made["id"], account, f"亲友{number}"),
            )
        for number in range(SUGGESTIONS):
            text = "".join(choose(signs, k=300))
            item = opened.execute(
                "INSERT INTO moderation_item (event_id, account_id, player_id, kind, text, status,"
                " finding, created_at, reason) VALUES (?, 1, ?, 'text', ?, 'approved', 'clean', 1, '')",
                (made["id"], player, text),
            ).lastrowid
            opened.execute(
                "INSERT INTO suggestion (activity_id, player_id, item_id, text, plain, digest, status,"
                " reason, answer, created_at, changed_at)"
                " VALUES (?, ?, ?, ?, ?, ?, 'collecting', '', '', 1, 1)",
                (polls, player, item, text, text, str(number)),
            )
        opened.commit()
    return {**made, **kinds, **_evening(installation, host)}


def _evening(installation: Installation, host: Phone) -> dict[str, int]:
    """Make an evening that a thousand people have played; returns its ids."""
    made = host.ok("POST", "/events", {"template": "evening"})
    command = (sys.executable, "-m", "tests.report.evening")
    address = f"sqlite:///{installation.database_file}"
    subprocess.run([*command, address, str(made["id"]), "1000"], check=True, cwd=ROOT)
    contest = next(one["id"] for one in made["activities"] if one["kind"] == "contest")
    return {"evening": made["id"], "contest": contest}


@dataclass(frozen=True)
class Sender:
    """Uploads and downloads files."""

    installation: Installation
    event: dict[str, Any]
    host: Phone
    trainer: Phone

    def _call(self, method: str, phone: Phone, path: str, **more: Any) -> tuple[int, str]:
        answer = urllib3.request(
            method,
            f"{self.installation.url}/api/v1{path}",
            headers={"Authorization": f"Bearer {phone.token}"},
            timeout=120,
            retries=False,
            **more,
        )
        slug = answer.json()["error"] if answer.status >= 400 else ""
        return answer.status, slug

    def picture(self, data: bytes) -> tuple[int, str]:
        """Upload a picture; returns the status and the slug of a refusal."""
        path = f"/events/{self.event['id']}/pictures"
        return self._call("POST", self.host, path, fields={"file": ("picture.jpg", data)})

    def table(self, data: bytes) -> tuple[int, str]:
        """Upload a table of questions."""
        path = "/question-banks/new/imports"
        return self._call("POST", self.trainer, path, fields={"file": ("questions", data)})

    def similar(self, _: bytes) -> tuple[int, str]:
        """Search suggestions that are like a long text, ten times."""
        path = f"/polls/{self.event['polls']}/suggestions/similar"
        text = "".join(chr(0x4E00 + number) for number in range(300))
        answers = [
            self._call("GET", self.host, path, fields={"text": text[at:]}) for at in range(10)
        ]
        return max(answers)

    def suggestions(self, _: bytes) -> tuple[int, str]:
        """Download all suggestions."""
        return self._call("GET", self.host, f"/polls/{self.event['polls']}/suggestions.xlsx")

    def draw(self, _: bytes) -> tuple[int, str]:
        """Commit to a draw among all guests."""
        path = f"/raffles/{self.event['raffle']}"
        prize = self.host.ok("POST", f"{path}/prizes", {"title": "大奖", "stock": 9})
        plan = {"prize_id": prize["id"], "count": 9, "pool": {"guests": True}}
        return self._call("POST", self.host, f"{path}/draws", json=plan)

    def correction(self, _: bytes) -> tuple[int, str]:
        """Void a question of a contest that a thousand people answered."""
        [[question]] = self.installation.rows(
            "SELECT question_id FROM contest_round WHERE activity_id = ? AND position = 1",
            self.event["contest"],
        )
        body = {"question_id": question, "action": "void", "reason": "题目有误"}
        path = f"/events/{self.event['evening']}/corrections"
        return self._call("POST", self.host, path, json=body)

    def report(self, _: bytes) -> tuple[int, str]:
        """Download the report of an evening of a thousand people."""
        return self._call("GET", self.host, f"/events/{self.event['evening']}/report.xlsx")

    def many_fields(self, _: bytes) -> tuple[int, str]:
        """Log in with a body of twenty thousand fields."""
        body = {f"f{at}": 0 for at in range(20_000)}
        return self._call("POST", self.host, "/login", json=body)


def questions(count: int) -> bytes:
    """Return a table of so many questions."""
    lines = [f"X{number},判断,主题,1,这是第{number}个题干,对" for number in range(count)]
    return "\n".join(["编号,题型,主题,难度,题干,答案", *lines]).encode()


@dataclass(frozen=True)
class Case:
    """What is sent, how, and what is answered."""

    send: Callable[[Sender, bytes], tuple[int, str]]
    answer: tuple[int, str]
    data: Callable[[], bytes] = bytes


CASES = {
    "a JPEG of 2,000 scans": Case(
        Sender.picture, (422, "bad_picture"), lambda: hostile.with_scans(2_000)
    ),
    "a photograph of 16 million pixels": Case(
        Sender.picture, (201, ""), lambda: hostile.photograph(4000, 4000, 20)
    ),
    "EXIF of 1.8 MB": Case(
        Sender.picture, (422, "bad_picture"), lambda: hostile.jpeg_with_exif(1_800_000)
    ),
    "a workbook of 600,000 rows": Case(
        Sender.table,
        (422, "bad_sheet"),
        lambda: book(sheet("<row><c/></row>" * 600_000)),
    ),
    "3,000 questions": Case(Sender.table, (200, ""), lambda: questions(3_000)),
    "ten searches in 2,000 suggestions": Case(Sender.similar, (200, "")),
    "a draw from 3,000 people": Case(Sender.draw, (201, "")),
    "a download of 2,000 suggestions": Case(Sender.suggestions, (200, "")),
    "a body of 20,000 fields": Case(Sender.many_fields, (422, "invalid")),
    "a question voided for 1,000 people": Case(Sender.correction, (200, "")),
    "the report of 1,000 people": Case(Sender.report, (200, "")),
}


@pytest.mark.parametrize("name", CASES)
def test_nobody_waits_while_it_is_computed(
    installation: Installation,
    host: Phone,
    trainer: Phone,
    event: dict[str, Any],
    name: str,
    record_property: Callable[[str, object], None],
) -> None:
    case, sender = CASES[name], Sender(installation, event, host, trainer)
    # Before the watch, whose requests share this process.
    data, answers = case.data(), []
    watch = Watch(installation)
    quiet = watch.during(lambda: threading.Event().wait(QUIET_SECONDS))
    pauses = watch.during(lambda: answers.append(case.send(sender, data)))
    record_property("milliseconds", f"{pauses.shown()}; quiet: {quiet.shown()}")
    assert answers == [case.answer]
    assert pauses.busy_seconds <= LONGEST_PAUSE_SECONDS
    assert pauses.clock_seconds <= quiet.clock_seconds + LONGEST_SLEEP_SECONDS


def children(installation: Installation) -> list[Process]:
    """Return the child processes of its worker."""
    return [found for found in installation.processes() if "backend.offload.child" in found.command]


def test_killed_child_is_replaced_and_children_end_with_their_worker(
    installation: Installation, host: Phone, trainer: Phone, event: dict[str, Any]
) -> None:
    sender = Sender(installation, event, host, trainer)
    for colour in ("#101010", "#202020"):
        assert sender.picture(picture_bytes(colour=colour)) == (201, "")
        installation.kill(children(installation))
        until(lambda: not children(installation), 30, "the end of the child")
    assert sender.picture(picture_bytes(colour="#303030")) == (201, "")
    left = children(installation)
    installation.kill([installation.process("gunicorn: worker")])
    until(lambda: not any(child.lives() for child in left), 30, "the end of the children")
    assert left
