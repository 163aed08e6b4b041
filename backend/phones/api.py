"""Opens a phone's socket: a ticket over HTTP, then the socket itself."""

import secrets
import threading
from collections.abc import Mapping
from contextlib import ExitStack
from socket import socket as Socket
from typing import Any

import flask
import structlog
from flask import current_app, g, request
from flask_sock import Sock
from simple_websocket import Server
from wsproto.utilities import RemoteProtocolError

from backend.clock import to_iso
from backend.errors import SignedOut, Unavailable
from backend.events import players
from backend.events.current import feed, scores, seen
from backend.events.names import GuestShow
from backend.events.play import Play
from backend.identity.current import bearer, revocations
from backend.live.draining import Draining
from backend.live.feed import SEQ
from backend.live.frames import closing_frame
from backend.live.hub import Channel, Hub, Show
from backend.live.presence import Presence
from backend.live.revocations import Watched
from backend.live.socket_writer import SocketWriter
from backend.live.tickets import LIFETIME_SECONDS, Ticket, Tickets
from backend.logs import request_labels
from backend.phones.connection import ActivityKinds, PhoneConnection, admitted
from backend.phones.conversation import (
    AFTER_INVALID,
    HEARTBEAT_SECONDS,
    NOT_ADMITTED,
    REPLACED,
    SIGNED_OUT,
    SILENT,
    TICKET_INVALID,
    CloseReason,
    Conversation,
)
from backend.phones.open_sockets import OpenSockets
from backend.phones.reader import SocketReader
from backend.phones.schemas import TicketBody
from backend.phones.show import PhoneShow
from backend.phones.silence import SilenceWatch
from backend.phones.waiting import OpenPhone, WaitingPhones, tried
from backend.web import current
from backend.web.blueprint import Blueprint
from backend.web.errors import refused
from backend.web.i18n import language

log = structlog.get_logger(__name__)

blueprint = Blueprint("phones", __name__, url_prefix="/api/v1", description="A phone's socket")
sockets = flask.Blueprint("sockets", __name__, url_prefix="/api/v1")
_sock = Sock()
VIEW, GUEST_VIEW = "phone", "guest"


class _NoThread(threading.Thread):
    """In place of the thread in which `simple_websocket` reads: `WaitingPhones` does so."""

    def start(self) -> None:
        """Do nothing."""


def install(app: flask.Flask) -> None:
    """Register the socket on an app."""
    app.config["SOCK_SERVER_OPTIONS"] = {"thread_class": _NoThread}
    app.register_blueprint(sockets)


def _tickets() -> Tickets:
    return current_app.extensions["linka.tickets"]


def _presence() -> Presence:
    return current_app.extensions["linka.presence"]


def _open_sockets() -> OpenSockets:
    return current_app.extensions["linka.sockets"]


def _waiting_phones() -> WaitingPhones:
    return current_app.extensions["linka.waiting_phones"]


def _silences() -> SilenceWatch:
    return current_app.extensions["linka.silences"]


def _activity_kinds() -> ActivityKinds:
    return current_app.extensions["linka.activity_kinds"]


def _plays() -> Mapping[str, Play]:
    return current_app.extensions["linka.plays"]


@blueprint.route("/events/<int:event_id>/tickets", methods=["POST"])
@blueprint.response(201, TicketBody)
@blueprint.refuses(
    c401="unauthenticated",
    c403="not_a_player, kicked, banned",
    c404="not_found",
    c503="unavailable",
)
def issue_ticket(event_id: int) -> dict[str, Any]:
    """Get a ticket for a socket: single use, one minute. Its players."""
    event, player, _ = seen(event_id)
    if player is None:
        raise players.NotAPlayer
    players.require_active(player.status)
    players.note_coming(current.database(), scores(), event, player, current.now())
    ticket = _tickets().issue(Ticket(event_id, *bearer()))
    return {
        "ticket": ticket,
        "path": f"/api/v1/events/{event_id}/socket?ticket={ticket}",
        "expires_in": LIFETIME_SECONDS,
    }


@sockets.before_request
def _refuse_while_draining() -> None:
    """Refuse before the handshake, so that a proxy asks another server; also when there are too many
    sockets."""
    draining: Draining = current_app.extensions["linka.draining"]
    draining.refuse()
    if _waiting_phones().is_full:
        raise Unavailable(retry_after_seconds=1)


@sockets.before_request
def _offer_no_compression() -> None:
    """Ignore the compression that a client offers: our frames are sent as they are to everybody, and
    it would need some memory for each socket."""
    request.environ.pop("HTTP_SEC_WEBSOCKET_EXTENSIONS", None)


@sockets.errorhandler(RemoteProtocolError)
def _refuse_handshake(_error: RemoteProtocolError) -> flask.Response:
    """Refuse a handshake that lacks a field, or is of another version of the protocol."""
    return refused(400)


@_sock.route("/events/<int:event_id>/socket", bp=sockets)
def socket(ws: Server, event_id: int) -> None:
    """A phone's socket, see `docs/api.md`. For holders of a ticket of this event.

    The request ends here, and `WaitingPhones` has the socket from then on.
    """
    sock = _taken_from(ws)
    refused: list[CloseReason | None] = []
    failed = tried(lambda: refused.append(_open(sock, event_id)))
    close = failed or refused[0]
    current.database().release()
    if close:
        log.info("socket_closed", event_id=event_id, code=close.code, reason=close.reason)
        sock.send(closing_frame(close.code, close.reason))
        sock.close()


def _taken_from(ws: Server) -> Socket:
    """Return the connection, of which the server that accepted it then knows nothing any more."""
    ws.connected = False
    return Socket(fileno=ws.sock.detach())


def _open(sock: Socket, event_id: int) -> CloseReason | None:
    """Open a phone's socket; returns why it has to be closed, if it has to."""
    after = request.args.get("after", "")
    if after and not SEQ.fullmatch(after):
        return AFTER_INVALID
    ticket = _tickets().take(request.args.get("ticket", ""))
    if ticket is None or ticket.event_id != event_id:
        return TICKET_INVALID
    # Recorded in the lines of the log.
    g.ticket_account_id = ticket.account_id
    database = current.database()
    try:
        speaker = admitted(database, ticket)
    except SignedOut:
        return SIGNED_OUT
    if speaker is None:
        return NOT_ADMITTED
    clock = current_app.extensions["linka.clock"]
    hub: Hub = current_app.extensions["linka.hub"]
    show: Show = PhoneShow(event_id, _plays(), _presence(), database, clock, _open_sockets())
    channel = Channel(event_id, VIEW)
    if not speaker.is_staff:
        show = GuestShow(show, event_id, database)
        channel = Channel(event_id, GUEST_VIEW)
    line = SocketWriter(sock, speaker.player_id, lambda: hub.newest(channel, show))
    reader = SocketReader(sock, line.send)
    presence, connection_id = _presence(), secrets.token_hex(8)
    connection = PhoneConnection(
        connection_id, speaker, ticket, database, presence, _activity_kinds(), clock
    )
    replaced = presence.enter(event_id, speaker.player_id, connection_id, clock.now())
    if replaced:
        # The workers with these sockets get the message from the feed.
        feed().publish(event_id, REPLACED.reason, connections=replaced)
    conversation = Conversation(connection, _plays(), language())
    watched = Watched(event_id, ticket.account_id, lambda: _look_again(conversation, reader))
    database.release()
    with ExitStack() as closing:
        closing.callback(presence.leave, event_id, speaker.player_id, connection_id)
        line.say(
            "hello",
            {
                "player_id": speaker.player_id,
                "server_time": to_iso(clock.now()),
                "heartbeat_seconds": HEARTBEAT_SECONDS,
            },
        )
        closing.enter_context(hub.giving(line, channel, show, after))
        closing.enter_context(_silences().watching(conversation, lambda: reader.wake(SILENT)))
        closing.enter_context(_open_sockets().holding(connection_id, reader.wake))
        closing.enter_context(revocations().watching(watched))
        labels = request_labels()
        phone = OpenPhone(reader, line, conversation, closing.pop_all(), labels)
    _waiting_phones().add(phone)
    return None


def _look_again(conversation: Conversation, reader: SocketReader) -> None:
    """Close the socket if the player is no longer admitted."""
    close = conversation.look_again()
    if close:
        reader.wake(close)
