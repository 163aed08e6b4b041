"""An evening for tests of scoring: an event with staff in teams, scored without HTTP."""

from itertools import count
from typing import Any

import redis

from backend.db import Database
from backend.events.models import Activity, Event, EventTeam, Player
from backend.live.feed import Feed
from backend.scoring import ledger
from backend.scoring.boards import Boards
from backend.scoring.leaderboard import Leaderboard
from backend.scoring.ledger import Award, Calendar
from backend.scoring.ranking import unpack, unpack_team
from backend.scoring.scorekeeper import Scorekeeper, gain_message, scorer_of
from tests.support import START

_numbers = count(1)


class Evening:
    """An open event that began at START; everybody joins in the first seconds, one after another."""

    def __init__(
        self,
        database: Database,
        client: redis.Redis,
        teams: tuple[int, ...] = (3, 2),
        **formula: Any,
    ) -> None:
        self.database = database
        self.redis = client
        self.scores = Scorekeeper(database, Leaderboard(client), Calendar("Asia/Shanghai", 4))
        self.boards = Boards(self.scores, Feed(client))
        number = next(_numbers)
        self.event = Event.create(
            title="淘金",
            template="hunt",
            state="open",
            join_code=f"CODE{number}",
            screen_key="key",
            opens_at=START,
            began_at=START,
            settings={"team_formula": formula, "reveal_top": 3},
            created_at=START,
        )
        self.activity = Activity.create(event=self.event, kind="hunt", title="淘金", position=0)
        self.players: list[Player] = []
        self._sources = count(1)
        for team, size in enumerate(teams, start=1):
            EventTeam.create(event=self.event, team_id=team, name=f"班组{team}", headcount=size * 2)
            for _ in range(size):
                self.seat(team)
        self.boards.refresh(self.event.id)

    @property
    def id(self) -> int:
        """The id of the event."""
        return int(self.event.id)

    def seat(self, team: int | None) -> Player:
        """Let somebody of a team join."""
        place = len(self.players) + 1
        player = Player.create(
            event=self.event,
            account_id=place,
            staff_id=place,
            name=f"员工{place}",
            team_id=team,
            team_name=team and f"班组{team}",
            joined_at=START + place * 1000,
            came_at=START + place * 1000,
        )
        with self.database.write():
            self.scores.enrol(player, player.joined_at)
        self.players.append(player)
        return player

    def make(self, place: int, points: int, after: float = 60, **more: Any) -> Award:
        """Return an award to a player, so many seconds after the beginning."""
        facts = {
            "event_id": self.id,
            "player_id": self.players[place].id,
            "activity_id": self.activity.id,
            "points": points,
            "reason": "answer",
            "source": f"test:{next(self._sources)}",
            "rule_version": "test-1",
            "earned_at": START + int(after * 1000),
        }
        return Award(**{**facts, **more})

    def commit(self, award: Award) -> list[ledger.Total] | None:
        """Write an award and go no further, as a process that is killed there does."""
        with self.database.write():
            return self.scores.award(award, award.earned_at)

    def give(self, place: int, points: int, after: float = 60, **more: Any) -> int | None:
        """Write an award and show it; returns the rank."""
        award = self.make(place, points, after, **more)
        totals = self.commit(award)
        player = Player.get_by_id(award.player_id)
        assert totals is not None
        scorer = scorer_of(player, self.event.began_at)
        gain = gain_message(scorer, award.points, award.reason, award.earned_at)
        return self.scores.show(scorer, totals, gain)

    def board(
        self, board: str = "event", scope: str = "players", *, frozen: bool = False
    ) -> list[tuple[int, float]]:
        """Return (id, points) of a board as Redis has it, best first."""
        rows = self.scores.leaderboard.contents(self.id, frozen=frozen).get(f"{scope}:{board}", [])
        points = unpack_team if scope == "teams" else lambda packed: unpack(packed)[0]
        return [(int(member), points(packed)) for member, packed in rows]

    def ids(self, *places: int) -> list[int]:
        """Return the ids of players."""
        return [self.players[place].id for place in places]

    def differences(self) -> list[str]:
        """Return what `verify` finds."""
        return self.boards.verify(self.id).differences

    def kept(self) -> dict[tuple[str, int], tuple[int, int]]:
        """Return the standings as they are kept."""
        totals = ledger.standings_of(self.id)
        return {(t.board, t.player_id): (t.points, t.reached_at) for t in totals}

    def folded(self) -> dict[tuple[str, int], tuple[int, int]]:
        """Return the standings as the ledger alone has them."""
        entries = ledger.entries_of(self.id)
        return ledger.fold(entries, ledger.joined_of(self.id))
