"""Opens questions: chooses them, and computes their time limits."""

import hmac
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import peewee

from backend.activities.hunt import errors, own_digs, rules
from backend.activities.hunt.models import Dig, HuntAnswer, Snooze
from backend.activities.hunt.own_digs import OwnDigs
from backend.activities.hunt.settings import ANY_TOPIC
from backend.db import Database
from backend.errors import Unavailable
from backend.events import competition, lifecycle, players
from backend.events.models import Activity, Event, Player, Sitting
from backend.questions import supply
from backend.questions.models import Question
from backend.scoring import corrections
from backend.scoring.ledger import Calendar

# How often a question is chosen for one request while others take its place.
MOST_CHOICES = 5


@dataclass(frozen=True)
class HuntNow:
    """A hunt with its event and the present moment, as its rules need them."""

    activity: Activity
    event: Event
    sittings: Sequence[Sitting]
    calendar: Calendar
    key: bytes

    @property
    def settings(self) -> dict[str, Any]:
        """The hunt's settings, checked when it was made."""
        return self.activity.settings

    def sittings_left(self, now: int) -> int:
        """Return how many sittings are not over, see the function of this name."""
        return sittings_left(self.event, self.activity.id, self.settings, self.sittings, now)

    def sitting_state(self, sitting: Sitting, now: int) -> str:
        """Return `waiting`, `open` or `closed`."""
        return lifecycle.sitting_state(sitting.starts_at, sitting.ends_at, self.event.pauses, now)

    def sitting_of(self, player: Player, now: int) -> Sitting | None:
        """Return the player's own sitting: of their shift, else open to all; the open one first."""
        own = [s for s in self.sittings if not s.shifts or player.shift in s.shifts]
        order = {"open": 0, "waiting": 1, "closed": 2}
        own.sort(key=lambda s: (order[self.sitting_state(s, now)], s.starts_at))
        return own[0] if own else None


def sittings_of(activity_id: int) -> list[Sitting]:
    """Return the sittings of an activity in their order."""
    return Sitting.find("activity_id = ? ORDER BY starts_at", activity_id)


def sittings_left(
    event: Event,
    activity_id: int,
    settings: Mapping[str, Any],
    sittings: Sequence[Sitting],
    now: int,
) -> int:
    """Return how many sittings of a hunt are not over, 0 where one or none was planned.

    The last sitting lasts until nobody can answer a dig any more that was opened before its end.
    """
    if len(sittings) < 2 or lifecycle.state(event, now) in (lifecycle.CLOSED, lifecycle.ARCHIVED):
        return 0
    left = sum(
        lifecycle.sitting_state(one.starts_at, one.ends_at, event.pauses, now) != "closed"
        for one in sittings
    )
    if left:
        return left
    longest_ms = (settings["question_seconds"] + settings["snooze_seconds"]) * 1000
    if all(
        lifecycle.sitting_state(one.starts_at, one.ends_at + longest_ms, event.pauses, now)
        == "closed"
        for one in sittings
    ):
        return 0
    unanswered = (
        Dig.select()
        .join(HuntAnswer, peewee.JOIN.LEFT_OUTER, on=(HuntAnswer.dig == Dig.id))
        .where(Dig.activity == activity_id, ~Dig.voided, HuntAnswer.id.is_null())
    )
    return int(any(left_ms(event, dig, now) > 0 for dig in unanswered))


def used_ms(event: Event, dig: Dig, now: int) -> int:
    """Return how much of a player's own time is gone; pauses do not count."""
    return lifecycle.played_ms(event.pauses, dig.opened_at, now)


def left_ms(event: Event, dig: Dig, now: int) -> int:
    """Return how much of a player's own time is left, the snooze included."""
    return max(0, (dig.limit_seconds + dig.snooze_seconds) * 1000 - used_ms(event, dig, now))


def deadline_at(event: Event, dig: Dig, now: int) -> int:
    """Return when a player's own time ends or ended; pauses postpone it."""
    own_ms = (dig.limit_seconds + dig.snooze_seconds) * 1000
    return lifecycle.end_of(event.pauses, dig.opened_at, own_ms, now)


def current_dig(ground: HuntNow, own: OwnDigs, now: int) -> Dig | None:
    """Return the dig that is open: neither answered nor voided nor out of time."""
    newest = own.unanswered()
    dig = Dig.find_one("id = ?", newest.dig_id) if newest else None
    if dig is None:
        return None
    [dig.question] = Question.find("id = ?", dig.question_id)
    return dig if left_ms(ground.event, dig, now) > 0 else None


def digs_left(ground: HuntNow, own: OwnDigs, now: int) -> int:
    """Return how many digs the business day still has; voided ones are given back."""
    return max(0, int(ground.settings["digs_per_day"]) - own.used(ground.calendar.day(now)))


def begin_dig(
    database: Database, ground: HuntNow, player: Player, site_key: str, now: int
) -> tuple[Dig, bool]:
    """Open a question at a site, in a transaction of its own; returns (dig, whether it is new).

    If the player has an open dig, that one is returned, whatever the site. Raises what `choose_dig`
    raises, and `Unavailable` if other requests were faster again and again.
    """
    for _ in range(MOST_CHOICES):
        chosen = choose_dig(database, ground, player, site_key, now)
        if isinstance(chosen, Dig):
            return chosen, False
        dig = write_dig(database, ground, player, chosen, now)
        if dig is not None:
            return dig, True
    raise Unavailable(retry_after_seconds=1)


@dataclass(frozen=True)
class ChosenDig:
    """A question that is to be opened, at a site as the `slot` of a business day."""

    site: str
    question: Question
    option_order: str
    day: str
    slot: int


def choose_dig(
    database: Database, ground: HuntNow, player: Player, site_key: str, now: int
) -> Dig | ChosenDig:
    """Return the player's open dig, or the question that they open now; writes nothing.

    Called outside a transaction, because it reads much, and SQLite has one writer at a time. Raises
    `StaffOnly`, `UnknownSite`, `NotYourSitting`, `NoDigsLeft`, `NoQuestionLeft` or what
    `lifecycle.require_playing` raises.
    """
    if player.staff_id is None:
        raise players.StaffOnly
    lifecycle.require_playing(ground.event, now)
    site = next((site for site in ground.settings["sites"] if site["key"] == site_key), None)
    if site is None:
        raise errors.UnknownSite
    day = ground.calendar.day(now)
    # A concurrent dig is either found here or takes the slot.
    own = own_digs.read(database, ground.activity.id, player.id)
    still_open = current_dig(ground, own, now)
    if still_open:
        return still_open
    if ground.sittings:
        sitting = ground.sitting_of(player, now)
        if sitting is None or ground.sitting_state(sitting, now) != "open":
            raise errors.NotYourSitting
    if own.used(day) >= ground.settings["digs_per_day"]:
        raise errors.NoDigsLeft
    slot = own.opened(day) + 1
    rng = _luck(ground, player.id, day, slot)
    candidates = _candidates(database, ground, own.seen(), site["topic"], day)
    question_id = rules.pick(candidates, own.results(), rng)
    if question_id is None:
        raise errors.NoQuestionLeft
    [question] = Question.find("id = ?", question_id)
    order = rules.option_order(question.kind, len(question.options), rng)
    return ChosenDig(site["key"], question, order, day, slot)


def write_dig(
    database: Database, ground: HuntNow, player: Player, chosen: ChosenDig, now: int
) -> Dig | None:
    """Write a dig with what was chosen, in a transaction of its own.

    Returns None, and writes nothing, if another request took the slot meanwhile, or the question
    was voided or replaced; then choose again.
    """
    with database.write():
        # A correction waits until the dig is written, or is seen here.
        database.share(ground.activity.id)
        if not _may_still_be_drawn(database, ground, chosen.question.id):
            return None
        facts = {
            "activity_id": ground.activity.id,
            "player_id": player.id,
            "site": chosen.site,
            "question_id": chosen.question.id,
            "option_order": chosen.option_order,
            "opened_at": now,
            "limit_seconds": ground.settings["question_seconds"],
            "snooze_seconds": 0,
            "voided": False,
            "day": chosen.day,
            "slot": chosen.slot,
        }
        written = database.sql(_DIG_SQL, tuple(facts.values())).fetchone()
        if written is None:
            return None
        competition.leave(database, ground.activity.id, [player.id], now)
    dig = Dig(id=written[0], **facts)
    dig.question = chosen.question
    return dig


_DIG_SQL = """
INSERT INTO dig (activity_id, player_id, site, question_id, option_order, opened_at, limit_seconds,
                 snooze_seconds, voided, day, slot)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (activity_id, player_id, day, slot) DO NOTHING RETURNING id
"""
_QUESTION_SQL = """
SELECT q.current, EXISTS (SELECT 1 FROM correction c WHERE c.question_id = q.id)
FROM question q WHERE q.id = ?
"""


def _may_still_be_drawn(database: Database, ground: HuntNow, question_id: int) -> bool:
    """Say whether a question is current and not void; few were corrected at all."""
    is_current, is_corrected = database.sql(_QUESTION_SQL, (question_id,)).fetchone()
    if not is_current:
        return False
    return not (is_corrected and corrections.is_void(ground.event.id, question_id))


def _luck(ground: HuntNow, player_id: int, day: str, slot: int) -> random.Random:
    """Return the random generator of one dig: the same for a double tap, and secret."""
    text = f"{ground.activity.salt} {player_id} {day} {slot}"
    return random.Random(hmac.digest(ground.key, text.encode(), "sha256"))  # nosec B311 # a game, not a secret


def _candidates(
    database: Database, ground: HuntNow, seen: Mapping[int, int], topic: str, day: str
) -> list[rules.Candidate]:
    rows = supply.ids_and_topics(database, ground.settings["banks"], day)
    voided = corrections.not_to_be_drawn(ground.event.id)
    return [
        rules.Candidate(question_id, its_topic, seen.get(question_id, 0))
        for question_id, its_topic in rows
        if topic in (ANY_TOPIC, its_topic) and question_id not in voided
    ]


def snooze(ground: HuntNow, player: Player, dig: Dig, now: int) -> Dig:
    """Grant the “来电了” of this event to an open dig, in the caller's transaction.

    A repeat for the same dig changes nothing. Raises `SnoozeUsed`, `DeadlinePassed`,
    `DigAlreadyAnswered`, `QuestionVoided` or what `lifecycle.require_playing` raises.
    """
    lifecycle.require_playing(ground.event, now)
    if dig.voided:
        raise errors.QuestionVoided
    if HuntAnswer.get_or_none(HuntAnswer.dig == dig):
        raise errors.DigAlreadyAnswered
    if left_ms(ground.event, dig, now) == 0:
        raise errors.DeadlinePassed
    Snooze.insert(event=ground.event, player=player, dig=dig, at=now).on_conflict_ignore().execute()
    granted = Snooze.get(Snooze.event == ground.event, Snooze.player == player)
    if granted.dig_id != dig.id:
        raise errors.SnoozeUsed
    if dig.snoozed_ms is None:
        dig.snooze_seconds = ground.settings["snooze_seconds"]
        dig.snoozed_ms = used_ms(ground.event, dig, now)
        Dig.update(snooze_seconds=dig.snooze_seconds, snoozed_ms=dig.snoozed_ms).where(
            Dig.id == dig.id
        ).execute()
    return dig
