"""Warnings of an import, new invite codes, and the slips to print."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from backend.db import Database
from backend.errors import OperatorError
from backend.identity.commands import roster as roster_command
from backend.identity.models import Account, Staff
from backend.identity.roster import compare, doubts, read_roster, roster_template, with_new_codes
from tests.identity.test_roster import BIANBA, CHEN, CODES, Shell, csv, load, person

Run = Callable[..., Result]


@pytest.fixture
def run(database: Database) -> Run:
    """Return what runs a command of the roster."""

    def invoke(*words: str, catch_exceptions: bool = True) -> Result:
        return CliRunner().invoke(
            roster_command, words, obj=Shell(database), catch_exceptions=catch_exceptions
        )

    return invoke


def bind_somebody(number: str) -> None:
    """Bind an account to a person."""
    account = Account.create(
        appid="wx1",
        openid="o1",
        session_key="",
        session_key_updated_at=1,
        created_at=1,
        last_login_at=1,
    )
    Staff.update(account=account).where(Staff.number == number).execute()


# --- doubts


@pytest.mark.parametrize(
    ("line", "doubt"),
    [
        ("200001,陈 敏春,话务一组,早班,Q8VRVN", "第 2 行 姓名：“陈 敏春”中间有空格"),
        ("200001,陈\u3000敏,话务一组,早班,Q8VRVN", "中间有空格"),
    ],
)
def test_space_in_a_name_is_doubted(database: Database, line: str, doubt: str) -> None:
    (found,) = doubts(read_roster(csv(line)))
    assert doubt in found


def test_teams_that_differ_in_spelling_alone_are_doubted(database: Database) -> None:
    load(database, BIANBA)
    people = read_roster(
        csv("200003,扎西,话务2组,夜班,CTAZYK", "200004,卓玛,话务·二组,夜班,CTAZYM")
    )
    assert doubts(people) == ["班组“话务2组”、“话务·二组”、“话务二组”只差写法，是不是同一个班组？"]


def test_what_people_write_is_not_doubted(database: Database) -> None:
    assert doubts(read_roster(csv(CHEN, BIANBA, "200003,Tashi Dorje,VIP 1组,夜班,CTAZYK"))) == []


# --- invite codes and slips


def test_template_is_a_roster_once_its_codes_are_made(database: Database) -> None:
    people, slips = with_new_codes(read_roster(roster_template()))
    assert compare(people, CODES).errors == ()
    assert [slip.number for slip in slips] == ["200001", "200002"]


def test_template_overwrites_no_roster(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "roster.xlsx"
    assert run("template", str(file)).exit_code == 0
    file.write_bytes(b"filled in")
    refusal = run("template", str(file))
    assert (refusal.exit_code, "--force" in refusal.stderr) == (1, True)
    assert file.read_bytes() == b"filled in"
    assert run("template", str(file), "--force").exit_code == 0
    assert read_roster(file.read_bytes()).notes == ()


def test_new_people_without_a_code_get_one_that_binds(
    database: Database, run: Run, tmp_path: Path
) -> None:
    load(database, CHEN)
    file, folder = tmp_path / "roster.csv", tmp_path / "codes"
    file.write_bytes(csv("200001,陈敏春,话务一组,早班,", BIANBA, "200003,扎西,话务一组,夜班,"))
    done = run("import", str(file), "--yes", "--invite-codes", str(folder))
    assert done.exit_code == 0, done.output
    written = read_roster((folder / "邀请码.xlsx").read_bytes())
    assert [entry.number for entry in written.entries] == ["200003"]
    code = written.entries[0].code
    assert len(code) == 8
    assert CODES.fits(person("200003").invite_digest, "200003", code)
    assert CODES.fits(person("200001").invite_digest, "200001", "Q8VRVN")
    assert (folder / "邀请码.html").stat().st_mode & 0o077 == 0
    assert code not in done.output


def test_codes_are_made_again_for_those_who_have_not_bound(
    database: Database, run: Run, tmp_path: Path
) -> None:
    load(database, CHEN, BIANBA)
    bind_somebody("200002")
    folder = tmp_path / "codes"
    done = run("invite-codes", str(folder), "--yes")
    assert done.exit_code == 0, done.output
    written = read_roster((folder / "邀请码.xlsx").read_bytes())
    assert [entry.number for entry in written.entries] == ["200001"]
    assert CODES.fits(person("200001").invite_digest, "200001", written.entries[0].code)
    assert not CODES.fits(person("200001").invite_digest, "200001", "Q8VRVN")
    assert CODES.fits(person("200002").invite_digest, "200002", "CTAZYJ")


def test_codes_are_not_replaced_where_their_files_cannot_be_written(
    database: Database, run: Run, tmp_path: Path
) -> None:
    load(database, CHEN)
    (tmp_path / "邀请码.html").write_text("kept")
    with pytest.raises(OperatorError, match="已经存在"):
        run("invite-codes", str(tmp_path), "--yes", catch_exceptions=False)
    assert (tmp_path / "邀请码.html").read_text() == "kept"
    assert not (tmp_path / "邀请码.xlsx").exists()
    assert CODES.fits(person("200001").invite_digest, "200001", "Q8VRVN")


def test_codes_of_unknown_people_are_refused(database: Database, run: Run, tmp_path: Path) -> None:
    load(database, CHEN)
    done = run("invite-codes", str(tmp_path), "200001", "999999", "--yes")
    assert done.exit_code == 1
    assert "999999" in done.output
    assert CODES.fits(person("200001").invite_digest, "200001", "Q8VRVN")


def test_codes_are_not_replaced_without_consent(
    database: Database, run: Run, tmp_path: Path
) -> None:
    load(database, CHEN)
    done = run("invite-codes", str(tmp_path))
    assert done.exit_code == 2
    assert CODES.fits(person("200001").invite_digest, "200001", "Q8VRVN")
