"""The scorekeeper ties the ledger to the boards: write in the transaction, show after it.

Redis being away never loses a point and never blocks: the standing waits in SQL, `show` answers
that the rank is not known yet, and the reconciler puts it on the board later.
"""

import threading
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, NamedTuple, TypeVar

import structlog
from redis import RedisError

from backend import metrics
from backend.db import Database
from backend.events.models import Event, EventTeam, Player
from backend.offload.steps import chunks, in_steps
from backend.scoring import ledger
from backend.scoring.building import BoardContents, Card, PackedStanding, TeamCard
from backend.scoring.leaderboard import Leaderboard, NotBuilt, Showing
from backend.scoring.ledger import Award, Calendar, Total
from backend.scoring.models import FrozenStanding, Standing
from backend.scoring.ranking import Formula, pack

log = structlog.get_logger(__name__)

T = TypeVar("T")

_PUTS_AT_ONCE = 800
_PLAYERS_AT_ONCE = 100


class Scorer(NamedTuple):
    """A player as the boards need them."""

    player_id: int
    event_id: int
    began_at: int
    name: str
    team_id: int | None
    team_name: str | None
    on_board: bool


class Moved(NamedTuple):
    """The standings of a player that changed; `gain` is the message for the feed, see `gain_message`."""

    scorer: Scorer
    totals: Sequence[Total]
    gain: dict[str, Any] | None


class Scorekeeper:
    """Writes awards and shows standings. Build one per process."""

    def __init__(self, database: Database, leaderboard: Leaderboard, calendar: Calendar) -> None:
        self.database = database
        self.leaderboard = leaderboard
        self.calendar = calendar
        self._building = threading.RLock()

    def award(self, award: Award, now: int) -> list[Total] | None:
        """Write an award in the caller's transaction; None when its source was written before."""
        return ledger.write(self.database, award, self.calendar, now)

    def award_all(self, awards: Sequence[Award], now: int) -> list[list[Total] | None]:
        """Write awards to as many players, in the caller's transaction; see `ledger.write_all`."""
        return ledger.write_all(self.database, awards, self.calendar, now)

    def enrol(self, player: Player, now: int) -> None:
        """Give a player who came a standing of zero, in the caller's transaction."""
        ledger.enrol(self.database, player, now)

    def show(
        self, scorer: Scorer, totals: Iterable[Total], gain: dict[str, Any] | None = None
    ) -> int | None:
        """Put standings on the boards after the commit; returns the rank, None when unknown."""
        puts = [put_of(scorer, total) for total in totals]
        put = partial(self.leaderboard.put, scorer.event_id, puts, gain)
        return self._put(scorer.event_id, 1, put) or None

    def _put(self, event_id: int, count: int, call: Callable[[], T]) -> T | None:
        """Make a call that puts so many standings; None if Redis is away: the reconciler puts them
        later."""
        try:
            return self.with_boards(event_id, call)
        except RedisError as error:
            metrics.BOARD_PUTS_FAILED.inc(count)
            log.warning("board_away", event_id=event_id, error=str(error))
            return None

    def show_each(self, moved: Sequence[Moved]) -> list[int | None]:
        """Do what `show` does for several players, with one call of Redis for each event."""
        ranks: dict[int, int | None] = {}
        for event_id in {one.scorer.event_id for one in moved}:
            places = [at for at, one in enumerate(moved) if one.scorer.event_id == event_id]
            found = self._shown(event_id, [moved[at] for at in places])
            ranks.update(zip(places, found, strict=True))
        return [ranks[at] for at in range(len(moved))]

    def _shown(self, event_id: int, moved: Sequence[Moved]) -> list[int | None]:
        """Show standings of players of one event, and return the rank of each."""
        showings = [
            Showing(event_id, one.gain, [put_of(one.scorer, total) for total in one.totals])
            for one in moved
        ]
        put = partial(self.leaderboard.put_each, event_id, showings)
        ranks = self._put(event_id, len(moved), put) or [0] * len(moved)
        return [rank or None for rank in ranks]

    def show_all(self, event_id: int, moved: Iterable[tuple[Scorer, Iterable[Total]]]) -> None:
        """Put the standings of many on the boards after the commit, a few hundred at a time."""
        puts = [put_of(scorer, total) for scorer, totals in moved for total in totals]
        for some in chunks(puts, _PUTS_AT_ONCE):
            showing = Showing(event_id, None, some)
            put = partial(self.leaderboard.put_each, event_id, [showing])
            if self._put(event_id, len(some), put) is None:
                return

    def show_players(self, event: Event, player_ids: Iterable[int]) -> None:
        """Put all standings of these players on the boards after the commit, in batches."""
        for some in in_steps(chunks(player_ids, _PLAYERS_AT_ONCE), 1):
            scorers = {
                player.id: scorer_of(player, event.began_at)
                for player in Player.select().where(Player.id.in_(some))
            }
            own = (Standing.event == event, Standing.player.in_(some))
            totals = ledger.totals_of(Standing, *own)
            self.show_all(event.id, [(scorers[total.player_id], [total]) for total in totals])

    def with_boards(self, event_id: int, call: Callable[[], T], *, frozen: bool = False) -> T:
        """Make a call about an event's boards; if Redis lacks them, build them and make it again.

        Raises `RedisError`, also if they are missing again: while a primary is replaced, two
        connections may go to two servers.
        """
        try:
            return call()
        except NotBuilt:
            self.complete(event_id, frozen=frozen)
        try:
            return call()
        except NotBuilt:
            raise RedisError("the boards are missing again") from None

    def complete(self, event_id: int, *, frozen: bool = False) -> None:
        """Build the boards that Redis lacks, once for all concurrent callers; raises
        `RedisError`."""
        with self._building:
            try:
                for is_twin in {False, frozen}:
                    self.leaderboard.revision(event_id, frozen=is_twin)
            except NotBuilt:
                self.rebuild(event_id)

    def introduce(self, player: Player) -> None:
        """Show a player's names and standings, or take a kicked one off the boards."""
        event = player.event
        try:
            if event.frozen_at is not None and self._frozen_board_is_wrong(player):
                self.rebuild(event.id)
            if player.status != "active":
                self.leaderboard.remove_card(event.id, player.id)
            else:
                card = Card(player.id, player.name, player.team_name)
                self.leaderboard.set_card(event.id, card, self._team_card(player))
        except RedisError as error:
            log.warning("board_away", event_id=event.id, error=str(error))
        totals = self._standings(player)
        if totals:
            self.show(scorer_of(player, event.began_at), totals)

    def _frozen_board_is_wrong(self, player: Player) -> bool:
        """Return whether it shows a player who was removed, or lacks one who was readmitted."""
        frozen = FrozenStanding.select(FrozenStanding.board).where(
            FrozenStanding.event == player.event_id, FrozenStanding.player == player
        )
        kept = {board for (board,) in frozen.tuples()}
        for board in (ledger.EVENT_BOARD, ledger.FINAL + ledger.EVENT_BOARD):
            try:
                row = self.leaderboard.row(player.event_id, board, player.id, frozen=True)
            except NotBuilt:
                row = None
            if (row is not None) != (board in kept and player.status == "active"):
                return True
        return False

    def _standings(self, player: Player) -> list[Total]:
        own = Standing.find("event_id = ? AND player_id = ?", player.event_id, player.id)
        return [
            Total(one.board, one.player_id, one.points, one.reached_at, one.version) for one in own
        ]

    def _team_card(self, player: Player) -> TeamCard | None:
        if player.team_id is None:
            return None
        own = (player.event_id, player.team_id)
        [team] = EventTeam.find("event_id = ? AND team_id = ?", *own)
        return TeamCard(team.team_id, team.name, team.headcount)

    def withdraw(self, player: Player, now: int) -> None:
        """Give a kicked or returned player's standings a new version, in the transaction."""
        ledger.touch(player.id, now)

    def rebuild(self, event_id: int, *, from_ledger: bool = False, now: int = 0) -> None:
        """Throw the event's boards away and build them from the standings.

        With `from_ledger` the standings themselves are first set to what the ledger says. Players
        who scored or came meanwhile are on the new boards too. Raises `RedisError`.
        """
        event = Event.get_by_id(event_id)
        if from_ledger:
            with self.database.write():
                ledger.recompute(event_id, now)
        formula = formula_of(event)
        scorers = self._scorers(event)
        teams = self._teams(event_id)
        cards = [
            Card(scorer.player_id, scorer.name, scorer.team_name)
            for scorer in scorers.values()
            if scorer.on_board
        ]
        # The frozen boards first: after a crash between the two, no live board is marked as
        # complete.
        if event.frozen_at is not None:
            frozen = _puts(scorers, self.frozen_of(event_id))
            there = {put.team_id for put in frozen}
            frozen_teams = [team for team in teams if team.team_id in there]
            self.leaderboard.build(event_id, formula, frozen, [], frozen_teams, frozen=True)
        totals = ledger.standings_of(event_id)
        self.leaderboard.build(event_id, formula, _puts(scorers, totals), cards, teams)
        self._catch_up(event, scorers, totals)

    def _catch_up(self, event: Event, scorers: dict[int, Scorer], totals: Iterable[Total]) -> None:
        """Put standings that were committed while the new boards were built: their put changed the
        old ones."""
        known = {(total.board, total.player_id): total.version for total in totals}
        behind = {
            total.player_id
            for total in ledger.standings_of(event.id)
            if total.version > known.get((total.board, total.player_id), 0)
        }
        behind |= {
            player_id
            for player_id, scorer in self._scorers(event).items()
            if scorer != scorers.get(player_id)
        }
        for player_id in behind:
            self.introduce(Player.get_by_id(player_id))

    def _scorers(self, event: Event) -> dict[int, Scorer]:
        players = Player.select().where(Player.event == event)
        return {player.id: scorer_of(player, event.began_at) for player in in_steps(players)}

    def _teams(self, event_id: int) -> list[TeamCard]:
        rows = EventTeam.select().where(EventTeam.event == event_id).order_by(EventTeam.id)
        return [TeamCard(row.team_id, row.name, row.headcount) for row in rows]

    def labels(self, event: Event) -> dict[str, dict[str, str]]:
        """Return what the boards of an event must show besides scores: see `Leaderboard.labels`."""
        cards = [
            Card(scorer.player_id, scorer.name, scorer.team_name)
            for scorer in self._scorers(event).values()
            if scorer.on_board
        ]
        plan = BoardContents(formula_of(event), (), cards, self._teams(event.id))
        return {
            name: {field: str(value) for field, value in fields.items()}
            for name, fields in plan.hashes()
        }

    def frozen_of(self, event_id: int) -> list[Total]:
        """Return the standings as they were at the freeze."""
        return ledger.totals_of(FrozenStanding, FrozenStanding.event == event_id)


def scorer_of(player: Player, began_at: int) -> Scorer:
    """Return a player as the boards need them."""
    return Scorer(
        player.id,
        player.event_id,
        began_at,
        player.name,
        player.team_id,
        player.team_name,
        player.status == "active",
    )


def gain_message(scorer: Scorer, points: int, reason: str, at: int) -> dict[str, Any]:
    """Return the data of the feed's message `gain`: who gained how many points, and what for."""
    return {
        "player_id": scorer.player_id,
        "name": scorer.name,
        "team": scorer.team_name,
        "points": points,
        "reason": reason,
        "at": at,
    }


def put_of(scorer: Scorer, total: Total) -> PackedStanding:
    """Return what to put on the board for a standing."""
    packed = pack(total.points, total.reached_at, scorer.began_at) if scorer.on_board else None
    return PackedStanding(total.board, total.player_id, packed, total.version, scorer.team_id)


def _puts(scorers: dict[int, Scorer], totals: Iterable[Total]) -> list[PackedStanding]:
    return [put_of(scorers[total.player_id], total) for total in totals]


def formula_of(event: Event) -> Formula:
    """Return the event's team formula."""
    return Formula(**event.settings.get("team_formula", {}))
