"""Numbers as a Chinese Excel shows them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.sheets.formats import BUILT_IN, LONGEST_CODE, Format

DAY = 46354  # 2026-11-28, a Saturday
ACCOUNTING = BUILT_IN[44]


@pytest.mark.parametrize(
    "value, code, shown",
    [
        # whole numbers and decimals
        (42, "0", "42"),
        (2.5, "0", "3"),
        (-2.5, "0", "-3"),
        (3.1, "0.00", "3.10"),
        (1.005, "0.00", "1.01"),
        (-0.001, "0.00", "0.00"),
        (1e14, "0.00", "100000000000000.00"),
        (1.5, "0.##", "1.5"),
        (2, "0.##", "2."),
        (0, "#", ""),
        (42, "00000", "00042"),
        (13800138000, "000-0000-0000", "138-0013-8000"),
        # percent
        (0.8, "0%", "80%"),
        (0.985, "0.0%", "98.5%"),
        (0.85, "0.00%", "85.00%"),
        (-0.5, "0%;[Red]-0%", "-50%"),
        # thousands, scaled
        (1048576, "#,##0", "1,048,576"),
        (1234.5, "#,##0.00", "1,234.50"),
        (999, "#,##0", "999"),
        (5, "0,000", "0,005"),
        (1234567, '#,##0,"千"', "1,235千"),
        (12345678, '0!.0,"万"', "1234.6万"),
        # money
        (19, '"¥"0.00', "¥19.00"),
        (29.9, "¥0.00", "¥29.90"),
        (29.9, "￥#,##0.00", "￥29.90"),
        (100, "[$¥-804]#,##0.00", "¥100.00"),
        (100, "[$￥-804]#,##0", "￥100"),
        (5, '0"元/月"', "5元/月"),
        (5, "0元", "5元"),
        (1234.5, ACCOUNTING, " ¥1,234.50 "),
        (-3, ACCOUNTING, " ¥-3.00 "),
        (0, ACCOUNTING, " ¥-   "),
        # negative numbers
        (-1234.5, "#,##0.00_);(#,##0.00)", "(1,234.50)"),
        (1234.5, "#,##0.00_);(#,##0.00)", "1,234.50 "),
        (-5, "0;0", "5"),
        (-5, "0;[红色]-0;零", "-5"),
        (0, "0;-0;零", "零"),
        (-1, "General", "-1"),
        # fractions
        (0.5, "# ?/?", " 1/2"),
        (1.5, "# ?/?", "1 1/2"),
        (8.25, "# ??/??", "8 1/4"),
        (7, "# ??/??", "7"),
        (0.25, "?/?", "1/4"),
        (0.375, "# ?/16", " 6/16"),
        (-0.5, "# ?/?", "- 1/2"),
        # scientific
        (12345, "0.00E+00", "1.23E+04"),
        (0.00012, "0.00E+00", "1.20E-04"),
        (9.996, "0.00E+00", "1.00E+01"),
        (0, "0.00E+00", "0.00E+00"),
        (12345, "##0.0E+0", "12.3E+3"),
        # General
        (3, "General", "3"),
        (123456789012345, "General", "123456789012345"),
        (1 / 3, "General", "0.333333333"),
        (0.1 + 0.2, "General", "0.3"),
        (1e-10, "General", "1E-10"),
        (3, 'General"个"', "3个"),
        (3, 'G/通用格式"个"', "3个"),
        (42, "@", "42"),
        # dates
        (DAY, "yyyy-mm-dd", "2026-11-28"),
        (DAY, "yyyy/m/d;@", "2026/11/28"),
        (DAY, 'yyyy"年"m"月"d"日"', "2026年11月28日"),
        (DAY, '[$-804]yyyy"年"m"月"d"日";@', "2026年11月28日"),
        (DAY, '[DBNum1][$-804]yyyy"年"m"月"d"日";@', "2026年11月28日"),
        (DAY, 'm"月"d"日"', "11月28日"),
        (DAY, 'yyyy"年"m"月"', "2026年11月"),
        (DAY, r"[$-F800]dddd\,\ mmmm\ dd\,\ yyyy", "2026年11月28日"),
        (DAY, "[$-804]aaaa", "星期六"),
        (DAY, "aaa", "六"),
        (DAY, "[$-804]dddd", "星期六"),
        (DAY, "dddd", "Saturday"),
        (DAY, "d-mmm-yy", "28-Nov-26"),
        (DAY, "e-m-d", "2026-11-28"),
        (1, "yyyy-m-d", "1900-1-1"),
        (61, "yyyy-m-d", "1900-3-1"),
        # times
        (0.3125, "h:mm", "7:30"),
        (0.3125, "hh:mm:ss", "07:30:00"),
        (0.3541666666666, "h:mm", "8:30"),
        (7.99 / 24, "h:mm", "7:59"),
        (DAY + 0.3125, "yyyy/m/d h:mm", "2026/11/28 7:30"),
        (DAY + 0.3125, 'm"月"d"日" h"时"mm"分"', "11月28日 7时30分"),
        (0.8125, "h:mm AM/PM", "7:30 PM"),
        (0.8125, '上午/下午h"时"mm"分"', "下午7时30分"),
        (0.3125, '上午/下午h"时"mm"分"ss"秒"', "上午7时30分00秒"),
        (0.8125, "[$-804]AM/PM h:mm;@", "下午 7:30"),
        (0.8125, r"[$-F400]h:mm:ss\ AM/PM", "19:30:00"),
        (1.3, "[h]:mm", "31:12"),
        (1.3, "[mm]:ss", "1872:00"),
        (0.5 / 1440, "mm:ss", "00:30"),
        (1.25 / 86400, "ss.00", "01.25"),
        (-1, "yyyy-mm-dd", "-1"),
        (3_000_000, "yyyy-mm-dd", "3000000"),
        # sections with conditions
        (12, '[>=10]0"多";[<10]0"少"', "12多"),
        (5, '[>=10]0"多";[<10]0"少"', "5少"),
        (-5, '[>=10]0"多";[<10]0"少"', "-5少"),
        (1, '[=1]"是";[=0]"否";General', "是"),
        (0, '[=1]"是";[=0]"否";General', "否"),
        (7, '[=1]"是";[=0]"否";General', "7"),
        (13800138000, "[<=9999999]###-####;000-0000-0000", "138-0013-8000"),
        # nothing is shown
        (5, ";;;", ""),
        (0, "0;-0;;@", ""),
    ],
)  # fmt: skip
def test_number_is_shown_as_excel_shows_it(value: float, code: str, shown: str) -> None:
    assert Format(code).number(value) == shown


@pytest.mark.parametrize(
    "built_in, value, shown",
    [
        (0, 0.5, "0.5"),
        (9, 0.8, "80%"),
        (14, DAY, "2026/11/28"),
        (20, 0.3125, "7:30"),
        (22, DAY + 0.3125, "2026/11/28 7:30"),
        (27, DAY, "2026年11月"),
        (31, DAY, "2026年11月28日"),
        (34, 0.3125, "上午7时30分"),
        (46, 1.3, "31:12:00"),
        (49, 200001, "200001"),
        (58, DAY, "11月28日"),
    ],
)
def test_format_that_a_file_only_numbers_is_that_of_a_chinese_excel(
    built_in: int, value: float, shown: str
) -> None:
    assert Format(BUILT_IN[built_in]).number(value) == shown


@pytest.mark.parametrize(
    "code, shown", [("@", "甲"), ("General", "甲"), ('@"组"', "甲组"), ("0;-0;0;", ""), ("0", "甲")]
)
def test_text_is_shown_by_the_part_for_texts(code: str, shown: str) -> None:
    assert Format(code).text("甲") == shown


def test_days_may_be_counted_from_1904() -> None:
    assert Format("yyyy-mm-dd").number(DAY - 1462, since_1904=True) == "2026-11-28"


def test_format_longer_than_excel_allows_is_taken_as_general() -> None:
    assert Format("0" * (LONGEST_CODE + 1)).number(7) == "7"


@given(
    st.text('0#?.,%/@;_*[]\\"!$-+ eEymdhsaAMP上午下gG>=<12¥', max_size=30),
    st.floats(-1e15, 1e15),
)
def test_any_format_shows_any_number(code: str, value: float) -> None:
    assert isinstance(Format(code).number(value), str)
    assert isinstance(Format(code).text("甲"), str)


@given(st.integers(0, 999_999_999_999_999))
def test_whole_number_keeps_its_digits(value: int) -> None:
    assert Format("General").number(float(value)) == str(value)
    assert Format("0").number(float(value)) == str(value)
    assert Format("#,##0").number(float(value)) == f"{value:,}"
