"""The one door for visibility: who sees the live board, the frozen one, sealed keys, own entries.

Every read path asks here, so that a freeze or a seal holds on all of them.
"""

from enum import Enum
from typing import Protocol

from backend.events import lifecycle
from backend.visible import bare


class View(Enum):
    """Whose eyes look: anybody's (other players), the hall's (a big screen that was let in: what
    anybody sees, and what one must be in the hall to know), one's own, or a host's."""

    PUBLIC = "public"
    SCREEN = "screen"
    OWN = "own"
    HOST = "host"


class FreezeFacts(Protocol):
    """What is stored about a freeze."""

    frozen_at: int | None
    reveal_step: int | None


def hides_question(event: lifecycle.EventFacts, view: View) -> bool:
    """Say whether a question that can still be answered is hidden: while the event is paused.

    Its time stands still then, and whoever read it would have time to think that others lack.
    """
    return lifecycle.is_paused(event) and view is not View.HOST


def reads_frozen_board(event: FreezeFacts, view: View) -> bool:
    """Say whether the frozen twin is read instead of the live board."""
    return event.frozen_at is not None and view is not View.HOST


def shows_gains(event: FreezeFacts, view: View) -> bool:
    """Say whether the latest gains are shown."""
    return not reads_frozen_board(event, view)


def shows_entry(event: FreezeFacts, view: View, created_at: int) -> bool:
    """Say whether a score entry is shown: during a freeze, later ones wait for the reveal."""
    if not reads_frozen_board(event, view):
        return True
    return event.frozen_at is not None and created_at <= event.frozen_at


def keys_are_sealed(sittings_left: int, view: View) -> bool:
    """Say whether answer keys and explanations wait: until the last sitting is over.

    `sittings_left` counts the sittings of the activity that are not over yet, and is 0 for an
    activity that has one sitting or none: there is nobody left to tell.
    """
    return sittings_left > 0 and view is not View.HOST


def statistics_are_sealed(sittings_left: int) -> bool:
    """Say whether statistics wait, for everybody: the people they are about have not all played."""
    return sittings_left > 0


def reveals_rank(event: FreezeFacts, position: int, revealed_top: int) -> bool:
    """Say whether the ceremony has come to this position of the final board.

    It goes from the bottom up: step 1 shows everything below the top `revealed_top`, each further
    step one more position.
    """
    if event.reveal_step is None:
        return True
    return position > revealed_top - (event.reveal_step - 1)


# However long a name is: its length is not told either.
_STARS = "**"


def masked_name(name: str) -> str:
    """Return a name of which the first and, from three characters on, the last can be read."""
    letters = bare(name).strip()
    if len(letters) < 3:
        return letters[:1] + "*"
    return letters[0] + _STARS[: len(letters) - 2] + letters[-1]


def shows_written(approved: bool, view: View, is_author: bool) -> bool:
    """Say whether something that somebody wrote or drew is shown.

    Hosts see all of it, its author their own with what became of it, everybody else, the big
    screen among them, what was approved.
    """
    return approved or view is View.HOST or (is_author and view is View.OWN)
