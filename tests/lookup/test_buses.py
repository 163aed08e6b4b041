"""Which bus is the next one."""

from datetime import datetime

import pytest

from backend.lookup.buses import next_buses
from backend.lookup.models import BusStop


@pytest.mark.parametrize(
    ("time", "told"),
    [
        ("23:44", "23:45（1 分钟后），这是今天最后一班"),
        ("23:45", "23:45（现在），这是今天最后一班"),
        ("23:46", "今天没有了，明天 00:05（19 分钟后）"),
        ("00:05", "00:05（现在），之后 23:45"),
        ("00:06", "23:45（23 小时 39 分钟后），这是今天最后一班"),
    ],
)
def test_the_next_bus_around_midnight(time: str, told: str) -> None:
    facts = {"weekdays": "1234567", "from_day": "", "until_day": ""}
    stop = BusStop(line="夜线", stop="东门", times=["00:05", "23:45"], **facts)
    local = datetime.fromisoformat(f"2026-11-22T{time}")
    assert [row.text for row in next_buses([stop], local).rows] == [told]


def test_a_line_whose_last_day_is_over_is_left_out() -> None:
    facts = {"weekdays": "1234567", "from_day": "", "times": ["08:00"]}
    over = BusStop(line="旧线", stop="东门", until_day="2026-11-20", **facts)
    runs = BusStop(line="新线", stop="东门", until_day="2026-11-22", **facts)
    local = datetime.fromisoformat("2026-11-22T07:00")
    assert [row.label for row in next_buses([over, runs], local).rows] == ["新线 · 东门"]
    (alone,) = next_buses([over], local).rows
    assert alone.text == "时刻表只到 11月20日（周五），之后没有车"
