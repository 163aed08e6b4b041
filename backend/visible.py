"""Invisible characters: one list for all texts that are stored, compared or counted. Pure.

The list is Default_Ignorable_Code_Point of Unicode 17.0 (unchanged since 14.0; it holds all of
Bidi_Control and the Hangul fillers), the control characters except tab and line feed, lone
surrogates, the noncharacters U+FFFE and U+FFFF, and some characters that are drawn as nothing.
"""

import re
import unicodedata

DEFAULT_IGNORABLE = (
    (0x00AD, 0x00AD),
    (0x034F, 0x034F),
    (0x061C, 0x061C),
    (0x115F, 0x1160),
    (0x17B4, 0x17B5),
    (0x180B, 0x180F),
    (0x200B, 0x200F),
    (0x202A, 0x202E),
    (0x2060, 0x206F),
    (0x3164, 0x3164),
    (0xFE00, 0xFE0F),
    (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0),
    (0xFFF0, 0xFFF8),
    (0x1BCA0, 0x1BCA3),
    (0x1D173, 0x1D17A),
    (0xE0000, 0xE0FFF),
)
_CONTROLS = ((0x00, 0x08), (0x0B, 0x1F), (0x7F, 0x9F), (0xD800, 0xDFFF), (0xFFFE, 0xFFFF))
_DRAWN_AS_NOTHING = (
    (0x2800, 0x2800),  # the braille pattern without a dot
    (0xFFF9, 0xFFFB),  # marks around an annotation
    (0x13430, 0x13440),  # how hieroglyphs are joined
    (0x16FE4, 0x16FE4),  # the filler of Khitan small script
    (0x1D159, 0x1D159),  # the note without a head
)
INVISIBLE = (*DEFAULT_IGNORABLE, *_CONTROLS, *_DRAWN_AS_NOTHING)

# Extended_Pictographic of Unicode 14.0, whose unassigned ranges are kept for later emoji.
_PICTOGRAPHIC = (
    "©®‼⁉™ℹ↔-↙↩↪⌚⌛⌨⎈⏏⏩-⏳⏸-⏺Ⓜ▪▫▶◀◻-◾☀-★☇-☒☔-⚅⚐-✅✈-✒✔✖✝✡✨✳✴❄❇❌❎❓-❕❗❣-❧➕-➗➡➰➿⤴⤵⬅-⬇⬛⬜⭐⭕〰〽㊗㊙"
    "\U0001f000-\U0001f0ff\U0001f10d-\U0001f10f\U0001f12f\U0001f16c-\U0001f171"
    "\U0001f17e\U0001f17f\U0001f18e\U0001f191-\U0001f19a\U0001f1ad-\U0001f1e5"
    "\U0001f201-\U0001f20f\U0001f21a\U0001f22f\U0001f232-\U0001f23a\U0001f23c-\U0001f23f"
    "\U0001f249-\U0001f3fa\U0001f400-\U0001f53d\U0001f546-\U0001f64f\U0001f680-\U0001f6ff"
    "\U0001f774-\U0001f77f\U0001f7d5-\U0001f7ff\U0001f80c-\U0001f80f\U0001f848-\U0001f84f"
    "\U0001f85a-\U0001f85f\U0001f888-\U0001f88f\U0001f8ae-\U0001f8ff\U0001f90c-\U0001f93a"
    "\U0001f93c-\U0001f945\U0001f947-\U0001faff\U0001fc00-\U0001fffd"
)


def _of_class(ranges: tuple[tuple[int, int], ...]) -> str:
    return "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in ranges)


_INVISIBLE = re.compile(f"[{_of_class(INVISIBLE)}]+")
_NEW_LINE = re.compile("\r\n|[\r\x85\u2028\u2029]")
# A pictograph may be followed by its variation selector and its skin colour, and be joined to more;
# a key cap is a digit with two marks; the flag of a region is a black flag and its name in tags.
_PICTURE = f"[{_PICTOGRAPHIC}][\ufe0e\ufe0f]?[\U0001f3fb-\U0001f3ff]?"
_EMOJI = (
    f"\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{{3,6}}\U000e007f"
    f"|{_PICTURE}(?:\u200d{_PICTURE})*"
    "|[0-9#*]\ufe0f\u20e3"
)
_EMOJI_OR_INVISIBLE = re.compile(f"({_EMOJI})|{_INVISIBLE.pattern}")


def bare(text: str) -> str:
    """Return a text without any invisible character: for comparing and looking up."""
    if text.isascii() and text.isprintable():
        return text
    return _INVISIBLE.sub("", text)


def shown(text: str) -> str:
    """Return a text as it is stored and shown: trimmed, without invisible characters.

    Joiners, variation selectors and tags inside an emoji are kept. Every kind of line end is a line
    feed. A text with nothing visible in it is empty.
    """
    if text.isascii() and text.isprintable():
        return text.strip()
    text = _NEW_LINE.sub("\n", text)
    if _INVISIBLE.search(text):
        text = _EMOJI_OR_INVISIBLE.sub(_emoji_only, text)
    return text.strip()


def _emoji_only(found: re.Match[str]) -> str:
    return found[1] or ""


def half_width(text: str) -> str:
    """Return full-width letters, digits and signs as half-width ones, trimmed: for matching."""
    return unicodedata.normalize("NFKC", bare(text)).strip()


def longest_form(text: str) -> str:
    """Return the longest Unicode form of a text, whose length is limited: one character may
    decompose into many."""
    return max(text, unicodedata.normalize("NFKC", text), key=len)
