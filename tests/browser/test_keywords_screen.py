"""回复有效关键词 on the big screen: the word, its places, the names of the first, the decoy."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.hall import Hall
from tests.browser.screen import LARGE, OLD_PROJECTOR, PHONE, Screen
from tests.browser.word_hall import WordHall
from tests.phones import Phone

Phones = list[Phone]


@pytest.fixture
def words(new_hall: Callable[..., Hall]) -> WordHall:
    """Return an open event in which no word was announced."""
    return WordHall(new_hall(template="anniversary"))


def test_names_come_up_as_they_reply(words: WordHall, screen: Screen, phones: Phones) -> None:
    players = words.hall.join(*phones[:3])
    screen.open(words.hall)
    expect(screen.part("scene")).to_be_hidden()
    (word_id,) = words.announce("格桑花开", places=2, points=20, seconds=600)
    expect(screen.part("word-text")).to_have_text("格桑花开")
    expect(screen.page.get_by_text("前 2 位有效，每人 20 分")).to_be_visible()
    expect(screen.page.get_by_text("第一个回复的会是谁？")).to_be_visible()
    assert words.reply(phones[0], "格桑花開") == "hit"
    expect(screen.part("hit-1")).to_contain_text(players[0]["name"])
    expect(screen.part("word-taken")).to_have_text("1")
    assert [words.reply(phone, "格桑花开") for phone in phones[1:3]] == ["hit", "places_gone"]
    expect(screen.part("hit-2")).to_contain_text(players[1]["name"])
    expect(screen.part("word-stamp")).to_have_text("名额已满")
    words.dismiss()
    expect(screen.part("scene")).to_be_hidden()
    assert word_id > 0


def test_decoy_is_told_when_it_is_over(words: WordHall, screen: Screen, phones: Phones) -> None:
    words.hall.join(phones[0])
    decoy, word = words.prepare("美多送车", decoy=True), words.prepare("林卡小队")
    words.open(decoy, word)
    screen.open(words.hall)
    assert words.reply(phones[0], "美多送车") == "decoy"
    card = screen.part(f"word-{decoy}")
    expect(card).to_have_attribute("data-state", "open")
    expect(card.get_by_test_id("word-taken")).to_have_text("0")
    words.close(decoy, word)
    expect(card.get_by_test_id("word-stamp")).to_have_text("幌子")
    expect(card).to_contain_text("逗到了 1 位同事")
    expect(screen.part(f"word-{word}")).to_contain_text("这个关键词还没有人回复")


@pytest.mark.parametrize("size", [LARGE, OLD_PROJECTOR, PHONE], ids=lambda size: f"{size[0]}")
def test_long_words_and_names_fit(
    words: WordHall,
    new_screen: Callable[..., Screen],
    size: tuple[int, int],
    phones: Phones,
    hard_phones: Phones,
) -> None:
    still = new_screen(size, reduced_motion="reduce")
    words.hall.join(*hard_phones)
    still.open(words.hall)
    ids = words.announce("心中有客户服务最用心美多陪你过生日二零二", seconds=600)
    for phone in hard_phones[:2]:
        words.reply(phone, "心中有客户服务最用心美多陪你过生日二零二")
    expect(still.part("word-hits").locator(".hit")).to_have_count(2)
    assert size == PHONE or still.spilt() == []
    assert still.misfits() == []
    for text in ("今天的关键词是扎西德勒吉祥如意平安喜乐", "锅庄", "酥油茶"):
        ids += words.announce(text, seconds=600)
        expect(still.part(f"word-{ids[-1]}")).to_be_visible()
        assert size == PHONE or still.spilt() == []
        assert still.misfits() == []
