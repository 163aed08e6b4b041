"""Announced words as a kind: preparing, wiping."""

from backend.activities.keywords import words
from backend.activities.keywords.models import Keyword, KeywordHit
from backend.activities.keywords.play import KeywordsPlay
from backend.activities.keywords.settings import KeywordsSettings
from backend.errors import Sentence
from backend.events.kinds import Kind, Tools
from backend.events.models import Activity
from backend.web.limits import Limits


class Keywords(Kind):
    """The kind `keywords`."""

    name = "keywords"
    title = Sentence("回复关键词", "Announced words")
    settings = KeywordsSettings
    tables = (KeywordHit,)
    screen_scripts = ("keywords.js",)
    screen_styles = ("keywords.css", "phone.css")

    def play(self, tools: Tools) -> KeywordsPlay:
        """Return the play that takes replies and shows words."""
        return KeywordsPlay(tools.scores, tools.feed, Limits(tools.redis))

    def prepare(self, activity: Activity) -> None:
        """Prepare the words that the template names."""
        for word in activity.settings["words"]:
            words.write(activity, word)

    def wipe(self, activity: Activity) -> None:
        """Remove the hits and revoke every announcement."""
        super().wipe(activity)
        Keyword.update(opened_at=None, closed_at=None, dismissed_at=None).where(
            Keyword.activity == activity
        ).execute()
