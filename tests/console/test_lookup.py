"""Pages of look-ups: who may open them, and what they show."""

import pytest

from backend.lookup.models import LookupCard, LookupTable
from tests.console.test_posts import page
from tests.support import HOST, TRAINER, Centre

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


def test_editors_alone_open_the_pages(centre: Centre) -> None:
    card_id = LookupCard.get(LookupCard.title == "开具证明").id
    paths = [
        f"/lookup{path}"
        for path in ("", "/tables", "/questions", "/cards", "/cards/new", f"/cards/{card_id}")
    ]
    for number, status in ((HOST, 200), (TRAINER, 200), ("200003", 403)):
        phone = centre.staff(number)
        assert {page(phone, path).status_code for path in paths} == {status}, number
    assert page(centre.staff(HOST), "/lookup/cards/9999").status_code == 404


def test_the_page_shows_questions_cards_and_tables(centre: Centre) -> None:
    asker, host = centre.staff("200003"), centre.staff(HOST)
    asked = asker.ok("POST", "/lookup/questions", {"text": "<b>健身房</b>几点关门"})
    LookupTable.update(until_day="2026-11-01").where(LookupTable.name == "canteen").execute()
    shown = page(host, "/lookup").text
    for words in ("&lt;b&gt;健身房", centre.roster["200003"]["姓名"], "开具证明", "已过期"):
        assert words in shown
    assert "没有卡片" in page(host, "/lookup/cards?words=没有这样的").text
    body = {"answer": "十点。", "as_card": True}
    host.ok("PUT", f"/lookup/questions/{asked['id']}/answer", body)
    assert "没有等回答的提问" in page(host, "/lookup/questions").text
    answered = page(host, "/lookup/questions?state=answered").text
    assert "十点。" in answered
    assert "看卡片" in answered
