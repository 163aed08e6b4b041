"""Opens a phone's socket: a ticket over HTTP, then the socket itself."""

import secrets
from collections.abc import Mapping
from socket import SHUT_RDWR
from typing import Any

import flask
import structlog
from flask import current_app, g, request
from flask_sock import Sock
from peewee import DatabaseError
from redis import RedisError
from simple_websocket import ConnectionClosed, Server

from backend.clock import to_iso
from backend.errors import SignedOut
from backend.events import players
from backend.events.current import feed, scores, seen
from backend.events.names import GuestShow
from backend.events.play import Play
from backend.identity.current import bearer, revocations
from backend.live.draining import Draining
from backend.live.feed import SEQ
from backend.live.hub import Channel, Hub, Show
from backend.live.presence import Presence
from backend.live.revocations import Watched
from backend.live.socket_writer import SocketWriter, WriterSocket
from backend.live.tickets import LIFETIME_SECONDS, Ticket, Tickets
from backend.phones.connection import ActivityKinds, PhoneConnection, admitted
from backend.phones.conversation import (
    AFTER_INVALID,
    FAULT,
    HEARTBEAT_SECONDS,
    MAX_MESSAGE_BYTES,
    NOT_ADMITTED,
    REPLACED,
    SIGNED_OUT,
    SILENT,
    TICKET_INVALID,
    UNAVAILABLE,
    CloseReason,
    Conversation,
)
from backend.phones.open_sockets import OpenSockets
from backend.phones.reader import NoThread, SocketReader
from backend.phones.schemas import TicketBody
from backend.phones.show import PhoneShow
from backend.phones.silence import SilenceWatch
from backend.web import current
from backend.web.blueprint import Blueprint
from backend.web.i18n import language

log = structlog.get_logger(__name__)

blueprint = Blueprint("phones", __name__, url_prefix="/api/v1", description="A phone's socket")
sockets = flask.Blueprint("sockets", __name__, url_prefix="/api/v1")
_sock = Sock()
VIEW, GUEST_VIEW = "phone", "guest"


def install(app: flask.Flask) -> None:
    """Register the socket on an app."""
    app.config["SOCK_SERVER_OPTIONS"] = {
        "max_message_size": MAX_MESSAGE_BYTES,
        "thread_class": NoThread,
    }
    app.register_blueprint(sockets)


def _tickets() -> Tickets:
    return current_app.extensions["linka.tickets"]


def _presence() -> Presence:
    return current_app.extensions["linka.presence"]


def _open_sockets() -> OpenSockets:
    return current_app.extensions["linka.sockets"]


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
    """Refuse before the handshake, so that a proxy asks another server."""
    draining: Draining = current_app.extensions["linka.draining"]
    draining.refuse()


@sockets.before_request
def _offer_no_compression() -> None:
    """Ignore the compression that a client offers: our frames are sent as they are to everybody, and
    it would need some memory for each socket."""
    request.environ.pop("HTTP_SEC_WEBSOCKET_EXTENSIONS", None)


@_sock.route("/events/<int:event_id>/socket", bp=sockets)
def socket(ws: Server, event_id: int) -> None:
    """A phone's socket, see `docs/api.md`. For holders of a ticket of this event."""
    close: CloseReason | None = FAULT
    connection = ws.sock
    reader = SocketReader(ws)
    try:
        close = _serve(ws, reader, event_id)
    except ConnectionClosed:
        close = None
    except (RedisError, DatabaseError) as error:
        log.warning("socket_broken_off", event_id=event_id, error=str(error))
        close = UNAVAILABLE
    finally:
        current.database().release()
        if close:
            log.info("socket_closed", event_id=event_id, code=close.code, reason=close.reason)
            reader.drop_the_rest()
            ws.close(close.code, close.reason)
        if close is FAULT:
            # An error response of Flask is not a WebSocket frame and must not be sent.
            connection.shutdown(SHUT_RDWR)


def _serve(ws: Server, reader: SocketReader, event_id: int) -> CloseReason | None:
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
    line = SocketWriter(ws.sock, speaker.player_id, lambda: hub.newest(channel, show))
    ws.sock = WriterSocket(ws.sock, line)
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
    try:
        line.say(
            "hello",
            {
                "player_id": speaker.player_id,
                "server_time": to_iso(clock.now()),
                "heartbeat_seconds": HEARTBEAT_SECONDS,
            },
        )
        with (
            hub.giving(line, channel, show, after),
            _silences().watching(conversation, lambda: reader.wake(SILENT)),
            _open_sockets().holding(connection_id, reader.wake),
            revocations().watching(watched),
        ):
            return _converse(reader, conversation, line)
    finally:
        presence.leave(event_id, speaker.player_id, connection_id)


def _converse(
    reader: SocketReader, conversation: Conversation, line: SocketWriter
) -> CloseReason | None:
    database = current.database()
    while not reader.why:
        for said in reader.messages():
            close = conversation.hear(said, line)
            database.release()
            if close:
                return close
    return conversation.ended or reader.why


def _look_again(conversation: Conversation, reader: SocketReader) -> None:
    """Close the socket if the player is no longer admitted."""
    close = conversation.look_again()
    if close:
        reader.wake(close)
