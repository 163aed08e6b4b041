"""What the hosts' console shows of a game of drawing and guessing."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from backend.activities.drawing import rules, view
from backend.activities.drawing.context import COLUMNS, GameContext, context_of
from backend.activities.drawing.models import DrawingRoom, DrawingTurn
from backend.activities.drawing.packs import words_of
from backend.activities.drawing.play import DrawingPlay
from backend.events.models import Activity, Player
from backend.events.visibility import View

# Two rows of a wide page.
ROOMS_SHOWN = 8
WAITING, FINISHED = "waiting", "finished"
ENDING_NAMES = {
    rules.TIME: "时间到",
    rules.ALL_GUESSED: "都猜到了",
    rules.VANISHED: "画手离开",
    rules.VOIDED: "已作废",
    rules.CLOSED: "活动结束",
}


def panel(activity: Activity, play: DrawingPlay, now: int) -> dict[str, Any]:
    """Return a game as hosts see it.

    `phase` is `waiting` (with how many players and words there are), `playing` (with the rooms,
    their turns, and an overview of them), `gallery` or `finished` (with the drawings and their votes). `reported` has the
    drawings that players reported.
    """
    context = context_of(activity.id)
    if context is None:
        return {"phase": WAITING, **_beginning(activity)}
    found = {
        "mode": context.settings["mode"],
        "turns": context.settings["turns"],
        "gallery": play.views.gallery(context, View.HOST, None),
        "reported": _reported(context),
        "endings": ENDING_NAMES,
        "voting_over": context.shows_votes,
    }
    if context.game.finished_at is not None:
        return {"phase": FINISHED, **found}
    if context.game.ended_at is not None:
        return {"phase": view.GALLERY, **found}
    rooms = play.views.rooms(context, now)
    return {"phase": view.PLAYING, "rooms": rooms, "overview": _overview(rooms), **found}


def _overview(rooms: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return how many players there are, and in how many rooms somebody draws, chooses a word, or
    neither (`between`), and which have ended (`over`, their numbers).

    `folds` says that there are too many rooms to show all of them at once.
    """
    on = [room for room in rooms if not room["over"]]
    phases = Counter(room["turn"]["phase"] if room["turn"] else rules.OVER for room in on)
    return {
        "players": sum(room["players"] for room in rooms),
        "folds": len(rooms) > ROOMS_SHOWN,
        "drawing": phases[rules.DRAWING],
        "choosing": phases[rules.CHOOSING],
        "between": phases[rules.OVER],
        "over": [room["room"] for room in rooms if room["over"]],
    }


def _beginning(activity: Activity) -> dict[str, Any]:
    players = Player.select().where(
        Player.event == activity.event_id, Player.status == "active", Player.staff_id.is_null(False)
    )
    return {
        "mode": activity.settings["mode"],
        "players": players.count(),
        "words": len(words_of(activity.settings["packs"])),
        "packs": activity.settings["packs"],
    }


def _reported(context: GameContext) -> list[dict[str, Any]]:
    """Return the turns that players reported: running ones first, then the newest first."""
    counts = view.reported(context.activity.id)
    turns = (
        DrawingTurn.select(*COLUMNS, Player, DrawingRoom)
        .join(Player)
        .switch(DrawingTurn)
        .join(DrawingRoom)
        .where(DrawingTurn.id.in_(list(counts)))
        .order_by(DrawingTurn.ended_at.is_null(False), DrawingTurn.id.desc())
    )
    return [
        {
            "turn_id": turn.id,
            "room": turn.room.number,
            "number": turn.number,
            "drawer": {"name": turn.drawer.name, "team": turn.drawer.team_name},
            "reports": counts[turn.id],
            "runs": turn.ended_at is None,
            "ending": turn.ending,
            "hidden": turn.hidden_at is not None,
        }
        for turn in turns
    ]
