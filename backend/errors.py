"""Base classes of refusals. Each has a slug that never changes, a status, and a sentence in two
languages.

Services raise them; `backend.web` turns them into the common error body. This module does not
import Flask.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class Sentence:
    """A sentence for people, in both languages."""

    zh: str
    en: str

    def said(self, language: str) -> str:
        """Return the sentence in `zh` or `en`."""
        return self.en if language == "en" else self.zh


def error_body(
    status: int, slug: str, message: str, fields: Mapping[str, Sequence[str]]
) -> dict[str, object]:
    """Return the members that every answer about an error has."""
    content: dict[str, object] = {"code": status, "error": slug, "message": message}
    if fields:
        content["errors"] = fields
    return content


class LinkaError(Exception):
    """A refusal of a request: `slug` is for programs, `zh` and `en` are for people."""

    slug: ClassVar[str] = "error"
    status: ClassVar[int] = 400
    zh: ClassVar[str] = "请求有误。"
    en: ClassVar[str] = "The request is wrong."

    def __init__(
        self,
        *,
        fields: Mapping[str, Sequence[Sentence]] | None = None,
        retry_after_seconds: int | None = None,
        **facts: object,
    ) -> None:
        super().__init__(self.slug)
        self.fields = fields
        self.retry_after_seconds = retry_after_seconds
        self.facts = facts

    def message(self, language: str) -> str:
        """Return the sentence for `zh` or `en`, with the facts filled in."""
        return (self.en if language == "en" else self.zh).format(**self.facts)

    def body(self, language: str) -> dict[str, object]:
        """Return what HTTP and the phone's socket both answer; `errors` only with wrong fields."""
        return error_body(
            self.status, self.slug, self.message(language), self.field_texts(language)
        )

    def field_texts(self, language: str) -> dict[str, list[str]]:
        """Return the messages about each field, in `zh` or `en`."""
        return {
            name: [text.said(language) for text in texts]
            for name, texts in (self.fields or {}).items()
        }


class NotFound(LinkaError):
    """The object does not exist, or the caller must not know that it does."""

    slug = "not_found"
    status = 404
    zh = "没有找到。"
    en = "Not found."


class Invalid(LinkaError):
    """A field has the right type and a wrong value; `fields` says which."""

    slug = "invalid"
    status = 422
    zh = "提交的内容有误，请检查后再试。"
    en = "What was sent is not valid."


class Unauthenticated(LinkaError):
    """No token, or one that cannot be read."""

    slug = "unauthenticated"
    status = 401
    zh = "请先登录。"
    en = "Please log in."


class TokenExpired(Unauthenticated):
    """The token was good once."""

    slug = "token_expired"
    zh = "登录已过期，请重新登录。"
    en = "The login has expired."


class SignedOut(Unauthenticated):
    """The account was signed out everywhere after this token was issued."""

    slug = "signed_out"
    zh = "账号已在所有设备退出，请重新登录。"
    en = "This account was signed out everywhere."


class Forbidden(LinkaError):
    """The caller is known and may not do this."""

    slug = "forbidden"
    status = 403
    zh = "没有权限进行此操作。"
    en = "You may not do this."


class TooManyRequests(LinkaError):
    """A limit was reached."""

    slug = "too_many_requests"
    status = 429
    zh = "操作太频繁，请稍后再试。"
    en = "Too many requests; please wait a little."


class Unavailable(LinkaError):
    """A server that the request needs cannot be reached; the same request may work later."""

    slug = "unavailable"
    status = 503
    zh = "服务暂时不可用，请稍后再试。"
    en = "The service is away for a moment; please try again."


class OperatorError(Exception):
    """A mistake of the operator: shown as one line on stderr, exit code 2.

    `zh` is the same line in Chinese, for `linka doctor`.
    """

    def __init__(self, line: str, zh: str = "") -> None:
        super().__init__(line)
        self.zh = zh or line
