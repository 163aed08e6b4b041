"""The mini program on a phone: it stays signed in to Linka and repeats requests until they are
answered.

Every call may be repeated, which the server promises is harmless. An answer is final, whether it
accepts or refuses, unless it asks to try again later.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable
from random import Random
from typing import Any

from miniprogram_stub.phone import Phone, RequestFailed
from miniprogram_stub.protocol import PATHS, PROTOCOL

TOKEN = "token"
TIMEOUT_SECONDS = float(PROTOCOL["request_timeout_seconds"])
PATIENCE_SECONDS = 120.0
FIRST_PAUSE_SECONDS: float = PROTOCOL["backoff"]["first_seconds"]
LONGEST_PAUSE_SECONDS: float = PROTOCOL["backoff"]["longest_seconds"]
CODES_PER_LOGIN: int = PROTOCOL["codes_per_login"]
COME_AGAIN = frozenset(PROTOCOL["come_again"])

Answer = dict[str, Any]


class Refused(Exception):
    """The server refused: its status, its slug (`error`) and its message for people."""

    def __init__(self, status: int, slug: str, message: str) -> None:
        super().__init__(f"{message} ({slug})")
        self.status = status
        self.slug = slug
        self.message = message


class ServerAway(Exception):
    """No reply came during all attempts; the text is the last failure."""


class MiniProgram:
    """Linka's mini program on one phone. `counts` has the numbers of retries and logins.

    `server_url` is the service's address without a path. Several threads may share it: when
    the token has expired, one of them logs in again while the others wait.
    """

    def __init__(
        self,
        phone: Phone,
        server_url: str,
        *,
        sleep: Callable[[float], object] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        random: Random | None = None,
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> None:
        self.phone = phone
        self.counts: Counter[str] = Counter()
        self.server_url = server_url.rstrip("/")
        self._api = self.server_url + PROTOCOL["api_path"]
        self._sleep = sleep
        self._clock = clock
        self._random = random or Random()
        self._patience_seconds = patience_seconds
        self._signing_in = threading.Lock()

    def sign_in(self) -> None:
        """Log in again, whether or not there is a token; raises `Refused` or `ServerAway`."""
        token = self._token()
        self._settled(lambda: self._log_in(token) or {"statusCode": 200, "data": None})

    def sign_out(self) -> None:
        """Forget the token on this phone; the next call logs in again."""
        self.phone.remove_storage(TOKEN)

    def get(self, path: str, **query: Any) -> Any:
        """Read something; raises like `call`."""
        return self.call("GET", path, query or None)

    def download(self, path: str) -> bytes:
        """Read a file; raises like `call`."""
        data: bytes = self._settled(lambda: self._signed_in("GET", path, None, "arraybuffer"))
        return data

    def post(self, path: str, data: Any = None) -> Any:
        """Do something that may be repeated; raises like `call`."""
        return self.call("POST", path, {} if data is None else data)

    def call(self, method: str, path: str, data: Any = None) -> Any:
        """Call the API until it answers, and return its data; raises `Refused`, `ServerAway`.

        Signs in first where needed, and once more when the token has ended.
        """
        return self._settled(lambda: self._signed_in(method, path, data))

    def call_once(self, method: str, path: str, data: Any = None) -> Any:
        """Call once, for actions that must not happen twice. Raises like `call`."""
        try:
            return _accepted(self._signed_in(method, path, data))
        except RequestFailed as failure:
            raise ServerAway(failure.errMsg) from None

    def _settled(self, attempt: Callable[[], Answer]) -> Any:
        """Repeat an attempt until the server has answered; return the data of its answer."""
        gives_up_at = self._clock() + self._patience_seconds
        tries = 0
        while True:
            tries += 1
            pause = self._backoff(tries)
            try:
                answer = attempt()
            except RequestFailed as failure:
                self.counts["network_failures"] += 1
                if self._clock() + pause > gives_up_at:
                    raise ServerAway(failure.errMsg) from None
            else:
                if answer["statusCode"] not in COME_AGAIN:
                    return _accepted(answer)
                pause = max(pause, _retry_after_seconds(answer))
                self.counts["asked_to_wait"] += 1
                if self._clock() + pause > gives_up_at:
                    return _accepted(answer)
            self.counts["retries"] += 1
            self._sleep(pause)

    def _backoff(self, tries: int) -> float:
        """The pause doubles with each try, with a random part that differs between phones."""
        longest = min(FIRST_PAUSE_SECONDS * 2 ** (tries - 1), LONGEST_PAUSE_SECONDS)
        return longest * (0.5 + self._random.random() / 2)

    def _signed_in(self, method: str, path: str, data: Any, response_type: str = "text") -> Answer:
        """One attempt with a token; the answer is the login's when that was refused."""
        token = self._token()
        refusal = None if token else self._log_in(token)
        if refusal:
            return refusal
        token = self._token()
        answer = self._with_token(token, method, path, data, response_type)
        if answer["statusCode"] != 401:
            return answer
        self.counts["tokens_ended"] += 1
        return self._log_in(token) or self._with_token(
            self._token(), method, path, data, response_type
        )

    def _with_token(
        self, token: str, method: str, path: str, data: Any, response_type: str
    ) -> Answer:
        header = {"authorization": f"Bearer {token}"}
        return self.phone.request(
            self._api + path, method, data, header, TIMEOUT_SECONDS, response_type
        )

    def _token(self) -> str:
        return self.phone.get_storage(TOKEN, "")

    def _log_in(self, stale_token: str) -> Answer | None:
        """Replace a token, unless another thread did; returns the answer of a refused login.

        Each attempt takes a new code, because a code whose answer was lost may be used up.
        """
        with self._signing_in:
            if self._token() != stale_token:
                return None
            for _ in range(CODES_PER_LOGIN):
                answer = self._redeem(self.phone.login()["code"])
                if answer["statusCode"] == 200:
                    self.phone.set_storage(TOKEN, answer["data"]["token"])
                    self.counts["logins"] += 1
                    return None
                if answer["statusCode"] != 401:
                    break
            return answer

    def _redeem(self, code: str) -> Answer:
        return self.phone.request(
            self._api + PATHS["login"], "POST", {"code": code}, timeout_seconds=TIMEOUT_SECONDS
        )


def _accepted(answer: Answer) -> Any:
    if answer["statusCode"] < 400:
        return answer["data"]
    body = answer["data"] if isinstance(answer["data"], dict) else {}
    raise Refused(
        answer["statusCode"],
        str(body.get("error", "unknown")),
        str(body.get("message", f"HTTP {answer['statusCode']}")),
    )


def _retry_after_seconds(answer: Answer) -> float:
    """Seconds that the server asked to wait; dates are not used by Linka."""
    text = answer["header"].get("retry-after", "")
    return float(text) if text.isdigit() else 0.0
