"""Phones of earlier releases go on working: their requests get the answers that they rely on."""

import json
import re
from pathlib import Path

import pytest

from tests.golden import FILES
from tests.golden.replay import Replay
from tests.golden.shapes import missing, shape
from tests.support import Centre, FakeClock

APP = Path(__file__).parents[2] / "miniprogram_stub" / "app"


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_requests_are_answered_as_before(
    file: Path, centre: Centre, clock: FakeClock, request: pytest.FixtureRequest
) -> None:
    golden = json.loads(file.read_text(encoding="utf-8"))
    replay = Replay(centre, clock, golden["template"], golden["kind"])
    if request.config.getoption("--record-golden"):
        words: set[str] = words_of_the_pages()
        for sent, status, answer in replay.send(golden["requests"]):
            assert status < 300, (sent, answer)
            # Which of the two this one is depends on chance.
            known = set() if "draws_if" in sent else words
            sent.update(status=status, relies_on=shape(answer, known))
        file.write_text(json.dumps(golden, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        return
    for sent, status, answer in replay.send(golden["requests"]):
        assert status == sent["status"], (sent["path"], answer)
        assert list(missing(sent["relies_on"], answer)) == [], sent["path"]


def words_of_the_pages() -> set[str]:
    """Return every word in scripts and pages of the mini program, without letters of options."""
    files = [*APP.glob("lib/*.js"), *APP.glob("pages/**/*.js"), *APP.glob("pages/**/*.wxml")]
    return set(re.findall(r"\w\w+", " ".join(file.read_text(encoding="utf-8") for file in files)))


@pytest.mark.parametrize(
    ("answer", "gone"),
    [
        ({"id": 1, "rows": [{"name": "a"}], "me": None, "new": 1}, []),
        ({"id": 1, "rows": [{"name": "a"}], "me": {"rank": 1}}, []),
        ({"rows": [{"name": "a"}], "me": None}, ["answer.id is gone"]),
        ({"id": "1", "rows": [{"name": "a"}], "me": None}, ["answer.id is no number"]),
        ({"id": 1, "rows": [{}], "me": None}, ["answer.rows[0].name is gone"]),
        ({"id": 1, "rows": {}, "me": None}, ["answer.rows is no list"]),
        ({"id": 1, "rows": [], "me": None}, []),
    ],
)
def test_what_is_gone_is_named(answer: object, gone: list[str]) -> None:
    known = {"id": 7, "rows": [{"name": "b", "unused": 1}], "me": None}
    wanted = shape(known, {"id", "rows", "name", "me"})
    assert list(missing(wanted, answer)) == gone
