"""Secrets are on no read path of a view that must not see them: HTTP, sockets, streams, exports."""

import pytest

from backend.activities.keywords.models import Keyword
from backend.activities.polls.models import Poll
from backend.activities.raffle.models import RaffleDraw
from tests.contest.evening import ContestEvening
from tests.keywords.evening import Evening as KeywordsEvening
from tests.polls.contest import ENTRIES
from tests.polls.hall import receipt
from tests.raffle.evening import Evening as RaffleEvening
from tests.read_paths import HOSTS, HOSTS_HTTP, HTTP, OPEN, SCREEN, reading
from tests.support import Centre, FakeClock, Phone, refused

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


def refuses_export(phone: Phone, path: str) -> None:
    """Check that a worksheet is for hosts alone."""
    refused(phone.get(path), 403, "forbidden")


def polls_of(centre: Centre) -> tuple[dict[str, object], Phone, Phone, str]:
    """Return an open event with polls, its host, a player, and the path of its polls."""
    host, [player] = centre.host(), centre.people(1)
    event = centre.open_event(host, "anniversary")
    centre.join(event, player)
    [activity] = [one["id"] for one in event["activities"] if one["kind"] == "polls"]
    return event, host, player, f"/polls/{activity}"


def test_draft_of_a_poll_is_for_hosts(centre: Centre) -> None:
    event, host, player, path = polls_of(centre)
    made = host.ok("POST", f"{path}/polls", {"title": "还没公布的投票", "entries": ENTRIES})
    draft = f"{path}/polls/{made['id']}"
    with reading(event, host, player) as ways:
        assert ways.telling("还没公布的投票", path, draft) == {HOSTS_HTTP}
    refused(player.get(draft), 404, "unknown_poll")
    refuses_export(player, f"{draft}/results.xlsx")


def test_results_of_a_poll_are_for_hosts_until_they_are_shown(centre: Centre) -> None:
    event, host, player, path = polls_of(centre)
    body = {"title": "合唱比赛", "entries": ENTRIES, "anonymous": False}
    made = host.ok("POST", f"{path}/polls", body)
    poll = f"{path}/polls/{made['id']}"
    host.ok("POST", f"{poll}/actions", {"action": "open"})
    ballot = {"choice": [made["options"][0]["id"]], "receipt": receipt()}
    player.ok("POST", f"{poll}/ballots", ballot)
    host.ok("POST", f"{poll}/actions", {"action": "close"})
    with reading(event, host, player) as ways:
        assert ways.telling('"votes": 1', poll) == HOSTS
        host.ok("POST", f"{poll}/actions", {"action": "show"})
        assert ways.telling('"votes": 1', poll) == OPEN | HOSTS
    for sheet in ("results.xlsx", "ballots.xlsx"):
        refuses_export(player, f"{poll}/{sheet}")


def test_hall_code_is_on_screens_and_for_hosts(centre: Centre, clock: FakeClock) -> None:
    event, host, player, path = polls_of(centre)
    body = {"title": "现场投票", "entries": ENTRIES, "hall_code": True}
    poll = f"{path}/polls/{host.ok('POST', f'{path}/polls', body)['id']}"
    host.ok("POST", f"{poll}/actions", {"action": "open"})
    code = host.ok("GET", poll)["current_hall_code"]["code"]
    assert Poll.select().where(Poll.hall_salt.is_null(False)).count() == 1
    with reading(event, host, player) as ways:
        assert ways.telling(f'"{code}"', poll) == {SCREEN} | HOSTS


def test_anonymous_ballot_is_on_no_way_but_under_its_receipt(centre: Centre) -> None:
    event, host, player, path = polls_of(centre)
    body = {"title": "匿名投票", "entries": ENTRIES, "anonymous": True}
    made = host.ok("POST", f"{path}/polls", body)
    poll, secret = f"{path}/polls/{made['id']}", receipt()
    chosen = made["options"][2]["id"]
    host.ok("POST", f"{poll}/actions", {"action": "open"})
    player.ok("POST", f"{poll}/ballots", {"choice": [chosen], "receipt": secret})
    own = f"{poll}/ballots/own"
    with reading(event, host, player) as ways:
        assert ways.telling(f'"choice": [{chosen}]', path, poll, own) == set()
    held = player.call("GET", own, None, {"Ballot-Receipts": secret}).json
    assert held == {"ballots_left": 0, "ballots": [{"choice": [chosen], "key": None}]}
    refused(host.get(f"{poll}/ballots.xlsx"), 409, "poll_is_anonymous")


def test_key_of_a_question_is_for_hosts_until_it_is_revealed(
    centre: Centre, clock: FakeClock
) -> None:
    evening = ContestEvening(centre, clock)
    evening.show(1)
    with reading(evening.event, evening.host, evening.phones[0]) as ways:
        assert ways.telling("题的解析。", evening.path) == HOSTS
        assert ways.telling('"key": ["B"]', evening.path) == HOSTS
        evening.act("reveal", 1)
        assert ways.telling("题的解析。", evening.path) == OPEN | HOSTS


def test_question_is_for_hosts_while_the_event_is_paused(centre: Centre, clock: FakeClock) -> None:
    evening = ContestEvening(centre, clock)
    evening.show(1)
    path = f"/events/{evening.event['id']}/transitions"
    with reading(evening.event, evening.host, evening.phones[0]) as ways:
        assert ways.telling("题？", evening.path) == OPEN | HOSTS
        evening.host.ok("POST", path, {"action": "pause"})
        assert ways.telling("题？", evening.path) == HOSTS


def test_decoy_looks_like_any_word_but_to_hosts_until_it_is_over(
    centre: Centre, clock: FakeClock
) -> None:
    evening = KeywordsEvening(centre, clock)
    player = evening.player()
    word = evening.announce("明修栈道", decoy=True)
    assert Keyword.get_by_id(word).decoy
    with reading(evening.event, evening.host, player) as ways:
        assert ways.telling("明修栈道", evening.path) == OPEN | HOSTS
        assert ways.telling('"decoy": true', evening.path) == HOSTS
        evening.host.ok("POST", f"{evening.path}/close", {"word_ids": [word]})
        assert ways.telling('"decoy": true', evening.path) == OPEN | HOSTS
    refuses_export(player, f"{evening.path}/hits.xlsx")


def test_seed_of_a_draw_is_for_nobody_until_it_is_revealed(
    centre: Centre, clock: FakeClock
) -> None:
    evening = RaffleEvening(centre, clock)
    player = evening.player()
    draw = evening.drawn(evening.prize())
    seed = RaffleDraw.get_by_id(draw["id"]).seed
    proof = f"{evening.path}/draws/{draw['id']}"
    with reading(evening.event, evening.host, player) as ways:
        assert ways.telling(seed, evening.path, proof) == set()
        evening.doing(draw, "reveal")
        assert ways.telling(seed, evening.path, proof) == OPEN | HOSTS


def test_pick_up_code_is_for_its_winner_and_for_hosts(centre: Centre, clock: FakeClock) -> None:
    evening = RaffleEvening(centre, clock)
    player = evening.player()
    draw = evening.drawn(evening.prize())
    [picked] = draw["picks"]
    proof, winners = f"{evening.path}/draws/{draw['id']}", f"{evening.path}/winners"
    with reading(evening.event, evening.host, player) as ways:
        for secret in (picked["code"], picked["staff_number"]):
            assert ways.telling(secret, proof, winners) == {HOSTS_HTTP}
        # The winner is shown the code in their own part.
        assert ways.telling(picked["code"], evening.path) == {HTTP}
    for sheet in (f"{winners}.xlsx", f"{proof}/pool.xlsx"):
        refuses_export(player, sheet)
