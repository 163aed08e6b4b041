"""Tokens: JWTs that are valid for an hour. When one expires, the phone logs in with WeChat again
without asking."""

from functools import lru_cache
from typing import Any

import jwt
from jwt.algorithms import HMACAlgorithm

from backend.errors import TokenExpired, Unauthenticated
from backend.keys import Secret

LIFETIME_SECONDS = 3600
_AUDIENCE = "linka"
_CACHE_SIZE = 20_000
_FOR_EVER = 2**53


class _ExaminesKeysOnce(HMACAlgorithm):
    """HMAC with SHA-256 that does not examine the same key again for each token.

    PyJWT refuses a key that was made for another algorithm. Whether ours is a public key or a certificate
    takes it longer to find out than all else about a token.
    """

    def __init__(self) -> None:
        super().__init__(HMACAlgorithm.SHA256)
        self._examined = lru_cache(maxsize=8)(super().prepare_key)

    def prepare_key(self, key: str | bytes) -> bytes:
        """Return the key; raises `jwt.InvalidKeyError` for one of another algorithm."""
        return self._examined(key)


jwt.unregister_algorithm("HS256")
jwt.register_algorithm("HS256", _ExaminesKeysOnce())


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
        return jwt.encode(claims, self._key, algorithm="HS256"), ends * 1000

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
            claims, until = self._claims(token, now)
            ends = min(int(claims["exp"]), until)
            found = (int(claims["sub"]), int(claims["ver"]), ends)
        except (jwt.InvalidTokenError, ValueError, TypeError):
            raise Unauthenticated from None
        if len(self._verified) >= _CACHE_SIZE:
            self._verified.clear()
        self._verified[token] = found
        return found

    def _claims(self, token: str, now: int) -> tuple[dict[str, Any], int]:
        """Return the claims of a token, and the second until which its key is valid."""
        try:
            return _decoded(token, self._key), _FOR_EVER
        except jwt.InvalidSignatureError:
            old = self._secret.old_key("tokens", now)
            if old is None:
                raise
        return _decoded(token, old), self._secret.old_until // 1000


def _decoded(token: str, key: bytes) -> dict[str, Any]:
    return jwt.decode(
        token,
        key,
        algorithms=["HS256"],
        audience=_AUDIENCE,
        options={"require": ["exp", "sub", "ver"], "verify_exp": False, "verify_iat": False},
    )
