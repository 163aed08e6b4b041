"""`linka raffle verify`: one clear line, exit code 0 or 1, without any database."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.installation import LINKA
from tests.raffle.evening import Evening
from tests.raffle.test_rules import document

ABSENT_DATABASE = {"LINKA_DATABASE_URL": "postgresql://127.0.0.1:1/none"}


def verify(path: Path) -> subprocess.CompletedProcess[str]:
    """Run the command where there is neither database nor Redis."""
    environment = {**os.environ, **ABSENT_DATABASE, "LINKA_DATA_DIR": str(path.parent / "none")}
    return subprocess.run(
        [str(LINKA), "raffle", "verify", str(path)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_file_that_was_changed_is_told_from_the_right_one(tmp_path: Path) -> None:
    path = tmp_path / "draw.json"
    path.write_text(json.dumps(document(), ensure_ascii=False), encoding="utf-8")
    found = verify(path)
    assert (found.returncode, found.stderr) == (0, "")
    assert found.stdout.startswith(
        "核对通过：第 3 次抽奖“一等奖”，10 人中抽出 2 人，1 人未到场已补抽"
    )
    path.write_text(path.read_text(encoding="utf-8").replace("扎西德勒", "别的"), encoding="utf-8")
    found = verify(path)
    assert (found.returncode, found.stdout) == (1, "")
    assert "核对不通过" in found.stderr
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_file_that_a_player_downloads_is_verified(evening: Evening, tmp_path: Path) -> None:
    evening.crowd(20)
    draw = evening.commit(evening.prize("一等奖 · 林卡野餐套装"), 3)
    evening.draw(draw, word="扎西德勒")
    evening.doing(draw, "reveal")
    path = tmp_path / "draw.json"
    path.write_bytes(evening.player().get(f"{evening.path}/draws/{draw['id']}").data)
    found = verify(path)
    assert (found.returncode, found.stderr) == (0, "")
    assert draw["commitment"] in found.stdout
