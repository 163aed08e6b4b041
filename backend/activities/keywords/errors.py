"""Refusals of announced words."""

from backend.errors import LinkaError, NotFound, Sentence


class UnknownWord(NotFound):
    """This activity has no such word."""

    slug = "unknown_word"
    zh = "没有找到这个关键词。"
    en = "This activity has no such word."


class WordTaken(LinkaError):
    """Another word of the activity is written the same way."""

    slug = "word_taken"
    status = 409
    zh = "这个写法已经属于另一个关键词，请换一个。"
    en = "Another word of this activity is written the same way."


class WordAnnounced(LinkaError):
    """The word was announced and cannot be changed any more."""

    slug = "word_announced"
    status = 409
    zh = "这个关键词已经公布，不能再改，也不能删除。"
    en = "This word was announced and stays as it is."


class WordNotAnnounced(LinkaError):
    """Only what was announced can be closed."""

    slug = "word_not_announced"
    status = 409
    zh = "这个关键词还没有公布。"
    en = "This word has not been announced."


class WordsOpen(LinkaError):
    """A word is still open, so the result cannot be dismissed."""

    slug = "words_open"
    status = 409
    zh = "还有关键词正在进行，请等它结束或先提前结束。"
    en = "A word is still open; wait for its end or close it."


def row_is_no_word(row: int, line: str) -> Sentence:
    """Return the message for a row of a list that cannot be a word."""
    return Sentence(
        f"第 {row} 行“{line}”不能作关键词：每个写法 1 到 20 个字，要有文字或数字，最多 10 个别的写法。",
        f"Row {row}, “{line}”, is no keyword: each spelling has 1 to 20 characters with letters or"
        " digits, and there are at most 10 other spellings.",
    )


def row_is_taken(row: int, text: str, other: str) -> Sentence:
    """Return the message for a row of a list whose word has the spelling of another one."""
    return Sentence(
        f"第 {row} 行“{text}”与“{other}”的写法相同。",
        f"Row {row}, “{text}”, is written the same way as “{other}”.",
    )
