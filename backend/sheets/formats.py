"""Formats numbers as Excel shows them. Pure.

The formats are those of ECMA-376, part 1, 18.8.31, as a Chinese Excel shows them. Widths of columns
are not known: a fill (`*x`) is left out, a gap (`_x`) is a space. `[DBNum1]` and its like, which
write numbers in Chinese, are shown in plain digits.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from functools import cached_property
from operator import eq, ge, gt, le, lt, ne

GENERAL = "General"
LONGEST_CODE = 255
MOST_PIECES = 40
SECONDS_OF_DAY = 86_400
LAST_DAY = 2_958_465
DAYS_TO_1904 = 1_462

# Built-in formats by their number, which files do not contain. A Chinese Excel shows 14 and 22 with
# the year first, and has formats of its own from 27 on.
BUILT_IN = {
    0: GENERAL,
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    5: '"¥"#,##0;"¥"-#,##0',
    6: '"¥"#,##0;"¥"-#,##0',
    7: '"¥"#,##0.00;"¥"-#,##0.00',
    8: '"¥"#,##0.00;"¥"-#,##0.00',
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
    14: "yyyy/m/d",
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    22: "yyyy/m/d h:mm",
    **dict.fromkeys((27, 36, 50, 52, 57), 'yyyy"年"m"月"'),
    **dict.fromkeys((28, 29, 51, 53, 54, 58), 'm"月"d"日"'),
    30: "m-d-yy",
    31: 'yyyy"年"m"月"d"日"',
    32: 'h"时"mm"分"',
    33: 'h"时"mm"分"ss"秒"',
    **dict.fromkeys((34, 55), '上午/下午h"时"mm"分"'),
    **dict.fromkeys((35, 56), '上午/下午h"时"mm"分"ss"秒"'),
    37: "#,##0;-#,##0",
    38: "#,##0;-#,##0",
    39: "#,##0.00;-#,##0.00",
    40: "#,##0.00;-#,##0.00",
    41: '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ',
    42: '_ "¥"* #,##0_ ;_ "¥"* -#,##0_ ;_ "¥"* "-"_ ;_ @_ ',
    43: '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ',
    44: '_ "¥"* #,##0.00_ ;_ "¥"* -#,##0.00_ ;_ "¥"* "-"??_ ;_ @_ ',
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mm:ss.0",
    48: "##0.0E+0",
    49: "@",
}
SYSTEM_LONG_DATE, SYSTEM_TIME = "[$-F800]", "[$-F400]"

_PIECE = re.compile(
    r'"(?P<quoted>[^"]*)"?'
    r"|[\\!](?P<escaped>.)"
    r"|(?P<gap>_.)"
    r"|(?P<fill>\*.)"
    r"|\[(?P<bracket>[^\]]*)\]"
    r"|(?P<general>general|G/通用格式)"
    r"|(?P<half>am/pm|a/p|上午/下午)"
    r"|(?P<power>e[+-][0#?]+)"
    r"|(?P<clock>y+|m+|d+|h+|s+|e+|aaaa?|b+|g+)"
    r"|(?P<digit>[0#?])"
    r"|(?P<sign>[.,%/@;])"
    r"|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d+)?)")
_COMPARE = {"<": lt, "<=": le, ">": gt, ">=": ge, "=": eq, "<>": ne}
_ELAPSED = re.compile("h+|m+|s+", re.IGNORECASE)
_SYMBOL = re.compile(r"\$([^-]*)(?:-([0-9a-f]*))?", re.IGNORECASE)
_CHINESE_LOCALES = ("804", "404", "1004", "c04", "1404")
_MONTHS = (
    ("January", "February", "March", "April", "May", "June")
    + ("July", "August", "September", "October", "November", "December")
)  # fmt: skip
_CHINESE_MONTHS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_EXACT = Context(prec=400, rounding=ROUND_HALF_UP)


@dataclass(frozen=True)
class Piece:
    """A part of a format: `kind` is the part of the value that it shows, `text` how."""

    kind: str
    text: str


@dataclass(frozen=True)
class Section:
    """One of a format's parts between semicolons."""

    pieces: tuple[Piece, ...]
    condition: tuple[str, Decimal] | None
    chinese: bool

    @cached_property
    def scaled(self) -> tuple[tuple[Piece, ...], int]:
        """The pieces without the commas that divide by a thousand, and the power of ten to show."""
        last = max(at for at, piece in enumerate(self.pieces) if piece.kind == "digit")
        commas = 0
        for piece in self.pieces[last + 1 :]:
            if piece.kind != ",":
                break
            commas += 1
        power = 2 * sum(piece.kind == "%" for piece in self.pieces) - 3 * commas
        return self.pieces[: last + 1] + self.pieces[last + 1 + commas :], power

    @cached_property
    def is_clock(self) -> bool:
        """Whether it shows a date or a time."""
        return bool(self.kinds & {"clock", "half", "elapsed"})

    @cached_property
    def kinds(self) -> frozenset[str]:
        """The kinds of its pieces."""
        return frozenset(piece.kind for piece in self.pieces)

    def holds(self, value: Decimal) -> bool:
        """Say whether the condition holds; true when there is none."""
        return self.condition is None or _COMPARE[self.condition[0]](value, self.condition[1])

    @property
    def is_for_negatives(self) -> bool:
        """Whether only negative numbers fit the condition; their sign is then not shown."""
        return self.condition is not None and (
            (self.condition[0] == "<" and self.condition[1] <= 0)
            or (self.condition[0] == "<=" and self.condition[1] < 0)
        )


class Format:
    """A number format, parsed once and applied to many values."""

    def __init__(self, code: str) -> None:
        sections = _sections(code if len(code) <= LONGEST_CODE else GENERAL)
        if any(len(section.pieces) > MOST_PIECES for section in sections):
            sections = _sections(GENERAL)
        last = sections[-1]
        has_text = len(sections) > 3 or "@" in last.kinds
        self._texts = last if has_text else None
        self._numbers = tuple(sections[:-1] if has_text else sections)[:3]
        self.is_clock = any(section.is_clock for section in self._numbers)
        self.pieces = max(len(section.pieces) for section in sections)

    def number(self, value: float, *, since_1904: bool = False) -> str:
        """Return a number as it is shown; a day is a number of days since 1900 or 1904."""
        exact = Decimal(f"{value:.15g}")
        section, signed = self._section(exact)
        if section is None or "general" in section.kinds:
            shown = general(value if signed else abs(value))
            return shown if section is None else _with_literals(section, shown)
        if section.is_clock:
            days = value + DAYS_TO_1904 if since_1904 else value
            return _clock(section, days) if 0 <= days < LAST_DAY + 1 else general(value)
        return _number(section, exact, signed)

    def text(self, value: str) -> str:
        """Return a text as it is shown."""
        return value if self._texts is None else _with_literals(self._texts, value)

    def _section(self, value: Decimal) -> tuple[Section | None, bool]:
        """Return the section for a number, None for General, and whether a minus is added."""
        sections = self._numbers
        if len(sections) < 2:
            return (sections[0] if sections else None), True
        first, second = sections[:2]
        three = len(sections) == 3
        if first.condition is None:
            is_first = value > 0 if three else value >= 0
        else:
            is_first = first.holds(value)
        if is_first:
            return first, not first.is_for_negatives
        if second.condition is not None:
            if second.holds(value) or not three:
                return second, not second.is_for_negatives
        elif value < 0 or not three:
            return second, first.condition is not None and not _covers_rest(first)
        return sections[2], True


def _covers_rest(first: Section) -> bool:
    """Return whether only negative numbers are left for the next section."""
    operator, limit = first.condition or (">=", Decimal(0))
    return operator in (">", ">=") and limit <= 0


def general(value: float) -> str:
    """Return a number in the format General; whole numbers keep all their digits."""
    if value == int(value):
        return str(int(value))
    size = abs(value)
    if 1e-4 <= size < 1e11:
        return _trimmed(f"{value:.{max(10 - len(str(int(size))), 0)}f}")
    plain = _trimmed(f"{value:.9f}")
    if float(plain) == value or size >= 1e11:
        return plain
    mantissa, _, power = f"{value:.5E}".partition("E")
    return f"{_trimmed(mantissa)}E{power}"


def _trimmed(digits: str) -> str:
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


# --- taking a format apart


def _sections(code: str) -> list[Section]:
    upper = code.upper()
    if SYSTEM_LONG_DATE in upper:
        code = BUILT_IN[31]
    elif SYSTEM_TIME in upper:
        code = BUILT_IN[21]
    parts: list[list[tuple[str, str]]] = [[]]
    for found in _PIECE.finditer(code):
        kind = str(found.lastgroup)
        if kind == "sign" and found[0] == ";":
            parts.append([])
        else:
            parts[-1].append((kind, found[kind]))
    return [_section_of(part) for part in parts]


def _section_of(part: list[tuple[str, str]]) -> Section:
    pieces: list[Piece] = []
    condition, chinese = None, False
    for kind, text in part:
        if kind == "bracket":
            found = _CONDITION.fullmatch(text)
            symbol = _SYMBOL.fullmatch(text)
            if found:
                condition = (found[1], Decimal(found[2]))
            elif symbol:
                chinese |= (symbol[2] or "").lower().lstrip("0") in _CHINESE_LOCALES
                pieces.append(Piece("literal", symbol[1]))
            elif _ELAPSED.fullmatch(text):
                pieces.append(Piece("elapsed", text.lower()))
        elif kind != "fill":
            pieces.append(_piece(kind, text))
    pieces = _joined(pieces)
    if any(piece.kind in ("clock", "half", "elapsed") for piece in pieces):
        pieces = _with_minutes(pieces)
    return Section(tuple(pieces), condition, chinese)


def _piece(kind: str, text: str) -> Piece:
    if kind in ("quoted", "escaped", "other"):
        return Piece("literal", text)
    if kind == "gap":
        return Piece("literal", " ")
    if kind == "sign":
        return Piece(text, text)
    return Piece(kind, text.lower() if kind == "clock" else text)


def _joined(pieces: Sequence[Piece]) -> list[Piece]:
    """Join neighbouring literals."""
    found: list[Piece] = []
    for piece in pieces:
        if piece.kind == "literal" and found and found[-1].kind == "literal":
            found[-1] = Piece("literal", found[-1].text + piece.text)
        elif piece.text:
            found.append(piece)
    return found


def _with_minutes(pieces: list[Piece]) -> list[Piece]:
    """Distinguish minutes from months: `m` after hours or before seconds means minutes."""
    found = list(pieces)
    of_clock = [at for at, piece in enumerate(pieces) if piece.kind in ("clock", "elapsed")]
    for order, at in enumerate(of_clock):
        if pieces[at].kind != "clock" or pieces[at].text not in ("m", "mm"):
            continue
        before = pieces[of_clock[order - 1]].text[0] if order else ""
        after = pieces[of_clock[order + 1]].text[0] if order + 1 < len(of_clock) else ""
        if before == "h" or after == "s":
            found[at] = Piece("clock", "n" * len(pieces[at].text))
    return found


# --- showing


def _with_literals(section: Section, shown: str) -> str:
    return "".join(
        piece.text if piece.kind == "literal" else shown if piece.kind in ("@", "general") else ""
        for piece in section.pieces
    )


def _number(section: Section, value: Decimal, signed: bool) -> str:
    pieces = section.pieces
    size = abs(value)
    if "/" in section.kinds:
        shown = _fraction(pieces, size)
        if shown is not None:
            return _signed(shown, value, signed)
    if "digit" not in section.kinds:
        shown = "".join(general(float(size)) if p.kind == "@" else p.text for p in pieces)
        return _signed(shown, value, signed and "@" in section.kinds)
    pieces, power = section.scaled
    size = _EXACT.scaleb(size, power)
    if "power" in section.kinds:
        return _signed(_scientific(pieces, size), value, signed)
    shown, is_zero = _decimal(pieces, size)
    return _signed(shown, value, signed and not is_zero)


def _signed(shown: str, value: Decimal, signed: bool) -> str:
    return f"-{shown}" if signed and value < 0 else shown


def _split_at_point(pieces: Sequence[Piece]) -> tuple[Sequence[Piece], Sequence[Piece] | None]:
    at = next((at for at, piece in enumerate(pieces) if piece.kind == "."), None)
    return (pieces, None) if at is None else (pieces[:at], pieces[at + 1 :])


def _decimal(pieces: Sequence[Piece], size: Decimal) -> tuple[str, bool]:
    """Return a number that is not negative as it is shown, and whether it is shown as zero."""
    whole_pieces, part_pieces = _split_at_point(pieces)
    places = sum(piece.kind == "digit" for piece in part_pieces or ())
    rounded = _EXACT.quantize(size, Decimal(1).scaleb(-places))
    whole, _, part = f"{rounded:f}".partition(".")
    shown = _whole(whole_pieces, "" if whole == "0" else whole)
    if part_pieces is not None:
        shown += "." + _part(part_pieces, part)
    return shown, rounded == 0


def _whole(pieces: Sequence[Piece], digits: str) -> str:
    """Put digits into places from the right; the first place takes all remaining digits."""
    places = [at for at, piece in enumerate(pieces) if piece.kind == "digit"]
    grouped = any(
        piece.kind == "," and places and places[0] < at < places[-1]
        for at, piece in enumerate(pieces)
    )
    shown: list[str] = []
    count = 0
    for at in range(len(pieces) - 1, -1, -1):
        piece = pieces[at]
        if piece.kind != "digit":
            shown.append("" if piece.kind == "," and places else piece.text)
            continue
        taken = digits if at == places[0] else digits[-1:]
        digits = digits[: len(digits) - len(taken)]
        for digit in reversed(taken or {"0": "0", "?": " ", "#": ""}[piece.text]):
            if grouped and count and count % 3 == 0 and digit != " ":
                shown.append(",")
            shown.append(digit)
            count += 1
    return "".join(reversed(shown))


def _part(pieces: Sequence[Piece], digits: str) -> str:
    """Put the digits after the point into their places; `#` shows no zeros at the end."""
    kept = len(digits.rstrip("0"))
    shown: list[str] = []
    at = 0
    for piece in pieces:
        if piece.kind != "digit":
            shown.append(piece.text)
            continue
        blank = {"0": "0", "?": " ", "#": ""}[piece.text]
        shown.append(digits[at] if at < kept else blank)
        at += 1
    return "".join(shown)


def _scientific(pieces: Sequence[Piece], size: Decimal) -> str:
    at = next(at for at, piece in enumerate(pieces) if piece.kind == "power")
    before, after = pieces[:at], pieces[at + 1 :]
    whole, part = _split_at_point(before)
    step = max(sum(piece.kind == "digit" for piece in whole), 1)
    places = sum(piece.kind == "digit" for piece in part or ())
    power = size.adjusted() // step * step if size else 0
    quantum = Decimal(1).scaleb(-places)
    if size and _EXACT.quantize(_EXACT.scaleb(size, -power), quantum) >= 10**step:
        power += step
    shown, _ = _decimal(before, _EXACT.scaleb(size, -power))
    code = pieces[at].text
    sign = "-" if power < 0 else "+" if code[1] == "+" else ""
    digits = str(abs(power)).zfill(len(code) - 2)
    rest = "".join(piece.text for piece in after)
    return f"{shown}{code[0].upper()}{sign}{digits}{rest}"


def _fraction(pieces: Sequence[Piece], size: Decimal) -> str | None:
    """Return a number as a fraction; None if the slash in the format is not that of a fraction."""
    at = next(at for at, piece in enumerate(pieces) if piece.kind == "/")
    start = at
    while start and pieces[start - 1].kind == "digit":
        start -= 1
    end = at + 1
    while end < len(pieces) and pieces[end].kind == "digit":
        end += 1
    fixed = re.match(r"\d+", pieces[end].text) if end == at + 1 and end < len(pieces) else None
    if start == at or (end == at + 1 and fixed is None):
        return None
    before, after = pieces[:start], "".join(piece.text for piece in pieces[end:])
    if fixed:
        below = int(fixed[0][:7]) or 1
        above = round(Fraction(size) * below)
        after = after[len(fixed[0]) :]
    else:
        nearest = Fraction(size).limit_denominator(10 ** min(end - at - 1, 7) - 1)
        above, below = nearest.numerator, nearest.denominator
    if not any(piece.kind == "digit" for piece in before):
        return "".join(piece.text for piece in before) + f"{above}/{below}{after}"
    whole, above = divmod(above, below)
    shown = _whole(before, str(whole) if whole or not above else "")
    return (f"{shown}{above}/{below}" if above else shown.rstrip()) + after


def _clock(section: Section, days: float) -> str:
    pieces = section.pieces
    decimals = _decimals_of_seconds(pieces)
    ticks = round(days * SECONDS_OF_DAY * 10**decimals)
    seconds, ticks = divmod(ticks, 10**decimals)
    if not any(piece.text[0] in "hns" for piece in pieces if piece.kind in ("clock", "elapsed")):
        seconds = int(days) * SECONDS_OF_DAY
    day, second = divmod(seconds, SECONDS_OF_DAY)
    moment = CellTime(day, second // 3600, second // 60 % 60, second % 60)
    halves = any(piece.kind == "half" for piece in pieces)
    shown: list[str] = []
    for at, piece in enumerate(pieces):
        if piece.kind == "clock":
            shown.append(_clock_text(piece.text, moment, halves, section.chinese))
        elif piece.kind == "elapsed":
            unit = {"h": 3600, "m": 60, "s": 1}[piece.text[0]]
            shown.append(str(seconds // unit).zfill(len(piece.text)))
        elif piece.kind == "half":
            shown.append(_half(piece.text, moment.hour, section.chinese))
        elif piece.kind == "digit":
            if pieces[at - 1].kind == "." and decimals:
                shown.append(str(ticks).zfill(decimals))
        elif piece.kind != "@":
            shown.append(piece.text)
    return "".join(shown)


@dataclass(frozen=True)
class CellTime:
    """A day as Excel counts them, and a time of that day."""

    day: int
    hour: int
    minute: int
    second: int

    @property
    def date(self) -> date:
        """The date; 29 February 1900, which only exists in Excel, is shown as the 28th."""
        return (datetime(1899, 12, 31 if self.day < 60 else 30) + timedelta(self.day)).date()


def _decimals_of_seconds(pieces: Sequence[Piece]) -> int:
    for at, piece in enumerate(pieces):
        if piece.kind == "." and at and pieces[at - 1].text[:1] == "s":
            count = 0
            while at + 1 + count < len(pieces) and pieces[at + 1 + count].kind == "digit":
                count += 1
            return min(count, 3)
    return 0


def _clock_text(code: str, moment: CellTime, halves: bool, chinese: bool) -> str:
    letter, width = code[0], len(code)
    if letter in "hns":
        hour = (moment.hour + 11) % 12 + 1 if halves else moment.hour
        value = {"h": hour, "n": moment.minute, "s": moment.second}[letter]
        return str(value).zfill(min(width, 2))
    day = moment.date
    if letter in "ye":
        return str(day.year) if letter == "e" or width > 2 else f"{day.year % 100:02}"
    if letter == "m":
        return _month(day.month, width, chinese)
    if letter == "d" and width < 3:
        return str(day.day).zfill(width)
    if letter in "da":
        return _weekday(day.weekday(), width, chinese or letter == "a")
    return ""


def _month(month: int, width: int, chinese: bool) -> str:
    if width < 3:
        return str(month).zfill(width)
    if chinese:
        return f"{_CHINESE_MONTHS[month - 1]}月"
    return {3: _MONTHS[month - 1][:3], 5: _MONTHS[month - 1][0]}.get(width, _MONTHS[month - 1])


def _weekday(day: int, width: int, chinese: bool) -> str:
    if chinese:
        return ("星期" if width > 3 else "") + "一二三四五六日"[day]
    return _DAYS[day] if width > 3 else _DAYS[day][:3]


def _half(code: str, hour: int, chinese: bool) -> str:
    first, second = code.split("/")
    if chinese and len(first) == 2:
        first, second = "上午", "下午"
    return second if hour >= 12 else first
