"""A server that starts is not sent requests before it can answer."""

import socket

import pytest

from backend.live.draining import Draining, refuse_connections
from tests.support import free_port


def test_socket_refuses_connections_until_it_listens_again() -> None:
    with socket.create_server(("127.0.0.1", free_port())) as listener:
        address = listener.getsockname()
        refuse_connections(listener)
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(address, 5)
        listener.listen()
        socket.create_connection(address, 5).close()


def test_draining_is_done_when_what_was_open_has_ended() -> None:
    draining, sockets = Draining(), {1, 2}
    assert draining.is_done
    draining.wait_for(sockets)
    assert not draining.is_done
    sockets.clear()
    assert draining.is_done
