"""The normal forms by which 工号 and names are compared."""

import pytest

from backend.identity.keys import normal_name, normal_number, normal_team


@pytest.mark.parametrize(
    "typed",
    ["LK0001", "lk0001", "ＬＫ０００１", " lk 0001 ", "\u202dLK0001\u202c", "lk\u3164０001"],
)
def test_number_is_one_however_it_is_typed(typed: str) -> None:
    assert normal_number(typed) == "LK0001"


@pytest.mark.parametrize("dot", ["·", "•", "・", "．", ".", "･", " · ", "‧", "\u202e·\u202c", ""])
def test_name_is_one_whatever_dot_is_in_it(dot: str) -> None:
    assert normal_name(f"边巴{dot}卓玛") == normal_name("边巴·卓玛")


def test_spaces_case_and_width_make_no_other_name() -> None:
    assert normal_name("张　三") == normal_name("张 三") == normal_name("张三")
    assert normal_name("ＡＮＮ Lee") == normal_name("ann lee")
    assert normal_name("张三") != normal_name("张三丰")


def test_team_is_one_however_its_name_is_typed_but_a_dot_counts() -> None:
    assert normal_team("１ 组\u3164") == normal_team("1组")
    assert normal_team("丹增・班") == normal_team("丹增·班")
    assert normal_team("3.1组") != normal_team("31组")
