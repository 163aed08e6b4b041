"""The words of a game, from which each drawer is offered three."""

import random
from collections import Counter
from dataclasses import asdict
from typing import Any

from backend.activities.drawing import rules
from backend.activities.drawing.context import GameContext
from backend.activities.drawing.models import DrawingTurn
from backend.activities.drawing.packs import words_of
from backend.events.models import Activity


class Deck:
    """The words of a game, with those drawn and offered earlier in the event; read at first use.

    Create and use it within one transaction that holds the game's lock, so that two rooms are not
    offered the same word while others are left.
    """

    def __init__(self, context: GameContext) -> None:
        self._context = context
        self._rng = random.SystemRandom()
        self._words: list[rules.Prompt] | None = None
        self._drawn: set[str] = set()
        self._offered: Counter[str] = Counter()

    def draw(self) -> tuple[list[dict[str, Any]], int]:
        """Return prompts to choose from, and the position of the one that the server picks by
        default."""
        if self._words is None:
            self._read()
        chosen = rules.prompts(self._words or [], self._drawn, self._offered, self._rng)
        self._offered.update(word.text for word in chosen)
        return [asdict(word) for word in chosen], self._rng.randrange(len(chosen))

    def _read(self) -> None:
        self._words = words_of(self._context.settings["packs"])
        rows = (
            DrawingTurn.select(DrawingTurn.offers, DrawingTurn.choice)
            .join(Activity)
            .where(Activity.event == self._context.event)
        )
        for turn in rows:
            self._offered.update(offer["text"] for offer in turn.offers)
            if turn.choice is not None:
                self._drawn.add(turn.offers[turn.choice]["text"])
