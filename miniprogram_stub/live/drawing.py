"""Phones and the host of 你画我猜.

A guesser learns the word of a turn from the journal, in which the drawer's phone notes it. This
takes the place of recognising the drawing.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from miniprogram_stub.live.easel import DrawerPart
from miniprogram_stub.live.guesser import GuesserPart
from miniprogram_stub.live.parts import TurnPart, subject
from miniprogram_stub.live.phone import UNHEARD_SECONDS, LivePhone
from miniprogram_stub.live.turns import RightGuess, SeenTurn, count
from miniprogram_stub.live.voter import DrawingVoter
from miniprogram_stub.program import MiniProgram, Refused
from miniprogram_stub.protocol import activity_path

KIND, TEMPLATE = "drawing", "drawing-short"
CHOOSING, DRAWING, OVER = "choosing", "drawing", "over"
# How long the vote lasts.
VOTING_SECONDS = 25.0
# The longest time of a rehearsal.
LONGEST_SECONDS = 900.0


def turns_in(game: Mapping[str, Any]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield (room, newest turn) of a game as everybody sees it; a hall is one room."""
    lines = game.get("rooms") or [{"room": 1, "turn": game.get("turn")}]
    for line in lines:
        if line["turn"]:
            yield line["room"], line["turn"]


def watch(journal: Any, name: str, game: Mapping[str, Any]) -> None:
    """Note the public facts of turns: the drawer, the beginning, and whether it is void."""
    for _, turn in turns_in(game):
        turn_id = turn["turn_id"]
        journal.learns(name, subject(turn_id, "drawer"), turn["drawer"]["id"])
        if turn["phase"] == DRAWING:
            since = round(datetime.fromisoformat(turn["since"]).timestamp() * 1000)
            journal.learns(name, subject(turn_id, "since"), since)
            journal.learns(name, subject(turn_id, "draw_ms"), game["draw_seconds"] * 1000)
        if turn["ending"] == "voided":
            journal.learns(name, subject(turn_id, "void"), True)


class DrawingPhone(LivePhone):
    """A player who draws when it is their turn, guesses when it is another's, and votes."""

    kind = KIND
    room: int | None = None
    turn: dict[str, Any] | None = None
    part: TurnPart | None = None
    # The private state is requested once in each phase of each turn: what was requested, and what
    # was answered.
    _own_due: tuple[int, str] = (0, "")
    _own_asked: tuple[int, str] = (0, "")
    _own_known: tuple[int, str] = (-1, "")
    _own_at = 0.0
    _here_at = 0.0
    _is_gallery = False

    @property
    def player_id(self) -> int:
        """The player as the server knows them."""
        assert self.seat
        return self.seat.player_id

    @property
    def parts(self) -> dict[int, TurnPart]:
        """What this phone has done in each turn."""
        if not hasattr(self, "_parts"):
            self._parts: dict[int, TurnPart] = {}
        return self._parts

    @property
    def voter(self) -> DrawingVoter:
        """This player's vote."""
        if not hasattr(self, "_voter"):
            self._voter = DrawingVoter(self)
        return self._voter

    def look(self) -> dict[str, Any] | None:
        """Return the game over HTTP, with the player's private state."""
        game: dict[str, Any] = self.program.get(self.path)
        return game if game["phase"] in ("playing", "gallery") else None

    def see(self, game: dict[str, Any] | None) -> None:
        """Follow the turn of the own room."""
        if game is None:
            return
        self._is_gallery = game["phase"] == "gallery"
        if self._is_gallery:
            self.part = None
            return
        if "room" in game:
            self.room = game["room"]
        watch(self.journal, self.name, game)
        for room, turn in turns_in(game):
            if room == self.room:
                self._follow(turn)
        if "room" in game and game.get("turn_id"):
            self._see_own(game)

    def _follow(self, turn: dict[str, Any]) -> None:
        """Create the part for a new turn, and follow its phases."""
        if self.turn and turn["turn_id"] < self.turn["turn_id"]:
            return
        self.turn = turn
        turn_id = turn["turn_id"]
        if turn_id not in self.parts:
            draws = turn["drawer"]["id"] == self.player_id
            self.parts[turn_id] = DrawerPart(self, turn_id) if draws else GuesserPart(self, turn_id)
        self.part = self.parts[turn_id]
        self._own_due = (turn_id, turn["phase"])

    def _see_own(self, own: dict[str, Any]) -> None:
        self.room = own["room"]
        turn = own.get("turn")
        self._own_known = (turn["turn_id"], turn["phase"]) if turn else self._own_asked
        part = self.parts.get(own.get("turn_id", 0))
        if part:
            part.see_own(own)

    def _take(self, message: dict[str, Any]) -> None:
        """Handle a message; texts of others must not contain the word."""
        super()._take(message)
        if message["type"] != "drawing.said":
            return
        said = message["data"]
        word = self.journal.known(subject(said["turn_id"], "word"))
        if word and word in said["text"]:
            self.journal.contradicts(self.name, subject(said["turn_id"], "said"), said["text"])

    def act(self) -> None:
        """Look, send signs of life, draw or guess, and vote at the end."""
        if self._is_gallery:
            self.voter.act(self.parts)
            return
        self._look_at_own()
        if self.part is None or self.turn is None:
            return
        self._leave_sign()
        if self.turn["phase"] == CHOOSING:
            self.part.while_choosing()
        elif self.turn["phase"] == DRAWING:
            self.part.while_drawing()

    def _look_at_own(self) -> None:
        now = time.monotonic()
        is_known = self.room is not None and self._own_known == self._own_due
        if self.has_socket and not is_known and now > self._own_at + UNHEARD_SECONDS / 2:
            self._own_at, self._own_asked = now, self._own_due
            self.say("look", {})

    def _leave_sign(self) -> None:
        assert self.turn and self.part
        now = time.monotonic()
        if self.turn["phase"] == OVER or now < self._here_at + self.part.here_seconds:
            return
        self._here_at = now
        if self.has_socket:
            self.say("drawing.here", {})
        else:
            self.program.post(f"{self.path}/here")

    def hear(self, asked: dict[str, Any], answer: dict[str, Any]) -> None:
        """Pass an answer to the part or the vote that it is about."""
        refused = answer["data"]["error"] if answer["type"] == "refusal" else None
        if refused:
            self.notes[refused] += 1
        if asked["type"] == "look":
            if refused is None and answer["data"]:
                self._see_own(answer["data"])
        elif asked["type"] == "drawing.vote":
            self.voter.hear(asked["data"]["turn_id"], refused)
        elif asked["type"] != "drawing.here":
            part = self.parts.get(asked["data"]["turn_id"])
            if part:
                word = asked["type"].removeprefix("drawing.")
                part.hear(word, asked["data"], answer["data"], refused)


def count_all(phones: Sequence[DrawingPhone], terms: Mapping[str, Any]) -> None:
    """Note the points of all players in every turn, by the stub's own rules."""
    seated = [phone for phone in phones if phone.seat]
    if not seated:
        return
    ledgers = {phone.player_id: _ledger(phone) for phone in seated}
    turn_ids = sorted({turn_id for phone in seated for turn_id in phone.parts})
    for turn_id in turn_ids:
        _count_turn(turn_id, seated, ledgers)
    _count_votes(seated)


def _ledger(phone: DrawingPhone) -> dict[str, tuple[int, int]]:
    """Return {source: (points, moment in ms)} as the phone's receipts say."""
    assert phone.seat
    items = phone.program.get(f"/events/{phone.seat.event_id}/receipts")["items"]
    return {
        item["source"]: (
            item["points"],
            round(datetime.fromisoformat(item["earned_at"]).timestamp() * 1000),
        )
        for item in items
    }


def _count_turn(
    turn_id: int, phones: Sequence[DrawingPhone], ledgers: Mapping[int, Mapping[str, Any]]
) -> None:
    journal = phones[0].journal
    by_id = {phone.player_id: phone for phone in phones}
    is_void = bool(journal.known(subject(turn_id, "void")))
    drawer_id = journal.known(subject(turn_id, "drawer"))
    hits = [hit for phone in phones if (hit := _hit(phone, turn_id, ledgers[phone.player_id]))]
    since, draw_ms = (journal.known(subject(turn_id, what)) for what in ("since", "draw_ms"))
    counted = count(SeenTurn(drawer_id, since, draw_ms or 1, is_void, tuple(hits)))
    for player_id, text in counted.wrong:
        name = by_id[player_id].name if player_id in by_id else str(player_id)
        journal.contradicts(name, source(turn_id, player_id), text)
    for player_id, points in counted.points.items():
        if player_id in by_id:
            journal.earns(by_id[player_id].name, source(turn_id, player_id), points)
    if is_void:
        for phone in phones:
            # Points of a void turn must not be in the ledger.
            journal.refused(phone.name, source(turn_id, phone.player_id), "voided")


def _hit(phone: DrawingPhone, turn_id: int, ledger: Mapping[str, Any]) -> RightGuess | None:
    """Return a right guess that was acknowledged, or that the ledger has of those unheard of."""
    own = source(turn_id, phone.player_id)
    told, entry = phone.journal.told(own), ledger.get(own)
    if told is not None:
        # While the board is frozen, points are not shown.
        points = entry[0] if told["points"] is None and entry else told["points"]
        return RightGuess(phone.player_id, told["place"], points or 0, entry[1] if entry else None)
    if entry is not None and own in phone.journal.doubtful(phone.name):
        return RightGuess(phone.player_id, None, entry[0], entry[1])
    return None


def source(turn_id: int, player_id: int) -> str:
    """Return what the ledger calls a player's part in a turn."""
    return f"drawing:{turn_id}:{player_id}"


def _count_votes(phones: Sequence[DrawingPhone]) -> None:
    """Check that every acknowledged vote counts, and that there are no more votes than were sent."""
    journal = phones[0].journal
    told = [journal.told(phone.voter.source) for phone in phones]
    doubtful = sum(phone.voter.source in journal.doubtful(phone.name) for phone in phones)
    try:
        drawings = phones[0].program.get(f"{phones[0].path}/gallery")["items"]
    except Refused:
        return
    counted = {item["turn_id"]: item["votes"] or 0 for item in drawings}
    for turn_id in {turn_id for turn_id in told if turn_id} | counted.keys():
        sure, found = told.count(turn_id), counted.get(turn_id, 0)
        if not sure <= found <= sure + doubtful:
            text = f"确认过 {sure} 票，{doubtful} 票没有下文，画廊里是 {found} 票"
            journal.contradicts("", f"drawing-vote:{turn_id}", text)


class DrawingHost:
    """The host of a game: begins it, and finishes it when the vote is done."""

    def __init__(
        self, program: MiniProgram, activity_id: int, phones: Sequence[DrawingPhone]
    ) -> None:
        self._program = program
        self._path = activity_path(KIND, activity_id)
        self._phones = phones

    def run(self, wait: Any) -> None:
        """Let all rooms play and everybody vote; raises `Refused`, `ServerAway` and `EveningStopped`."""
        self._program.post(f"{self._path}/begin")
        ends_at = time.monotonic() + LONGEST_SECONDS
        while time.monotonic() < ends_at:
            game = self._program.get(self._path)
            if game["phase"] != "playing":
                break
            watch(self._phones[0].journal, "host", game)
            wait(0.4)
        votes_until = time.monotonic() + VOTING_SECONDS
        while time.monotonic() < votes_until and not self._all_voted():
            wait(0.4)
        self._program.post(f"{self._path}/finish")
        wait(0.5)

    def _all_voted(self) -> bool:
        return all(phone.voter.is_done for phone in self._phones if phone.seat)
