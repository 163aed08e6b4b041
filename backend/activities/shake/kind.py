"""The shake as a kind: wiping."""

from backend.activities.shake.models import ShakeRound
from backend.activities.shake.play import ShakePlay
from backend.activities.shake.settings import ShakeSettings
from backend.errors import Sentence
from backend.events.kinds import Kind, Tools


class Shake(Kind):
    """The kind `shake`."""

    name = "shake"
    title = Sentence("摇一摇", "Shake")
    settings = ShakeSettings
    tables = (ShakeRound,)
    screen_scripts = ("shake.js", "track.js", "winners.js")
    screen_styles = ("shake.css", "phone.css")

    def play(self, tools: Tools) -> ShakePlay:
        """Return the play that takes reports and scores rounds."""
        return ShakePlay(tools.scores, tools.feed, tools.redis)
