"""What hosts and operators do with whole boards: freeze, lift, wipe, rebuild, verify, reconcile."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import peewee
import structlog
from redis import RedisError

from backend.errors import Sentence
from backend.events import lifecycle
from backend.events.kinds import LeftCount
from backend.events.models import Event, EventTeam, Player
from backend.live.feed import Feed
from backend.offload.steps import in_steps
from backend.scoring import ledger, ranking
from backend.scoring.leaderboard import NotBuilt
from backend.scoring.models import Correction, FrozenStanding, ScoreEntry, Standing
from backend.scoring.scorekeeper import Scorekeeper, formula_of

log = structlog.get_logger(__name__)

_OVER = (lifecycle.CLOSED, lifecycle.ARCHIVED)
# A standing is committed and put within far less than this; older ones were put or reconciled.
RECENT_SECONDS = 20
# Younger ones are on their way to the board.
UNDER_WAY_MS = 2000
# For more players than this the whole board is built anew, which is cheaper then.
MOST_REPAIRED_SINGLY = 1000
_TOTALS_AT_ONCE = 1000


class Boards:
    """The boards of all events, as a host or an operator handles them."""

    def __init__(self, scores: Scorekeeper, feed: Feed) -> None:
        self._scores = scores
        self._feed = feed

    def day(self, moment: int) -> str:
        """Return the business day (YYYY-MM-DD) of a moment."""
        return self._scores.calendar.day(moment)

    def freeze(self, event: Event) -> None:
        """Copy the standings for the public, in the caller's transaction."""
        self._copy(event, "")

    def begin_ceremony(self, event: Event) -> None:
        """Copy the standings that a ceremony reveals, in the caller's transaction: what is scored
        while it goes on moves none of its places."""
        self._copy(event, ledger.FINAL)

    def _copy(self, event: Event, prefix: str) -> None:
        names = ("player", "points", "reached_at", "version")
        copied = Standing.select(
            Standing.event,
            peewee.Value(prefix).concat(Standing.board),
            *(getattr(Standing, name) for name in names),
        ).where(Standing.event == event)
        fields = [getattr(FrozenStanding, name) for name in ("event", "board", *names)]
        FrozenStanding.insert_from(copied, fields).on_conflict_ignore().execute()

    def lift(self, event: Event) -> None:
        """Forget the frozen copies, in the caller's transaction."""
        FrozenStanding.delete().where(FrozenStanding.event == event).execute()

    def left(self, event: Event) -> list[LeftCount]:
        """Count the standings, entries and corrections that `wipe` removes."""
        points = Standing.select(peewee.fn.SUM(Standing.points))
        points = points.where(Standing.event == event, Standing.board == ledger.EVENT_BOARD)
        entries, corrections = (
            table.select().where(table.event == event).count() for table in (ScoreEntry, Correction)
        )
        return [
            LeftCount("points", Sentence("得分合计", "points"), points.scalar() or 0),
            LeftCount("entries", Sentence("计分记录", "score entries"), entries),
            LeftCount("corrections", Sentence("题目更正", "corrections"), corrections),
        ]

    def wipe(self, event: Event) -> None:
        """Remove all entries, corrections and standings, in the caller's transaction."""
        for table in (FrozenStanding, Standing, ScoreEntry, Correction):
            table.delete().where(table.event == event).execute()

    def refresh(self, event_id: int) -> None:
        """Build the boards anew; a Redis that is away gets them from the reconciler."""
        try:
            self._scores.rebuild(event_id)
            if Event.get_by_id(event_id).frozen_at is None:
                self._scores.leaderboard.wipe(event_id, frozen=True)
        except RedisError as error:
            log.warning("board_away", event_id=event_id, error=str(error))

    def tell(self, event_id: int, kind: str) -> None:
        """Tell the feed that something about the event changed."""
        self._feed.publish(event_id, kind)

    def rebuild(self, event_id: int, now: int) -> None:
        """Set the standings to what the ledger says and build the boards; raises `RedisError`."""
        self._scores.rebuild(event_id, from_ledger=True, now=now)
        self._feed.publish(event_id, "board")

    def verify(self, event_id: int) -> "Findings":
        """Compare ledger, standings and boards of an event; raises `RedisError`.

        The comparison is independent of the scripts: it folds the ledger and ranks in Python.
        """
        event = Event.get_by_id(event_id)
        with self._scores.database.write(takes_time=True):
            totals = ledger.standings_of(event_id)
            folded = ledger.folded(event_id)
            frozen = self._scores.frozen_of(event_id)
        findings = Findings(event_id)
        kept = {
            (total.board, total.player_id): (total.points, total.reached_at) for total in totals
        }
        findings.compare("standing", folded, kept)
        self._verify_boards(event, totals, frozen, findings)
        return findings

    def compare(self, event_id: int) -> "Findings":
        """Compare standings and everything else that boards show; raises `RedisError`.

        While people play, points that have not reached the board yet count as differences. Boards
        that are missing as a whole are left out: `build_missing` builds them, or they were put
        away. What ended builds have left in Redis is removed.
        """
        findings = Findings(event_id)
        self._scores.leaderboard.tidy(event_id)
        if not self._has(event_id):
            return findings
        totals, frozen = ledger.standings_of(event_id), self._scores.frozen_of(event_id)
        self._verify_boards(Event.get_by_id(event_id), totals, frozen, findings)
        return findings

    def _verify_boards(
        self,
        event: Event,
        totals: Sequence[ledger.Total],
        frozen: Sequence[ledger.Total],
        findings: "Findings",
    ) -> None:
        self._verify_board(event, totals, findings, frozen=False)
        if event.frozen_at is not None:
            self._verify_board(event, frozen, findings, frozen=True)

    def _verify_board(
        self, event: Event, totals: Iterable[ledger.Total], findings: "Findings", *, frozen: bool
    ) -> None:
        expected, members = boards_and_members(event, totals)
        try:
            self._scores.leaderboard.revision(event.id, frozen=frozen)
        except NotBuilt:
            if expected:
                findings.differences.append(f"event {event.id}: no board in Redis")
            return
        found = self._scores.leaderboard.contents(event.id, frozen=frozen)
        for name in sorted(expected.keys() | found.keys()):
            findings.compare(
                f"{'frozen ' if frozen else ''}{name}",
                expected.get(name, {}),
                {int(member): int(score) for member, score in found.get(name, [])},
            )
        there = self._scores.leaderboard.members(event.id, sorted(members), frozen=frozen)
        for (board, team_id), packed in sorted(members.items()):
            name = f"{'frozen ' if frozen else ''}team:{board}:{team_id}"
            findings.compare(name, packed, there[board, team_id])
        if not frozen:
            labels = self._scores.leaderboard.labels(event.id)
            for name, fields in self._scores.labels(event).items():
                findings.compare(name, fields, labels[name])

    def open_events(self) -> list[int]:
        """Return the events whose boards are kept correct: those that are not archived."""
        rows = Event.select(Event.id).where(Event.state != "archived").order_by(Event.id)
        return [event_id for (event_id,) in rows.tuples()]

    def build_missing(self, now: int) -> int:
        """Build boards that Redis has lost as a whole; returns how many events had none.

        Boards of events that are over are built when somebody reads them.
        """
        events = Event.select().where(Event.state.not_in(_OVER)).order_by(Event.id)
        running = [event.id for event in events if lifecycle.state(event, now) not in _OVER]
        missing = self._scores.leaderboard.not_built(running)
        for event_id in missing:
            self._scores.rebuild(event_id)
            self._feed.publish(event_id, "board")
        return len(missing)

    def build(self, event_id: int) -> None:
        """Build the boards of an event from the standings; raises `RedisError`."""
        self._scores.rebuild(event_id)
        self._feed.publish(event_id, "board")

    def reconcile(self, now: int, *, everything: bool = False) -> int:
        """Put missing standings on the boards, and return how many they were.

        Checks the standings of the last seconds, or of all events that are not archived, and always
        those of events that have lost all their boards. Raises `RedisError`.
        """
        repaired = 0
        repaired += self.build_missing(now)
        for event_id, totals in self._recent(now, everything).items():
            repaired += self._reconcile(event_id, totals)
        self._complete_frozen()
        return repaired

    def put_away(self, before: int, now: int) -> int:
        """Remove the boards of events that ended before a moment from Redis; returns how many
        events.

        They are built again when somebody reads them. Raises `RedisError`.
        """
        count = 0
        for event in Event.select().where(Event.frozen_at.is_null()):
            ended_at = event.closed_at or event.closes_at or event.created_at
            if ended_at < before and lifecycle.state(event, now) in _OVER and self._has(event.id):
                self._scores.leaderboard.wipe(event.id)
                count += 1
        return count

    def _has(self, event_id: int) -> bool:
        try:
            self._scores.leaderboard.revision(event_id)
        except NotBuilt:
            return False
        return True

    def _complete_frozen(self) -> None:
        """Build what a crash left out between a freeze, or the beginning of a ceremony, and its
        board."""
        frozen = Event.select(Event.id, Event.reveal_step).where(
            Event.frozen_at.is_null(False), Event.state != "archived"
        )
        final = ledger.FINAL + ledger.EVENT_BOARD
        for event in frozen:
            self._scores.complete(event.id, frozen=True)
            revealing = event.reveal_step is not None
            if revealing and not self._scores.leaderboard.has_frozen(event.id, final):
                self._scores.rebuild(event.id)

    def oldest_change(self, since: int) -> int | None:
        """Return the moment of the oldest standing that was set after a moment, of events that are
        not archived; None without one."""
        found: int | None = (
            Standing.select(peewee.fn.MIN(Standing.updated_at))
            .join(Event)
            .where(Standing.updated_at > since, Event.state != "archived")
            .scalar()
        )
        return found

    def _recent(self, now: int, everything: bool) -> dict[int, list[ledger.Total]]:
        """Return {event: standings of the last seconds, or all}."""
        since, until = now - RECENT_SECONDS * 1000, now - UNDER_WAY_MS
        if everything:
            since, until = 0, now + UNDER_WAY_MS
        rows = (
            Standing.select(
                Standing.event.alias("event_id"),
                Standing.board,
                Standing.player.alias("player_id"),
                Standing.points,
                Standing.reached_at,
                Standing.version,
            )
            .join(Event)
            .where(Standing.updated_at.between(since, until), Event.state != "archived")
            .dicts()
        )
        found: dict[int, list[ledger.Total]] = defaultdict(list)
        for row in rows:
            found[row.pop("event_id")].append(ledger.Total(**row))
        return found

    def _reconcile(self, event_id: int, totals: list[ledger.Total]) -> int:
        board = self._scores.leaderboard
        try:
            stale = board.stale(
                event_id, [(total.board, total.player_id, total.version) for total in totals]
            )
        except NotBuilt:
            # Boards of an event that is over are built when somebody reads them.
            if Event.get_by_id(event_id).state in _OVER:
                return 0
            self._scores.rebuild(event_id)
            return len(totals)
        if not stale:
            return 0
        behind = {player_id for _, player_id in stale}
        if len(behind) > MOST_REPAIRED_SINGLY:
            self._scores.rebuild(event_id)
            return len(stale)
        for player in Player.select().where(Player.id.in_(behind)):
            self._scores.introduce(player)
        return len(stale)


@dataclass
class Findings:
    """What `verify` found: nothing but differences, one sentence each."""

    event_id: int
    compared: int = 0
    differences: list[str] = field(default_factory=list)

    def compare(self, name: str, expected: dict[Any, Any], found: dict[Any, Any]) -> None:
        """Add a sentence for each key that differs."""
        self.compared += len(expected)
        for key in sorted(expected.keys() | found.keys(), key=str):
            if expected.get(key) != found.get(key):
                self.differences.append(
                    f"event {self.event_id} {name} {key}: "
                    f"expected {expected.get(key)}, found {found.get(key)}"
                )


def expected_boards(event: Event, totals: Iterable[ledger.Total]) -> dict[str, dict[int, int]]:
    """Return {`players:<board>` or `teams:<board>`: {id: packed}} from standings, in Python alone."""
    boards, _ = boards_and_members(event, totals)
    return boards


def boards_and_members(
    event: Event, totals: Iterable[ledger.Total]
) -> tuple[dict[str, dict[int, int]], dict[tuple[str, int], dict[int, int]]]:
    """Return the boards of `expected_boards`, and {(board, team): {player: packed}}."""
    headcounts = {
        team.team_id: team.headcount for team in EventTeam.select().where(EventTeam.event == event)
    }
    active = Player.select().where(Player.event == event, Player.status == "active")
    players = {player.id: player for player in in_steps(active)}
    boards: dict[str, dict[int, int]] = {}
    members: dict[tuple[str, int], dict[int, int]] = {}
    for total in in_steps(totals, _TOTALS_AT_ONCE):
        player = players.get(total.player_id)
        if player is None:
            continue
        packed = ranking.pack(total.points, total.reached_at, event.began_at)
        boards.setdefault(f"players:{total.board}", {})[player.id] = packed
        if player.team_id is not None:
            members.setdefault((total.board, player.team_id), {})[player.id] = packed
    formula = formula_of(event)
    for (board, team_id), scores in members.items():
        whole = ledger.FINAL if board.startswith(ledger.FINAL) else ""
        came = len(members.get((whole + ledger.EVENT_BOARD, team_id), {}))
        boards.setdefault(f"teams:{board}", {})[team_id] = ranking.team_packed(
            formula, sorted(scores.values(), reverse=True), came, headcounts.get(team_id, 0)
        )
    return boards, members
