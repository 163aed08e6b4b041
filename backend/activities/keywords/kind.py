"""Announced words as a kind: preparing, wiping."""

from typing import Any

from backend.activities.keywords import rules, steps, view, words
from backend.activities.keywords.models import Keyword, KeywordHit
from backend.activities.keywords.panel import panel
from backend.activities.keywords.play import KeywordsPlay
from backend.activities.keywords.report import report
from backend.activities.keywords.settings import KeywordsSettings
from backend.errors import Sentence
from backend.events.kinds import Download, Earning, Kind, LeftCount, StandIn, Tools, about_of
from backend.events.models import Activity
from backend.events.preflight import GREEN, PREPARE, RED, PreflightLine
from backend.events.reporting import ActivityReport
from backend.events.steps import HostSteps
from backend.events.tables import TableImport
from backend.web.limits import Limits

# The share of the test players who miss a word.
_MISSES = 0.3


class Keywords(Kind):
    """The kind `keywords`."""

    name = "keywords"
    title = Sentence("回复关键词", "Announced words")
    settings = KeywordsSettings
    tables = (KeywordHit,)
    subjects = {"keyword": "关键词"}
    actions = {
        "prepare_keyword": "准备关键词",
        "edit_keyword": "修改关键词",
        "remove_keyword": "删除关键词",
        "open_keyword": "公布关键词",
        "close_keyword": "提前结束关键词",
        "dismiss_keywords": "收起关键词",
    }
    reasons = {"keyword": "回复有效关键词"}
    screen_scripts = ("keywords.js",)
    screen_styles = ("keywords.css", "phone.css")
    phases = steps.WORDS

    def play(self, tools: Tools) -> KeywordsPlay:
        """Return the play that takes replies and shows words."""
        return KeywordsPlay(tools.scores, tools.feed, Limits(tools.redis))

    def steps(
        self, activity: Activity, shown: dict[str, Any] | None, present: int | None, now: int
    ) -> HostSteps:
        """Return what a host can do next."""
        all_words = [
            view.host_word(activity.event, word, facts, now)
            for word, facts in words.all_of(activity.id)
        ]
        return steps.steps(f"/keywords/{activity.id}", all_words, is_on=shown is not None)

    def panel(self, activity: Activity, now: int) -> dict[str, Any]:
        """Return the words as hosts see them."""
        return panel(activity, now)

    def prepare(self, activity: Activity) -> None:
        """Prepare the words that the template names."""
        for word in activity.settings["words"]:
            words.write(activity, word)

    def imports(self, activity: Activity) -> list[TableImport]:
        """Return the table of words to announce."""
        path = f"/keywords/{activity.id}/words"
        hint = "一行一个关键词，导入后是准备好的状态，宣布之前没有人看得到。"
        return [TableImport("关键词", hint, f"{path}/imports", f"{path}/template.xlsx")]

    def preflight(self, activity: Activity, day: str) -> list[PreflightLine]:
        """Return a line about the words that are prepared."""
        count = Keyword.select().where(Keyword.activity == activity).count()
        about = about_of(activity)
        if not count:
            text = Sentence("还没有准备关键词。", "No words are prepared.")
            return [PreflightLine(RED, about, text, PREPARE)]
        text = Sentence(f"准备了 {count} 个关键词。", f"{count} words are prepared.")
        return [PreflightLine(GREEN, about, text, PREPARE)]

    def stand_in(self, seat: StandIn) -> bool:
        """Let a test player reply an announced word; some players miss it."""
        hits = KeywordHit.select(KeywordHit.word).where(KeywordHit.player == seat.player)
        open_words = Keyword.select().where(
            Keyword.activity == seat.activity,
            Keyword.opened_at.is_null(False),
            Keyword.closed_at.is_null(),
            Keyword.id.not_in(hits),
        )
        now_on = [
            word for word in open_words if rules.left_ms(word, seat.activity.event.pauses, seat.now)
        ]
        if not now_on or seat.random.random() < _MISSES:
            return False
        said = {"text": seat.random.choice(now_on).text}
        seat.play.hear_reply(seat.speaker, seat.activity.id, said, seat.now)
        return True

    def report(self, activity: Activity, now: int) -> ActivityReport:
        """Return what the report of the event shows of the words."""
        return report(activity)

    def left(self, activity: Activity) -> list[LeftCount]:
        """Count announced words and hits."""
        announced = Keyword.activity == activity, Keyword.opened_at.is_null(False)
        hits = KeywordHit.select().where(KeywordHit.activity == activity)
        return [
            LeftCount(
                "announced",
                Sentence("已公布的关键词（恢复为未公布）", "announced words, to announce again"),
                Keyword.select().where(*announced).count(),
            ),
            LeftCount("hits", Sentence("命中", "hits"), hits.count()),
        ]

    def downloads(self, activity: Activity) -> list[Download]:
        """Return the list of the players who hit each word."""
        return [Download("关键词命中名单", f"/keywords/{activity.id}/hits.xlsx")]

    def preview(self, settings: dict[str, Any]) -> list[Earning]:
        """Return what a word earns, and how much one person can earn in all."""
        found = [Earning(f"前 {settings['places']} 名抢中一个关键词", settings["points"])]
        most = settings["hits_per_person"]
        if most is not None and most > 1:
            found.append(Earning(f"抢满 {most} 个关键词", most * settings["points"]))
        return found

    def settings_of(self, activity: Activity) -> dict[str, Any]:
        """Return the settings with the words that hosts have prepared."""
        return {**activity.settings, "words": words.as_settings(activity)}

    def renew(self, activity: Activity) -> None:
        """Replace the words if they differ from the settings."""
        words.renew(activity)

    def wipe(self, activity: Activity) -> None:
        """Remove the hits and revoke every announcement."""
        super().wipe(activity)
        Keyword.update(opened_at=None, closed_at=None, dismissed_at=None).where(
            Keyword.activity == activity
        ).execute()
