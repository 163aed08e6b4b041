"""`linka raffle verify`: one clear line, exit code 0 or 1, without any database."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from backend.cli import main
from tests.raffle.evening import Evening
from tests.raffle.records import document


def verify(path: Path) -> Result:
    """Run the command where there is neither database nor Redis, nor a folder to make one."""
    nowhere = {
        "LINKA_DATABASE_URL": "postgresql://127.0.0.1:1/none",
        "LINKA_REDIS_URL": "redis://127.0.0.1:1",
        "LINKA_DATA_DIR": str(path.parent / "none"),
    }
    found = CliRunner(env=nowhere).invoke(main, ["raffle", "verify", str(path)])
    assert not (path.parent / "none").exists()
    return found


def record(folder: Path, **facts: int) -> Path:
    """Write the record of a fair draw."""
    path = folder / "draw.json"
    path.write_text(json.dumps(document(**facts), ensure_ascii=False), encoding="utf-8")
    return path


def test_fair_draw_is_one_line_and_exit_code_0(tmp_path: Path) -> None:
    found = verify(record(tmp_path, absent=0))
    assert (found.exit_code, found.stderr, found.stdout.count("\n")) == (0, "", 1)
    told = "核对通过：第 3 次抽奖“一等奖”，10 人中抽出 2 人；承诺 "
    assert found.stdout == f"{told}{document()['commitment']}\n"


def test_no_show_is_a_line_with_times_and_hosts(tmp_path: Path) -> None:
    found = verify(record(tmp_path, absent=1))
    first, second = found.stdout.splitlines()
    assert "10 人中抽出 2 人，1 人未到场已补抽" in first
    assert second == (
        f"未到场：第 1 位（{document()['picks'][0]['number']} 号），"
        "2026-11-22T02:00:01.500Z 由扎西呼叫，2026-11-22T02:01:02.500Z 由扎西记为未到场"
    )


def test_many_no_shows_are_warned_of_with_exit_code_0(tmp_path: Path) -> None:
    found = verify(record(tmp_path, won=1, absent=4))
    assert (found.exit_code, found.stderr) == (0, "")
    assert found.stdout.splitlines()[-1].startswith(
        "提醒：未到场的人偏多：抽中 5 人，4 人未到场（80%"
    )


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (json.dumps({**document(), "word": "别的词"}), "中奖顺序"),
        (json.dumps({**document(), "seed": None}), "种子还没有公布"),
        ("[]", "不是抽奖记录"),
        ("no JSON", "不是 JSON"),
        ("[" * 5000, "不是 JSON"),
    ],
)
def test_whatever_is_wrong_is_one_line_and_exit_code_1(
    tmp_path: Path, content: str, why: str
) -> None:
    path = tmp_path / "draw.json"
    path.write_text(content, encoding="utf-8")
    found = verify(path)
    assert (found.exit_code, found.stdout, found.stderr.count("\n")) == (1, "", 1)
    assert "核对不通过" in found.stderr
    assert why in found.stderr


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_file_that_a_player_downloads_is_verified(evening: Evening, tmp_path: Path) -> None:
    evening.crowd(20)
    draw = evening.commit(evening.prize("一等奖 · 林卡野餐套装"), 3)
    evening.draw(draw, word="扎西德勒")
    evening.doing(draw, "reveal")
    path = tmp_path / "draw.json"
    path.write_bytes(evening.player().get(f"{evening.path}/draws/{draw['id']}").data)
    found = verify(path)
    assert (found.exit_code, found.stderr) == (0, "")
    assert draw["commitment"] in found.stdout
    assert "提醒：等待时间只有 5 秒" in found.stdout
