"""Session keys at rest: only the secret key that sealed them opens them."""

import pytest
from cryptography.fernet import InvalidToken
from hypothesis import given
from hypothesis import strategies as st

from backend.wechat.crypto import Vault

VAULT = Vault("one secret key of thirty-two chars")


@given(st.text())
def test_sealed_text_is_opened_again(text: str) -> None:
    assert VAULT.open(VAULT.seal(text)) == text


def test_sealed_text_does_not_contain_the_text() -> None:
    assert "o0q0otL8aEzpcZL" not in VAULT.seal("o0q0otL8aEzpcZL/FT9WsQ==")


def test_sealing_twice_gives_two_texts() -> None:
    assert VAULT.seal("same") != VAULT.seal("same")


def test_another_secret_key_does_not_open_it() -> None:
    with pytest.raises(InvalidToken):
        Vault("another secret key of 32 letters!").open(VAULT.seal("hidden"))


def test_tampered_text_is_not_opened() -> None:
    sealed = VAULT.seal("hidden")
    flipped = sealed[:-10] + ("A" if sealed[-10] != "A" else "B") + sealed[-9:]
    with pytest.raises(InvalidToken):
        VAULT.open(flipped)
