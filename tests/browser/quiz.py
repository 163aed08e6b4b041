"""Questions on the phone, answered by the texts of the right options."""

from playwright.sync_api import expect

from tests.browser.phone import Handset
from tests.support import Keys


class Quiz:
    """A phone on which questions are answered."""

    def __init__(self, phone: Handset) -> None:
        self.phone = phone
        self._keys = Keys()

    def choose(self, *, right: bool = True) -> None:
        """Tap the options of a right or wrong answer to the question that is shown."""
        stem = self.phone.find(".stem")
        expect(stem).to_be_visible()
        texts = self.phone.find("options [class$='--text']")
        options = [
            {"key": str(at), "text": text} for at, text in enumerate(texts.all_inner_texts())
        ]
        shown = {"question": {"stem": stem.inner_text(), "options": options}}
        for key in self._keys.right(shown) if right else self._keys.wrong(shown):
            texts.nth(int(key)).click()

    def answer(self, *, right: bool = True) -> None:
        """Choose and send."""
        self.choose(right=right)
        self.phone.tap("就选")

    def dig(self) -> None:
        """Dig at the site that is chosen on the map."""
        self.phone.is_on("pages/hunt/hunt")
        self.phone.find(".main").click()
        self.phone.is_on("pages/question/question")
        expect(self.phone.find(".stem")).to_be_visible()
