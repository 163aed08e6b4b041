"""Readers whom a share brought count once for each person, and points cannot be farmed."""

from collections.abc import Callable

import pytest

from backend.identity.models import Staff
from backend.posts import shares
from backend.posts.models import PostArrival
from backend.scoring.models import ScoreEntry
from tests.posts.conftest import Desk
from tests.support import Centre, FakeClock, Phone, at_once, refused


class Shared:
    """A post that 200003 has read and shared, with a season that is on."""

    def __init__(self, centre: Centre, desk: Desk, clock: FakeClock) -> None:
        self.centre, self.desk, self.clock = centre, desk, clock
        self.season = int(centre.open_event(centre.host())["id"])
        self.post_id = self.publish()
        self.sharer = centre.staff("200003")
        self.token = self.share(self.sharer, self.post_id)

    def publish(self, **facts: object) -> int:
        """Publish a post whose points go to the season."""
        return self.desk.publish(season_id=self.season, **{"audience": ["everyone"], **facts})

    def share(self, phone: Phone, post_id: int) -> str:
        """Let somebody read and share a post."""
        phone.ok("PUT", f"/posts/{post_id}/reading", {})
        return str(phone.ok("POST", f"/posts/{post_id}/shares")["token"])

    def read(self, phone: Phone, token: str = "", post_id: int = 0) -> None:
        """Let somebody read a post with a token, that of the sharer by default."""
        path = f"/posts/{post_id or self.post_id}/reading"
        phone.ok("PUT", path, {"share": token or self.token})

    def points(self) -> int:
        """Return the points that shares earned."""
        return sum(entry.points for entry in ScoreEntry.select())


@pytest.fixture
def shared(centre: Centre, desk: Desk, clock: FakeClock) -> Shared:
    """Return a shared post."""
    return Shared(centre, desk, clock)


def test_a_reader_of_the_roster_counts_and_earns_the_sharer_points(shared: Shared) -> None:
    shared.read(shared.centre.staff("200004"))
    figures = shared.desk.phone.ok("GET", f"/posts/{shared.post_id}/figures")
    assert (figures["brought"], figures["sharers"], figures["converted"]) == (1, 1, 1)
    [entry] = ScoreEntry.select()
    assert (entry.reason, entry.points, entry.event_id) == ("share", shares.POINTS, shared.season)
    me = shared.sharer.ok("GET", f"/events/{shared.season}/me")
    assert me["standing"]["points"] == shares.POINTS


def _own_token(shared: Shared) -> None:
    other = shared.publish(title="另一篇")
    token = shared.share(shared.sharer, other)
    shared.read(shared.sharer, token, other)


def _again(shared: Shared) -> None:
    reader = shared.centre.staff("200004")
    reader.ok("PUT", f"/posts/{shared.post_id}/reading", {})
    for _ in range(3):
        shared.read(reader)


def _token_of_another_post(shared: Shared) -> None:
    shared.read(shared.centre.staff("200004"), shared.token, shared.publish(title="另一篇"))


def _forged(shared: Shared) -> None:
    for number, token in enumerate(
        ("x", shared.token[:-1], shared.token + "A", shared.token.lower())
    ):
        shared.read(
            shared.centre.staff(f"20000{4 + number}"), token if token != shared.token else "y"
        )


def _second_account(shared: Shared) -> None:
    """The sharer's other account reads as a guest, and is then bound to the sharer."""
    guest = shared.centre.guest("second-phone")
    shared.read(guest)


def _many_guests(shared: Shared) -> None:
    for number in range(5):
        shared.read(shared.centre.guest(f"guest-{number}"))


def _circle(shared: Shared) -> None:
    """Two people cannot bring each other, because each has read before."""
    friend = shared.centre.staff("200004")
    token = shared.share(friend, shared.post_id)
    shared.read(friend)
    shared.read(shared.sharer, token)


def _outside_the_audience(shared: Shared) -> None:
    post_id = shared.publish(audience=["person:200003"])
    token = shared.share(shared.sharer, post_id)
    answer = shared.centre.staff("200004").put(f"/posts/{post_id}/reading", {"share": token})
    refused(answer, 404, "not_found")


def _withdrawn(shared: Shared) -> None:
    shared.desk.act(shared.post_id, "withdraw")
    path = f"/posts/{shared.post_id}/reading"
    answer = shared.centre.staff("200004").put(path, {"share": shared.token})
    refused(answer, 404, "not_found")


def _left(shared: Shared) -> None:
    Staff.update(active=False).where(Staff.number == "200003").execute()
    shared.read(shared.centre.staff("200004"))


def _season_over(shared: Shared) -> None:
    path = f"/events/{shared.season}/transitions"
    shared.centre.host().ok("POST", path, {"action": "close"})
    shared.read(shared.centre.staff("200004"))


@pytest.mark.parametrize(
    ("farm", "counted"),
    [
        (_own_token, 0),
        (_again, 0),
        (_token_of_another_post, 0),
        (_forged, 0),
        (_second_account, 1),
        (_many_guests, 5),
        (_circle, 0),
        (_outside_the_audience, 0),
        (_withdrawn, 0),
        (_left, 0),
        (_season_over, 1),
    ],
)
def test_a_share_cannot_be_farmed(
    shared: Shared, farm: Callable[[Shared], None], counted: int
) -> None:
    farm(shared)
    assert (PostArrival.select().count(), shared.points()) == (counted, 0)


def test_a_reader_whom_two_shared_with_counts_for_the_first(shared: Shared) -> None:
    reader, second = shared.centre.staff("200004"), shared.centre.staff("200001")
    token = shared.share(second, shared.post_id)
    tokens = [shared.token, token] * 3
    path = f"/posts/{shared.post_id}/reading"
    at_once([lambda token=token: reader.put(path, {"share": token}) for token in tokens])
    assert (PostArrival.select().count(), shared.points()) == (1, shares.POINTS)


def test_guests_of_one_sharer_do_not_outrank_a_colleague_of_another(shared: Shared) -> None:
    _many_guests(shared)
    second = shared.centre.staff("200001")
    shared.read(shared.centre.staff("200004"), shared.share(second, shared.post_id))
    found = shares.ranking([shared.post_id])
    assert [(row["number"], row["brought"]) for row in found] == [("200001", 1), ("200003", 5)]


def test_a_guest_who_is_bound_later_is_no_second_reader(shared: Shared) -> None:
    guest = shared.centre.guest("newcomer")
    shared.read(guest)
    body = {"staff_number": "200050", "invite_code": shared.centre.roster["200050"]["邀请码"]}
    guest.ok("POST", "/me/binding", body)
    shared.read(guest)
    assert (PostArrival.select().count(), shared.points()) == (1, 0)


def test_a_day_has_a_limit_over_all_posts_and_the_next_day_goes_on(shared: Shared) -> None:
    other = shared.publish(title="另一篇")
    token = shared.share(shared.sharer, other)
    numbers = [number for number in shared.centre.numbers() if number != "200003"]
    readers = [shared.centre.staff(number) for number in numbers[: shares.MOST_A_DAY + 1]]
    for reader in readers[1:]:
        shared.read(reader)
    shared.read(readers[0], token, other)
    most = shares.MOST_A_DAY * shares.POINTS
    assert (PostArrival.select().count(), shared.points()) == (shares.MOST_A_DAY + 1, most)
    shared.clock.advance(86_400)
    shared.read(shared.centre.staff(numbers[1]), token, other)
    assert shared.points() == most + shares.POINTS


def test_a_token_is_the_same_each_time_and_for_staff_who_have_read(shared: Shared) -> None:
    assert shared.share(shared.sharer, shared.post_id) == shared.token
    path = f"/posts/{shared.post_id}/shares"
    refused(shared.centre.staff("200004").post(path), 409, "not_read_yet")
    refused(shared.centre.guest().post(path), 403, "staff_only")
