"""The phone verifies a raffle's record by its own copy of the rule, and detects changes."""

import json
from collections.abc import Callable
from itertools import islice
from typing import Any

import pytest

from backend.activities.raffle import rules
from backend.activities.raffle.rules import DrawTerms, PoolEntry
from tests.app.lint import APP
from tests.app.node import node
from tests.raffle import records

CHECK = f"""
const {{ checked }} = require({json.dumps(str(APP / "pages" / "raffle" / "proof.js"))});
const {{ proof, mine }} = JSON.parse(require('fs').readFileSync(0, 'utf8'));
console.log(JSON.stringify(checked(proof, mine)));
"""


def checked(proof: dict[str, Any], mine: dict[str, Any] | None = None) -> tuple[bool, str]:
    """Return whether the phone accepts the record, and its message."""
    done = node("-e", CHECK, said=json.dumps({"proof": proof, "mine": mine}))
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    return found["isGood"], found["text"]


def drawn(people: int) -> dict[str, Any]:
    """Return the record of a draw in which a whole pool was picked."""
    pool = [
        PoolEntry(n, rules.tag_of("01", f"staff:{n}"), f"“{n}”\\*\u2028")
        for n in range(1, people + 1)
    ]
    terms = DrawTerms(1, 1, "周年\u0007纪念 / 一等奖", people, 60)
    committed = rules.commitment(terms, rules.pool_digest(pool), records.SEED)
    numbers = islice(rules.order(records.SEED, committed, "", people), people)
    picks = [{"number": number} for number in numbers]
    facts = records.document() | vars(terms) | {"commitment": committed, "word": None}
    return facts | {"pool": [vars(entry) for entry in pool], "picks": picks}


@pytest.mark.parametrize("people", [1, 2, 3, 97, 1100])
def test_order_is_the_one_of_the_server(people: int) -> None:
    is_good, text = checked(drawn(people))
    assert is_good, text
    assert f"{people} 人里抽出的 {people} 位" in text


def test_own_tag_is_found_in_the_pool() -> None:
    proof = records.document()
    mine = {"number": 4, "tag": proof["pool"][3]["tag"]}
    assert "第 4 号" in checked(proof, mine)[1]
    assert checked(proof, mine | {"number": 5})[0] is False
    assert checked(proof, mine | {"number": 99})[0] is False


def test_record_of_before_there_were_calls_is_checked() -> None:
    assert checked(records.document(waiting_seconds=None))[0]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda proof: proof["pool"][0].update(name="李*"), "承诺不一致"),
        (lambda proof: proof.update(prize="特等奖"), "承诺不一致"),
        (lambda proof: proof.update(waiting_seconds=1), "承诺不一致"),
        (lambda proof: proof.update(seed="cd" * 32), "承诺不一致"),
        (lambda proof: proof.update(word="另一个词"), "中奖顺序"),
        (lambda proof: proof["picks"].reverse(), "中奖顺序"),
        (lambda proof: proof["picks"][0].update(number=0), "中奖顺序"),
        (lambda proof: proof["pool"][1].update(number=3), "编号不连续"),
        (lambda proof: proof["pool"][1].update(tag=proof["pool"][0]["tag"]), "重复的人"),
        (lambda proof: proof.update(seed=None), "种子还没有公布"),
        (lambda proof: proof.update(format="linka-raffle-9"), "格式太新"),
    ],
)
def test_what_was_changed_is_found(change: Callable[[dict[str, Any]], object], said: str) -> None:
    proof = records.document()
    change(proof)
    is_good, text = checked(proof)
    assert not is_good
    assert said in text
