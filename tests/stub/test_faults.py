"""A bad network does what its seed says, and counts it."""

from collections import Counter
from random import Random

import pytest

from miniprogram_stub.faults import FINE, KINDS, STORM, BadNetwork, FaultRates
from miniprogram_stub.transport import HttpReply, NetworkFailure, Outgoing

QUESTION = Outgoing("POST", "http://linka/answer", {}, b"{}")
OK = HttpReply(200, {}, b"{}")


class Wire:
    """Notes what gets through."""

    def __init__(self) -> None:
        self.heard: list[Outgoing] = []
        self.meanwhile = lambda: None

    def send(self, request: Outgoing, timeout_seconds: float) -> HttpReply:
        self.heard.append(request)
        self.meanwhile()
        return OK

    def close(self) -> None:
        self.heard.clear()


def always(kind: str, **more: object) -> FaultRates:
    return FaultRates(**{kind: 1.0}, **more)


@pytest.fixture
def wire() -> Wire:
    return Wire()


@pytest.fixture
def network(wire, time):
    def make(fault_rates: FaultRates, seed: int = 1) -> BadNetwork:
        return BadNetwork(wire, fault_rates, Random(seed), time.sleep)

    return make


def test_network_without_faults_lets_everything_through(network, wire):
    fine = network(FINE)
    assert [fine.send(QUESTION, 1) for _ in range(50)] == [OK] * 50
    assert (len(wire.heard), fine.injected.total()) == (50, 0)


def test_drop_before_never_reaches_the_server(network, wire):
    with pytest.raises(NetworkFailure):
        network(always("dropped_before")).send(QUESTION, 1)
    assert wire.heard == []


def test_drop_after_loses_only_the_reply(network, wire):
    with pytest.raises(NetworkFailure):
        network(always("dropped_after")).send(QUESTION, 1)
    assert wire.heard == [QUESTION]


def test_double_arrives_twice_and_is_answered_once(network, wire):
    assert network(always("doubled")).send(QUESTION, 1) == OK
    assert wire.heard == [QUESTION, QUESTION]


def test_delay_waits_before_sending(network, wire, time):
    assert network(always("delayed", delay_seconds=(2.0, 3.0))).send(QUESTION, 1) == OK
    assert len(wire.heard) == 1
    assert 2.0 <= time.slept[0] <= 3.0


def test_background_is_interrupted_after_the_server_heard(network, wire, time):
    with pytest.raises(NetworkFailure, match="interrupted"):
        network(always("backgrounded", background_seconds=(4.0, 4.0))).send(QUESTION, 1)
    assert wire.heard == [QUESTION]
    assert time.slept == [4.0]


def test_background_interrupts_what_else_is_in_flight(wire, time):
    # The first draw lets a request pass, the second sends the phone to the background.
    draws = Random()
    numbers = iter([0.9, 0.0, 0.0, 0.0])
    draws.random = lambda: next(numbers)
    network = BadNetwork(wire, FaultRates(backgrounded=0.5), draws, time.sleep)

    def leave() -> None:
        wire.meanwhile = lambda: None
        with pytest.raises(NetworkFailure, match="interrupted"):
            network.send(QUESTION, 1)

    wire.meanwhile = leave
    with pytest.raises(NetworkFailure, match="interrupted"):
        network.send(QUESTION, 1)
    assert network.injected == {"backgrounded": 1}


def outcomes(network: BadNetwork) -> list[bool]:
    heard = []
    for _ in range(300):
        try:
            network.send(QUESTION, 1)
        except NetworkFailure:
            heard.append(False)
        else:
            heard.append(True)
    return heard


def test_same_seed_repeats_the_run(network):
    first, again, other = network(STORM, 7), network(STORM, 7), network(STORM, 8)
    assert outcomes(first) == outcomes(again)
    assert first.injected == again.injected
    assert outcomes(other) != outcomes(network(STORM, 7))


def test_every_fault_is_counted(network, wire):
    stormy = network(STORM)
    lost = outcomes(stormy).count(False)
    injected = stormy.injected
    assert set(injected) == set(KINDS)
    losing = ("dropped_before", "dropped_after", "backgrounded")
    assert lost == sum(injected[kind] for kind in losing)
    assert len(wire.heard) == 300 - injected["dropped_before"] + injected["doubled"]


def test_faults_come_about_as_often_as_told(network):
    stormy = network(STORM)
    for _ in range(10):
        outcomes(stormy)
    for kind in KINDS:
        assert stormy.injected[kind] / 3000 == pytest.approx(getattr(STORM, kind), abs=0.02)


def test_calm_ends_the_faults(network):
    stormy = network(always("dropped_before"))
    stormy.calm()
    assert stormy.send(QUESTION, 1) == OK
    assert stormy.injected == Counter()


@pytest.mark.parametrize(
    ("draw", "kind"),
    [
        (0.0, "dropped_before"),
        (0.19, "dropped_before"),
        (0.21, "doubled"),
        (0.49, "doubled"),
        (0.51, None),
    ],
)
def test_a_draw_stands_for_a_fault(draw, kind):
    assert FaultRates(dropped_before=0.2, doubled=0.3).fault(draw) == kind
