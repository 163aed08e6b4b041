"""Decides who sees what: the one place that looks at a `View`.

Every read path (HTTP, sockets, streams, exports) asks a function of this module, so that a freeze, a
seal, hidden results and anonymity hold on all of them. `tests/events/test_visibility.py` fails where
another module compares views.
"""

from enum import Enum
from typing import Protocol

from backend.events import lifecycle
from backend.visible import bare


class View(Enum):
    """For whom something is shown.

    `PUBLIC` is every player and guest of the event. `SCREEN` is a big screen that was let in: it
    shows what the public sees, and what only people in the hall may know. `OWN` is a player who
    looks at their own data, `HOST` a host of the event.
    """

    PUBLIC = "public"
    SCREEN = "screen"
    OWN = "own"
    HOST = "host"


class FreezeFacts(Protocol):
    """What is stored about a freeze."""

    frozen_at: int | None
    reveal_step: int | None


def sees_all(view: View) -> bool:
    """Return whether the view sees everything, as hosts do: screen keys, flagged phones, lists."""
    return view is View.HOST


def shows_held_back(released: bool, view: View) -> bool:
    """Return whether something is shown that may be released later: before its release, to hosts
    only.

    It holds for drafts, results that a host has not shown yet, keys of questions that can still be
    answered, decoys among the announced words, and drawings that a host took out.
    """
    return released or sees_all(view)


def shows_in_hall(view: View) -> bool:
    """Say whether something is shown that only people in the hall may know, such as a code."""
    return view is View.SCREEN or sees_all(view)


def shows_staff_number(view: View) -> bool:
    """Say whether the staff number of a player is shown: to the player and to hosts."""
    return view is View.OWN or sees_all(view)


def shows_ballot(is_anonymous: bool, view: View, *, is_signer: bool, has_receipt: bool) -> bool:
    """Say whether a ballot is shown to somebody: what was chosen, and that it is theirs.

    A ballot of an anonymous poll is shown to a caller who has its receipt and to nobody else, not even
    to hosts. A ballot of a named poll is shown to the player who signed it and to hosts.
    """
    if is_anonymous:
        return has_receipt
    return is_signer or sees_all(view)


def hides_question(event: lifecycle.EventFacts, view: View) -> bool:
    """Say whether a question that can still be answered is hidden: while the event is paused.

    Its clock is stopped then, and a player who read it would have more time to think than others.
    """
    return lifecycle.is_paused(event) and not sees_all(view)


def reads_frozen_board(event: FreezeFacts, view: View) -> bool:
    """Say whether the frozen twin is read instead of the live board."""
    return event.frozen_at is not None and not sees_all(view)


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
    activity that has one sitting or none: no player can be told the key before playing.
    """
    return sittings_left > 0 and not sees_all(view)


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


# The same mask for all lengths, so that the length is hidden, too.
_STARS = "**"


def masked_name(name: str) -> str:
    """Return a name of which the first and, from three characters on, the last can be read."""
    letters = bare(name).strip()
    if len(letters) < 3:
        return letters[:1] + "*"
    return letters[0] + _STARS[: len(letters) - 2] + letters[-1]


def shows_written(approved: bool, view: View, is_author: bool) -> bool:
    """Say whether something that somebody wrote or drew is shown.

    Hosts see everything, authors their own items with the decision, everybody else and the big screen only approved items.
    """
    return shows_held_back(approved, view) or (is_author and view is View.OWN)
