"""A small server, and phones whose waits take no time."""

from collections.abc import Callable, Iterator
from random import Random

import pytest

from miniprogram_stub.phone import Phone
from miniprogram_stub.program import MiniProgram
from miniprogram_stub.transport import Network
from tests.stub.little_server import LittleServer


class Time:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    def clock(self) -> float:
        return self.now


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def server() -> Iterator[LittleServer]:
    with LittleServer() as little:
        yield little


@pytest.fixture
def new_phone(server: LittleServer) -> Iterator[Callable[..., Phone]]:
    phones: list[Phone] = []

    def make(user: str = "staff-1", **options: object) -> Phone:
        phones.append(Phone(user, server.url, Network(), **options))
        return phones[-1]

    yield make
    for phone in phones:
        phone.close()


@pytest.fixture
def program(server: LittleServer, new_phone: Callable[..., Phone], time: Time) -> MiniProgram:
    return MiniProgram(
        new_phone(), server.url, sleep=time.sleep, clock=time.clock, random=Random(1)
    )
