"""Word packs over HTTP: previewed, then imported as they were shown."""

from typing import Any

import pytest

from backend.activities.drawing.models import PackWord
from tests.support import TRAINER, Centre, Phone, refused

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


@pytest.fixture
def trainer(centre: Centre) -> Phone:
    """Return the phone of a trainer."""
    return centre.staff(TRAINER)


def csv(*lines: str) -> bytes:
    return "\n".join(["词语,类别,难度", *lines]).encode()


def preview(phone: Phone, data: bytes, pack: str = "new") -> Any:
    return phone.upload(f"/word-packs/{pack}/imports/preview", data, "words.csv")


def words() -> int:
    return PackWord.select().count()


def test_pack_is_imported_as_it_was_shown(trainer: Phone) -> None:
    before = words()
    data = csv("酥油茶,吃喝,1", "雪山,自然,2")
    found = preview(trainer, data)
    assert (found["counts"]["added"], words()) == (2, before)
    path = f"/word-packs/new/imports?title=新词&agreed={found['agreed']}"
    refused(trainer.uploads(path, csv("酥油茶,吃喝,1")), 409, "import_moved")
    assert trainer.upload(path, data)["added"] == 2
    listed = {one["name"]: one for one in trainer.ok("GET", "/word-packs")}
    assert listed["new"] == {"name": "new", "title": "新词", "words": 2}


def test_wrong_word_is_shown_beside_the_others(trainer: Phone) -> None:
    found = preview(trainer, csv("酥油茶,吃喝,1", "雪山,自然,5", "酥油茶,吃喝,1"))
    assert [row["errors"] for row in found["rows"]] == [
        [],
        ["难度：“5”须为 1–3 的整数"],
        ["词语：与第 2 行重复"],
    ]
    refused(trainer.uploads("/word-packs/new/imports", csv("雪山,自然,5")), 422, "bad_rows")


def test_words_that_the_file_does_not_have_are_named(trainer: Phone) -> None:
    trainer.upload("/word-packs/new/imports", csv("酥油茶,吃喝,1", "雪山,自然,2"))
    found = preview(trainer, csv("酥油茶,吃喝,3"))
    assert found["gone"] == ["雪山"]
    assert found["rows"][0]["changes"] == ["吃喝·难度 1 → 吃喝·难度 3"]
    trainer.upload("/word-packs/new/imports", csv("酥油茶,吃喝,1"))
    assert preview(trainer, csv("雪山,自然,2"))["rows"][0]["outcome"] == "returned"


def test_downloaded_pack_imports_as_unchanged(trainer: Phone) -> None:
    found = preview(trainer, trainer.get("/word-packs/everyday/words.xlsx").data, "everyday")
    assert found["counts"]["unchanged"] == len(found["rows"]) > 20
    refused(trainer.get("/word-packs/none/words.xlsx"), 404, "unknown_pack")


def test_template_is_read_as_it_is(trainer: Phone) -> None:
    assert preview(trainer, trainer.get("/word-packs/template.xlsx").data)["counts"]["added"] == 3


def test_pack_with_a_name_that_nobody_can_type_is_refused(trainer: Phone) -> None:
    path = "/word-packs/%20x/imports/preview"
    refused(trainer.uploads(path, csv("酥油茶,吃喝,1")), 422, "invalid")
