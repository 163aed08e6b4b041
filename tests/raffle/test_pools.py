"""Who is in a pool: players, those with points, teams, guests, and lists that are imported."""

import io
from typing import Any

import pytest
from werkzeug.test import TestResponse

from backend.activities.raffle import pools
from backend.activities.raffle.models import RaffleEntry
from backend.events.models import Activity, EventTeam, Player
from backend.identity.models import Staff
from backend.moderation.models import ModerationItem
from backend.scoring.corrections import HostAdjustment, adjust
from tests.raffle.evening import Draw, Evening
from tests.sheets.books import book, row, sheet
from tests.support import ENDS, end_rights, refused, sample_roster

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


def give(evening: Evening, player: Player, points: int, key: str) -> None:
    """Give a player points."""
    scores = evening.centre.app.extensions["linka.scores"]
    adjustment = HostAdjustment(player.id, points, "帮忙", key)
    adjust(scores, player.event, adjustment, evening.clock.now(), 1)


def members(draw: Draw) -> set[int]:
    """Return the players in a pool."""
    rows = RaffleEntry.select(RaffleEntry.player_id).where(RaffleEntry.draw == draw["id"])
    return {player_id for (player_id,) in rows.tuples()}


def importing(evening: Evening, rows: str | bytes, title: str = "优秀员工") -> TestResponse:
    """Try to import a list."""
    data = rows.encode() if isinstance(rows, str) else rows
    return evening.centre.app.test_client().post(
        f"/api/v1{evening.path}/lists?title={title}",
        data={"file": (io.BytesIO(data), "list.csv")},
        headers={"Authorization": f"Bearer {evening.host.token}"},
    )


def test_all_who_have_joined_but_no_guests_and_nobody_who_was_sent_away(evening: Evening) -> None:
    ann, bob, eve = evening.crowd(3)
    guest = evening.centre.guest()
    (invited,) = evening.centre.join(evening.event, guest)
    path = f"/events/{evening.event_id}/players/{eve.id}"
    evening.host.ok("PUT", path, {"status": "kicked"})
    prize = evening.prize()
    draw = evening.commit(prize)
    assert members(draw) == {ann.id, bob.id}
    evening.doing(draw, "abandon")
    assert members(evening.commit(prize, guests=True)) == {ann.id, bob.id, invited["id"]}


def test_pool_of_those_who_are_on_the_wall(evening: Evening) -> None:
    ann, bob, cai = evening.crowd(3)
    now = evening.clock.now()
    for writer, pinned_at in ((ann, now), (bob, None)):
        ModerationItem.create(
            event=evening.event_id,
            account_id=writer.account_id,
            player=writer,
            kind="text",
            text="奶茶",
            status="approved",
            finding="clean",
            created_at=now,
            pinned_at=pinned_at,
        )
    draw = evening.commit(evening.prize(), on_wall=True)
    assert members(draw) == {ann.id}
    assert draw["who"] == "上墙的人"


@pytest.mark.parametrize("how", ENDS)
def test_who_is_no_longer_staff_is_in_no_pool(evening: Evening, how: str) -> None:
    ann, bob = evening.crowd(2)
    database = evening.centre.app.extensions["linka.database"]
    end_rights(database, bob.id, how)
    assert members(evening.commit(evening.prize(), guests=True)) == {ann.id}


def test_guest_who_is_staff_with_a_seat_is_in_the_pool_once(evening: Evening) -> None:
    guest = evening.centre.guest("phone")
    evening.centre.join(evening.event, guest)
    [ann] = evening.crowd(1)
    [account_id] = {row.account_id for row in Player.select().where(Player.staff_id.is_null())}
    database = evening.centre.app.extensions["linka.database"]
    end_rights(database, ann.id, "unbound")
    with database.write():
        database.sql("UPDATE staff SET account_id = ? WHERE id = ?", (account_id, ann.staff_id))
    assert members(evening.commit(evening.prize(), guests=True)) == {ann.id}


def test_those_with_enough_points(evening: Evening) -> None:
    ann, bob, _ = evening.crowd(3)
    give(evening, ann, 100, "a")
    give(evening, bob, 99, "b")
    assert members(evening.commit(evening.prize(), least_points=100)) == {ann.id}


def test_frozen_board_decides_while_it_is_frozen(evening: Evening) -> None:
    ann, bob = evening.crowd(2)
    give(evening, ann, 100, "a")
    evening.host_does("freeze")
    evening.clock.advance(1)
    give(evening, bob, 500, "b")
    assert members(evening.commit(evening.prize(), least_points=100)) == {ann.id}


def test_everybody_reads_who_is_in_the_pool(evening: Evening) -> None:
    people = evening.crowd(3)
    prize = evening.prize()
    team = people[0].team_id
    EventTeam.create(event=evening.event_id, team_id=team, name="话务一组", headcount=9)
    give(evening, people[0], 5, "a")
    draw = evening.commit(prize, team_ids=[team], least_points=5)
    assert draw["who"] == "至少 5 分，话务一组"
    assert evening.proof(draw)["who"] == draw["who"]
    evening.doing(draw, "abandon")
    draw = evening.commit(prize, guests=True)
    assert draw["who"] == "全体参与者，含亲友"
    evening.doing(draw, "abandon")
    assert evening.commit(prize)["who"] == "参加活动的员工"


def test_somebody_is_left_until_all_of_the_staff_have_won(evening: Evening) -> None:
    def is_anybody_left() -> bool:
        return pools.is_anybody_left(Activity.get_by_id(evening.activity_id))

    guest = evening.centre.guest("late")
    evening.centre.join(evening.event, guest)
    assert is_anybody_left() is False
    evening.crowd(2)
    prize = evening.prize(stock=5)
    first = evening.drawn(prize)
    assert is_anybody_left() is True
    evening.drawn(prize)
    assert is_anybody_left() is False
    evening.missed(first, first["picks"][0])
    assert is_anybody_left() is True


def test_guest_who_won_and_is_staff_now_has_won(evening: Evening) -> None:
    numbers = list(evening.centre.numbers())
    guest = evening.centre.guest("late")
    evening.centre.join(evening.event, guest)
    evening.drawn(evening.prize("三等奖"), guests=True)
    body = {"staff_number": numbers[9], "invite_code": sample_roster()[numbers[9]]["邀请码"]}
    guest.ok("POST", "/me/binding", body)
    evening.centre.join(evening.event, guest)
    refused(evening.committing(evening.prize("二等奖"), guests=True), 409, "pool_empty")
    assert len(guest.ok("GET", evening.path)["own"]["wins"]) == 1


def test_members_of_teams(evening: Evening) -> None:
    people = evening.crowd(40)
    team = people[0].team_id
    mine = {player.id for player in people if player.team_id == team}
    assert 0 < len(mine) < 40
    assert members(evening.commit(evening.prize(), team_ids=[team])) == mine


def test_imported_list_of_people_who_need_not_have_joined(evening: Evening) -> None:
    player = evening.player()
    numbers = list(evening.centre.numbers())
    rows = "工号,姓名\n" + "".join(
        f"{number},{sample_roster()[number]['姓名']}\n" for number in numbers[:3]
    )
    answer = importing(evening, rows)
    assert answer.status_code == 201, answer.text
    assert answer.json and (answer.json["people"], answer.json["title"]) == (3, "优秀员工")
    listed = evening.host.ok("GET", evening.path)["lists"]
    assert [one["id"] for one in listed] == [answer.json["id"]]
    draw = evening.drawn(evening.prize(), 3, list_id=answer.json["id"])
    assert {pick["staff_number"] for pick in draw["picks"]} == set(numbers[:3])
    (win,) = player.ok("GET", evening.path)["own"]["wins"]
    late = evening.centre.staff(numbers[1])
    evening.centre.join(evening.event, late)
    (late_win,) = late.ok("GET", evening.path)["own"]["wins"]
    assert win["code"] != late_win["code"]


def test_list_is_compared_with_the_roster_by_the_key_of_each_person(evening: Evening) -> None:
    numbers = list(evening.centre.numbers())[:3]
    Staff.update(number="LK0001", name="阿卜杜拉·买买提").where(
        Staff.number == numbers[0]
    ).execute()
    Staff.update(number="LK0002", name="张 三").where(Staff.number == numbers[1]).execute()
    rows = (
        "工号,姓名\nlk0001,阿卜杜拉・买买提\n\u202dＬＫ０００２\u202c,张三\n"
        f"{numbers[2]},\u202e{sample_roster()[numbers[2]]['姓名']}\n"
    )
    answer = importing(evening, rows)
    assert answer.status_code == 201, answer.text
    assert answer.json and answer.json["people"] == 3
    refused(importing(evening, "工号\nlk0001\nLK0001"), 422, "bad_rows")


def test_list_together_with_more_is_of_players(evening: Evening) -> None:
    ann, bob = evening.crowd(2)
    give(evening, ann, 100, "a")
    rows = f"工号\n{ann.staff_number}\n{bob.staff_number}\n200001\n"
    found: Any = importing(evening, rows).json
    draw = evening.commit(evening.prize(), list_id=found["id"], least_points=50)
    assert members(draw) == {ann.id}


def test_import_of_a_list_tells_what_it_did_not_read(evening: Evening) -> None:
    hidden = row(3, "200002", attributes='hidden="1"')
    answer = importing(evening, book(sheet(row(1, "工号"), row(2, "200001"), hidden)))
    assert answer.json is not None
    assert answer.json["people"] == 1
    assert answer.json["warnings"] == ["第 3 行是隐藏的或被筛选掉的，没有读取。"]


def test_list_says_which_rows_are_wrong(evening: Evening) -> None:
    answer = importing(
        evening, "工号,姓名\n200001,\n999999,\n200001,\n,张三\n200002,张三\n#REF!,\n"
    )
    refused(answer, 422, "bad_rows")
    assert answer.json is not None
    assert {row: text[0][:2] for row, text in answer.json["errors"].items()} == {
        "3": "工号",
        "4": "工号",
        "5": "工号",
        "6": "姓名",
        "7": "工号",
    }
    assert evening.host.ok("GET", evening.path)["lists"] == []


def test_unknown_list_or_prize_is_refused(evening: Evening) -> None:
    evening.crowd(1)
    refused(evening.committing(999), 404, "unknown_prize")
    refused(evening.committing(evening.prize(), list_id=999), 404, "unknown_list")


def test_lists_are_for_hosts_alone(evening: Evening) -> None:
    assert "lists" not in evening.player().ok("GET", evening.path)
