"""Tokens: JWTs that are valid for an hour. When one expires, the phone logs in with WeChat again
without asking.

A token has one possible head, five claims, and one possible signature by HS256 (RFC 7515, RFC 7518); anything
else is refused. A library for tokens of all kinds takes ten times as long.
"""

import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

from backend.encoding import encoded
from backend.errors import TokenExpired, Unauthenticated
from backend.keys import Secret

LIFETIME_SECONDS = 3600
_AUDIENCE = "linka"
_CACHE_SIZE = 20_000
_FOR_EVER = 2**53
# {"alg":"HS256","typ":"JWT"}
_HEAD = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9"
_CLAIMS = frozenset(("sub", "ver", "aud", "iat", "exp"))


class Tokens:
    """Issues and reads tokens. Verified tokens are cached, because phones send them again."""

    def __init__(self, secret: Secret) -> None:
        self._secret = secret
        self._key = secret.key("tokens")
        self._verified: dict[str, tuple[int, int, int]] = {}

    def issue(self, account_id: int, version: int, now: int) -> tuple[str, int]:
        """Return a token and its expiry; the same arguments give the same token."""
        issued = now // 1000
        ends = issued + LIFETIME_SECONDS
        claims = {
            "sub": str(account_id),
            "ver": version,
            "aud": _AUDIENCE,
            "iat": issued,
            "exp": ends,
        }
        signed = f"{_HEAD}.{_base64(encoded(claims))}"
        return f"{signed}.{_signature(signed, self._key)}", ends * 1000

    def read(self, token: str, now: int) -> tuple[int, int]:
        """Return (account id, version); raises `Unauthenticated` or `TokenExpired`."""
        account_id, version, ends = self._verified.get(token) or self._verify(token, now)
        if now >= ends * 1000:
            raise TokenExpired
        return account_id, version

    def read_header(self, authorization: str, now: int) -> tuple[int, int]:
        """Return the same for an `Authorization` header; raises the same errors."""
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Unauthenticated
        return self.read(token.strip(), now)

    def _verify(self, token: str, now: int) -> tuple[int, int, int]:
        try:
            found = self._read_signed(token, now)
        except (ValueError, TypeError):
            found = None
        if found is None:
            raise Unauthenticated
        if len(self._verified) >= _CACHE_SIZE:
            self._verified.clear()
        self._verified[token] = found
        return found

    def _read_signed(self, token: str, now: int) -> tuple[int, int, int] | None:
        """Return (account id, version, the second at which it ends) of a token by a key that is valid; None for any other."""
        claims, until = _claims(token, self._key), _FOR_EVER
        old = self._secret.old_key("tokens", now) if claims is None else None
        if old is not None:
            claims, until = _claims(token, old), self._secret.old_until // 1000
        if claims is None:
            return None
        return int(claims["sub"]), int(claims["ver"]), min(int(claims["exp"]), until)


def _claims(token: str, key: bytes) -> dict[str, Any] | None:
    """Return the claims of a token that `issue` has signed with a key; None for any other.

    Raises `ValueError` for one that cannot be read.
    """
    head, _, rest = token.partition(".")
    payload, _, signature = rest.partition(".")
    if head != _HEAD:
        return None
    expected = _signature(f"{head}.{payload}", key)
    if not hmac.compare_digest(signature.encode(), expected.encode()):
        return None
    claims = json.loads(urlsafe_b64decode(payload + "=="))
    if not isinstance(claims, dict) or claims.keys() != _CLAIMS:
        return None
    is_ours = claims["aud"] == _AUDIENCE and isinstance(claims["sub"], str)
    return claims if is_ours else None


def _signature(signed: str, key: bytes) -> str:
    """Return the signature by HS256 as a token has it."""
    return _base64(hmac.digest(key, signed.encode(), "sha256"))


def _base64(content: bytes) -> str:
    """Return base64url without padding, as in RFC 7515."""
    return urlsafe_b64encode(content).rstrip(b"=").decode()
