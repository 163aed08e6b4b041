"""Drawing and guessing as a kind: its word packs, wiping."""

from pathlib import Path
from typing import Any

from backend.activities.drawing import panel, report, rules, standing_in, steps
from backend.activities.drawing.context import context_of
from backend.activities.drawing.current import play
from backend.activities.drawing.models import (
    DrawingGame,
    DrawingGuess,
    DrawingRoom,
    DrawingTurn,
    DrawingVote,
)
from backend.activities.drawing.packs import (
    import_words,
    list_packs,
    packs_to_choose,
    read_words,
    words_of,
)
from backend.activities.drawing.play import DrawingPlay
from backend.activities.drawing.settings import DrawingSettings
from backend.db import Database
from backend.errors import Sentence
from backend.events.kinds import Earning, Kind, LeftCount, StandIn, Tools
from backend.events.models import Activity
from backend.events.preflight import BANKS
from backend.events.reporting import ActivityReport
from backend.events.steps import HostSteps
from backend.events.tables import Shelf, ShelfItem
from backend.web.forms import Choice


class Drawing(Kind):
    """The kind `drawing`."""

    name = "drawing"
    title = Sentence("你画我猜", "Draw and guess")
    settings = DrawingSettings
    mended_at = BANKS
    tables = (DrawingGame, DrawingRoom)
    subjects = {"turn": "画作"}
    apis = ("api", "gallery_api", "pack_api")
    command_names = ("words",)
    actions = {
        "begin_drawing": "开始你画我猜",
        "finish_drawing": "收起你画我猜",
        "end_drawing_vote": "公布最佳画作",
        "hide_drawing": "撤下画作",
        "show_drawing": "恢复画作",
        "pin_drawing": "停在一幅画作",
        "void_drawing": "本轮画作不计分",
    }
    reasons = {"drawing": "你画我猜"}
    screen_scripts = ("drawing.js", "sketch.js")
    screen_styles = ("drawing.css", "phone.css")
    phases = steps.WORDS
    console_scripts = ("panel.js",)
    console_styles = ("panel.css",)

    def play(self, tools: Tools) -> DrawingPlay:
        """Return the play that handles messages of drawers and guessers, and advances games."""
        return DrawingPlay(tools.scores, tools.feed, tools.redis)

    def steps(
        self, activity: Activity, shown: dict[str, Any] | None, present: int | None, now: int
    ) -> HostSteps:
        """Return what a host can do next."""
        was_played = shown is None and context_of(activity.id) is not None
        return steps.steps(f"/drawings/{activity.id}", shown, was_played=was_played)

    def panel(self, activity: Activity, now: int) -> dict[str, Any]:
        """Return the game with its rooms, its reported drawings and its gallery."""
        return panel.panel(activity, play(), now)

    def fresh(self) -> dict[str, Any]:
        """Return all packs."""
        return {"packs": [one.value for one in packs_to_choose()]}

    def choices(self, settings: dict[str, Any]) -> dict[str, list[Choice]]:
        """Return the packs."""
        return {"packs": packs_to_choose()}

    def preview(self, settings: dict[str, Any]) -> list[Earning]:
        """Return what an early guess, a guess of medium speed and a drawer earn."""
        draw_ms = settings["draw_seconds"] * 1000
        middle = rules.guess_points(draw_ms // 2, draw_ms, 4)
        first = rules.guess_points(draw_ms // 4, draw_ms, 1)
        return [
            Earning("时间过四分之一时第一个猜中", first),
            Earning("时间过半时猜中，前面已有三人猜中", middle),
            Earning("当一次画手，大家都在过半时猜中", rules.drawer_points([middle])),
        ]

    def lacks(self, settings: dict[str, Any], day: str) -> list[Sentence]:
        """Return sentences about packs that do not exist or have no words."""
        return [
            Sentence(
                f"没有词库“{name}”，或其中没有词。",
                f"There is no word pack “{name}”, or it is empty.",
            )
            for name in settings["packs"]
            if not words_of([name])
        ]

    def shelf(self) -> Shelf:
        """Return the word packs."""
        items = [ShelfItem(one.name, one.title, one.words) for one in list_packs()]
        hint = "文件就是整个词库：导入以后，文件里没有的词不再出题。"
        return Shelf(
            "词库", "词", hint, "/word-packs", "/word-packs/{name}/words.xlsx", tuple(items)
        )

    def load_sample(
        self, sample: dict[str, Any], folder: Path, database: Database, now: int
    ) -> int:
        """Load the word packs of the sample."""
        changed = 0
        for pack in sample["words"]:
            found = read_words((folder / pack["file"]).read_bytes())
            diff = import_words(
                found, pack["name"], title=pack["title"], database=database, now=now
            )
            changed += diff.added + diff.changed
        return changed

    def stand_in(self, seat: StandIn) -> bool:
        """Let a test player draw in their own turn, and guess in the others'."""
        return standing_in.stand_in(seat)

    def report(self, activity: Activity, now: int) -> ActivityReport:
        """Return what the report of the event shows of the game."""
        return report.report(activity)

    def exhibit(self, activity: Activity, key: int) -> bytes | None:
        """Return a picture of the gallery."""
        return report.exhibit(activity, key)

    def left(self, activity: Activity) -> list[LeftCount]:
        """Count drawings, right guesses and votes."""
        turns = DrawingTurn.select().where(DrawingTurn.activity == activity)
        guesses = DrawingGuess.select().join(DrawingTurn).where(DrawingTurn.activity == activity)
        votes = DrawingVote.select().where(DrawingVote.activity == activity)
        return [
            LeftCount("drawings", Sentence("画作", "drawings"), turns.count()),
            LeftCount("guesses", Sentence("猜中", "right guesses"), guesses.count()),
            LeftCount(
                "votes", Sentence("最佳画作投票", "votes for the best drawing"), votes.count()
            ),
        ]
