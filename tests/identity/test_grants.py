"""Roles: given once, taken back once, and each change leaves a line."""

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field

import pytest
from click.testing import CliRunner, Result

from backend.clock import SystemClock
from backend.db import Database
from backend.errors import Invalid
from backend.identity import commands
from backend.identity.grants import UnknownStaff, grant, revoke
from backend.identity.models import AuditLine, Grant, Staff, Team


@pytest.fixture
def chen(database: Database) -> Staff:
    team = Team.create(name="话务一组")
    return Staff.create(number="A20001", name="陈敏春", team=team, invite_digest="x")


def held() -> set[tuple[str, int]]:
    return {(grant.role, grant.event_id) for grant in Grant.select()}


def actions() -> list[str]:
    return [line.action for line in AuditLine.select().order_by(AuditLine.id)]


def test_role_is_given_once(database: Database, chen: Staff) -> None:
    assert grant("host", "A20001", database=database, now=5)
    assert not grant("host", " a20001 ", database=database, now=6)
    assert held() == {("host", 0)}
    line = AuditLine.get()
    assert (line.at, line.action, line.subject) == (5, "role_granted", "staff:A20001")
    assert line.detail == {"role": "host", "event_id": 0}


def test_role_for_one_event_is_another_role(database: Database, chen: Staff) -> None:
    grant("host", "A20001", database=database, now=1)
    grant("host", "A20001", 42, database=database, now=1, actor_id=7)
    assert held() == {("host", 0), ("host", 42)}
    assert AuditLine.select().order_by(AuditLine.id.desc()).get().actor_id == 7


def test_role_is_taken_back_once(database: Database, chen: Staff) -> None:
    grant("host", "A20001", 42, database=database, now=1)
    assert not revoke("host", "A20001", database=database, now=2)
    assert revoke("host", "A20001", 42, database=database, now=2)
    assert not revoke("host", "A20001", 42, database=database, now=3)
    assert held() == set()
    assert actions() == ["role_granted", "role_revoked"]


def test_unknown_person_is_refused(database: Database) -> None:
    with pytest.raises(UnknownStaff) as refused:
        grant("host", "999999", database=database, now=1)
    assert (refused.value.slug, refused.value.status) == ("unknown_staff", 404)
    assert "999999" in refused.value.message("zh")


def test_person_who_left_can_lose_a_role_and_not_get_one(database: Database, chen: Staff) -> None:
    grant("host", "A20001", database=database, now=1)
    Staff.update(active=False).execute()
    with pytest.raises(UnknownStaff):
        grant("admin", "A20001", database=database, now=1)
    assert revoke("host", "A20001", database=database, now=1)


def test_unknown_role_is_refused(database: Database, chen: Staff) -> None:
    with pytest.raises(Invalid):
        grant("king", "A20001", database=database, now=1)


def test_ten_grants_at_once_leave_one_role_and_one_line(database: Database, chen: Staff) -> None:
    barrier = threading.Barrier(10)
    given: list[bool] = []

    def give() -> None:
        barrier.wait()
        given.append(grant("host", "A20001", database=database, now=1))
        database.release()

    threads = [threading.Thread(target=give) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(given) == [False] * 9 + [True]
    assert actions() == ["role_granted"]


# --- the command


@dataclass
class Shell:
    database: Database
    clock: SystemClock
    revoked: list[int] = field(default_factory=list)

    def tell_revoked(self, account_ids: Iterable[int]) -> None:
        self.revoked += account_ids

    def event_id(self, text: str) -> int | None:
        return {"42": 42, "MEIDUO26": 42}.get(text)


def run(database: Database, *arguments: str) -> Result:
    return CliRunner().invoke(commands.grant, arguments, obj=Shell(database, SystemClock()))


def test_command_says_in_one_line_what_it_did(database: Database, chen: Staff) -> None:
    given = run(database, "host", "A20001", "--event", "42")
    assert (given.exit_code, given.output) == (0, "已授予 A20001 的 host 角色，范围：活动 42\n")
    assert "原本就有" in run(database, "host", "A20001", "--event", "42").output
    assert "已收回" in run(database, "host", "A20001", "--event", "42", "--revoke").output
    assert held() == set()


@pytest.mark.parametrize("arguments", [("host", "999999"), ("king", "A20001"), ("host",)])
def test_command_refuses_what_does_not_exist(
    database: Database, chen: Staff, arguments: tuple[str, ...]
) -> None:
    result = run(database, *arguments)
    assert result.exit_code in (1, 2)
    assert "Traceback" not in result.output
    assert held() == set()


def test_role_for_an_event_that_is_not_there_is_refused(database: Database, chen: Staff) -> None:
    refused = run(database, "host", "A20001", "--event", "43")
    assert (refused.exit_code, held()) == (1, set())
    assert "43" in refused.output
