"""Taking ballots, see `backend.intake`.

A person has one ballot, or as many a day as the poll allows. The unique rows of `poll_voter` decide
that: a poll is locked while its ballots are taken, and a row that exists already makes the whole
transaction fail. A ballot is identified by its receipt, a secret that the phone makes for each
ballot: the same ballot with the same receipt gets its first answer again, at any time. A ballot that
replaces another one names the receipt of that one, so that a late repeat of the first ballot cannot
undo the change.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from backend.activities.polls import errors, hall_codes, mixing, rules
from backend.activities.polls.models import (
    Poll,
    PollBallot,
    PollOption,
    PollRefusal,
    PollSignature,
    PollVoter,
)
from backend.activities.polls.persons import Persons
from backend.activities.polls.rules import Choice
from backend.activities.polls.service import CLOSED, DRAFT
from backend.clock import DAY_MS
from backend.db import Database
from backend.errors import LinkaError, TooManyRequests
from backend.events import lifecycle, players, visibility
from backend.events.models import Event
from backend.events.visibility import View
from backend.intake import Intake, NewItem
from backend.scoring.ledger import Calendar
from backend.selection import AllColumns, Bool, Selection

DUPLICATE, QUOTA, OVER, NOT_ALLOWED, BAD = "duplicate", "quota", "closed", "not_allowed", "invalid"
REASONS = (DUPLICATE, QUOTA, OVER, NOT_ALLOWED, BAD)
_REASON_OF: dict[type[LinkaError], str] = {
    errors.AlreadyVoted: DUPLICATE,
    errors.ReceiptTaken: DUPLICATE,
    errors.BallotsUsedUp: QUOTA,
    errors.PollClosed: OVER,
    lifecycle.EventNotOpen: OVER,
    lifecycle.EventClosed: OVER,
    lifecycle.EventPaused: OVER,
    errors.GuestsNotInvited: NOT_ALLOWED,
    errors.VoteAsStaff: NOT_ALLOWED,
    players.Kicked: NOT_ALLOWED,
    players.Banned: NOT_ALLOWED,
    players.StaffOnly: NOT_ALLOWED,
    errors.BadBallot: BAD,
}


@dataclass(frozen=True)
class CastBallot:
    """A ballot that a phone sent.

    `replaces` is the receipt of the ballot that this one replaces; in a named poll it may also be
    its key, which the person is shown on any phone. `hall_code` is the code that was typed in. It is
    not checked when `may_guess` is false, because the account has sent too many wrong ones.
    """

    activity_id: int
    poll_id: int
    player_id: int
    choice: Sequence[int]
    receipt: str
    replaces: str | None
    at: int
    hall_code: str | None = None
    may_guess: bool = True


@dataclass(frozen=True)
class TakenBallot:
    """A ballot that counts; `is_new` is false for a repeat."""

    poll_id: int
    event_id: int
    choice: Choice
    is_new: bool


@dataclass(frozen=True)
class Voter:
    """A player with what decides whether they may vote.

    `is_other_staff` is true if another account with the same unionid is bound to a member of staff.
    """

    player_id: int
    event_id: int
    account_id: int
    staff_id: int | None
    status: str
    holder: int | None
    unionid: str | None
    is_other_staff: bool


@dataclass(frozen=True)
class _PollRow:
    poll: Poll
    event: Event


_POLLS = Selection(_PollRow, poll=AllColumns(Poll, "p"), event=AllColumns(Event, "e"))
_POLLS_SQL = (
    f"SELECT {_POLLS} FROM poll p"
    " JOIN activity a ON a.id = p.activity_id JOIN event e ON e.id = a.event_id"
    " WHERE p.id IN ({marks}) ORDER BY p.id"  # nosec B608 # our own names
)
_VOTERS = Selection(
    Voter,
    player_id="p.id",
    event_id="p.event_id",
    account_id="p.account_id",
    staff_id="p.staff_id",
    status="p.status",
    holder=players.HOLDER,
    unionid="a.unionid",
    is_other_staff=Bool(
        "EXISTS (SELECT 1 FROM account o JOIN staff s ON s.account_id = o.id"
        " WHERE o.unionid = a.unionid AND o.id <> a.id AND s.active)"
    ),
)
_VOTERS_SQL = (
    f"SELECT {_VOTERS} FROM player p LEFT JOIN account a ON a.id = p.account_id"
    " WHERE p.id IN ({marks})"  # nosec B608 # our own names
)


def key_of(poll_id: int, receipt: str) -> str:
    """Return the key under which a ballot is stored: a hash of its receipt."""
    return hashlib.sha256(f"{poll_id}:{receipt}".encode()).hexdigest()


def _among(statement: str, values: Sequence[Any]) -> str:
    return statement.format(marks=", ".join("?" * len(values)))


@dataclass(frozen=True)
class BallotFacts:
    """The polls and voters of a batch of ballots, by their ids."""

    boxes: dict[int, "_Box"]
    voters: dict[int, Voter]


class BallotIntake(Intake[CastBallot, BallotFacts, TakenBallot, TakenBallot]):
    """Takes ballots. Build one per process."""

    counted_as = "ballots"

    def __init__(self, database: Database, calendar: Calendar, persons: Persons) -> None:
        super().__init__(database)
        self._calendar = calendar
        self._persons = persons

    def cast(self, ballot: CastBallot) -> TakenBallot:
        """Take a ballot exactly once; a repeat with the same receipt is harmless.

        One transaction writes that the person voted and, in another table, what was voted. Refused
        ballots are counted by reason. Raises `UnknownPoll`, `NotAPlayer`, `Kicked`, `Banned`,
        `StaffOnly` (the seat belongs to another account now), `GuestsNotInvited`, `VoteAsStaff`,
        `WrongHallCode`, `TooManyRequests` (wrong codes), `BadBallot`, `PollClosed`,
        `AlreadyVoted`, `BallotsUsedUp`, `ReceiptTaken`, or what `lifecycle.require_playing` raises.
        """
        return self.take(ballot)

    # --- in the transaction, see `Intake`; `_Box` keeps the ballots of one person apart

    def lock(self, items: Sequence[CastBallot]) -> None:
        """Take shared locks on the activities: changes by hosts wait until the end."""
        self.database.share(*(one.activity_id for one in items))

    def read(self, items: Sequence[CastBallot]) -> BallotFacts:
        """Return the polls, locked until the transaction ends, and the voters."""
        facts = BallotFacts(
            self._boxes(sorted({one.poll_id for one in items})),
            self._voters(sorted({one.player_id for one in items})),
        )
        for poll_id, box in facts.boxes.items():
            here = [one for one in items if one.poll_id == poll_id]
            box.look(here, facts.voters)
        return facts

    def _boxes(self, poll_ids: Sequence[int]) -> dict[int, "_Box"]:
        lock = "" if self.database.is_sqlite else " FOR UPDATE OF p"
        rows = self.database.sql(_among(_POLLS_SQL, poll_ids) + lock, tuple(poll_ids)).fetchall()
        return {
            row.poll.id: _Box(row.poll, row.event, self._calendar, self._persons)
            for row in _POLLS.read(rows)
        }

    def _voters(self, player_ids: Sequence[int]) -> dict[int, Voter]:
        rows = self.database.sql(_among(_VOTERS_SQL, player_ids), tuple(player_ids)).fetchall()
        return {voter.player_id: voter for voter in _VOTERS.read(rows)}

    def judge(self, facts: BallotFacts, item: CastBallot) -> NewItem[TakenBallot] | TakenBallot:
        """Accept or refuse a ballot; its box keeps what is to be written."""
        box = facts.boxes.get(item.poll_id)
        if box is None:
            raise errors.UnknownPoll
        taken = box.take(item, facts.voters.get(item.player_id))
        return NewItem(taken) if taken.is_new else taken

    def write(self, facts: BallotFacts, entries: Sequence[TakenBallot]) -> Sequence[TakenBallot]:
        """Write the ballots and how many were refused.

        Raises `peewee.IntegrityError` if another transaction wrote one of the rows first; each
        ballot of the batch is then taken in a transaction of its own.
        """
        for box in facts.boxes.values():
            box.write(self.database)
        return entries


@dataclass(frozen=True)
class _Signed:
    """Who cast a ballot in a named poll."""

    player_id: int
    is_guest: bool
    day: str


@dataclass
class _Box:
    """The ballots of one poll in one transaction: the rows that exist, and those to write.

    By key of ballot: `choices` and `signed` (what was chosen, and by whom), `written` (when it was
    cast; new ballots) and `gone` (ballots to delete). `used` holds the numbers of ballots that a
    name has used on a day; `slots` are those to write.
    """

    poll: Poll
    event: Event
    calendar: Calendar
    persons: Persons
    offered: frozenset[int] = frozenset()
    choices: dict[str, Choice] = field(default_factory=dict)
    used: dict[tuple[str, str], set[int]] = field(default_factory=dict)
    signed: dict[str, _Signed] = field(default_factory=dict)
    written: dict[str, int] = field(default_factory=dict)
    gone: list[str] = field(default_factory=list)
    slots: list[tuple[str, str, int]] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    casts: int = 0

    # --- existing rows

    def look(self, given: Sequence[CastBallot], voters: dict[int, Voter]) -> None:
        """Read the rows that decide about these ballots."""
        options = PollOption.select(PollOption.id).where(PollOption.poll == self.poll)
        self.offered = frozenset(option.id for option in options)
        keys = {key for one in given for key in self._keys(one)}
        for ballot in self._of_keys(PollBallot, keys):
            self.choices[ballot.key] = tuple(json.loads(ballot.choice))
        if not self.poll.anonymous:
            for one in self._of_keys(PollSignature, keys):
                self.signed[one.key] = _Signed(one.player_id, one.is_guest, one.day)
        names = {name for one in given for name in self._names(voters.get(one.player_id))}
        slots = PollVoter.select().where(
            PollVoter.poll == self.poll,
            PollVoter.day.in_(self._days(given)),
            PollVoter.voter.in_(names),
        )
        for slot in slots:
            self.used.setdefault((slot.day, slot.voter), set()).add(slot.nth)

    def _days(self, given: Sequence[CastBallot]) -> set[str]:
        """Return the days on which people can have voted: without them, the rows of all voters of
        the poll would be read."""
        if not self.poll.daily_quota:
            return {""}
        now = max(one.at for one in given)
        moments = (*range(self.poll.created_at, now, DAY_MS), now)
        return {self.calendar.day(moment) for moment in moments}

    def _of_keys(self, table: Any, keys: Collection[str]) -> Iterable[Any]:
        return table.select().where(table.poll == self.poll, table.key.in_(list(keys)))

    def _names(self, voter: Voter | None) -> list[str]:
        if voter is None:
            return []
        return self.persons.names(self.poll, voter.account_id, voter.staff_id, voter.unionid)

    def _keys(self, one: CastBallot) -> list[str]:
        """Return the key of the ballot, then the possible keys of the one that it replaces."""
        found = [key_of(self.poll.id, one.receipt)]
        if one.replaces is not None:
            found.append(key_of(self.poll.id, one.replaces))
            if not self.poll.anonymous:
                found.append(one.replaces)
        return found

    # --- decisions

    def take(self, one: CastBallot, voter: Voter | None) -> TakenBallot:
        """Accept a ballot, or count it by its reason and raise the refusal."""
        try:
            return self._take(one, voter)
        except LinkaError as refusal:
            reason = _REASON_OF.get(type(refusal))
            if reason is not None:
                self.refused[reason] += 1
            raise

    def _take(self, one: CastBallot, voter: Voter | None) -> TakenBallot:
        if self.poll.activity_id != one.activity_id or self.poll.state == DRAFT:
            raise errors.UnknownPoll
        if voter is None or voter.event_id != self.event.id:
            raise players.NotAPlayer
        choice = rules.normal_choice(
            self.poll.method, self.poll.most_choices, one.choice, self.offered
        )
        key, *others = self._keys(one)
        if key in self.choices:
            return self._repeated(key, choice, voter)
        self._require_may_vote(voter, one.at)
        self._require_in_hall(one)
        if choice is None:
            raise errors.BadBallot
        replaced = next((other for other in others if other in self.choices), None)
        if replaced is not None:
            return self._change(replaced, key, choice, voter, one.at)
        day = self.calendar.day(one.at) if self.poll.daily_quota else ""
        self._take_slot(voter, day)
        self._sign(key, _Signed(voter.player_id, voter.staff_id is None, day))
        return self._put(key, choice, one.at)

    def _repeated(self, key: str, choice: Choice | None, voter: Voter) -> TakenBallot:
        """Return the first answer to a ballot; raises if its receipt came with another choice."""
        self._require_own(key, voter)
        if choice != self.choices[key]:
            raise errors.AlreadyVoted
        return TakenBallot(self.poll.id, self.event.id, choice, False)

    def _require_own(self, key: str, voter: Voter) -> None:
        """Raise unless the voter cast this ballot or, in an anonymous poll, has voted at all."""
        signed = self.signed.get(key)
        # Both keys of a ballot in an anonymous poll follow from receipts that the phone sent.
        shown = visibility.shows_ballot(
            self.poll.anonymous,
            View.OWN,
            is_signer=signed is not None and signed.player_id == voter.player_id,
            has_receipt=True,
        )
        if not shown or (self.poll.anonymous and not self._has_voted(voter)):
            raise errors.ReceiptTaken

    def _has_voted(self, voter: Voter) -> bool:
        names = self._names(voter)
        return any(name in names for _, name in self.used)

    def _change(self, old: str, key: str, choice: Choice, voter: Voter, now: int) -> TakenBallot:
        """Replace a ballot by another one."""
        self._require_own(old, voter)
        if not self.poll.changes_allowed:
            raise errors.AlreadyVoted
        if not self.poll.anonymous:
            self._sign(key, self.signed[old])
        self._drop(old)
        return self._put(key, choice, now)

    def _require_may_vote(self, voter: Voter, now: int) -> None:
        self._require_open(now)
        players.require_active(voter.status)
        players.require_holder(voter.holder, voter.account_id)
        if voter.staff_id is None and not self.poll.guests_allowed:
            raise errors.GuestsNotInvited
        if voter.staff_id is None and voter.is_other_staff:
            raise errors.VoteAsStaff

    def _require_in_hall(self, one: CastBallot) -> None:
        """Raise unless the ballot carries the code that is, or just was, on the screen."""
        salt = self.poll.hall_salt
        if salt is None:
            return
        if not one.may_guess:
            raise TooManyRequests(retry_after_seconds=hall_codes.MINUTE_MS // 1000)
        if not hall_codes.is_right(salt, one.hall_code, one.at):
            raise errors.WrongHallCode

    def _require_open(self, now: int) -> None:
        if self.poll.state == CLOSED:
            raise errors.PollClosed
        lifecycle.require_playing(self.event, now)

    def _take_slot(self, voter: Voter, day: str) -> None:
        """Use the first number of the day that none of the voter's names has used."""
        names = self._names(voter)
        used = set().union(*(self.used.get((day, name), ()) for name in names))
        slots = range(1, (self.poll.daily_quota or 1) + 1)
        nth = next((nth for nth in slots if nth not in used), None)
        if nth is None:
            raise errors.BallotsUsedUp if self.poll.daily_quota else errors.AlreadyVoted
        for name in names:
            self.used.setdefault((day, name), set()).add(nth)
            self.slots.append((day, name, nth))

    def _sign(self, key: str, signed: _Signed) -> None:
        if not self.poll.anonymous:
            self.signed[key] = signed

    def _put(self, key: str, choice: Choice, now: int) -> TakenBallot:
        self.choices[key] = choice
        self.written[key] = now
        self.casts += 1
        return TakenBallot(self.poll.id, self.event.id, choice, True)

    def _drop(self, key: str) -> None:
        """Remove a ballot, whether or not it was written before."""
        del self.choices[key]
        if self.written.pop(key, None) is None:
            self.gone.append(key)

    # --- writing

    def write(self, database: Database) -> None:
        """Write the decisions; raises `peewee.IntegrityError` if a row exists already."""
        for reason in sorted(self.refused):
            self._count(reason, self.refused[reason])
        if not self.written:
            return
        for table in (PollBallot, PollSignature) if self.gone else ():
            table.delete().where(table.poll == self.poll, table.key.in_(self.gone)).execute()
        ballots = [(key, json.dumps(self.choices[key])) for key in self.written]
        mixing.write(database, self.poll, ballots, self.slots)
        signatures = [
            {"poll": self.poll, "key": key, **vars(self.signed[key]), "cast_at": cast_at}
            for key, cast_at in self.written.items()
            if key in self.signed
        ]
        if signatures:
            PollSignature.insert_many(signatures).execute()
        Poll.update(casts=Poll.casts + self.casts).where(Poll.id == self.poll.id).execute()

    def _count(self, reason: str, count: int) -> None:
        """Add to the number of ballots that were refused for a reason."""
        more = {PollRefusal.count: PollRefusal.count + count}
        PollRefusal.insert(poll=self.poll, reason=reason, count=count).on_conflict(
            conflict_target=(PollRefusal.poll, PollRefusal.reason), update=more
        ).execute()
