"""Tokens: valid for an hour, or until their account signs out."""

from collections.abc import Callable
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from backend.config import DEVELOPMENT_SECRET_KEY
from backend.errors import TokenExpired, Unauthenticated
from backend.identity.models import AuditLine
from backend.identity.tokens import LIFETIME_SECONDS, Tokens
from backend.keys import OLD_ACCEPTED_SECONDS, Secret
from tests.support import START, Centre, FakeClock, Phone, WeChatSide, refused

SECRET = Secret(DEVELOPMENT_SECRET_KEY)
KEY = SECRET.key("tokens")
ONE_DATABASE = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


def signed(key: str | bytes = KEY, algorithm: str = "HS256", **claims: Any) -> str:
    """Return a token as ours are, but for some claims; a claim that is None is left out."""
    now = START // 1000
    ours = {"sub": "1", "ver": 1, "aud": "linka", "iat": now, "exp": now + 3600, **claims}
    kept = {name: value for name, value in ours.items() if value is not None}
    return jwt.encode(kept, key, algorithm=algorithm)


@given(st.integers(1, 2**53), st.integers(1, 2**31), st.integers(0, 4_102_444_800_000))
def test_token_is_read_back(account_id: int, version: int, now: int) -> None:
    tokens = Tokens(SECRET)
    token, ends_at = tokens.issue(account_id, version, now)
    assert tokens.read(token, now) == (account_id, version)
    assert 0 < ends_at - now <= LIFETIME_SECONDS * 1000


def test_same_login_has_the_same_token() -> None:
    assert Tokens(SECRET).issue(1, 1, START) == Tokens(SECRET).issue(1, 1, START + 999)


def test_token_ends_to_the_millisecond() -> None:
    tokens = Tokens(SECRET)
    token, ends_at = tokens.issue(1, 1, START)
    assert tokens.read(token, ends_at - 1) == (1, 1)
    with pytest.raises(TokenExpired):
        tokens.read(token, ends_at)


@pytest.mark.parametrize(
    "forge",
    [
        lambda: signed(key="another key of at least thirty-two characters"),
        lambda: signed(key="", algorithm="none"),
        lambda: signed(key=KEY * 2, algorithm="HS512"),
        lambda: signed(aud="another-service"),
        lambda: signed(aud=None),
        lambda: signed(exp=None),
        lambda: signed(sub=None),
        lambda: signed(ver=None),
        lambda: signed(sub="nobody"),
        lambda: signed(ver="latest"),
        lambda: signed(exp="never"),
        lambda: signed()[:-2],
        lambda: signed().replace(".", "", 1),
        lambda: "",
        lambda: "令牌",
        lambda: "a.b.c",
    ],
)
def test_forged_token_is_refused(forge: Callable[[], str]) -> None:
    with pytest.raises(Unauthenticated):
        Tokens(SECRET).read(forge(), START)


def test_what_is_forged_here_is_read_when_nothing_is_changed() -> None:
    assert Tokens(SECRET).read(signed(), START) == (1, 1)


def test_many_tokens_are_remembered_no_longer_than_needed() -> None:
    tokens = Tokens(SECRET)
    made = [tokens.issue(account_id, 1, START)[0] for account_id in range(1, 4100)]
    assert [tokens.read(token, START)[0] for token in made] == list(range(1, 4100))
    with pytest.raises(TokenExpired):
        tokens.read(made[0], START + LIFETIME_SECONDS * 1000)


def test_token_of_the_old_secret_is_good_for_a_day() -> None:
    until = START + OLD_ACCEPTED_SECONDS * 1000
    changed = Tokens(Secret("a new secret of more than 32 letters", DEVELOPMENT_SECRET_KEY, until))
    last = until - 1
    token, _ = Tokens(SECRET).issue(1, 1, last)
    assert changed.read(token, last) == (1, 1)
    for reader in (changed, Tokens(Secret("a new secret of more than 32 letters"))):
        with pytest.raises(Unauthenticated):
            reader.read(Tokens(SECRET).issue(2, 1, last)[0], until)
    with pytest.raises(Unauthenticated):
        Tokens(SECRET).read(changed.issue(1, 1, START)[0], START)


def test_token_of_the_old_secret_that_was_read_ends_with_the_old_secret() -> None:
    until = START + 60_000
    changed = Tokens(Secret("a new secret of more than 32 letters", DEVELOPMENT_SECRET_KEY, until))
    token, _ = Tokens(SECRET).issue(1, 1, START)
    assert changed.read(token, START) == (1, 1)
    with pytest.raises(Unauthenticated):
        changed.read(token, until)


# --- over HTTP


@ONE_DATABASE
@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic {}", "{}", "Bearer x{}"])
def test_header_without_a_token_is_refused(centre: Centre, header: str) -> None:
    token = centre.guest().token
    headers = {"Authorization": header.format(token)} if header else {}
    answer = Phone(centre.app, "").call("GET", "/me", headers=headers)
    refused(answer, 401, "unauthenticated")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


@ONE_DATABASE
def test_scheme_is_read_in_any_case(centre: Centre) -> None:
    headers = {"Authorization": f"bearer {centre.guest().token}"}
    assert Phone(centre.app, "").call("GET", "/me", headers=headers).status_code == 200


@ONE_DATABASE
def test_token_of_an_account_that_never_was_is_refused(centre: Centre) -> None:
    phone = Phone(centre.app, "", token=signed(sub="999999"))
    refused(phone.get("/me"), 401, "signed_out")


@ONE_DATABASE
def test_token_for_another_service_is_refused(centre: Centre) -> None:
    centre.guest()
    phone = Phone(centre.app, "", token=signed(aud="other"))
    refused(phone.get("/me"), 401, "unauthenticated")


@ONE_DATABASE
def test_expired_token_asks_for_a_new_login(centre: Centre, clock: FakeClock) -> None:
    phone = centre.guest()
    clock.advance(LIFETIME_SECONDS - 1)
    assert phone.get("/me").status_code == 200
    clock.advance(1)
    refused(phone.get("/me"), 401, "token_expired")


def test_signing_out_ends_every_older_token(
    centre: Centre, wechat: WeChatSide, clock: FakeClock
) -> None:
    phone, tablet = centre.guest("pema"), centre.guest("pema")
    assert phone.delete("/me/tokens").status_code == 204
    for signed_out in (phone, tablet):
        refused(signed_out.get("/me"), 401, "signed_out")
    clock.advance(1)
    assert centre.guest("pema").get("/me").status_code == 200


@ONE_DATABASE
def test_code_sent_again_after_signing_out_gives_no_token(
    centre: Centre, wechat: WeChatSide
) -> None:
    code = {"code": wechat.code("pema")}
    phone = Phone(centre.app, "pema")
    phone.token = phone.ok("POST", "/login", code)["token"]
    phone.delete("/me/tokens")
    refused(Phone(centre.app, "pema").post("/login", code), 401, "code_invalid")


@ONE_DATABASE
def test_signing_out_leaves_others_and_leaves_a_line(centre: Centre) -> None:
    phone, other = centre.guest("pema"), centre.guest("dawa")
    account_id = phone.ok("GET", "/me")["account"]["id"]
    phone.delete("/me/tokens")
    assert other.get("/me").status_code == 200
    line = AuditLine.select().order_by(AuditLine.id.desc()).get()
    assert (line.action, line.actor_id) == ("sign_out_everywhere", account_id)
    assert line.subject == f"account:{account_id}"


def test_a_key_of_another_algorithm_is_refused_each_time() -> None:
    public = Ed25519PrivateKey.generate().public_key()
    key = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    for _ in range(2):
        with pytest.raises(jwt.InvalidKeyError):
            signed(key=key)
