"""Refusals of drawing and guessing."""

from backend.errors import Forbidden, LinkaError, NotFound, Sentence


class NotBegun(LinkaError):
    """The host has not begun the game."""

    slug = "drawing_not_begun"
    status = 409
    zh = "游戏还没有开始，请等待主持人。"
    en = "The game has not begun."


class NotInThisRoom(Forbidden):
    """The player has no seat in the room of this turn."""

    slug = "not_in_this_room"
    zh = "你不在这个房间里。"
    en = "You have no seat in this room."


class UnknownTurn(NotFound):
    """The game has no such turn."""

    slug = "unknown_turn"
    zh = "没有找到这一轮。"
    en = "The game has no such turn."


class NotYourTurn(Forbidden):
    """The caller is not the drawer of this turn."""

    slug = "not_your_turn"
    zh = "现在不是你画。"
    en = "It is not your turn to draw."


class TurnOver(LinkaError):
    """The turn is over; nothing counts any more."""

    slug = "turn_over"
    status = 409
    zh = "这一轮已经结束。"
    en = "This turn is over."


class NotDrawing(LinkaError):
    """The drawer is still choosing."""

    slug = "not_drawing_yet"
    status = 409
    zh = "画手还在选词，请稍候。"
    en = "The drawer is still choosing."


class AlreadyChosen(LinkaError):
    """Another prompt was chosen, by the drawer or, when the time was up, by the server."""

    slug = "already_chosen"
    status = 409
    zh = "这一轮的词已经选定。"
    en = "The prompt of this turn has been chosen."


class UnknownPrompt(LinkaError):
    """There is no prompt at this position."""

    slug = "unknown_prompt"
    status = 422
    zh = "请从给出的词里选一个。"
    en = "Choose one of the prompts that are offered."


class GivesAway(LinkaError):
    """A player who knows the answer wrote it, or something that sounds like it."""

    slug = "gives_answer_away"
    status = 409
    zh = "这句话会泄露答案，换个说法吧。"
    en = "This would give the answer away."


class StrokesMissing(LinkaError):
    """Earlier operations did not arrive; send again from the number that arrived."""

    slug = "strokes_missing"
    status = 409
    zh = "前面的笔画没有收到，请从第 {count} 笔起重发。"
    en = "Only {count} operations arrived; send again from there."

    def __init__(self, count: int) -> None:
        super().__init__(fields={"at": [Sentence(str(count), str(count))]}, count=count)


class DrawingFull(LinkaError):
    """The drawing has the largest size that a turn allows."""

    slug = "drawing_full"
    status = 409
    zh = "这幅画已经画满了，不能再加了。"
    en = "The drawing can hold no more."


class BadStrokes(LinkaError):
    """A batch has points that are not pairs, too many, or outside the canvas."""

    slug = "bad_strokes"
    status = 422
    zh = "笔画数据有误，请重画。"
    en = "The strokes cannot be drawn."


class OwnDrawing(Forbidden):
    """Players may neither report nor vote for their own drawing."""

    slug = "own_drawing"
    zh = "不能举报自己的画，也不能给自己的画投票。"
    en = "You cannot report or vote for your own drawing."


class AlreadyVotedForDrawing(LinkaError):
    """The player's vote went to another drawing."""

    slug = "already_voted"
    status = 409
    zh = "你已经投过票了，以第一次为准。"
    en = "You have voted; the first vote counts."


class NotInGallery(LinkaError):
    """The turn is not over yet, or was voided."""

    slug = "not_in_gallery"
    status = 409
    zh = "这幅画不在画展里。"
    en = "This drawing is not in the gallery."


class VotingOver(LinkaError):
    """The host has ended the vote."""

    slug = "voting_over"
    status = 409
    zh = "投票已经结束。"
    en = "The vote is over."


class GalleryNotOpen(LinkaError):
    """The game still runs; the gallery opens after its last turn."""

    slug = "gallery_not_open"
    status = 409
    zh = "还在画，画展还没有开。"
    en = "The game still runs; the gallery is not open yet."


class NoWords(LinkaError):
    """The packs of the game hold no words."""

    slug = "no_words"
    status = 409
    zh = "词库里没有词，请先导入词库。"
    en = "The word packs are empty; import words first."
