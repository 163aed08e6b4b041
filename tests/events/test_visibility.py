"""One module decides who sees what, and nothing else that is installed compares views."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.events import visibility
from backend.events.visibility import View
from tests.installation import ROOT

PUBLIC, SCREEN, OWN, HOST = View.PUBLIC, View.SCREEN, View.OWN, View.HOST
DOOR = ROOT / "backend" / "events" / "visibility.py"


def comparisons(path: Path) -> Iterator[int]:
    """Return the lines on which a file compares something with a view, such as `View.HOST`."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Compare):
            named = [one for side in (node.left, *node.comparators) for one in ast.walk(side)]
            views = (one.value for one in named if isinstance(one, ast.Attribute))
            if any(isinstance(view, ast.Name) and view.id == "View" for view in views):
                yield node.lineno


def test_no_other_module_compares_views() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in sorted((ROOT / "backend").rglob("*.py"))
        if path != DOOR
        for line in comparisons(path)
    ]
    assert found == []


def test_comparison_of_views_is_found(tmp_path: Path) -> None:
    written = tmp_path / "view.py"
    written.write_text("a = 1\nb = view is View.HOST\nc = view in (View.OWN, View.HOST)\n")
    assert list(comparisons(written)) == [2, 3]


@pytest.mark.parametrize("view", View)
def test_nothing_is_held_back_from_hosts_alone(view: View) -> None:
    assert visibility.sees_all(view) == (view is HOST)


@pytest.mark.parametrize("view", View)
def test_what_is_held_back_is_for_hosts_until_it_is_released(view: View) -> None:
    assert visibility.shows_held_back(False, view) == (view is HOST)
    assert visibility.shows_held_back(True, view)


@pytest.mark.parametrize("view", View)
def test_what_one_must_be_in_the_hall_to_know_is_on_screens_and_for_hosts(view: View) -> None:
    assert visibility.shows_in_hall(view) == (view in (SCREEN, HOST))


@pytest.mark.parametrize("view", View)
def test_staff_number_is_for_the_player_and_for_hosts(view: View) -> None:
    assert visibility.shows_staff_number(view) == (view in (OWN, HOST))


@pytest.mark.parametrize("view", View)
@pytest.mark.parametrize("is_signer", [False, True])
def test_anonymous_ballot_is_for_its_receipt_alone_whoever_asks(
    view: View, is_signer: bool
) -> None:
    for has_receipt in (False, True):
        shown = visibility.shows_ballot(True, view, is_signer=is_signer, has_receipt=has_receipt)
        assert shown == has_receipt


@pytest.mark.parametrize("view", View)
@pytest.mark.parametrize("has_receipt", [False, True])
def test_named_ballot_is_for_its_signer_and_for_hosts(view: View, has_receipt: bool) -> None:
    for is_signer in (False, True):
        shown = visibility.shows_ballot(False, view, is_signer=is_signer, has_receipt=has_receipt)
        assert shown == (is_signer or view is HOST)


@pytest.mark.parametrize(
    ("approved", "is_author", "who"),
    [
        (True, False, set(View)),
        (False, False, {HOST}),
        (False, True, {OWN, HOST}),
    ],
)
def test_what_somebody_wrote_is_shown_once_approved(
    approved: bool, is_author: bool, who: set[View]
) -> None:
    found = {view for view in View if visibility.shows_written(approved, view, is_author)}
    assert found == who
