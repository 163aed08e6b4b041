"""Live games, played to their end by stub phones on a bad network and counted again."""

import pytest

from tests.installation import Installation
from tests.journeys.evening import CLEAN, Play


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
