"""Pictures of posts: small and without metadata, visible only to people who may see a version with
them.
"""

import pytest

from backend.posts.markdown import NOT_ALONE, PICTURES, rendered
from backend.posts.models import PostPicture
from backend.posts.pictures import MOST_PICTURES
from tests.posts.conftest import Desk
from tests.support import HOST, TRAINER, Centre, picture_bytes, refused


def _upload(desk: Desk, post_id: int, colour: str = "#d7263d") -> int:
    made = desk.phone.upload(f"/posts/{post_id}/pictures", picture_bytes(colour=colour))
    return int(made["id"])


def test_a_picture_of_the_text_and_the_cover_are_shown_to_the_audience_alone(
    centre: Centre, desk: Desk
) -> None:
    post_id = desk.draft(audience=["person:200003"])["id"]
    in_text, cover, unused = (_upload(desk, post_id, c) for c in ("#d7263d", "#0000ff", "#00ff00"))
    body = f"前面\n\n![一杯茶](picture:{in_text})\n\n后面"
    source = {"version": 1, "body": body, "cover_id": cover}
    desk.phone.ok("PUT", f"/posts/{post_id}/source", source)
    paths = {found: f"/posts/{post_id}/pictures/{found}" for found in (in_text, cover, unused)}
    reader, other = centre.staff("200003"), centre.staff("200004")
    refused(reader.get(paths[in_text]), 404, "not_found")
    desk.act(post_id, "submit")
    desk.act(post_id, "publish")
    shown = reader.ok("GET", f"/posts/{post_id}")
    assert [piece["html"].strip() for piece in shown["pieces"]] == [
        "<p>前面</p>",
        "",
        "<p>后面</p>",
    ]
    picture = shown["pieces"][1]["picture"]
    assert (picture["path"], picture["width"]) == (paths[in_text], 64)
    assert (shown["pieces"][1]["words"], shown["cover_path"]) == ("一杯茶", paths[cover])
    for found in (in_text, cover):
        answer = reader.get(paths[found])
        assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
        refused(other.get(paths[found]), 404, "not_found")
        refused(centre.staff(TRAINER).get(paths[found]), 404, "not_found")
    refused(reader.get(paths[unused]), 404, "not_found")
    assert desk.phone.get(paths[unused]).status_code == 200


def test_a_picture_belongs_to_its_post(centre: Centre, desk: Desk) -> None:
    one, other = desk.draft()["id"], desk.draft()["id"]
    picture = _upload(desk, one)
    refused(desk.phone.get(f"/posts/{other}/pictures/{picture}"), 404, "not_found")
    body = {"version": 1, "cover_id": picture}
    refused(desk.phone.put(f"/posts/{other}/source", body), 422, "invalid")
    post_id = desk.publish(body=f"![](picture:{picture})")
    assert centre.staff("200003").ok("GET", f"/posts/{post_id}")["pieces"] == []


def test_the_same_file_is_one_picture_and_a_post_has_few(centre: Centre, desk: Desk) -> None:
    post_id = desk.draft()["id"]
    assert _upload(desk, post_id) == _upload(desk, post_id)
    path = f"/posts/{post_id}/pictures"
    refused(centre.staff("200003").uploads(path, picture_bytes()), 403, "forbidden")
    refused(desk.phone.uploads(path, b"<svg onload=alert(1)>"), 422, "bad_picture")
    row = PostPicture.get()
    for number in range(MOST_PICTURES - 1):
        facts = {"data": row.data, "width": 8, "height": 8, "uploaded_at": 0}
        PostPicture.create(post=post_id, digest=str(number), **facts)
    more = desk.phone.uploads(path, picture_bytes(colour="#123456"))
    refused(more, 409, "too_many_post_pictures")


@pytest.mark.parametrize(
    ("text", "ids", "notes"),
    [
        ("![茶](picture:3)", [3], ()),
        ("文 ![茶](picture:3) 字", [], (NOT_ALONE,)),
        ("> ![茶](picture:3)", [], (NOT_ALONE,)),
        ("![茶](https://example.com/a.png)", [], (PICTURES,)),
        ("![茶](picture:3?x=https://example.com)", [], (PICTURES,)),
    ],
)
def test_a_text_names_pictures_of_its_own_post_alone(
    text: str, ids: list[int], notes: tuple[object, ...]
) -> None:
    found = rendered(text)
    assert (found.picture_ids, found.notes) == (ids, notes)
    assert "img" not in found.html


@pytest.mark.parametrize(
    ("url", "status"),
    [
        ("https://media.example.com/linka.mp4", 201),
        ("", 201),
        ("http://media.example.com/linka.mp4", 422),
        ("javascript:alert(1)", 422),
        ("https://media.example.com/a b.mp4", 422),
        ("https://name:word@example.com/a.mp4", 422),
        ("data:video/mp4;base64,AA", 422),
    ],
)
def test_a_film_comes_by_https(centre: Centre, url: str, status: int) -> None:
    body = {"column_id": 1, "title": "片", "body": "文", "video_url": url}
    assert centre.staff(HOST).post("/posts", body).status_code == status
