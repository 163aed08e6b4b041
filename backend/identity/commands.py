"""The operator's commands for people: `linka roster …`, `linka grant`, `linka keys renew`."""

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol

import click
from rich.console import Console
from rich.table import Table

from backend.clock import Clock
from backend.config import Settings
from backend.db import Database
from backend.errors import LinkaError, OperatorError
from backend.identity import grants, renewing
from backend.identity.invites import InviteCodes
from backend.identity.keys import normal_number
from backend.identity.roster import (
    RosterChange,
    RosterDiff,
    accounts_of,
    apply,
    compare,
    doubts,
    new_slips,
    read_roster,
    replace_codes,
    roster_template,
    with_new_codes,
)
from backend.identity.slips import Slip, write_slips
from backend.sheets import RowError

ROWS_SHOWN = 20
ERRORS_SHOWN = 200
PROGRESS_FROM_SLIPS = 100

_folder = click.Path(file_okay=False, path_type=Path)


class IdentityShell(Protocol):
    """What these commands need of the click context object; each is opened when first used."""

    @property
    def settings(self) -> Settings:
        """The settings in force."""

    @property
    def database(self) -> Database:
        """The open database."""

    @property
    def clock(self) -> Clock:
        """The clock."""

    def tell_revoked(self, account_ids: Iterable[int]) -> None:
        """Tell a running server to check the open sockets and streams of these accounts again."""

    def event_id(self, text: str) -> int | None:
        """Return the id of the event with this id or join code; None where there is none."""


@click.group("roster", help="员工名册。 The staff roster.")
def roster() -> None:
    """The group of the commands of the roster."""


@roster.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--yes", is_flag=True, help="不询问，直接写入。 Apply without asking.")
@click.option("--deactivate-missing", is_flag=True, help="文件里没有的人设为离职。")
@click.option("--dry-run", is_flag=True, help="只显示差异，不写入。 Show the diff only.")
@click.option(
    "--invite-codes",
    "folder",
    type=_folder,
    help="给没有邀请码的新员工生成邀请码，名单和打印页写进这个文件夹。",
)
@click.pass_obj
def import_(
    shell: IdentityShell,
    file: Path,
    yes: bool,
    deactivate_missing: bool,
    dry_run: bool,
    folder: Path | None,
) -> None:
    """从 FILE（.xlsx 或 CSV）导入员工名册。

    表头：工号、姓名、班组、班次、邀请码、入职日期、生日。先显示差异，确认后一次写入；有一行出错就什么都不写。
    只读第一张工作表里没有隐藏的行；有别的没有读取时，不能用 --deactivate-missing。
    """
    shell.database.check()
    codes = InviteCodes(shell.settings.secret)
    try:
        people = read_roster(file.read_bytes())
        people, slips = with_new_codes(people) if folder else (people, [])
        show_notes([*(note.zh for note in people.notes), *doubts(people)])
        diff = compare(people, codes, deactivate_missing=deactivate_missing)
        _show(diff)
        if not _goes_ahead(diff, yes, dry_run):
            return
        files = _write_slips(folder, slips) if folder and slips else ()
        apply(
            people,
            diff,
            database=shell.database,
            codes=codes,
            now=shell.clock.now(),
            source=file.name,
        )
        _show_files(files)
        if diff.deactivates:
            shell.tell_revoked(accounts_of([leaver.number for leaver in diff.left]))
    except LinkaError as error:
        raise refusal(error) from None
    click.echo(f"已写入。{_summary(diff)}")


@roster.command("template")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="覆盖已有的文件。 Overwrite.")
def template(file: Path, force: bool) -> None:
    """把空的名册模板写进 FILE（.xlsx）。 Write an empty roster to fill in."""
    write_file(file, roster_template(), force)


@roster.command("invite-codes")
@click.argument("folder", type=_folder)
@click.argument("numbers", metavar="[工号]...", nargs=-1)
@click.option("--yes", is_flag=True, help="不询问。 Do not ask.")
@click.pass_obj
def invite_codes(shell: IdentityShell, folder: Path, numbers: tuple[str, ...], yes: bool) -> None:
    """重新生成邀请码，名单（Excel）和打印页（HTML，每人一张，带二维码）写进 FOLDER。

    不写工号时，给所有还没有绑定微信的在职员工。原来的邀请码随即作废；已绑定的人不受影响。
    """
    shell.database.check()
    try:
        slips = new_slips(numbers)
    except LinkaError as error:
        raise refusal(error) from None
    if not slips:
        click.echo("所有在职员工都已绑定微信，没有生成。")
        return
    confirm(f"{len(slips)} 人原来的邀请码将作废，继续吗？", yes)
    files = _write_slips(folder, slips)
    codes = InviteCodes(shell.settings.secret)
    replace_codes(slips, database=shell.database, codes=codes, now=shell.clock.now())
    _show_files(files)


def _write_slips(folder: Path, slips: Sequence[Slip]) -> tuple[Path, ...]:
    """Write the files with a progress bar where there are many people."""

    def each(people: Iterable[Slip]) -> Iterable[Slip]:
        if len(slips) < PROGRESS_FROM_SLIPS:
            yield from people
            return
        with click.progressbar(people, len(slips), label="生成二维码", file=sys.stderr) as bar:
            yield from bar

    return write_slips(folder, slips, each)


def _show_files(files: Iterable[Path]) -> None:
    for written in files:
        click.echo(f"邀请码：{written}")


def refusal(error: LinkaError) -> click.ClickException:
    """Return a refusal as the one line with which a command ends."""
    details = [text for texts in error.field_texts("zh").values() for text in texts]
    return click.ClickException(error.message("zh") + "；".join(details))


def write_file(file: Path, data: bytes, force: bool) -> None:
    """Write a file; an existing file is overwritten only with `force`."""
    if file.exists() and not force:
        raise click.ClickException(f"{file} 已存在；要覆盖请加 --force")
    try:
        file.write_bytes(data)
    except OSError as error:
        raise click.ClickException(f"写不了 {file}：{error.strerror}") from None
    click.echo(f"已写入 {file}")


def show_errors(errors: Sequence[RowError], consequence: str) -> None:
    """Print the errors row by row on stderr, and the consequence."""
    for error in errors[:ERRORS_SHOWN]:
        click.echo(error.in_table.zh, err=True)
    if len(errors) > ERRORS_SHOWN:
        click.echo(f"……另有 {len(errors) - ERRORS_SHOWN} 处", err=True)
    click.echo(f"共 {len(errors)} 处错误，{consequence}", err=True)


def show_notes(notes: Sequence[str]) -> None:
    """Print notes on a file on stderr, such as which sheets were not read."""
    for note in notes:
        click.echo(f"提醒：{note}", err=True)


def _goes_ahead(diff: RosterDiff, yes: bool, dry_run: bool) -> bool:
    if dry_run:
        click.echo("这是试运行，没有写入。")
    elif diff.is_empty:
        click.echo("名册已是最新，无需写入。")
    else:
        confirm("写入以上改动吗？", yes)
        return True
    return False


def confirm(question: str, yes: bool) -> None:
    """Ask before an action that is hard to undo; `yes` skips the question.

    Without a terminal and without an answer on standard input it raises `click.UsageError`.
    """
    if yes:
        return
    if sys.stdin is not None and sys.stdin.isatty():
        agreed = click.confirm(question)
    else:
        answer = sys.stdin.readline() if sys.stdin is not None else ""
        if not answer:
            raise click.UsageError(f"{question}没有得到确认，什么都没做；确定的话请加 --yes。")
        agreed = answer.strip().lower() in ("y", "yes")
    if not agreed:
        raise click.ClickException("没有得到同意，什么都没做。不想被询问时，请加 --yes。")


def _summary(diff: RosterDiff) -> str:
    left = f"离职 {len(diff.left)} 人" if diff.deactivates else f"文件里没有 {len(diff.left)} 人"
    return (
        f"新增 {len(diff.added)} 人，变更 {len(diff.changed)} 人，"
        f"恢复在职 {len(diff.reactivated)} 人，{left}，未变 {diff.unchanged} 人。"
    )


def _show(diff: RosterDiff) -> None:
    if diff.errors:
        show_errors(diff.errors, "名册没有任何改动。")
        raise SystemExit(1)
    console = Console(markup=False, emoji=False, highlight=False)
    added = [(item.number, item.name, f"{item.team} {item.shift or ''}") for item in diff.added]
    left = [(item.number, item.name, item.team) for item in diff.left]
    left_title = "离职（文件里没有）" if diff.deactivates else "文件里没有（保持在职）"
    _show_kind(console, "新增", added)
    _show_kind(console, "变更", [_change_row(item) for item in diff.changed])
    _show_kind(console, "恢复在职", [_change_row(item) for item in diff.reactivated])
    _show_kind(console, left_title, left)
    click.echo(_summary(diff))


def _change_row(change: RosterChange) -> tuple[str, str, str]:
    fields = "；".join(f"{item.column} {item.old}→{item.new}" for item in change.fields)
    renamed = any(item.column == "姓名" for item in change.fields)
    if renamed and change.bound:
        fields += "（已绑定微信；若换了人，请先解绑）"
    return change.number, change.name, fields


def _show_kind(console: Console, title: str, rows: Iterable[tuple[str, str, str]]) -> None:
    listed = list(rows)
    if not listed:
        return
    table = Table(title=f"{title} {len(listed)} 人", title_justify="left")
    table.add_column("工号", no_wrap=True)
    table.add_column("姓名", overflow="fold")
    table.add_column("内容", overflow="fold")
    for row in listed[:ROWS_SHOWN]:
        table.add_row(*row)
    console.print(table)
    if len(listed) > ROWS_SHOWN:
        click.echo(f"……另有 {len(listed) - ROWS_SHOWN} 人")


@click.group("keys", help="密钥。 The keys that are derived from the secret key.")
def keys() -> None:
    """The group of the commands of keys."""


@keys.command("renew")
@click.pass_obj
def renew_(shell: IdentityShell) -> None:
    """换密钥之后：用新密钥重新加密邀请码和会话密钥。 Encrypt stored codes and keys with the new secret.

    Exits with 2 if neither key can read some of them: a key is wrong, or is not set in this shell.
    """
    shell.database.check()
    done = renewing.renew(shell.database, shell.settings.secret)
    click.echo(f"已用新密钥重新加密 {done.renewed} 条")
    if done.lost_codes or done.lost_session_keys:
        raise OperatorError(
            f"{done.lost_codes} 个邀请码和 {done.lost_session_keys} 个会话密钥用现在的密钥都读不出："
            "核对 LINKA_SECRET_KEY 和 LINKA_SECRET_KEY_OLD；旧密钥已经没有的，请重新导入带邀请码的花名册"
            "（会话密钥下次登录时更新）"
        )


@click.command("grant")
@click.argument("role", type=click.Choice(grants.ROLES))
@click.argument("staff_number", metavar="工号")
@click.option("--event", help="只对这个活动有效：编号或加入码。")
@click.option("--revoke", is_flag=True, help="收回角色。 Take the role back.")
@click.pass_obj
def grant(
    shell: IdentityShell, role: str, staff_number: str, event: str | None, revoke: bool
) -> None:
    """授予（或收回）角色：host 主持人、trainer 培训师、leader 班组长、admin 管理员。"""
    change = grants.revoke if revoke else grants.grant
    event_id = None if event is None else shell.event_id(event)
    if event is not None and event_id is None:
        raise click.ClickException(f"没有编号或加入码为 {event} 的活动")
    try:
        done = change(
            role,
            staff_number,
            event_id or grants.EVERYWHERE,
            database=shell.database,
            now=shell.clock.now(),
        )
    except LinkaError as error:
        raise refusal(error) from None
    if revoke:
        shell.tell_revoked(accounts_of([normal_number(staff_number)]))
    where = f"活动 {event_id}" if event_id else "全部活动"
    verb = "收回" if revoke else "授予"
    already = "" if done else ("（原本就没有）" if revoke else "（原本就有）")
    click.echo(f"已{verb} {staff_number} 的 {role} 角色，范围：{where}{already}")
