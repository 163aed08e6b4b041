"""The short way to boards: requests that come at the same moment are read together."""

import re
from collections.abc import Hashable, Sequence
from typing import NamedTuple

from werkzeug.http import parse_etags

from backend.clock import Clock
from backend.errors import LinkaError
from backend.events.callers import EventCaller, EventCallers
from backend.gathering import Gathering
from backend.scoring import board_answers
from backend.scoring.board_answers import BoardAnswer, BoardReading, BoardSubject
from backend.scoring.ledger import Calendar
from backend.scoring.reader import BoardReader
from backend.scoring.schemas import BOARD_QUERY
from backend.web.blueprint import PARSER
from backend.web.short import ShortAnswer, ShortRequest


class _Request(NamedTuple):
    """A request for a board; `top` is 0 for the rows around the caller's own."""

    event_id: int
    account_id: int
    version: int
    board: str
    scope: str
    top: int
    language: str


class ShortBoards:
    """Answers requests for boards of whole events, days and weeks, to staff."""

    method = "GET"
    takes_token = True
    path = re.compile(r"/api/v1/events/([0-9]{1,15})/leaderboards/([a-zA-Z0-9-]{1,20})")

    def __init__(
        self, callers: EventCallers, reader: BoardReader, calendar: Calendar, clock: Clock
    ) -> None:
        self._callers = callers
        self._reader = reader
        self._calendar = calendar
        self._clock = clock
        self._gathering: Gathering[_Request, BoardAnswer | None] = Gathering(self._read)

    def answer(self, request: ShortRequest) -> ShortAnswer | None:
        """Answer with the board, or 304 to a reader who has this answer."""
        event_id, board = request.path
        name = board_answers.own_name(board, self._calendar, self._clock.now())
        query = PARSER.known(BOARD_QUERY, request.query)
        if name is None or query is None:
            return None
        who = (int(event_id), request.account_id, request.version)
        top = 0 if "around" in query else query["top"]
        found = self._gathering.do(_Request(*who, name, query["scope"], top, request.language))
        if found is None:
            return None
        tag = ("ETag", f'"{found.tag}"')
        if parse_etags(request.environ.get("HTTP_IF_NONE_MATCH")).contains_weak(found.tag):
            return ShortAnswer("304 NOT MODIFIED", [tag])
        body = found.body
        content = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
        return ShortAnswer("200 OK", [*content, tag], body)

    def _read(self, requests: Sequence[_Request]) -> list[BoardAnswer | None]:
        """Return the answers; None for callers whom Flask has to refuse, or to serve."""
        callers = self._callers.read_all([request[:3] for request in requests])
        same: dict[Hashable, tuple[BoardSubject, list[tuple[int, BoardReading]]]] = {}
        for place, (request, caller) in enumerate(zip(requests, callers, strict=True)):
            if caller is None:
                continue
            subject = _subject(request, caller)
            if subject is not None:
                board = (request.event_id, request.board, request.scope, subject.view)
                _, readings = same.setdefault((*board, request.top > 0), (subject, []))
                readings.append((place, BoardReading(request.top, request.language, caller.player)))
        answers: list[BoardAnswer | None] = [None] * len(requests)
        for subject, readings in same.values():
            found = board_answers.answers(self._reader, subject, [one for _, one in readings])
            for (place, _), answer in zip(readings, found, strict=True):
                answers[place] = answer
        return answers


def _subject(request: _Request, caller: EventCaller) -> BoardSubject | None:
    """Return what a caller may read; None unless they are staff whose seat needs no update."""
    if not caller.who.is_staff or caller.must_settle or caller.event is None:
        return None
    if not request.top and caller.player is None:
        return None
    try:
        view = caller.view()
    except LinkaError:
        return None
    return BoardSubject(caller.event, request.board, request.scope, view, [])
