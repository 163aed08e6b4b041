"""What a correction changes on the event's board: points and ranks of players before and after."""

from dataclasses import dataclass

from backend.events.models import Event, Player
from backend.scoring.ledger import EVENT_BOARD
from backend.scoring.models import Standing
from backend.scoring.ranking import pack, places


@dataclass(frozen=True)
class BoardPlace:
    """A player's points and rank on the event's board."""

    points: int
    rank: int


@dataclass(frozen=True)
class BoardChange:
    """A player whose points or rank differ."""

    player_id: int
    name: str
    team: str | None
    before: BoardPlace
    after: BoardPlace


def ranked(event: Event) -> dict[int, BoardPlace]:
    """Return {player: place} of those on the event's board, as the database has it now."""
    rows = (
        Standing.select(Standing.player, Standing.points, Standing.reached_at)
        .join(Player)
        .where(Standing.event == event, Standing.board == EVENT_BOARD, Player.status == "active")
        .tuples()
    )
    points, packed = {}, {}
    for player_id, total, reached_at in rows:
        points[player_id] = total
        packed[player_id] = pack(total, reached_at, event.began_at)
    return {
        player_id: BoardPlace(points[player_id], rank) for player_id, rank in places(packed).items()
    }


def differences(before: dict[int, BoardPlace], after: dict[int, BoardPlace]) -> list[BoardChange]:
    """Return the players who differ, in the order of the new ranks."""
    moved = {player_id for player_id, place in after.items() if before[player_id] != place}
    players = Player.select(Player.id, Player.name, Player.team_name).where(
        Player.id.in_(list(moved))
    )
    changes = [
        BoardChange(player.id, player.name, player.team_name, before[player.id], after[player.id])
        for player in players
    ]
    return sorted(changes, key=lambda change: (change.after.rank, change.player_id))
