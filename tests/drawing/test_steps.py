"""The next step of a game of drawing and guessing."""

from backend.activities.drawing.steps import steps


def test_game_begins_runs_by_itself_and_ends_after_its_gallery() -> None:
    waiting = steps("/drawings/9", None, was_played=False).main
    assert waiting is not None
    assert waiting.path == "/drawings/9/begin"
    playing = steps("/drawings/9", {"phase": "playing"}, was_played=True)
    assert playing.main is None
    assert playing.others[0].ask is not None
    gallery = steps("/drawings/9", {"phase": "gallery", "drawings": 3}, was_played=True).main
    assert gallery is not None and gallery.ask is not None
    assert gallery.path == "/drawings/9/finish"
    assert steps("/drawings/9", None, was_played=True).main is None
