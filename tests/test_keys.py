"""Keys: one per purpose; what a secret sealed only it opens, and the one that came after it."""

import hmac

import pytest
from cryptography.fernet import InvalidToken
from hypothesis import given
from hypothesis import strategies as st

from backend.keys import Secret, Vault

ONE, OTHER = "one secret key of thirty-two chars", "another secret key of 32 letters!"
VAULT = Vault(Secret(ONE), "tests")


@given(st.text())
def test_sealed_text_is_opened_again(text: str) -> None:
    assert VAULT.open(VAULT.seal(text)) == text


def test_sealed_text_does_not_contain_the_text() -> None:
    assert "o0q0otL8aEzpcZL" not in VAULT.seal("o0q0otL8aEzpcZL/FT9WsQ==")


def test_sealing_twice_gives_two_texts() -> None:
    assert VAULT.seal("same") != VAULT.seal("same")


def test_another_secret_key_does_not_open_it() -> None:
    with pytest.raises(InvalidToken):
        Vault(Secret(OTHER), "tests").open(VAULT.seal("hidden"))


def test_tampered_text_is_not_opened() -> None:
    sealed = VAULT.seal("hidden")
    flipped = sealed[:-10] + ("A" if sealed[-10] != "A" else "B") + sealed[-9:]
    with pytest.raises(InvalidToken):
        VAULT.open(flipped)


def test_each_purpose_has_a_key_of_its_own() -> None:
    secret = Secret(ONE)
    keys = {secret.key(purpose) for purpose in ("tokens", "screen passes", "hunts")}
    assert len(keys) == 3 and {len(key) for key in keys} == {32}
    with pytest.raises(InvalidToken):
        Vault(secret, "other tests").open(VAULT.seal("hidden"))


def test_key_is_derived_as_the_standard_says() -> None:
    # HKDF-SHA256 by hand (RFC 5869): extract with a salt of zeros, expand one block.
    extracted = hmac.digest(bytes(32), ONE.encode(), "sha256")
    assert Secret(ONE).key("tests") == hmac.digest(extracted, b"linka tests\x01", "sha256")


def test_secret_is_not_shown() -> None:
    assert ONE not in repr(Secret(ONE, OTHER))


def test_what_the_old_secret_sealed_is_opened_and_sealed_anew() -> None:
    changed = Vault(Secret(OTHER, ONE, 1), "tests")
    sealed = VAULT.seal("hidden")
    assert changed.open(sealed) == "hidden"
    renewed = changed.renew(sealed)
    assert Vault(Secret(OTHER), "tests").open(renewed) == "hidden"
    with pytest.raises(InvalidToken):
        VAULT.open(renewed)
