"""The hunt over HTTP."""

from tests.support import Centre, Keys, hunt_of


def test_right_answer_scores_and_moves_the_board(centre: Centre) -> None:
    host, player = centre.host(), centre.people(1)[0]
    event = centre.open_event(host)
    centre.join(event, player)
    hunt = hunt_of(event)
    dig = player.ok("POST", f"{hunt}/digs", {"site": "lake"})
    answer = player.ok("POST", f"{hunt}/digs/{dig['id']}/answer", {"choice": Keys().right(dig)})
    assert answer["verdict"] == "correct"
    assert answer["points"] > 0
    board = player.ok("GET", f"/events/{event['id']}/leaderboards/event")
    assert (
        board["rows"][0]["points"]
        == answer["score"]["points"]
        == answer["points"] + (answer["treasure"]["points"] if answer["treasure"] else 0)
    )


def test_repeated_answer_gets_the_first_one_word_for_word(centre: Centre) -> None:
    player = centre.people(1)[0]
    event = centre.open_event(centre.host())
    centre.join(event, player)
    hunt = hunt_of(event)
    for site in ("lake", "valley"):
        dig = player.ok("POST", f"{hunt}/digs", {"site": site})
        choice = Keys().right(dig) if site == "lake" else Keys().wrong(dig)
        path = f"{hunt}/digs/{dig['id']}/answer"
        first = player.ok("POST", path, {"choice": choice})
        assert player.ok("POST", path, {"choice": choice}) == first
