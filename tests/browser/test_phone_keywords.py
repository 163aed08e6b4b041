"""回复有效关键词 on the phone: what is announced appears, a reply wins, and nothing typed is lost."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.hall import Hall
from tests.browser.phone import Handset
from tests.browser.word_hall import WordHall
from tests.phones import Phone

Phones = list[Phone]
OpenPhone = Callable[..., Handset]
FIELD = "写下关键词"


@pytest.fixture
def words(new_hall: Callable[..., Hall]) -> WordHall:
    """Return an open event in which no word was announced."""
    return WordHall(new_hall(template="anniversary"))


@pytest.fixture
def open_words(words: WordHall, open_phone: OpenPhone) -> Callable[..., Handset]:
    """Return what opens the page on the phone of somebody who has joined."""

    def make(phone: Phone, size: tuple[int, int] = (375, 812)) -> Handset:
        words.hall.join(phone)
        facts = {"event": words.hall.id, "activity": words.activity_id}
        opened = open_phone(phone.user, "pages/keywords/keywords", size=size, **facts)
        opened.tap("同意并开始")
        return opened

    return make


def test_announced_word_appears_and_a_reply_wins(
    words: WordHall, open_words: Callable[..., Handset], phones: Phones
) -> None:
    phone = open_words(phones[0])
    phone.says("等主持人公布关键词")
    words.announce("格桑花开", places=2, points=20, seconds=600)
    phone.says("前 2 位，每人 +20")
    phone.says("还剩 2 个名额")
    phone.type(FIELD, "格桑花开")
    phone.tap("回复")
    phone.says("抢到了！")
    phone.says("你是第 1 位")
    phone.says("我抢到的")
    phone.says("还能赢 1 次")
    assert words.reply(phones[0], "格桑花开") == "hit"
    phone.has_no_errors()


def test_wrong_word_stays_in_the_field_and_a_late_one_is_told_so(
    words: WordHall, open_words: Callable[..., Handset], phones: Phones
) -> None:
    phone = open_words(phones[0])
    (word,) = words.announce("扎西德勒啊", places=5, seconds=600)
    phone.says("还剩 5 个名额")
    phone.type(FIELD, "扎西得了吧")
    phone.tap("回复")
    phone.says("不是有效关键词")
    expect(phone.find("input")).to_have_value("扎西得了吧")
    expect(phone.find(".send")).not_to_have_attribute("aria-disabled", "true")
    words.close(word)
    phone.says("时间到")
    phone.says("先写好也行，等主持人公布再回复")
    expect(phone.find(".send")).to_have_attribute("aria-disabled", "true")
    phone.has_no_errors()


def test_decoy_is_told_when_it_is_over(
    words: WordHall, open_words: Callable[..., Handset], phones: Phones
) -> None:
    phone = open_words(phones[0])
    (word,) = words.announce("美多送车", decoy=True, seconds=600)
    phone.says("美多送车")
    phone.type(FIELD, "美多送车")
    phone.tap("回复")
    phone.says("这是个幌子")
    words.close(word)
    phone.says("原来是幌子")
    phone.says("逗到了 1 位同事")
    phone.has_no_errors()


def test_typed_word_outlives_the_network_and_the_page(
    words: WordHall, open_words: Callable[..., Handset], phones: Phones
) -> None:
    phone = open_words(phones[0])
    words.announce("心里有客户", seconds=600)
    phone.says("心里有客户")
    phone.network("off")
    phone.type(FIELD, "心里有客户")
    phone.says("网络断开了，正在重连…你写的字不会丢。")
    phone.go("pages/keywords/keywords", event=words.hall.id, activity=words.activity_id)
    expect(phone.find("input")).to_have_value("心里有客户")
    phone.network("good")
    phone.tap("回复")
    phone.says("抢到了！")


def test_guest_is_shown_how_to_take_part(
    words: WordHall, open_phone: OpenPhone, installation: object
) -> None:
    guest = Phone(words.hall.installation, "guest-of-words")
    guest.log_in()
    words.hall.join(guest)
    words.announce("周年大吉", seconds=600)
    facts = {"event": words.hall.id, "activity": words.activity_id}
    phone = open_phone(guest.user, "pages/keywords/keywords", **facts)
    phone.tap("同意并开始")
    phone.says("周年大吉")
    phone.tap("绑定工号")
    phone.is_on("pages/bind/bind")


@pytest.mark.parametrize("width", [375, 320])
def test_long_words_and_names_fit(
    words: WordHall,
    open_words: Callable[..., Handset],
    hard_phones: Phones,
    phones: Phones,
    width: int,
) -> None:
    long = "心中有客户服务最用心美多陪你过生日二零二"
    words.hall.join(*hard_phones)
    words.announce(long, "美多", seconds=600)
    for hard in hard_phones:
        words.reply(hard, long)
    phone = open_words(phones[0], (width, 640))
    phone.large_text()
    phone.says(long)
    expect(phone.find(".name")).to_have_count(5)
    assert phone.misfits() == []
    phone.has_no_errors()
