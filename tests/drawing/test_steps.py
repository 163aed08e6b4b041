"""The next step of a game of drawing and guessing."""

from backend.activities.drawing.steps import steps


def test_game_begins_runs_by_itself_and_ends_after_its_gallery() -> None:
    waiting = steps("/drawings/9", None, was_played=False).main
    assert waiting is not None
    # It cannot be begun a second time.
    assert (waiting.path, bool(waiting.ask)) == ("/drawings/9/begin", True)
    playing = steps("/drawings/9", {"phase": "playing"}, was_played=True)
    assert playing.main is None
    assert playing.others[0].ask is not None
    gallery = {"phase": "gallery", "drawings": 3, "winners": None}
    vote = steps("/drawings/9", gallery, was_played=True)
    assert vote.main is not None and vote.main.ask is not None
    assert vote.main.path == "/drawings/9/end-voting"
    assert [other.path for other in vote.others] == ["/drawings/9/finish"]
    counted = steps("/drawings/9", {**gallery, "winners": []}, was_played=True).main
    assert counted is not None and counted.path == "/drawings/9/finish"
    assert steps("/drawings/9", None, was_played=True).main is None
