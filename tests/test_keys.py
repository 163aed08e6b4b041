"""Keys: one per purpose; only the secret that encrypted a text, and the secret after it, decrypt
it."""

import hmac

import pytest
from cryptography.fernet import InvalidToken
from hypothesis import given
from hypothesis import strategies as st

from backend.keys import Secret, TextCipher

ONE, OTHER = "one secret key of thirty-two chars", "another secret key of 32 letters!"
CIPHER = TextCipher(Secret(ONE), "tests")


@given(st.text())
def test_sealed_text_is_opened_again(text: str) -> None:
    assert CIPHER.decrypt(CIPHER.encrypt(text)) == text


def test_sealed_text_does_not_contain_the_text() -> None:
    assert "o0q0otL8aEzpcZL" not in CIPHER.encrypt("o0q0otL8aEzpcZL/FT9WsQ==")


def test_sealing_twice_gives_two_texts() -> None:
    assert CIPHER.encrypt("same") != CIPHER.encrypt("same")


def test_another_secret_key_does_not_open_it() -> None:
    with pytest.raises(InvalidToken):
        TextCipher(Secret(OTHER), "tests").decrypt(CIPHER.encrypt("hidden"))


def test_tampered_text_is_not_opened() -> None:
    sealed = CIPHER.encrypt("hidden")
    flipped = sealed[:-10] + ("A" if sealed[-10] != "A" else "B") + sealed[-9:]
    with pytest.raises(InvalidToken):
        CIPHER.decrypt(flipped)


def test_each_purpose_has_a_key_of_its_own() -> None:
    secret = Secret(ONE)
    keys = {secret.key(purpose) for purpose in ("tokens", "screen passes", "hunts")}
    assert len(keys) == 3 and {len(key) for key in keys} == {32}
    with pytest.raises(InvalidToken):
        TextCipher(secret, "other tests").decrypt(CIPHER.encrypt("hidden"))


def test_key_is_derived_as_the_standard_says() -> None:
    # HKDF-SHA256 by hand (RFC 5869): extract with a salt of zeros, expand one block.
    extracted = hmac.digest(bytes(32), ONE.encode(), "sha256")
    assert Secret(ONE).key("tests") == hmac.digest(extracted, b"linka tests\x01", "sha256")


def test_secret_is_not_shown() -> None:
    assert ONE not in repr(Secret(ONE, OTHER))


def test_what_the_old_secret_encrypted_is_decrypted_and_encrypted_anew() -> None:
    changed = TextCipher(Secret(OTHER, ONE, 1), "tests")
    sealed = CIPHER.encrypt("hidden")
    assert changed.decrypt(sealed) == "hidden"
    renewed = changed.rotate(sealed)
    assert TextCipher(Secret(OTHER), "tests").decrypt(renewed) == "hidden"
    with pytest.raises(InvalidToken):
        CIPHER.decrypt(renewed)
