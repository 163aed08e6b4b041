"""What a host does with draws, and what everybody sees of them."""

import io
import json
from datetime import datetime, timedelta
from typing import Any

import openpyxl
import pytest

from backend.activities.raffle.models import RaffleEntry, RafflePick
from backend.activities.raffle.verifying import verify
from backend.events.models import Activity
from backend.live.feed import Feed
from backend.live.presence import Presence
from tests.raffle.evening import Evening
from tests.support import ENDS, HOST, as_json, end_rights, refused, sample_roster

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


def test_commitment_is_shown_before_and_the_seed_after(evening: Evening) -> None:
    evening.crowd(12)
    draw = evening.commit(evening.prize(), 3)
    shown = evening.shown()
    assert shown and shown["phase"] == "committed"
    assert shown["draw"]["commitment"] == draw["commitment"]
    assert (shown["draw"]["pool_size"], len(shown["draw"]["rolling"])) == (12, 12)
    before = evening.proof(draw)
    assert (before["seed"], before["picks"], len(before["pool"])) == (None, [], 12)
    evening.draw(draw)
    assert evening.proof(draw)["seed"] is None
    found = evening.verified(draw)
    assert (found.won, found.commitment) == (3, draw["commitment"])
    after = evening.proof(draw)
    assert after["pool"] == before["pool"]
    assert after["seed"] is not None


def test_word_of_the_hall_is_mixed_in_and_then_fixed(evening: Evening) -> None:
    evening.crowd(12)
    draw = evening.commit(evening.prize(), 3)
    evening.draw(draw, upto=1, word="扎西德勒")
    refused(evening.drawing(draw, upto=2, word="别的"), 409, "word_fixed")
    evening.draw(draw, word="扎西德勒")
    assert evening.verified(draw).won == 3
    assert evening.proof(draw)["word"] == "扎西德勒"


def test_word_cannot_be_added_once_somebody_was_drawn(evening: Evening) -> None:
    evening.crowd(5)
    draw = evening.commit(evening.prize(), 2)
    evening.draw(draw, upto=1)
    refused(evening.drawing(draw, word="迟了"), 409, "word_fixed")


def test_one_by_one_and_repeats_draw_nobody_else(evening: Evening) -> None:
    evening.crowd(9)
    prize = evening.prize()
    draw = evening.commit(prize, 3)
    for upto in (1, 1, 2, 2, 3, 3):
        assert len(evening.draw(draw, upto=upto)["picks"]) == upto
    assert evening.draw(draw)["state"] == "drawn"
    assert evening.left(prize) == 0
    assert evening.verified(draw).won == 3


def test_several_at_once(evening: Evening) -> None:
    evening.crowd(9)
    draw = evening.drawn(evening.prize(), 3)
    assert [pick["turn"] for pick in draw["picks"]] == [1, 2, 3]
    assert len({pick["number"] for pick in draw["picks"]}) == 3


def test_nobody_wins_twice_in_the_event(evening: Evening) -> None:
    evening.crowd(6)
    first = evening.drawn(evening.prize("三等奖", 4), 4)
    second = evening.drawn(evening.prize("二等奖", 4), 4)
    assert second["pool_size"] == 2
    winners = [pick["staff_number"] for draw in (first, second) for pick in draw["picks"]]
    assert len(set(winners)) == len(winners) == 6


def test_who_has_won_may_win_again_where_the_prize_says_so(evening: Evening) -> None:
    evening.crowd(3)
    evening.drawn(evening.prize("三等奖", 3), 3)
    again = evening.drawn(evening.prize("阳光普照", 3, again=True), 3)
    assert len(again["picks"]) == 3
    refused(evening.committing(evening.prize("二等奖", 1)), 409, "pool_empty")


def test_small_pool_gives_fewer_winners_and_is_never_refilled(evening: Evening) -> None:
    evening.crowd(2)
    prize = evening.prize(stock=5)
    draw = evening.commit(prize, 5)
    assert len(evening.draw(draw)["picks"]) == 2
    evening.player()
    again = evening.draw(draw)
    assert (len(again["picks"]), again["state"], evening.left(prize)) == (2, "drawn", 3)
    assert evening.verified(draw).won == 2


def test_no_show_is_redrawn_from_the_same_pool_and_the_prize_counts_once(
    evening: Evening,
) -> None:
    evening.crowd(6)
    prize = evening.prize(stock=2)
    draw = evening.drawn(prize, 2)
    gone = draw["picks"][0]
    for after in (evening.missed(draw, gone), evening.absent(draw, gone).json):
        assert after is not None
        assert [pick["status"] for pick in after["picks"]] == ["absent", "won", "won"]
    assert evening.left(prize) == 0
    assert after["picks"][0]["code"] is None
    found = evening.verified(draw)
    assert (found.won, found.absent) == (2, 1)
    items = [pick.item for pick in RafflePick.select().where(RafflePick.item.is_null(False))]
    assert sorted(items) == [1, 2]


def test_who_was_absent_may_be_drawn_for_another_prize(evening: Evening) -> None:
    evening.crowd(1)
    prize = evening.prize(stock=1)
    draw = evening.drawn(prize)
    after = evening.missed(draw, draw["picks"][0])
    assert [pick["status"] for pick in after["picks"]] == ["absent"]
    assert evening.left(prize) == 1
    assert evening.drawn(evening.prize("二等奖"))["pool_size"] == 1


def test_redrawn_one_who_has_won_since_is_passed_over(evening: Evening) -> None:
    evening.crowd(3)
    first = evening.drawn(evening.prize("三等奖", 1), 1)
    second = evening.drawn(evening.prize("二等奖", 1), 1)
    after = evening.missed(first, first["picks"][0])
    won = [pick["staff_number"] for pick in after["picks"] if pick["status"] == "won"]
    assert len(won) == 1
    assert won != [second["picks"][0]["staff_number"]]
    assert {pick["status"] for pick in after["picks"]} <= {"absent", "passed", "won"}
    assert evening.verified(first).won == 1


def test_nobody_is_drawn_once_the_seed_is_known(evening: Evening) -> None:
    evening.crowd(6)
    draw = evening.commit(evening.prize(), 3)
    refused(evening.doing(draw, "reveal"), 409, "draw_not_begun")
    picks = evening.draw(draw, upto=1)["picks"]
    evening.verified(draw)
    assert evening.draw(draw)["picks"] == picks
    refused(evening.absent(draw, picks[0]), 409, "seed_revealed")


def test_seeds_are_known_when_the_event_is_over(evening: Evening) -> None:
    evening.crowd(4)
    draw = evening.drawn(evening.prize(), 2)
    evening.host_does("close")
    assert verify(evening.proof(draw)).won == 2
    refused(evening.absent(draw, draw["picks"][0]), 409, "event_closed")


def test_abandoned_draw_stays_listed_with_its_seed(evening: Evening) -> None:
    evening.crowd(4)
    prize = evening.prize()
    draw = evening.commit(prize, 2)
    refused(evening.committing(prize), 409, "draw_under_way")
    for _ in range(2):
        assert evening.doing(draw, "abandon").status_code == 200
    refused(evening.drawing(draw), 409, "draw_abandoned")
    second = evening.drawn(prize, 2)
    refused(evening.doing(second, "abandon"), 409, "draw_begun")
    listed = evening.player().ok("GET", evening.path)["draws"]
    assert [(one["number"], one["state"]) for one in listed] == [(1, "abandoned"), (2, "drawn")]
    assert listed[0]["commitment"] == draw["commitment"]
    assert listed[0]["seed"] is not None
    assert verify(evening.proof(draw)).won == 0


def test_same_draw_asked_for_again_is_the_first(evening: Evening) -> None:
    evening.crowd(4)
    prize = evening.prize()
    first = evening.commit(prize, 2, number=1)
    again = evening.committing(prize, 2, number=1)
    assert (again.status_code, again.json) == (200, first)
    refused(evening.committing(prize, 2, number=5), 422, "invalid")


def test_stock_is_never_promised_twice(evening: Evening) -> None:
    evening.crowd(9)
    prize = evening.prize(stock=3)
    evening.drawn(prize, 2)
    refused(evening.committing(prize, 2), 409, "not_enough_stock")
    evening.drawn(prize, 1)
    refused(evening.committing(prize, 1), 409, "not_enough_stock")


def test_prizes_come_from_the_template_in_their_order(evening: Evening) -> None:
    event = evening.centre.open_event(evening.host, "anniversary")
    (activity_id,) = [a["id"] for a in event["activities"] if a["kind"] == "raffle"]
    prizes = evening.host.ok("GET", f"/raffles/{activity_id}")["prizes"]
    assert [(prize["title"][:3], prize["left"]) for prize in prizes] == [
        ("三等奖", 10),
        ("二等奖", 5),
        ("一等奖", 1),
        ("阳光普", 50),
    ]


def test_prize_of_the_same_title_is_another_only_if_it_differs(evening: Evening) -> None:
    evening.prize("一等奖", 3)
    path, body = f"{evening.path}/prizes", {"title": "一等奖", "stock": 3}
    assert evening.host.post(path, body).status_code == 200
    refused(evening.host.post(path, {**body, "stock": 4}), 409, "prize_taken")


def test_prize_is_removed_until_there_was_a_draw_of_it(evening: Evening) -> None:
    evening.crowd(2)
    wrong, right = evening.prize("一等桨"), evening.prize("一等奖")
    path = f"{evening.path}/prizes"
    assert evening.host.delete(f"{path}/{wrong}").status_code == 204
    refused(evening.host.delete(f"{path}/{wrong}"), 404, "unknown_prize")
    refused(evening.committing(wrong), 404, "unknown_prize")
    evening.doing(evening.commit(right), "abandon")
    refused(evening.host.delete(f"{path}/{right}"), 409, "prize_drawn")
    prizes = evening.host.ok("GET", evening.path)["prizes"]
    assert [prize["title"] for prize in prizes] == ["一等奖"]


def test_nothing_is_drawn_in_a_pause(evening: Evening) -> None:
    evening.crowd(3)
    draw = evening.commit(evening.prize())
    evening.host_does("pause")
    refused(evening.drawing(draw), 409, "event_paused")


def test_screen_tells_names_of_staff_in_full_and_the_record_masked(evening: Evening) -> None:
    people = evening.crowd(8)
    draw = evening.drawn(evening.prize("一等奖 · 野餐套装"), 3)
    names = {person.name for person in people}
    shown = evening.shown()
    assert shown and {winner["name"] for winner in shown["draw"]["winners"]} <= names
    evening.host.ok("POST", f"{evening.path}/stage", {"showing": "winners"})
    told = as_json([shown, evening.shown(), evening.proof(draw, evening.player())])
    assert not [person for person in people if person.staff_number in told]
    assert names.isdisjoint(one["name"] for one in evening.proof(draw, evening.host)["pool"])


def test_people_of_one_name_and_team_are_told_apart_by_the_last_digits(evening: Evening) -> None:
    people = evening.crowd(3)
    draw = evening.drawn(evening.prize(), 3)
    entries = RaffleEntry.update(name="卓玛", team_name="客服一班").where(
        RaffleEntry.draw == draw["id"]
    )
    entries.execute()
    shown = evening.shown()
    assert shown
    digits = {winner["digits"] for winner in shown["draw"]["winners"]}
    assert digits == {person.staff_number[-3:] for person in people}


def test_screen_shows_masked_names_alone_if_the_hosts_mask_them(evening: Evening) -> None:
    people = evening.crowd(8)
    activity = Activity.get(Activity.kind == "raffle")
    Activity.update(settings={**activity.settings, "masked_names": True}).execute()
    draw = evening.drawn(evening.prize("一等奖 · 野餐套装"), 3)
    path = f"{evening.path}/stage"
    player = evening.player()
    seen: list[Any] = [evening.shown(), player.ok("GET", evening.path), evening.proof(draw, player)]
    for _ in range(2):
        evening.host.ok("POST", path, {"showing": "winners"})
    seen.append(evening.shown())
    told = as_json(seen)
    for person in people:
        assert person.name not in told
        assert person.staff_number not in told
    assert seen[-1]["phase"] == "winners"
    assert [prize["title"] for prize in seen[-1]["prizes"]] == ["一等奖 · 野餐套装"]
    assert len(seen[-1]["prizes"][0]["winners"]) == 3
    evening.host.ok("POST", path, {"showing": None})
    assert evening.shown() is None


def test_codes_are_for_winners_and_hosts_alone(evening: Evening) -> None:
    winner, draw = evening.player(), None
    draw = evening.drawn(evening.prize())
    code = draw["picks"][0]["code"]
    (win,) = winner.ok("GET", evening.path)["own"]["wins"]
    assert (win["code"], win["prize"], win["handed_at"]) == (code, "一等奖", None)
    other = evening.player()
    told = as_json([other.ok("GET", evening.path), evening.proof(draw, other), evening.shown()])
    assert code not in told


def test_player_finds_the_own_entry_in_the_pool(evening: Evening) -> None:
    evening.crowd(5)
    player = evening.player()
    draw = evening.commit(evening.prize())
    entry = player.ok("GET", evening.path)["own"]["entry"]
    pool = evening.proof(draw, player)["pool"]
    assert pool[entry["number"] - 1]["tag"] == entry["tag"]


def test_prize_is_signed_off_once(evening: Evening) -> None:
    evening.crowd(4)
    draw = evening.drawn(evening.prize(), 2)
    first, second = draw["picks"]
    path = f"{evening.path}/handovers"
    refused(evening.host.post(path, {"code": "AAAAAAAA"}), 404, "unknown_pickup_code")
    spoken = " ".join(first["code"].lower())
    answers = []
    for _ in range(2):
        evening.clock.advance(1)
        answers.append(evening.host.post(path, {"code": spoken}))
    assert [answer.status_code for answer in answers] == [201, 200]
    assert answers[0].json == answers[1].json
    assert answers[0].json["name"] == first["name"]  # type: ignore[index]
    refused(evening.absent(draw, first), 409, "already_handed_over")
    unclaimed = evening.host.ok("GET", f"{evening.path}/winners?unclaimed=true")
    assert [pick["id"] for pick in unclaimed] == [second["id"]]
    evening.missed(draw, second)
    refused(evening.host.post(path, {"code": second["code"]}), 404, "unknown_pickup_code")


def test_phone_of_the_winner_alone_is_told_that_the_prize_was_handed_over(
    evening: Evening,
) -> None:
    evening.crowd(4)
    draw = evening.drawn(evening.prize(), 2)
    pick = draw["picks"][1]
    evening.host.ok("POST", f"{evening.path}/handovers", {"code": pick["code"]})
    feed = Feed(evening.centre.app.extensions["linka.redis"]).after(evening.event_id, "0-0")
    [told] = [json.loads(message.data) for message in feed if message.type == "raffle.handed"]
    assert told == {"activity_id": evening.activity_id, "pick_id": pick["id"]}
    heard = evening.play.audience(evening.activity_id, told, evening.clock.now())
    assert heard == {pick["player_id"]}


def test_winners_and_pool_are_handed_on_as_excel(evening: Evening) -> None:
    evening.crowd(3)
    draw = evening.drawn(evening.prize("=一等奖", 2), 2)
    first, second = draw["picks"]
    evening.host.ok("POST", f"{evening.path}/handovers", {"code": first["code"]})
    evening.missed(draw, second)
    sheet = openpyxl.load_workbook(
        io.BytesIO(evening.host.get(f"{evening.path}/winners.xlsx").data)
    ).active
    header, *rows = sheet.iter_rows(values_only=True)
    assert header == (
        *("奖项", "第几次抽奖", "抽中顺序", "姓名", "工号"),
        *("班组", "状态", "领奖码", "抽中时间"),
        *("呼叫时间", "呼叫人", "记为未到场的时间", "记录人", "领取时间"),
    )
    moment = datetime(2026, 11, 22, 10, 0)
    told = ("=一等奖", 1, 1, first["name"], first["staff_number"], first["team"])
    nobody = (None, None, None, None)
    assert rows[0] == (*told, "已领取", first["code"], moment, *nobody, moment)
    host = sample_roster()[HOST]["姓名"]
    later = moment + timedelta(seconds=draw["waiting_seconds"])
    assert rows[1][8:] == (moment, moment, host, later, host, None)
    assert [row[6] for row in rows] == ["已领取", "未到场", "未领取"]
    assert sheet["A2"].data_type == "s"
    left = evening.host.get(f"{evening.path}/winners.xlsx?unclaimed=true")
    assert len(list(openpyxl.load_workbook(io.BytesIO(left.data)).active.rows)) == 2
    pool = evening.host.get(f"{evening.path}/draws/{draw['id']}/pool.xlsx")
    header, *rows = openpyxl.load_workbook(io.BytesIO(pool.data)).active.iter_rows(values_only=True)
    assert header == ("编号", "姓名", "工号", "班组", "核对标记")
    assert [row[0] for row in rows] == [1, 2, 3]
    assert rows[first["number"] - 1][1:3] == (first["name"], first["staff_number"])


def test_wiped_rehearsal_has_its_prizes_again(evening: Evening) -> None:
    evening.crowd(3)
    prize = evening.prize(stock=2)
    draw = evening.drawn(prize, 2)
    evening.host.ok("POST", f"{evening.path}/handovers", {"code": draw["picks"][0]["code"]})
    evening.host.ok("DELETE", f"/events/{evening.event_id}/data")
    raffle = evening.host.ok("GET", evening.path)
    assert (raffle["draws"], raffle["stage"], raffle["prizes"][0]["left"]) == ([], None, 2)


def test_pool_of_those_who_are_present(evening: Evening) -> None:
    here, *_ = evening.crowd(3)
    presence = Presence(evening.centre.app.extensions["linka.redis"])
    presence.enter(evening.event_id, here.id, "a", evening.clock.now())
    draw = evening.drawn(evening.prize(), 3, present=True)
    assert [pick["player_id"] for pick in draw["picks"]] == [here.id]


@pytest.mark.parametrize("how", ENDS)
def test_who_is_no_longer_staff_when_drawn_is_passed_over(evening: Evening, how: str) -> None:
    ann, bob, cai = evening.crowd(3)
    draw = evening.commit(evening.prize(), 3)
    end_rights(evening.centre.app.extensions["linka.database"], ann.id, how)
    path = f"/events/{evening.event_id}/players/{bob.id}"
    evening.host.ok("PUT", path, {"status": "kicked"})
    picks = evening.draw(draw)["picks"]
    won = [pick["staff_number"] for pick in picks if pick["status"] == "won"]
    assert won == [cai.staff_number]
    assert evening.verified(draw).won == 1
