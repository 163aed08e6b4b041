"""The phone of a guesser: guesses until it is right, talks, and reports written words."""

import time
from collections.abc import Mapping
from typing import Any

from miniprogram_stub.live.parts import COME_AGAIN, TurnPart
from miniprogram_stub.live.phone import UNHEARD_SECONDS, LivePhone

FIRST_SECONDS = (1.2, 5.0)
NEXT_SECONDS = (1.0, 2.5)
# Probabilities for each guess: near, and right for the least and the most skilled player.
NEARLY, WORST, BEST = 0.12, 0.3, 0.75
# Probabilities for each turn: a written word is reported; a fair drawing is reported; a player who
# has guessed says the word again, or something else.
REPORTS_WRITING, REPORTS_ANYTHING, REPEATS, TALKS = 0.7, 0.01, 0.15, 0.15
WRONG = ("云彩", "石头", "板凳", "大饼", "毛线团", "一团乱麻", "拖拉机", "望远镜", "茶壶", "外星人")
TALK = ("猜到啦", "哈哈，画得真像", "太简单了", "这画的是啥呀")


def misspelt(word: str) -> str:
    """Return a word that is one character off."""
    return word + "儿"


def by_hand(word: str, style: int) -> str:
    """Return a spelling of a word; the server treats all of them alike."""
    full_width = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in word)
    return (word, f" {word}！", " ".join(word), full_width)[style % 4]


class GuesserPart(TurnPart):
    """A guesser's part in a turn. The next guess is sent after the answer to the last one."""

    here_seconds = 15.0

    def __init__(self, phone: LivePhone, turn_id: int) -> None:
        super().__init__(phone, turn_id)
        random = phone.random
        self.has_guessed = False
        self._guess_at: float | None = None
        self._text = ""
        self._expected = ""
        self._sent_at = 0.0
        self._tries = 0
        self._afterwards = random.random()
        self._attention = random.random()
        self._reported_at = 0.0
        self._has_reported = False

    def see_own(self, own: Mapping[str, Any]) -> None:
        """Read the result of a guess without an answer; check that the word is not shown."""
        turn = own.get("turn") or {}
        if not own["has_guessed"] and (
            own["prompt"] or (turn.get("answer") and turn["phase"] != "over")
        ):
            self._contradict("没有猜中，却看得到答案")
        if turn.get("phase") == "over" and turn["answer"]:
            self.learn("word", turn["answer"])
        if not own["has_guessed"] or own["points"] is None or self._told is not None:
            return
        for line in turn.get("guessed", ()):
            # A void turn has no points; a right guess in a running turn has its points.
            if line["player_id"] == self._player_id and turn["ending"] != "voided":
                self._hit({"place": line["place"], "points": own["points"]})

    def while_choosing(self) -> None:
        """Wait."""

    def while_drawing(self) -> None:
        """Guess after a while, report written words; repeat both until they are acknowledged."""
        now = time.monotonic()
        if self._guess_at is None:
            self._guess_at = now + self.phone.random.uniform(*FIRST_SECONDS)
        self._look_closely(now)
        if self.has_guessed:
            self._talk()
        elif self._text:
            if now > self._sent_at + UNHEARD_SECONDS:
                self.phone.notes["repeated"] += 1
                self._send(now)
        elif now >= self._guess_at:
            self._text, self._expected = self._thought()
            self._tries = 0
            self._send(now)

    def _thought(self) -> tuple[str, str]:
        """Return the next guess, and the verdict that it must get, if known."""
        random, word = self.phone.random, self.known("word")
        draw, skill = random.random(), self.phone.holder.player.profile.skill
        if word is not None and draw < NEARLY:
            return misspelt(word), "near"
        if word is not None and draw < NEARLY + WORST + (BEST - WORST) * skill:
            return by_hand(word, random.randrange(4)), "exact"
        return random.choice(WRONG), ""

    def _send(self, now: float) -> None:
        self._sent_at = now
        self._tries += 1
        self.phone.journal.sent(self.phone.name, self.source)
        self.ask("guess", {"text": self._text}, over_http=self._tries % 3 == 0)

    def _talk(self) -> None:
        """Say the word again, which must change nothing, or something else."""
        draw, self._afterwards = self._afterwards, 1.0
        word = self.known("word")
        if draw < REPEATS and word:
            self.ask("guess", {"text": word})
        elif draw < REPEATS + TALKS:
            self.ask("guess", {"text": self.phone.random.choice(TALK)})

    def _look_closely(self, now: float) -> None:
        chance = REPORTS_WRITING if self.known("written") else REPORTS_ANYTHING
        if self._has_reported or self._attention >= chance:
            return
        if now > self._reported_at + UNHEARD_SECONDS:
            self._reported_at = now
            self.ask("report", {})

    def hear(
        self, word: str, data: Mapping[str, Any], told: Mapping[str, Any], refused: str | None
    ) -> None:
        """Handle the answer to a guess or a report."""
        if word == "report":
            self._has_reported = refused not in COME_AGAIN
            if refused is None and told["voided"]:
                self.learn("void", True)
        elif refused is not None:
            self._refused(data["text"], refused)
        elif told["verdict"] == "exact":
            self._hit({"place": told["place"], "points": told["points"]})
        elif data["text"] == self._text and not self.has_guessed:
            self._missed(told["verdict"])

    def _hit(self, told: dict[str, Any]) -> None:
        self.phone.journal.acknowledged(self.phone.name, self.source, told)
        self.has_guessed, self._text = True, ""

    def _missed(self, verdict: str) -> None:
        if self._expected and verdict != self._expected:
            self._contradict(f"“{self._text}”应判 {self._expected}，判了 {verdict}")
        self.phone.notes[f"guess_{verdict}"] += 1
        self.phone.journal.refused(self.phone.name, self.source, verdict)
        self._think_again()

    def _refused(self, text: str, slug: str) -> None:
        if text != self._text or slug in COME_AGAIN:
            return
        if slug != "turn_over":
            # After the end it is unknown whether an earlier attempt arrived.
            self.phone.journal.refused(self.phone.name, self.source, slug)
        self._think_again()

    def _think_again(self) -> None:
        self._text = ""
        self._guess_at = time.monotonic() + self.phone.random.uniform(*NEXT_SECONDS)

    @property
    def _player_id(self) -> int:
        assert self.phone.seat
        return self.phone.seat.player_id

    @property
    def _told(self) -> Any:
        return self.phone.journal.told(self.source)

    def _contradict(self, text: str) -> None:
        self.phone.journal.contradicts(self.phone.name, self.source, text)
