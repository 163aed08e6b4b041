"""Live games and a whole anniversary, played to their end by stub phones on a bad network and counted
again."""

import re
from pathlib import Path

import pytest

from tests.installation import ROOT, Installation
from tests.journeys.evening import CLEAN, Play

LISTS = {"建议.xlsx", "投票结果.xlsx", "关键词命中.xlsx", "中奖名单.xlsx"}
RECORDS = {"抽奖记录-1.json", "抽奖记录-2.json"}


def undocumented_keys(installation: Installation) -> list[str]:
    """Return the Redis keys that the table of `docs/architecture.md` does not have."""
    section = (ROOT / "docs/architecture.md").read_text("utf-8").partition("\n## Redis keys\n")[2]
    rows = [line.split(" | ")[0] for line in section.splitlines() if line.startswith("| `")]
    patterns = [
        re.sub(r"<\w+>", ".+", re.escape(key).replace("…", ".+"))
        for key in re.findall(r"`([^`]+)`", " ".join(rows))
    ]
    pattern = re.compile("|".join(patterns))
    with installation.redis() as redis:
        keys = [key.decode() for key in redis.scan_iter(count=1000)]
    assert keys
    return sorted(key for key in keys if not pattern.fullmatch(key))


@pytest.mark.parametrize(
    ("kind", "template", "phones"),
    [
        ("contest", "contest-short", 8),
        ("shake", "shake", 8),
        # Two rooms of three: everybody draws once.
        ("drawing", "drawing-short", 6),
    ],
)
def test_live_game_is_played_to_the_end_on_a_bad_network(
    installation: Installation, play: Play, kind: str, template: str, phones: int
) -> None:
    evening = play("--kind", kind, "--template", template, "--phones", str(phones), "--faults")
    assert evening.end() == 0, evening.said
    assert CLEAN in evening.said
    assert installation.linka("boards", "verify").returncode == 0
    assert undocumented_keys(installation) == []


def test_anniversary_is_played_to_the_end_on_a_bad_network(
    installation: Installation, play: Play, tmp_path: Path
) -> None:
    folder = tmp_path / "exports"
    options = ("--journey", "anniversary", "--phones", "20", "--faults", "--exports", str(folder))
    evening = play(*options)
    assert evening.end() == 0, evening.said
    assert CLEAN in evening.said
    assert installation.linka("boards", "verify").returncode == 0
    assert undocumented_keys(installation) == []
    assert {file.name for file in folder.iterdir()} == LISTS | RECORDS
    for name in RECORDS:
        verified = installation.linka("raffle", "verify", str(folder / name))
        assert verified.returncode == 0, verified.stdout + verified.stderr


def test_journey_makes_its_own_rehearsal(installation: Installation, play: Play) -> None:
    evening = play("--journey", "anniversary", "--event", "ABCDEF")
    assert evening.end() == 2
    assert "--event" in evening.said
