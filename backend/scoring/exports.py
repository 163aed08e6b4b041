"""The final ranking and the ledger of an event, for Excel."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from backend.clock import local_time
from backend.events.kinds import Kinds
from backend.events.models import Activity, Event, EventTeam, Player
from backend.offload.steps import in_steps
from backend.scoring import ledger
from backend.scoring.boards import expected_boards
from backend.scoring.ledger import EVENT_BOARD
from backend.scoring.models import ScoreEntry, Standing
from backend.scoring.ranking import places, unpack_team
from backend.sheets.writing import Column, Worksheet

REASONS = {
    "adjustment": "主持人调整",
    "correction": "题目更正后重新计分",
    "reversal": "撤回",
    "lesson": "微课答题",
    "share": "分享带来读者",
}
PERSON_COLUMNS = (
    Column("名次", 8),
    Column("姓名", 14),
    Column("工号", 12),
    Column("班组", 20),
    Column("班次", 8),
    Column("总分", 10),
)
TEAM_COLUMNS = (
    Column("名次", 8),
    Column("班组", 20),
    Column("得分", 10),
    Column("参加人数", 10),
    Column("在册人数", 10),
)
ENTRY_COLUMNS = (
    Column("编号", 10),
    Column("得分时间", 20),
    Column("姓名", 14),
    Column("工号", 12),
    Column("班组", 20),
    Column("环节", 20),
    Column("分值", 8),
    Column("事由", 20),
    Column("说明", 30),
    Column("撤回的编号", 12),
    Column("记入时间", 20),
)


def ranking(event: Event, zone: str) -> list[Worksheet]:
    """Return the boards of people, with the points of each activity, and of teams.

    They are the live boards: hosts see them during a freeze as well.
    """
    totals = ledger.totals_of(Standing, Standing.event == event)
    packed = expected_boards(event, [total for total in totals if total.board == EVENT_BOARD])
    return [
        _people(event, totals, places(packed.get(f"players:{EVENT_BOARD}", {})), zone),
        _teams(event, packed.get(f"teams:{EVENT_BOARD}", {})),
    ]


def _people(
    event: Event, totals: Iterable[ledger.Total], ranks: Mapping[int, int], zone: str
) -> Worksheet:
    kept = {(total.board, total.player_id): total for total in totals}
    activities = list(event.activities.order_by(Activity.position, Activity.id))
    players = {player.id: player for player in Player.select().where(Player.event == event)}
    rows = []
    for player_id, rank in in_steps(ranks.items()):
        player, total = players[player_id], kept[EVENT_BOARD, player_id]
        earned = [kept.get((f"activity-{activity.id}", player_id)) for activity in activities]
        points = [one.points if one else 0 for one in earned]
        rows.append(
            (
                *(rank, player.name, player.staff_number, player.team_name, player.shift),
                *(total.points, *points, total.points - sum(points)),
                local_time(total.reached_at, zone),
            )
        )
    columns = [
        *PERSON_COLUMNS,
        *[Column(activity.title, 16) for activity in activities],
        Column("其他加减分", 12),
        Column("达到总分的时间", 20),
    ]
    return Worksheet("个人总榜", columns, rows)


def _teams(event: Event, packed: Mapping[int, int]) -> Worksheet:
    teams = {team.team_id: team for team in EventTeam.select().where(EventTeam.event == event)}
    came = _came(event)
    rows = [
        (
            rank,
            teams[team_id].name,
            unpack_team(packed[team_id]),
            came.get(team_id, 0),
            teams[team_id].headcount,
        )
        for team_id, rank in places(packed).items()
    ]
    return Worksheet("班组总榜", TEAM_COLUMNS, rows)


def _came(event: Event) -> dict[int, int]:
    """Return {team: how many of it came}."""
    found: dict[int, int] = {}
    came = ledger.joined_of(event.id)
    playing = Player.select(Player.id, Player.team_id).where(
        Player.event == event, Player.status == "active", Player.team_id.is_null(False)
    )
    for player_id, team_id in playing.tuples():
        if player_id in came:
            found[team_id] = found.get(team_id, 0) + 1
    return found


def reasons_of(kinds: Kinds) -> dict[str, str]:
    """Return the title of each reason of a score entry."""
    return REASONS | {name: title for kind in kinds for name, title in kind.reasons.items()}


def entries(event: Event, reasons: Mapping[str, str], zone: str) -> Worksheet:
    """Return all entries of the ledger, in the order of writing."""
    return Worksheet("积分明细", ENTRY_COLUMNS, _lines(event, reasons, zone))


def _lines(event: Event, reasons: Mapping[str, str], zone: str) -> Iterator[tuple[Any, ...]]:
    titles = {activity.id: activity.title for activity in event.activities}
    found = (
        ScoreEntry.select(ScoreEntry, Player)
        .join(Player)
        .where(ScoreEntry.event == event)
        .order_by(ScoreEntry.id)
    )
    for entry in found:
        yield (
            entry.id,
            local_time(entry.earned_at, zone),
            entry.player.name,
            entry.player.staff_number,
            entry.player.team_name,
            titles.get(entry.activity_id),
            entry.points,
            reasons.get(entry.reason, entry.reason),
            entry.note,
            entry.reverses_id,
            local_time(entry.created_at, zone),
        )
