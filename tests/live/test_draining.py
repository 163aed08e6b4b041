"""A server that starts is not sent requests before it can answer."""

import socket

import pytest

from backend.live.draining import refuse_connections
from tests.support import free_port


def test_socket_refuses_connections_until_it_listens_again() -> None:
    with socket.create_server(("127.0.0.1", free_port())) as listener:
        address = listener.getsockname()
        refuse_connections(listener)
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(address, 5)
        listener.listen()
        socket.create_connection(address, 5).close()
