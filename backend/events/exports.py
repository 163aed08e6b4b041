"""Who took part in an event, and who on the roster did not, for Excel."""

from collections import Counter

from backend.clock import local_time
from backend.events.models import Event, Player
from backend.identity.models import Staff, Team
from backend.offload.steps import in_steps
from backend.sheets.writing import Column, Worksheet

STATUSES = {"active": "正常", "kicked": "已移出", "banned": "已禁止"}
COLUMNS = (
    Column("姓名", 14),
    Column("工号", 12),
    Column("班组", 20),
    Column("班次", 8),
    Column("身份", 8),
    Column("状态", 10),
    Column("加入时间", 20),
)
ABSENT_COLUMNS = (Column("姓名", 14), Column("工号", 12), Column("班组", 20), Column("班次", 8))
TEAM_COLUMNS = (
    Column("班组", 20),
    Column("在册人数", 10),
    Column("参加人数", 10),
    Column("未参加人数", 12),
    Column("参与率（%）", 12),
)


def worksheets(event: Event, zone: str) -> list[Worksheet]:
    """Return who joined, the active staff without a seat, and both counted by team.

    A team is counted as the roster has it now. Moments are local times.
    """
    seats = Player.select().where(Player.event == event).order_by(Player.id)
    players = list(in_steps(seats))
    seated = {player.staff_id for player in players}
    roster = (
        Staff.select(Staff, Team)
        .join(Team)
        .where(Staff.active)
        .order_by(Team.name, Staff.shift, Staff.number)
    )
    staff = list(in_steps(roster))
    absent = [person for person in staff if person.id not in seated]
    joined = [
        (
            player.name,
            player.staff_number,
            player.team_name,
            player.shift,
            "亲友" if player.staff_id is None else "员工",
            STATUSES[player.status],
            local_time(player.joined_at, zone),
        )
        for player in players
    ]
    missing = [(person.name, person.number, person.team.name, person.shift) for person in absent]
    return [
        Worksheet("参与人员", COLUMNS, joined),
        Worksheet("未参加", ABSENT_COLUMNS, missing),
        Worksheet("班组参与", TEAM_COLUMNS, _by_team(staff, absent)),
    ]


def _by_team(staff: list[Staff], absent: list[Staff]) -> list[tuple[str, int, int, int, float]]:
    """Return head-count, present, absent and the share of each team in percent."""
    heads = Counter(person.team.name for person in staff)
    gone = Counter(person.team.name for person in absent)
    return [
        (team, count, count - gone[team], gone[team], round(100 * (1 - gone[team] / count), 1))
        for team, count in heads.items()
    ]
