"""Builds the pool of a draw, and imports lists of people."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from backend.activities.raffle import errors
from backend.activities.raffle.models import RaffleList, RafflePick
from backend.activities.raffle.rules import WON
from backend.db import Database
from backend.errors import Sentence
from backend.events import visibility
from backend.events.models import Activity, Event, EventTeam, Player
from backend.events.players import is_held
from backend.events.visibility import View
from backend.identity import audit
from backend.identity.keys import normal_name, normal_number
from backend.identity.models import Staff, Team
from backend.moderation import wall
from backend.offload.steps import in_steps
from backend.scoring.ledger import EVENT_BOARD
from backend.scoring.models import FrozenStanding, Standing
from backend.sheets import BadRows, RowError, Sheet, SheetRow
from backend.sheets.errors import EMPTY, repeats_row
from backend.sheets.preview import ADDED, ImportPreview, Outcome, RowFindings, preview_of
from backend.sheets.writing import Column, Worksheet

NUMBER, NAME = "工号", "姓名"
# Who is in a pool without any criteria: no guests.
EVERYBODY = "参加活动的员工"
# For `read_sheet`: the columns that a list must have, and those that it may have.
LIST_COLUMNS = ((NUMBER,), (NAME,))
LIST_TEMPLATE = Worksheet("名单", (Column(NUMBER, 14), Column(NAME, 16)), [("200001", "张三")])
LIST_NOTES = (
    "工号：须是花名册里在职的人，每人一行，不能重复。",
    "姓名：可以不填；填了就和花名册核对，防止工号写错。",
    "第一行是示例，填写时请删除。",
)


@dataclass(frozen=True)
class PoolCriteria:
    """The criteria of a pool: players of the event who meet all of them.

    With a list it is those on the list, joined or not, unless `present`, `on_wall`, `least_points`
    or teams ask for more. Guests only where `guests` says so. With `on_wall` it is those whose text
    or picture is on the wall of the big screen.
    """

    present: bool = False
    on_wall: bool = False
    least_points: int | None = None
    team_ids: tuple[int, ...] = ()
    list_id: int | None = None
    guests: bool = False


@dataclass(frozen=True)
class PoolMember:
    """Somebody who may be drawn."""

    key: str
    player_id: int | None
    staff_id: int | None
    name: str
    staff_number: str | None
    team_name: str | None


def people(
    activity: Activity, rule: PoolCriteria, here: Collection[int], *, again: bool
) -> list[PoolMember]:
    """Return the people who may be drawn, in a fixed order: staff, then guests.

    `here` are the players who are present. Without `again` earlier winners of the event are left
    out. Raises `UnknownList`.
    """
    seated = Player.select().where(Player.event == activity.event_id)
    fit = list(in_steps(seated.where(Player.status == "active", is_held())))
    removed = seated.where(Player.status != "active")
    fitting = in_steps(_fitting(activity, rule, fit, here))
    found = {person.key: person for person in map(_of_player, fitting)}
    if rule.list_id is not None:
        found = _on_list(activity, rule, found, [*fit, *removed])
    elif not rule.guests:
        found = {key: person for key, person in found.items() if person.staff_id is not None}
    won = set() if again else _winners(activity.event_id)
    # A guest who won and was bound later has won under the guest's key.
    left = [
        one for one in in_steps(found.values()) if not {one.key, f"player:{one.player_id}"} & won
    ]
    return sorted(left, key=lambda one: (one.staff_id is None, one.staff_id or one.player_id))


def is_anybody_left(activity: Activity) -> bool:
    """Return whether somebody of the staff who plays has not won, and so may win what earlier
    winners may not."""
    won = _winners(activity.event_id)
    as_staff, as_guests = _ids(won, "staff:"), _ids(won, "player:")
    seat = (Player.event == activity.event_id, Player.status == "active", is_held())
    not_won = (Player.staff_id.not_in(as_staff), Player.id.not_in(as_guests))
    return bool(Player.select().where(*seat, Player.staff_id.is_null(False), *not_won).exists())


def _ids(keys: Collection[str], kind: str) -> list[int]:
    return [int(key.removeprefix(kind)) for key in keys if key.startswith(kind)]


def described(activity: Activity, rule: PoolCriteria) -> str:
    """Return a sentence about who is in a pool, which is shown with the draw."""
    parts = ["在场的人" if rule.present else "", "上墙的人" if rule.on_wall else ""]
    if rule.least_points is not None:
        parts.append(f"至少 {rule.least_points} 分")
    if rule.team_ids:
        teams = EventTeam.select(EventTeam.name).where(
            EventTeam.event == activity.event_id, EventTeam.team_id.in_(list(rule.team_ids))
        )
        parts.append("、".join(name for (name,) in teams.order_by(EventTeam.name).tuples()))
    if rule.list_id is not None:
        parts.append(f"名单“{RaffleList.get_by_id(rule.list_id).title}”")
    named = "，".join(part for part in parts if part)
    if rule.guests:
        return (named or "全体参与者") + "，含亲友"
    return named or EVERYBODY


def _fitting(
    activity: Activity, rule: PoolCriteria, players: Iterable[Player], here: Collection[int]
) -> list[Player]:
    found = list(players)
    if rule.present:
        found = [player for player in found if player.id in here]
    if rule.on_wall:
        authors = wall.authors(activity.event_id)
        found = [player for player in found if player.id in authors]
    if rule.team_ids:
        found = [player for player in found if player.team_id in rule.team_ids]
    if rule.least_points is not None:
        scored = _with_points(activity.event, rule.least_points)
        found = [player for player in found if player.id in scored]
    return found


def _with_points(event: Event, least: int) -> set[int]:
    """Return the players with so many points; while the board is frozen, as it was then."""
    frozen = visibility.reads_frozen_board(event, View.PUBLIC)
    table = FrozenStanding if frozen else Standing
    rows = table.select(table.player).where(
        table.event == event, table.board == EVENT_BOARD, table.points >= least
    )
    return {player_id for (player_id,) in rows.tuples()}


def keys_of(player: Player) -> list[str]:
    """Return the keys of a player in pools: that of now, and that of a guest who was bound later."""
    as_guest = f"player:{player.id}"
    return [as_guest] if player.staff_id is None else [f"staff:{player.staff_id}", as_guest]


def _of_player(player: Player) -> PoolMember:
    return PoolMember(
        keys_of(player)[0],
        player.id,
        player.staff_id,
        player.name,
        player.staff_number,
        player.team_name,
    )


def _on_list(
    activity: Activity, rule: PoolCriteria, fit: dict[str, PoolMember], players: Iterable[Player]
) -> dict[str, PoolMember]:
    """Return the people of a list who meet the criteria. People who have not joined meet them if
    the pool asks for nothing but the list. `players` have a seat: only the seat decides about them.
    """
    chosen = RaffleList.of(rule.list_id, activity=activity)
    if chosen is None:
        raise errors.UnknownList
    asks_more = rule.present or rule.on_wall or rule.team_ids or rule.least_points is not None
    joined = {player.staff_id for player in players}
    staff = {staff_id for (staff_id,) in Staff.select(Staff.id).where(Staff.active).tuples()}
    found = {}
    for staff_id, number, name, team in chosen.people:
        key = f"staff:{staff_id}"
        if key in fit:
            found[key] = fit[key]
        elif staff_id in staff and staff_id not in joined and not asks_more:
            found[key] = PoolMember(key, None, staff_id, name, number, team)
    return found


def _winners(event_id: int) -> set[str]:
    rows = RafflePick.select(RafflePick.person).where(
        RafflePick.event_id == event_id, RafflePick.status == WON, RafflePick.once == 1
    )
    return {person for (person,) in rows.tuples()}


def import_list(
    database: Database,
    activity: Activity,
    title: str,
    sheet: Sheet,
    actor_id: int,
    now: int,
    agreed: str | None = None,
) -> RaffleList:
    """Import a list of 工号 (and 姓名, for comparison) as `read_sheet` returns it.

    Raises `BadRows`, and `ImportMoved` if `agreed` is the seal of another preview.
    """
    with database.write():
        known = _known_people()
        wrong = _errors(sheet, known)
        if wrong:
            raise BadRows(wrong)
        _preview(sheet, known).require(agreed)
        made = RaffleList.create(
            activity=activity,
            title=title,
            people=[known[normal_number(row[NUMBER])] for row in sheet.rows],
            imported_at=now,
        )
        audit.record(
            actor_id, "raffle_list_imported", f"raffle_list:{made.id}", now, rows=len(sheet.rows)
        )
    return made


def preview_list(sheet: Sheet) -> ImportPreview:
    """Return what importing a list would do, row by row, wrong rows included. Writes nothing."""
    return _preview(sheet, _known_people())


def _preview(sheet: Sheet, known: dict[str, tuple[Any, ...]]) -> ImportPreview:
    outcomes = {}
    for row in sheet.rows:
        _, number, name, team = known.get(normal_number(row[NUMBER]), (None, "", "", ""))
        who = Sentence(f"{number} {name}（{team}）", f"{number} {name} ({team})")
        outcomes[row.number] = Outcome(ADDED, (who,))
    findings = RowFindings(outcomes, _errors(sheet, known), notes=sheet.notes)
    return preview_of(sheet, (NUMBER, NAME), findings)


def _known_people() -> dict[str, tuple[Any, ...]]:
    people = Staff.select(Staff.id, Staff.number, Staff.name, Team.name).join(Team)
    return {row[1]: row for row in people.where(Staff.active).tuples()}


def _errors(sheet: Sheet, known: dict[str, tuple[Any, ...]]) -> list[RowError]:
    wrong = list(sheet.errors)
    first: dict[str, int] = {}
    for row in in_steps(sheet.rows):
        wrong += _errors_in(row, known, first.setdefault(normal_number(row[NUMBER]), row.number))
    return wrong


def _errors_in(row: SheetRow, known: dict[str, tuple[Any, ...]], first: int) -> list[RowError]:
    number = normal_number(row[NUMBER])
    if not number:
        return [RowError(row.number, NUMBER, EMPTY)]
    if number not in known:
        return [
            RowError(
                row.number,
                NUMBER,
                Sentence(
                    f"花名册里没有在职的“{number}”",
                    f"no active person of the roster has “{number}”",
                ),
            )
        ]
    if first != row.number:
        return [RowError(row.number, NUMBER, repeats_row(first))]
    if row[NAME] and normal_name(row[NAME]) != normal_name(known[number][2]):
        return [
            RowError(
                row.number,
                NAME,
                Sentence(
                    f"“{row[NAME]}”与花名册不符，请核对工号",
                    f"“{row[NAME]}” is not the name in the roster; please check the number",
                ),
            )
        ]
    return []
