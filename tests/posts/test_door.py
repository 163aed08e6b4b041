"""A post outside one's audience is found on no path, whatever one did with it before."""

from collections.abc import Callable
from typing import Any

import pytest

from backend.posts.models import PostQuestion
from backend.questions.models import Question
from tests.posts.conftest import Desk
from tests.support import Centre, Phone, picture_bytes

SECRET = "只给他们看"
MARKED = {"marked": True}


def _lists(phone: Phone, post_id: int) -> bool:
    """Return whether a post or its title is on any list."""
    paths = ("/posts/home", "/posts", f"/posts?words={SECRET}", "/posts?unread=true")
    more = ("/posts?saved=true", "/posts/notices", "/posts/columns")
    return any(SECRET in phone.get(path).text for path in (*paths, *more))


PATHS: dict[str, tuple[str, str, Any]] = {
    "post": ("GET", "", None),
    "reading": ("PUT", "/reading", {}),
    "confirmation": ("PUT", "/reading", {"confirmed": True}),
    "picture": ("GET", "/pictures/{picture}", None),
    "lesson": ("GET", "/lesson", None),
    "answer": ("POST", "/lesson/answers", {"question_id": 1, "choice": ["A"]}),
    "comments": ("GET", "/comments", None),
    "comment": ("POST", "/comments", {"text": "好"}),
    "removal": ("DELETE", "/comments/{comment}", None),
    "like": ("PUT", "/like", MARKED),
    "unlike": ("PUT", "/like", {"marked": False}),
    "saved": ("PUT", "/saved", MARKED),
    "share": ("POST", "/shares", None),
    "came by share": ("PUT", "/reading", {"share": "{token}"}),
    "source": ("GET", "/source", None),
    "change": ("PUT", "/source", {"version": 1}),
    "step": ("POST", "/transitions", {"action": "withdraw"}),
    "reach": ("GET", "/reach", None),
    "figures": ("GET", "/figures", None),
    "reminders": ("POST", "/reminders", None),
    "decision": ("PUT", "/comments/{comment}", {"status": "approved"}),
}
# Paths for writers say who may use them, to everybody.
OF_WRITERS = {"source", "change", "step", "reach", "figures", "reminders", "decision"}


@pytest.fixture
def lost(centre: Centre, desk: Desk) -> dict[str, Any]:
    """Return the ids of a post that 200003 has read, saved, liked, shared and commented on."""
    question = Question.get_by_id(1)
    names = [f"{question.bank.name}:{question.code}"]
    post_id = desk.draft(questions=names, must_read=False)["id"]
    path = f"/posts/{post_id}"
    picture = desk.phone.upload(f"{path}/pictures", picture_bytes())["id"]
    body = {"version": 1, "title": SECRET, "body": f"![]({'picture:'}{picture})"}
    desk.phone.ok("PUT", f"{path}/source", {**body, "must_read": True})
    desk.act(post_id, "submit")
    desk.act(post_id, "publish")
    reader = centre.staff("200003")
    desk.phone.ok("POST", f"{path}/reminders")
    reader.ok("PUT", f"{path}/saved", MARKED)
    reader.ok("PUT", f"{path}/like", MARKED)
    comment = reader.ok("POST", f"{path}/comments", {"text": "好"})["id"]
    assert _lists(reader, post_id)
    reader.ok("PUT", f"{path}/reading", {})
    token = reader.ok("POST", f"{path}/shares")["token"]
    assert PostQuestion.select().count() > 0
    return {"post_id": post_id, "picture": picture, "comment": comment, "token": token}


def _other_audience(desk: Desk, post_id: int) -> None:
    body = {"version": 2, "audience": ["person:200004"]}
    desk.phone.ok("PUT", f"/posts/{post_id}/source", body)


def _withdrawn(desk: Desk, post_id: int) -> None:
    desk.act(post_id, "withdraw")


@pytest.mark.parametrize("closes", [_other_audience, _withdrawn])
def test_a_post_outside_the_audience_is_found_on_no_path(
    centre: Centre, desk: Desk, lost: dict[str, Any], closes: Callable[[Desk, int], None]
) -> None:
    post_id = lost["post_id"]
    closes(desk, post_id)
    for who in (centre.staff("200003"), centre.staff("200001"), centre.guest()):
        assert not _lists(who, post_id)
        for name, (method, end, body) in PATHS.items():
            sent = body and {
                key: value.format_map(lost) if isinstance(value, str) else value
                for key, value in body.items()
            }
            answer = who.call(method, f"/posts/{post_id}{end.format_map(lost)}", sent)
            expected = 403 if name in OF_WRITERS else 404
            assert answer.status_code == expected, (name, answer.text)
            assert SECRET not in answer.text
