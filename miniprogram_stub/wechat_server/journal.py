"""A bounded log of the calls to WeChat's API, for tests.

Of the parameters only the names of known ones are kept, never a value, so that no secret, code,
token or session key can get in.
"""

from collections import deque
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import NamedTuple

from miniprogram_stub.wechat_server.replies import rid_of

ENTRIES_KEPT = 10_000
LONGEST_PATH = 200
KNOWN_PARAMETERS = frozenset(
    (
        "access_token",
        "appid",
        "grant_type",
        "js_code",
        "openid",
        "secret",
        "sig_method",
        "signature",
    )
)


class LoggedCall(NamedTuple):
    """One call in raw form; see `described`."""

    number: int
    called_at: int
    method: str
    path: str
    parameters: Iterable[str]
    status: int | None
    errcode: int
    openid: str | None
    fault: str | None

    def described(self) -> dict[str, object]:
        """As the control API shows it; `status` is None when the connection was dropped."""
        return {
            "number": self.number,
            "rid": rid_of(self.number),
            "called_at": iso(self.called_at),
            "method": self.method,
            "path": _readable(self.path)[:LONGEST_PATH],
            "parameters": sorted(KNOWN_PARAMETERS.intersection(self.parameters)),
            "status": self.status,
            "errcode": self.errcode,
            "openid": self.openid,
            "fault": self.fault,
        }


class CallLog:
    """The latest calls, numbered from 1."""

    def __init__(self) -> None:
        self._entries: deque[LoggedCall] = deque(maxlen=ENTRIES_KEPT)
        self.last = 0

    def next_number(self) -> int:
        self.last += 1
        return self.last

    def write(self, entry: LoggedCall) -> None:
        self._entries.append(entry)

    def after(self, number: int) -> list[dict[str, object]]:
        """Kept entries with a higher number, in the order in which they were answered."""
        return [entry.described() for entry in self._entries if entry.number > number]


def _readable(path: str) -> str:
    """Return the path as text: WSGI passes its bytes decoded as Latin-1."""
    return path.encode("latin-1", "replace").decode("utf-8", "replace")


def iso(moment: int) -> str:
    """Milliseconds since the epoch as ISO 8601 in UTC."""
    text = datetime.fromtimestamp(moment / 1000, UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")
