"""The evening that `make screen-soak` plays."""

from tests.bench.screen_soak import SHARE_STEPS, Cost, Evening, Step


def order(step: Step) -> list[int]:
    """Return who stands where on the board of a step."""
    (state,) = [data for name, data in step if name == "state"]
    return [row["id"] for row in state["boards"]["players"]["rows"]]


def test_somebody_overtakes_at_every_moment() -> None:
    evening = Evening()
    orders = [order(evening.overtaking()) for _ in range(200)]
    assert all(before != after for before, after in zip(orders, orders[1:], strict=False))


def test_a_share_is_as_long_as_it_says_and_ends_at_the_board() -> None:
    steps = list(Evening().share())
    assert len(steps) == SHARE_STEPS
    shown = [data["screen"]["shows"] for step in steps for name, data in step if name == "state"]
    assert {"board", "arrivals", "podium", "automatic"} < set(shown)
    assert shown[0] == shown[-1] == "board"


def test_growth_is_a_part_of_what_was_there_first() -> None:
    assert Cost(1000, 200).growth(Cost(1100, 190)) == (1100 / 1000 - 1, 190 / 200 - 1)
