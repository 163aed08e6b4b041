"""Calls to WeChat's server API at the configured address.

Facts: business errors come with HTTP 200 and an `errcode` other than 0; `errmsg` ends in a trace id
and is never compared; the content type is unreliable, so the body is parsed first.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

import structlog

from backend import metrics
from backend.errors import Forbidden, LinkaError, Unauthenticated, Unavailable
from backend.wechat.connections import ConnectionFailed, Connections

log = structlog.get_logger(__name__)

TIMEOUT_SECONDS = 5.0
# The author of a text waits for its check; a text without a result waits for a host.
CHECK_TIMEOUT_SECONDS = 1.5
# WeChat asks for the scene of a text; ours is a forum, because everybody can read it.
CHECK_SCENE = 3
CHECK_VERSION = 2

UNKNOWN_CODE = 40029
USED_CODE = 40163
BLOCKED = {40226}
TOKEN_REFUSED = {40001, 40014, 42001}
MISCONFIGURED = {40013, 40125, 40243, 40164, 41002, 41004, 40002, 40001, 89503, 89506, 89507}


class CodeInvalid(Unauthenticated):
    """WeChat does not know the code, it is too old, or it was used."""

    slug = "code_invalid"
    zh = "微信登录凭证无效或已过期，请重新登录。"
    en = "The WeChat login code is invalid or was used; please log in again."


class CodeUsed(CodeInvalid):
    """The code was redeemed before: perhaps by the same phone, whose answer was lost."""


class LoginBlocked(Forbidden):
    """WeChat considers this person's account a high risk."""

    slug = "login_blocked"
    zh = "微信安全策略阻止了本次登录。"
    en = "WeChat's safety rules blocked this login."


class WeChatBusy(Unavailable):
    """WeChat is busy, away, or limits this account; the phone may try again with a new code."""

    slug = "wechat_busy"
    zh = "微信服务繁忙，请稍后重试。"
    en = "WeChat is busy; please try again."


class WeChatMisconfigured(LinkaError):
    """Our AppID or secret is wrong: an alarm for operators."""

    slug = "wechat_misconfigured"
    status = 500
    zh = "微信登录暂不可用，管理员已收到提醒。"
    en = "WeChat login is not set up correctly; the operators were alerted."


class TokenRefused(WeChatBusy):
    """The access token has expired or was replaced: get another one and try once more."""


@dataclass(frozen=True)
class AccessToken:
    """An access token for WeChat's server API, and for how many seconds it is valid."""

    text: str
    seconds: int

    def __repr__(self) -> str:
        return "AccessToken(…)"


@dataclass(frozen=True)
class TextOpinion:
    """What WeChat thinks of a text: `pass`, `review` or `risky`, and the number of a reason."""

    suggest: str
    label: int


@dataclass(frozen=True)
class WeChatSession:
    """What code2Session gives. `session_key` must never leave the server."""

    openid: str
    session_key: str
    unionid: str | None

    def __repr__(self) -> str:
        return "WeChatSession(…)"


class WeChatClient:
    """Calls the API at one address for one mini program; safe to share between greenlets."""

    def __init__(
        self, url: str, appid: str, secret: str, timeout_seconds: float = TIMEOUT_SECONDS
    ) -> None:
        self.appid = appid
        known = {"appid": appid, "secret": secret, "grant_type": "authorization_code"}
        self._code_path = f"/sns/jscode2session?{urlencode(known)}&js_code="
        self._token_request = {
            "grant_type": "client_credential",
            "appid": appid,
            "secret": secret,
        }
        self._connections = Connections(url, timeout_seconds)
        self._quick = Connections(url, min(timeout_seconds, CHECK_TIMEOUT_SECONDS))

    def code_to_session(self, code: str) -> WeChatSession:
        """Redeem a login code (single use, five minutes).

        Raises `CodeInvalid` (`CodeUsed`), `LoginBlocked`, `WeChatBusy` or `WeChatMisconfigured`.
        """
        code_path = self._code_path + quote(code, safe="")
        answer = self._read(code_path, lambda: self._connections.get(code_path))
        errcode = answer.get("errcode") or 0
        if errcode:
            raise _refusal(errcode)
        openid, session_key = answer.get("openid"), answer.get("session_key")
        if not (isinstance(openid, str) and openid and isinstance(session_key, str)):
            raise _incomplete(answer)
        unionid = answer.get("unionid")
        return WeChatSession(openid, session_key, unionid if isinstance(unionid, str) else None)

    def stable_token(self) -> AccessToken:
        """Ask for the app's access token: the same for all callers, until shortly before its end.

        Raises `WeChatBusy` or `WeChatMisconfigured`.
        """
        answer = self._post("/cgi-bin/stable_token", self._token_request)
        errcode = answer.get("errcode") or 0
        if errcode:
            raise _refusal(errcode)
        text, seconds = answer.get("access_token"), answer.get("expires_in")
        if not (isinstance(text, str) and text and isinstance(seconds, int)):
            raise _incomplete(answer)
        return AccessToken(text, seconds)

    def check_text(self, token: str, openid: str, text: str) -> TextOpinion:
        """Ask what WeChat thinks of a text of at most 2,500 characters that somebody wrote.

        Raises `TokenRefused`, `WeChatBusy` or `WeChatMisconfigured`.
        """
        answer = self._post(
            f"/wxa/msg_sec_check?access_token={quote(token, safe='')}",
            {"content": text, "version": CHECK_VERSION, "scene": CHECK_SCENE, "openid": openid},
        )
        errcode = answer.get("errcode") or 0
        if errcode in TOKEN_REFUSED:
            raise TokenRefused
        if errcode:
            raise _refusal(errcode)
        result = answer.get("result")
        try:
            # Some of WeChat's answers have the label as a text.
            return TextOpinion(str(result["suggest"]), int(result["label"]))  # type: ignore[index]
        except (TypeError, KeyError, ValueError):
            raise _incomplete(answer) from None

    def _post(self, target: str, body: Mapping[str, Any]) -> dict[str, Any]:
        # WeChat reads UTF-8 and refuses escapes.
        sent = json.dumps(body, ensure_ascii=False).encode()
        return self._read(target, lambda: self._quick.post(target, sent))

    def _read(self, target: str, ask: Callable[[], tuple[int, bytes]]) -> dict[str, Any]:
        """Return WeChat's answer, a refusal included; raises `WeChatBusy` where there is none."""
        path = target.partition("?")[0]
        try:
            status, body = ask()
        except ConnectionFailed as error:
            metrics.WECHAT_ERRORS.labels("away").inc()
            log.warning("wechat_away", path=path, error=str(error))
            raise WeChatBusy(retry_after_seconds=2) from None
        try:
            answer = json.loads(body)
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            metrics.WECHAT_ERRORS.labels("unreadable").inc()
            log.warning("wechat_answer_unreadable", path=path, status=status)
            raise WeChatBusy(retry_after_seconds=2)
        if answer.get("errcode"):
            metrics.WECHAT_ERRORS.labels(str(answer["errcode"])[:6]).inc()
        return answer


def _incomplete(answer: dict[str, Any]) -> WeChatBusy:
    log.error("wechat_answer_incomplete", fields=sorted(answer))
    return WeChatBusy(retry_after_seconds=2)


def _refusal(errcode: int) -> LinkaError:
    if errcode == USED_CODE:
        return CodeUsed()
    if errcode == UNKNOWN_CODE:
        return CodeInvalid()
    if errcode in BLOCKED:
        return LoginBlocked()
    if errcode in MISCONFIGURED:
        log.critical("wechat_misconfigured", errcode=errcode)
        return WeChatMisconfigured()
    log.warning("wechat_busy", errcode=errcode)
    return WeChatBusy(retry_after_seconds=60 if errcode == 45011 else 2)
