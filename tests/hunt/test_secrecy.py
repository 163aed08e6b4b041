"""A phone gets no key and no explanation of a question before the answer."""

from collections.abc import Iterator
from typing import Any

import pytest

from backend.questions.models import Question
from tests.hunt.evening import Evening
from tests.support import Centre, Keys, Phone, as_json, hunt_of

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


def paths(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every leaf of a JSON value with the way to it; list positions read `*`."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from paths(inner, f"{path}.{key}")
    elif isinstance(value, list):
        for inner in value:
            yield from paths(inner, f"{path}.*")
    else:
        yield path, value


QUESTION = {
    ".id",
    ".kind",
    ".topic",
    ".difficulty",
    ".stem",
    ".options.*.key",
    ".options.*.text",
}


def before_the_answer(event: dict[str, Any], player: Phone, site: str) -> list[Any]:
    """Return everything that a phone can read while its question is open."""
    hunt, here = hunt_of(event), f"/events/{event['id']}"
    dig = player.ok("POST", f"{hunt}/digs", {"site": site})
    reads = (
        hunt,
        f"{hunt}/digs/{dig['id']}",
        f"{hunt}/wrong-questions",
        here,
        f"{here}/me",
        f"{here}/receipts",
        f"{here}/leaderboards/event",
        "/events",
    )
    again = player.ok("POST", f"{hunt}/digs", {"site": site})
    return [dig, again, *(player.ok("GET", path) for path in reads)]


@pytest.mark.parametrize("site", ["pass", "outpost", "meadow", "spring", "bridge", "flowers"])
def test_nothing_gives_the_key_away_before_the_answer(centre: Centre, site: str) -> None:
    player = centre.people(1)[0]
    event = centre.open_event(centre.host())
    centre.join(event, player)
    payloads = before_the_answer(event, player, site)
    dig = payloads[0]
    question = Question.get_by_id(dig["question"]["id"])
    assert {path for path, _ in paths(dig["question"])} == QUESTION
    for payload in payloads:
        names = {path.rpartition(".")[2] for path, _ in paths(payload)}
        assert names.isdisjoint({"explanation", "result", "verdict", "source", "reviewer", "code"})
        keys = {path for path, _ in paths(payload) if path.endswith("key")}
        assert all(path.endswith(("sites.*.key", "options.*.key")) for path in keys)
        assert question.explanation not in as_json(payload)


def test_snooze_and_a_refused_answer_give_no_key_away(evening: Evening) -> None:
    evening.ask()
    player = evening.digger()
    dig = evening.dig(player)
    snoozed = evening.snoozing(player, dig)
    too_many = evening.sending(player, dig, ["A", "B"])
    evening.clock.advance(300)
    late = evening.answering(player, dig, "A")
    expired = player.get(f"{evening.path}/digs/{dig['id']}")
    for answer in (snoozed, too_many, late, expired):
        assert "explanation" not in answer.text
        assert "解析" not in answer.text
        assert not any(
            path.endswith(".key") for path, _ in paths(answer.json) if "options" not in path
        )


def test_key_and_explanation_come_with_the_verdict(centre: Centre) -> None:
    player = centre.people(1)[0]
    event = centre.open_event(centre.host())
    centre.join(event, player)
    dig = player.ok("POST", f"{hunt_of(event)}/digs", {"site": "lake"})
    path = f"{hunt_of(event)}/digs/{dig['id']}"
    answer = player.ok("POST", f"{path}/answer", {"choice": Keys().wrong(dig)})
    assert answer["verdict"] == "wrong"
    assert answer["key"] == Keys().right(dig)
    assert answer["explanation"] == Question.get_by_id(dig["question"]["id"]).explanation
    shown = player.ok("GET", path)["result"]
    assert shown == {name: value for name, value in answer.items() if name != "score"}
