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
