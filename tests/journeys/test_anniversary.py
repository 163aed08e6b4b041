"""An anniversary from the first idea to the last list, on a bad network, counted again."""

from tests.installation import Installation
from tests.journeys.evening import CLEAN, Play


def test_anniversary_is_played_to_the_end_on_a_bad_network(
    installation: Installation, play: Play
) -> None:
    evening = play("--journey", "anniversary", "--phones", "20", "--faults")
    assert evening.end() == 0, evening.said
    assert CLEAN in evening.said
    assert installation.linka("boards", "verify").returncode == 0
